"""Cases in which the flagship and its what-ifs are played: letters of the second edition on or off.

A letter is a part of the model that a scenario switches on by keys of its own. All cases are
`second_edition` with some letters off, on the same worlds, so that their worlds can be compared one
by one.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

import sim
from sim.domain.clause import Degrees
from sim.domain.scenario import Scenario
from sim.paths import scenarios_dir

SCENARIO = "second_edition"
SEED_OF = "singapore_2018"
OFF = {
    "A": ("dependence=independent",),
    "B": (
        "environment.successions.enabled=false",
        "environment.positions.enabled=false",
        "environment.red_lines.enabled=false",
        "protocol.drafting.enabled=false",
    ),
    "C": (),
    "D": (
        "environment.ratings.enabled=false",
        "environment.cues.enabled=false",
        "environment.quotas.enabled=false",
        "environment.accumulation.enabled=false",
        "environment.fading.enabled=false",
        "holder.reservation.urgency.growth=0",
    ),
    "F": ("conditioned=false",),
    "H": (
        "environment.ratifier_errors.enabled=false",
        "environment.amendments.enabled=false",
    ),
    "I": ("protocol.audience_cost=gross", "ladder=last_text"),
}
"""What switches each letter off; C has no key: its levels then meet and breach nothing."""
LETTERS = tuple(OFF)
MOVABLE = (
    "two_islands_first",
    "two_islands_final",
    "treaty_first",
    "untethered_delimitation",
    "untethered_then_treaty",
    "joint_economy_only",
    "economy_for_islands",
    "residual_sovereignty",
    "half_by_area",
    "functional_ladder",
)
"""Structures that a what-if is played with: those of the flagship in which anything ever comes."""
BETWEEN = ("lease", "condominium", "two_now_title_open", "maritime_first")
"""Letter E: texts between the poles."""
WHAT_IFS = (
    "after_2020",
    "firm_allies",
    "frames_apart",
    "future_generations",
    "patient_tokyo",
    "ratings_recovered",
    "sanctions_lifted",
)
"""What-ifs on the flagship that change a number of it; each is also played on `second_edition`."""
DEPENDENCES = ("independent", "declared", "strong")
DONE = ("first_stage", "transferred", "title_fixed", "closed")


@dataclass(frozen=True)
class Case:
    """One run.

    Parameters
    ----------
    name : str
        Of the file that keeps it.
    on : str
        Letters that are on, A left out: `dependence` says it.
    dependence : {"independent", "declared", "strong"}
    scenario : str
        A what-if, or `second_edition` itself.
    deals : tuple of str
        Structures; empty for all.
    share : float
        Of the worlds of the other cases, from the first on.
    """

    name: str
    on: str = "BCDFHI"
    dependence: str = "declared"
    scenario: str = SCENARIO
    deals: tuple[str, ...] = ()
    share: float = 1.0


def cases() -> Iterator[Case]:
    """Yield all cases of the page, those of the flagship first."""
    for each in DEPENDENCES:
        yield Case(f"second-{each}", dependence=each)
        yield Case(f"first-{each}", on="", dependence=each)
    for letter in "BDFHI":
        yield Case(f"on-{letter}", on=letter, dependence="independent")
        yield Case(f"off-{letter}", on="BCDFHI".replace(letter, ""))
    yield Case("on-C", on="C", dependence="independent", deals=BETWEEN)
    yield Case("off-C", on="BDFHI", deals=BETWEEN)
    for name in WHAT_IFS:
        yield Case(f"{name}-declared", scenario=name, deals=MOVABLE)
    for name in WHAT_IFS:
        yield Case(f"{name}-first", on="", scenario=name, deals=MOVABLE)
    for name in WHAT_IFS:
        for each in ("independent", "strong"):
            yield Case(f"{name}-{each}", dependence=each, scenario=name, deals=MOVABLE, share=0.5)


def scenario_of(case: Case) -> Scenario:
    """Return the scenario of a case."""
    off = [key for letter, keys in OFF.items() if letter not in "A" + case.on for key in keys]
    overrides = [f"dependence={case.dependence}", "dependence_check=false", *off]
    if case.deals:
        overrides.append(f"deals=[{','.join(case.deals)}]")
    with tempfile.TemporaryDirectory() as folder:
        scenario = sim.load_scenario(_file(case.scenario, Path(folder)), overrides)
    return scenario if "C" in case.on else without_degrees(scenario)


def _file(name: str, folder: Path) -> str | Path:
    """Return a scenario, or the file of a what-if laid over the second edition."""
    if name == SCENARIO:
        return name
    text = (scenarios_dir() / f"{name}.yaml").read_text(encoding="utf-8")
    laid, plain = f"defaults: [{SCENARIO}, _self_]", f"defaults: [{SEED_OF}, _self_]"
    if plain not in text:
        raise ValueError(f"{name}: expected a what-if with {plain!r}")
    path = folder / f"{name}.yaml"
    path.write_text(text.replace(plain, laid), encoding="utf-8")
    return path


def without_degrees(scenario: Scenario) -> Scenario:
    """Return a scenario whose wordings meet, breach and risk nothing: letter C off."""
    plain = {"meets": Degrees(), "breaches": Degrees(), "ambiguity": None}
    clauses = {
        name: clause.model_copy(
            update={
                "levels": {
                    key: level.model_copy(update=plain) for key, level in clause.levels.items()
                }
            }
        )
        for name, clause in scenario.dispute.clauses.items()
    }
    return scenario.model_copy(
        update={"dispute": scenario.dispute.model_copy(update={"clauses": clauses})}
    )


def file_of(case: Case, worlds: int, folder: Path) -> Path:
    """Return the file that keeps a case."""
    return folder / f"{case.name}-{worlds}.parquet"


def played(case: Case, worlds: int, folder: Path) -> pd.DataFrame:
    """Return the worlds of a case, played unless the folder has them."""
    path = file_of(case, worlds, folder)
    if not path.exists():
        result = sim.run(
            scenario_of(case), worlds=int(worlds * case.share), workers=1, reversal_draws=0
        )
        kept = ["deal", "world", "outcome", "next_barrier", "rejected_by", "round_signed", *DONE]
        folder.mkdir(parents=True, exist_ok=True)
        result.worlds[kept].to_parquet(path)
    table = pd.read_parquet(path)
    return table.assign(title_fixed=table["title_fixed"].astype(str) != "none")
