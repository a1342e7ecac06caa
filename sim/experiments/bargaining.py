"""Negotiations of two profiles of a domain, held against the classical points, and saved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.domain.bargaining import Profile
from sim.domain.draws import Draws, probability_of_turn
from sim.domain.interest import ROLES
from sim.domain.outcome import Answer
from sim.domain.results import Kinds
from sim.domain.scenario import Scenario
from sim.equations.offering import NONE
from sim.equations.pareto import dominating, frontier
from sim.equations.solutions import SOLUTIONS
from sim.equations.zopa import snapped, surplus, zopa
from sim.experiments.provenance import now, provenance
from sim.io.bargaining import DEAL, Terms, scenario_of
from sim.io.dump import dump_scenario
from sim.io.gambit import FiniteOffers
from sim.io.genius import domain_xml, profile_xml
from sim.io.tables import Aside, digest, table_files, write_run
from sim.model.plain import plain_plan
from sim.model.plan import Plan
from sim.model.replay import replay
from sim.model.talks import playing
from sim.quantities import Bools, Floats
from sim.randomness import Streams

__all__ = ["POINTS", "ROUNDS", "Bargain", "bargain", "packages_kinds", "save"]

_VALUES: Kinds = {f"value_{role.value}": "number" for role in ROLES}
POINTS: Kinds = {
    "point": "text",
    "package": "maybe_count",
    **_VALUES,
    **{f"surplus_{role.value}": "number" for role in ROLES},
}
"""Columns of the table of classical points."""
ROUNDS: Kinds = {
    "round": "count",
    "proposer": "text",
    "package": "maybe_count",
    **_VALUES,
    **{f"aspiration_{role.value}": "number" for role in ROLES},
    "answer": "text",
}
"""Columns of the table of rounds."""


@dataclass(frozen=True)
class Bargain:
    """What two profiles have to agree on, and how they negotiated.

    Parameters
    ----------
    profiles : pair of Profile
        The claimant's and the holder's.
    terms : Terms
    scenario : Scenario
    issues : tuple of str
        The clauses of the scenario that stand for the domain's issues.
    levels : mapping of issue to ndarray of str, shape (packages,)
        The value of each issue in each package, in words.
    value : pair of ndarray, shape (packages,)
        Points, as the profiles value packages at the start, snapped (`sim.equations.zopa.snapped`).
    reservation : pair of float
        Value of no agreement.
    frontier : ndarray of bool, shape (packages,)
        Packages that no other dominates, whether or not both sides would sign them.
    rounds : DataFrame
        A row per round: see `ROUNDS`; the last is the one that signed, if any did.
    """

    profiles: tuple[Profile, Profile]
    terms: Terms
    scenario: Scenario
    issues: tuple[str, ...]
    levels: dict[str, Any]
    value: tuple[Floats, Floats]
    reservation: tuple[float, float]
    frontier: Bools
    rounds: pd.DataFrame

    @property
    def gains(self) -> tuple[Floats, Floats]:
        """Return what each package is worth beyond no agreement, side by side."""
        pairs = zip(self.value, self.reservation, strict=True)
        one, two = (surplus(value, np.asarray(least)) for value, least in pairs)
        return one, two

    @property
    def zopa(self) -> Bools:
        """Return which packages are worth signing to both, shape (packages,)."""
        return zopa(*self.gains)

    @property
    def signed(self) -> int | None:
        """Return the package that was signed, or None."""
        last = self.rounds.iloc[-1]
        return int(last["package"]) if last["answer"] == Answer.accepted.name else None

    def text(self, package: int) -> str:
        """Return the values that a package gives the issues, in their order."""
        return "; ".join(str(self.levels[issue][package]) for issue in self.issues)

    def points(self) -> pd.DataFrame:
        """Return where the classical solutions lie: see `POINTS`."""
        gains, among = self.gains, self.zopa
        rows = []
        for name, rule in SOLUTIONS.items():
            package = int(rule(*gains, among))
            there = package != NONE
            row: dict[str, Any] = {"point": name, "package": package if there else None}
            for role, value, gain in zip(ROLES, self.value, gains, strict=True):
                row[f"value_{role.value}"] = value[package] if there else np.nan
                row[f"surplus_{role.value}"] = gain[package] if there else np.nan
            rows.append(row)
        return pd.DataFrame(rows, columns=[*POINTS])

    def packages(self) -> pd.DataFrame:
        """Return every package with its values: see `packages_kinds`."""
        numbers = dict(zip(_VALUES, self.value, strict=True))
        said = {issue: self.levels[issue] for issue in self.issues}
        flags = {"zopa": self.zopa, "frontier": self.frontier}
        return pd.DataFrame({"package": range(len(self.frontier)), **said, **numbers, **flags})

    def dominated_by(self) -> int:
        """Return how many packages of the ZOPA dominate the one that was signed."""
        signed = np.asarray(NONE if self.signed is None else self.signed)
        return int(dominating(*self.value, signed, self.zopa).sum())

    def discounted(self, side: int, round_: int) -> float:
        """Return what a unit of a side's value in a round was worth at the start."""
        share = round_ / (self.terms.rounds - 1)
        return float(self.profiles[side].discount_factor ** share)

    def offers(self) -> FiniteOffers:
        """Return the game of offers on these packages, without any strategy."""
        one, two = self.profiles
        first = [role.value for role in ROLES].index(self.scenario.protocol.first_mover)
        return FiniteOffers(
            title=one.domain.name,
            sides=(f"{ROLES[0].value} {one.name}", f"{ROLES[1].value} {two.name}"),
            packages=tuple(map(self.text, range(len(self.frontier)))),
            value=self.value,
            reservation=self.reservation,
            kept=(self.discounted(0, 1), self.discounted(1, 1)),
            rounds=self.terms.rounds,
            first=first,
            chance=self._chance,
        )

    @property
    def _chance(self) -> float | None:
        """Return with what probability the first side offers in a round, where that is drawn."""
        draws = Draws(self.scenario, Streams(self.scenario.seed, 0, 1))
        probability = probability_of_turn(draws, ROLES[0])
        return None if probability is None else float(probability[0])


def packages_kinds(bargain: Bargain) -> Kinds:
    """Return the columns of the table of packages, in order."""
    said: Kinds = dict.fromkeys(bargain.issues, "text")
    return {"package": "count", **said, **_VALUES, "zopa": "flag", "frontier": "flag"}


def bargain(one: Profile, two: Profile, terms: Terms) -> Bargain:
    """Let two profiles of a domain negotiate in one world.

    Parameters
    ----------
    one, two : Profile
        Of the same domain; the claimant's and the holder's.
    terms : Terms

    Raises
    ------
    ScenarioError
        As `sim.io.bargaining.scenario_of`.
    """
    scenario = scenario_of(one, two, terms)
    deal = scenario.deals[DEAL]
    plan = _snapped(plain_plan(scenario, deal))
    with playing(scenario, DEAL, worlds=1, record=True, plan=plan) as model:
        _, view = next(replay(model))
        value = (view.open_value(0)[0], view.open_value(1)[0])
        reservation = (float(view.reservation(0)[0]), float(view.reservation(1)[0]))
        facts = model.nodes[0].table.facts
        model.run()
        record = model.record or []
    issues = tuple(deal.stages[DEAL].negotiable)
    return Bargain(
        profiles=(one, two),
        terms=terms,
        scenario=scenario,
        issues=issues,
        levels={issue: _labels(scenario, issue, facts[issue]) for issue in issues},
        value=value,
        reservation=reservation,
        frontier=frontier(*value),
        rounds=pd.DataFrame([_row(line) for line in record if "proposer" in line]),
    )


def _snapped(plan: Plan) -> Plan:
    """Return a plan in which packages of the same worth are worth the same to the bit."""
    pairs = tuple(
        (replace(one, values=snapped(one.values)), replace(two, values=snapped(two.values)))
        for one, two in plan.features
    )
    return replace(plan, features=pairs)


def _labels(scenario: Scenario, issue: str, names: Any) -> Any:
    labels = {name: level.label for name, level in scenario.dispute.clauses[issue].levels.items()}
    return pd.Series(names).map(labels).to_numpy()


def _row(line: dict[str, Any]) -> dict[str, Any]:
    row = {name: line.get(name, np.nan) for name in ROUNDS}
    offered = line["package"] if line["package"] != NONE else None
    said = {"proposer": line["proposer"].value, "package": offered, "answer": line["answer"].name}
    return {**row, **said}


def save(
    bargain: Bargain, folder: Path, format: str = "parquet", aside: Aside | None = None
) -> None:
    """Write a folder: tables, the scenario, and domain and profiles in the newest spelling.

    Parameters
    ----------
    bargain : Bargain
    folder : Path
        Does not exist, is empty, or holds nothing but an earlier run, which is replaced.
    format : {"parquet", "csv"}
    aside : callable, optional
        An earlier run of other settings is then moved away, and this is told where.

    Raises
    ------
    ScenarioError, RunError
        If the folder holds anything else, or cannot be written.
    """
    config = dump_scenario(bargain.scenario).encode()
    one, two = bargain.profiles
    tables = {
        "packages": (bargain.packages(), packages_kinds(bargain)),
        "points": (bargain.points(), POINTS),
        "rounds": (bargain.rounds, ROUNDS),
    }
    files = {
        "config.yaml": config,
        "domain.xml": domain_xml(one.domain),
        "claimant.xml": profile_xml(one),
        "holder.xml": profile_xml(two),
    }
    files |= table_files(tables, digest(config), format)
    stamp = now()
    said = {**provenance(bargain.scenario, stamp, stamp), "profiles": [one.name, two.name]}
    write_run(folder, files, said, aside)
