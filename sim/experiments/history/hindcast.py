"""Forecasts of episodes whose end is known, scored against simple rivals.

Each episode is played for as long as it lasted, from the structures that were on its table on;
where sides may change the table (`agenda`), any structure of its scenario may come to lie on it.
Two rivals know no detail: base rates of attempts of the kind, and "as last time". Whatever is asked
of the whole (how often anything settles, how often there is an accord) was fixed beforehand in the
history; what does not fit is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.domain.agenda import Agenda
from sim.domain.history import Calibration, History
from sim.domain.outcome import LADDER
from sim.equations.scores import AS_WORLDS, persistence, smoothed
from sim.experiments.blocks import blocks, pack_scenario, play_all
from sim.experiments.history.cases import Case, cases
from sim.experiments.history.judging import (
    EPISODES,
    FORECASTS,
    Hindcast,
    base_forecast,
    judged,
    resampled,
    scores,
    targets,
)
from sim.experiments.provenance import now, provenance
from sim.experiments.tally import Tally, mixture, tally
from sim.io.history import load_history
from sim.quantities import Floats

__all__ = ["FORECASTS", "Hindcast", "hindcast"]

_RUNGS = [rung.name for rung in LADDER]


def hindcast(
    history: History | None = None,
    *,
    worlds: int = 2_048,
    seed: int | None = None,
    calibration: Calibration | None = None,
    beside: str | None = None,
    agenda: Agenda = "tabled",
    drafted: bool = False,
    workers: int | None = None,
    progress: bool = False,
) -> Hindcast:
    """Forecast every episode of a history and score the forecasts.

    Parameters
    ----------
    history : History, optional
        Absent, the shipped one.
    worlds : int
        Worlds of each structure.
    seed : int, optional
        In place of each scenario's own.
    calibration : Calibration, optional
        Factors shared by all episodes; absent, all numbers are taken as they stand.
    beside : str, optional
        A structure that is put on every table on which it can lie, with half of the weight.
    agenda : {"tabled", "single"}
        Whether sides may change the table, or the structures of `on_the_table` are played each by
        itself and mixed by their weights.
    drafted : bool
        Whether every text that is agreed takes its time to be drafted.
    workers, progress
        As for `sim.run`.

    Raises
    ------
    ScenarioError
        If a scenario of the history, `worlds` or `seed` is at fault.
    """
    started, history = now(), history or load_history()
    found = cases(
        history,
        worlds=worlds,
        seed=seed,
        calibration=calibration,
        beside=beside,
        agenda=agenda,
        drafted=drafted,
    )
    tallies = _played(found, workers, "hindcast" if progress else None)
    table = _table(history, found, tallies)
    episodes = table[~table["control"]]
    weights = resampled(len(episodes))
    origin = provenance(found[-1].scenario, started, now())
    return Hindcast(
        history=history,
        calibration=calibration,
        episodes=table,
        scores=scores(episodes, weights),
        targets=targets(history, table, weights),
        provenance={**origin, "scenario": "hindcast", "seed": seed},
    )


def _played(found: Sequence[Case], workers: int | None, title: str | None) -> list[Tally]:
    work = [
        block for case in found for block in blocks(case.scenario, pack_scenario(case.scenario))
    ]
    rounds = max(case.scenario.rounds for case in found)
    played = iter(play_all(work, rounds, workers, title))
    tallies = []
    for case in found:
        scenario = case.scenario
        each = sum(1 for _ in blocks(scenario, pack_scenario(scenario))) // len(scenario.structures)
        parts = [
            tally([next(played) for _ in range(each)], scenario.rounds, _round_years(case))
            for _ in scenario.structures
        ]
        tallies.append(mixture(parts, case.weights))
    return tallies


def _round_years(case: Case) -> float:
    return float(case.scenario.protocol.round_years)


def _table(history: History, found: Sequence[Case], tallies: Sequence[Tally]) -> pd.DataFrame:
    before = _RUNGS.index(history.before_first.ended)
    rows = []
    for case, one in zip(found, tallies, strict=True):
        ended = _RUNGS.index(case.happened.ended)
        before = 0 if case.control else before  # of another dispute: nothing before it
        rivals = _rivals(history, case.years, before)
        model = smoothed(one.ladder[0], AS_WORLDS)
        rows.append(_facts(case, one) | judged({"model": model, **rivals}, ended))
        before = ended
    return pd.DataFrame(rows, columns=list(EPISODES)).astype({"worlds": np.int32})


def _rivals(history: History, years: float, before: int) -> dict[str, Floats]:
    base = base_forecast(history, years)
    after_accord, after_failure = history.after_accord.point, 1 - history.after_failure.point
    stays = after_accord if before else after_failure
    return {"base": base, "persistence": persistence(base, before, stays)}


def _facts(case: Case, one: Tally) -> dict[str, Any]:
    table = case.scenario.on_the_table
    tabled = [(name, weight / sum(table.values())) for name, weight in table.items() if weight]
    return {
        "episode": case.name,
        "start": case.scenario.start,
        "years": case.years,
        "tabled": ", ".join(f"{name} {weight:.2f}" for name, weight in tabled),
        "control": case.control,
        **dict(zip(_RUNGS, one.ladder[0].tolist(), strict=True)),
        "accord": float(one.accord[0]),
        "settled": float(one.settled[0]),
        "exposure": float(one.years[0]),
        "signed": float(one.signed[0]),
        "at_once": float(one.at_once[0]),
        "ended": case.happened.ended,
        "worlds": case.scenario.worlds,
    }
