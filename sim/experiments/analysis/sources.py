"""Discover where an outcome happens in a run or a sweep: its worlds, or its cells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from sim.domain.outcome import Outcome
from sim.errors import Fault, ScenarioError
from sim.experiments.analysis import discovery
from sim.experiments.analysis.discovery import Cases, Discovery
from sim.experiments.analysis.draws_table import draws_table
from sim.experiments.loading import load_result
from sim.experiments.result import EnsembleResult
from sim.experiments.sweep.folder import SWEEP
from sim.experiments.sweep.result import SweepResult, load_sweep
from sim.quantities import Floats

__all__ = ["cases_of", "discover"]

ZOPA = "zopa"
"""The event that in some round some package is worth signing to both sides."""


def cases_of(
    result: EnsembleResult | SweepResult, event: str = "settled"
) -> Iterator[tuple[str, Cases]]:
    """Yield the cases of each structure: worlds of a run, or cells of a sweep.

    Parameters
    ----------
    result : EnsembleResult or SweepResult
        Of a run, the numbers are what each world drew of everything uncertain; of a sweep, the
        values on its axes.
    event : str
        One of the eight outcomes; of a run also `ZOPA`.

    Raises
    ------
    ScenarioError
        If there is no such outcome.
    """
    swept = isinstance(result, SweepResult)
    known = [*Outcome.__members__, *([] if swept else [ZOPA])]
    if event not in known:
        raise ScenarioError([Fault("event", f"one of {', '.join(known)}", repr(event))])
    if isinstance(result, SweepResult):
        yield from _of_cells(result, event)
        return
    numbers = draws_table(result.scenario)
    for deal, rows in result.worlds.groupby("deal", observed=True):
        happened = rows["zopa_margin"] >= 0 if event == ZOPA else rows["outcome"] == event
        happens = np.asarray(happened, dtype=np.float64)
        yield str(deal), Cases(numbers, happens, np.ones(len(happens)))


def _of_cells(result: SweepResult, event: str) -> Iterator[tuple[str, Cases]]:
    for deal, rows in result.cells.groupby("deal", observed=True):
        worlds = rows["worlds"].to_numpy(dtype=np.float64)
        happens = rows[event].to_numpy(dtype=np.float64)
        yield str(deal), Cases(_numbers(rows, result.axes), happens, worlds)


def _numbers(rows: pd.DataFrame, axes: dict[str, str]) -> pd.DataFrame:
    """Return the values on the axes as numbers; each value of a choice is 1 where it is chosen."""
    columns: dict[str, Floats] = {}
    for key, unit in axes.items():
        if unit:
            values = rows[key].to_numpy(dtype=np.float64)
            columns[key] = np.where(np.isinf(values), np.finfo(np.float32).max, values)
        else:
            words = sorted(set(rows[key]))
            columns |= {
                f"{key}={word}": np.asarray(rows[key] == word, dtype=np.float64) for word in words
            }
    return pd.DataFrame(columns)


def discover(
    result: EnsembleResult | SweepResult | str | Path, event: str = "settled"
) -> dict[str, Discovery]:
    """Return for each structure of a run or sweep where an outcome happens.

    Parameters
    ----------
    result : EnsembleResult, SweepResult, str or Path
        Or the folder of either.
    event : str
        One of the eight outcomes; of a run also `ZOPA`, that in some round some package is worth
        signing to both sides.

    Raises
    ------
    ScenarioError
        If there is no such outcome, or the folder is neither of a run nor of a sweep.
    """
    if isinstance(result, (str, Path)):
        folder = Path(result)
        result = load_sweep(folder) if (folder / SWEEP).is_file() else load_result(folder)
    return {
        deal: discovery.discover(cases) if 0 < cases.share < 1 else Discovery(cases.share)
        for deal, cases in cases_of(result, event)
    }
