"""Ensemble of worlds of every structure of a scenario, all on the same random numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from sim.domain.scenario import Scenario
from sim.errors import Fault, ScenarioError, nearest
from sim.experiments.blocks import blocks, pack_scenario, play_all
from sim.experiments.contest import agenda_tables
from sim.experiments.dependence import blocks_of_others, with_shares
from sim.experiments.matching import observed_summary
from sim.experiments.nested import NestedDesign
from sim.experiments.provenance import now, provenance
from sim.experiments.result import EnsembleResult
from sim.experiments.reversal import DRAWS, EACH, no_ranking, ranking
from sim.experiments.tables import (
    outcomes_table,
    packages_kinds,
    packages_table,
    words_of,
    worlds_table,
)
from sim.io.config import scenario_of
from sim.io.dump import dump_scenario
from sim.quantities import as_index

__all__ = ["as_asked", "run"]


def _written(settings: dict[str, object]) -> Iterator[str]:
    """Yield keys of a scenario as overrides."""
    for name, value in settings.items():
        if name not in Scenario.model_fields:
            wanted = f"overrides=['KEY={value}'] sets a key of the scenario"
            raise TypeError(f"run() has no argument {name!r}; {wanted}")
        yield f"{name}={str(value).lower() if isinstance(value, bool) else value}"


def run(
    scenario: Scenario | str | Path,
    *,
    overrides: str | Iterable[str] = (),
    worlds: int | None = None,
    seed: int | None = None,
    deals: str | Iterable[str] | None = None,
    workers: int | None = None,
    progress: bool = False,
    reversal_draws: int | None = None,
    **settings: object,
) -> EnsembleResult:
    """Play every structure of a scenario in many worlds, all on the same random numbers.

    The result depends on the scenario, `worlds`, `seed` and `deals` only; the first n worlds of
    a longer run are those of a run of n worlds.

    Parameters
    ----------
    scenario : Scenario, str or Path
        Loaded, or by its name or path.
    overrides : str or iterable of str
        As on the command line, of a scenario by its name or path.
    worlds, seed : int, optional
        In place of the scenario's own.
    deals : str or iterable of str, optional
        Only these of the scenario's structures.
    workers : int, optional
        Processes; absent, one for each processor, or none but this one for a small run.
    progress : bool
        Show a progress bar on the terminal (standard error).
    reversal_draws : int, optional
        Under how many draws of everything uncertain to rank the structures anew (see
        `sim.experiments.reversal`), 0 for not at all; absent, 64 for several structures in
        at least as many worlds as that takes by itself (4,096).
    **settings
        Keys of the scenario as overrides: ``rounds=3`` is ``overrides=["rounds=3"]``.

    Raises
    ------
    ScenarioError
        If `worlds`, `seed` or `deals` is at fault, or an override.
    TypeError
        If a keyword is no argument and no key of a scenario.
    RunError
        If worker processes keep dying.
    """
    started = now()
    given = [overrides] if isinstance(overrides, str) else overrides
    named = scenario_of(scenario, [*given, *_written(settings)])
    scenario = as_asked(named, worlds=worlds, seed=seed, deals=deals)
    design = _design(scenario, reversal_draws)
    packed = pack_scenario(scenario)
    work = list(blocks(scenario, packed))
    again = list(blocks(scenario, packed, design)) if design else []
    others = blocks_of_others(scenario, packed)
    title = scenario.title if progress else None
    packages_kinds(scenario)  # refuses names of clauses that would clash, before anything is played
    described: list[pd.DataFrame] = []

    def meanwhile() -> None:
        described.append(packages_table(scenario))
        dump_scenario(scenario)  # remembered for what is written at the end

    played = play_all([*work, *again, *others], scenario.rounds, workers, title, meanwhile)
    packages = described[0]
    words = words_of(scenario, packages)
    table = worlds_table(played[: len(work)], words)
    ranked = no_ranking(scenario.structures)
    if design:
        nested = played[len(work) : len(work) + len(again)]
        ranked = ranking(table, worlds_table(nested, words), design)
    outcomes = _with_reversal(outcomes_table(scenario, table), ranked)
    outcomes = with_shares(
        outcomes, scenario, played[: len(work)], played[len(work) + len(again) :]
    )
    origin = provenance(scenario, started, now()) | {
        "reversal_draws": design.draws if design else 0,
        **observed_summary(scenario),
    }
    more = agenda_tables(scenario, table, played[: len(work)])
    return EnsembleResult(scenario, outcomes, table, packages, ranked, origin, *more)


def as_asked(
    scenario: Scenario,
    *,
    worlds: int | None = None,
    seed: int | None = None,
    deals: str | Iterable[str] | None = None,
) -> Scenario:
    """Return a scenario with another number of worlds, another seed or fewer structures.

    Raises
    ------
    ScenarioError
        If any of them is at fault.
    """
    wanted = [deals] if isinstance(deals, str) else deals
    names = tuple(scenario.deals if wanted is None else wanted)
    worlds, seed = as_index(worlds), as_index(seed)
    faults = [
        *_whole("worlds", worlds, 1, 10_000_000),
        *_whole("seed", seed, 0, 2**63 - 1),
        *(fault for name in names for fault in _known(name, scenario)),
    ]
    if not names:
        faults.append(Fault("deals", "at least one structure", "none"))
    if faults:
        raise ScenarioError(faults)
    change: dict[str, Any] = {"deals": {name: scenario.deals[name] for name in names}}
    change |= {} if worlds is None else {"worlds": worlds}
    change |= {} if seed is None else {"seed": seed}
    return scenario.model_copy(update=change)


def _whole(key: str, value: object, least: int, most: int) -> list[Fault]:
    if value is None or (type(value) is int and least <= value <= most):
        return []
    return [Fault(key, f"a whole number from {least:,} to {most:,}", repr(value))]


def _known(name: str, scenario: Scenario) -> list[Fault]:
    if name in scenario.deals:
        return []
    known = f"one of {', '.join(scenario.deals)}"
    return [Fault("deals", known, repr(name), nearest(name, scenario.deals))]


def _design(scenario: Scenario, draws: int | None) -> NestedDesign | None:
    if draws is None:
        pays = len(scenario.structures) > 1 and scenario.worlds >= DRAWS * EACH
        draws = DRAWS if pays else 0
    return NestedDesign(draws, EACH) if draws else None


def _with_reversal(outcomes: pd.DataFrame, ranked: pd.DataFrame) -> pd.DataFrame:
    if ranked.empty:
        return outcomes
    by_settled = ranked.loc[ranked["by"] == "settled", "reversal"]
    return outcomes.assign(reversal=by_settled.to_numpy())
