"""Read a sweep as pictures need it: what to measure, how sure it is, and where its cells lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.domain.outcome import OUTCOMES, Outcome
from sim.domain.results import SHARES
from sim.equations.statistics import wilson_interval
from sim.errors import RunError
from sim.experiments.sweep.result import SweepResult
from sim.plotting.style import known, named, wrapped
from sim.quantities import Floats

__all__ = [
    "MARGIN",
    "MEASURES",
    "Ruler",
    "cells_of",
    "measured",
    "most_moved",
    "moves",
    "rulers",
    "telling",
    "with_unit",
    "words_of",
]

MARGIN = "zopa_margin"
MEASURES = (*SHARES, MARGIN)
"""What can be drawn of a cell: shares of outcomes, shares of rungs, the margin of agreement."""
_ENOUGH = 0.05


def cells_of(result: SweepResult, deal: str | None = None) -> pd.DataFrame:
    """Return the rows of one structure, or of all.

    Raises
    ------
    KeyError
        If there is no such structure.
    RunError
        If all cells were given up.
    """
    if result.cells.empty:
        raise RunError(f"{result.folder}: no cell of this sweep was finished")
    if deal is None:
        return result.cells
    return result.cells[result.cells["deal"] == known(result.scenario, deal)]


def moves(cells: pd.DataFrame, by: str) -> pd.Series:
    """Return how far one of `MEASURES` moves over the cells, for each structure.

    Parameters
    ----------
    cells : DataFrame
    by : str
    """
    values = cells.groupby("deal", observed=True)[by]
    return (values.max() - values.min()).fillna(0.0)


def telling(cells: pd.DataFrame, by: str | None = None) -> str:
    """Return what to draw: what is asked, or what moves.

    Parameters
    ----------
    cells : DataFrame
    by : str, optional
        One of `MEASURES`; absent, the share that settled where it moves by five points or more,
        else the outcome that moves most, else the margin.

    Raises
    ------
    KeyError
        If there is no such measure.
    """
    if by is not None:
        if by not in MEASURES:
            raise KeyError(f"no measure named {by!r}; known are {', '.join(MEASURES)}")
        return by
    most = {item.name: float(moves(cells, item.name).max()) for item in OUTCOMES}
    if most[Outcome.settled.name] >= _ENOUGH:
        return Outcome.settled.name
    best = max(most, key=lambda name: most[name])
    return best if most[best] > 0 else MARGIN


def most_moved(cells: pd.DataFrame, by: str) -> str:
    """Return the structure of which a measure moves most."""
    return str(moves(cells, by).idxmax())


def words_of(by: str) -> str:
    """Return a measure in words, as they stand in a title."""
    if by == MARGIN:
        return "margin of agreement, median"
    if by.startswith("ladder_"):
        return f"“{by.removeprefix('ladder_')}” in force at the end"
    return Outcome[by].label


def with_unit(by: str) -> str:
    """Return a measure in words with its unit, as they stand at an axis."""
    return f"{words_of(by)} ({'points' if by == MARGIN else '% of worlds'})"


def measured(rows: pd.DataFrame, by: str) -> tuple[Floats, Floats, Floats]:
    """Return a measure of cells and the ends of its 95 % interval; shares in percent.

    Parameters
    ----------
    rows : DataFrame
        Of the table of cells.
    by : str
        One of `MEASURES`; the margin has no interval in that table, so its ends are itself.
    """
    values = rows[by].to_numpy(dtype=np.float64)
    if by == MARGIN:
        return values, values, values
    worlds = rows["worlds"].to_numpy(dtype=np.int64)
    low, high = wilson_interval(np.rint(values * worlds).astype(np.int64), worlds)
    return 100 * values, 100 * low, 100 * high


@dataclass(frozen=True)
class Ruler:
    """One axis of a sweep, laid along an axis of a picture.

    Parameters
    ----------
    key : str
    label : str
        In words, with its unit.
    values : tuple
        In the order in which they are drawn.
    number : bool
        Whether they lie where they are; else ("none" among them, or a choice) evenly.
    """

    key: str
    label: str
    values: tuple[Any, ...]
    number: bool

    @property
    def places(self) -> Floats:
        """Return where the values lie."""
        if self.number:
            return np.array(self.values, dtype=np.float64)
        return np.arange(len(self.values), dtype=np.float64)

    @property
    def edges(self) -> Floats:
        """Return the borders half way between the values, and as far beyond the ends."""
        at = self.places
        if len(at) == 1:
            return np.array([at[0] - 0.5, at[0] + 0.5])
        middle = (at[1:] + at[:-1]) / 2
        return np.concatenate([[2 * at[0] - middle[0]], middle, [2 * at[-1] - middle[-1]]])

    def mark(self, ax: Axes, along: str) -> None:
        """Name the values and the whole at an axis of a picture.

        Parameters
        ----------
        ax : Axes
        along : {"x", "y"}
        """
        if not self.number:
            words = [wrapped(_said(value), 16, 2) for value in self.values]
            ax.set(**{f"{along}ticks": self.places, f"{along}ticklabels": words})
        ax.set(**{f"{along}label": wrapped(self.label, 70 if along == "x" else 52, 2)})


def rulers(result: SweepResult) -> dict[str, Ruler]:
    """Return the axes of a grid by key, those with more values first.

    Raises
    ------
    RunError
        If the design is no grid.
    """
    if result.settings["design"] != "grid":
        raise RunError("lines and heatmaps need design=grid")
    found = [_ruler(result, key, unit) for key, unit in result.axes.items()]
    return {one.key: one for one in sorted(found, key=lambda one: -len(one.values))}


def _ruler(result: SweepResult, key: str, unit: str) -> Ruler:
    column = result.design[key]
    values = sorted(set(column)) if unit else list(dict.fromkeys(column))
    number = bool(unit) and bool(np.isfinite(values).all())
    label = named(result.scenario, key) + (f" ({unit})" if unit else "")
    return Ruler(key, label, tuple(values), number)


def _said(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "none" if np.isinf(value) else f"{value:g}"
