"""Draw what one axis of a sweep does to how structures end."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.experiments.sweep.result import SweepResult
from sim.plotting.canvas import heading, legend_below, open_axes, tidy
from sim.plotting.style import named, series, wrapped
from sim.plotting.swept import (
    MARGIN,
    Ruler,
    cells_of,
    measured,
    moves,
    rulers,
    telling,
    with_unit,
    words_of,
)

__all__ = ["line"]

_MOST = 7
"""Structures in one picture: as many as there are colours."""
_MARKS = "os^Dv<>"


def line(
    result: SweepResult,
    *,
    axis: str | None = None,
    by: str | None = None,
    deal: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a measure of every structure along one axis of a grid, with its 95 % interval.

    Parameters
    ----------
    result : SweepResult
        A grid. Where it has further axes, the line is the mean over them, and the band goes from
        the lowest to the highest end of an interval.
    axis : str, optional
        Its dotted key; absent, the one with the most values.
    by : str, optional
        An outcome, a rung as ``ladder_full``, or ``zopa_margin``; absent, `settled` where it moves
        by five points or more, else the outcome that moves most.
    deal : str, optional
        One structure; absent, the seven that move most.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError
        If there is no such structure, axis or measure.
    RunError
        If the sweep is no grid, or none of its cells was finished.
    """
    scales = rulers(result)
    axis = axis or next(iter(scales))
    if axis not in scales:
        raise KeyError(f"no axis named {axis!r}; known are {', '.join(scales)}")
    cells = cells_of(result, deal)
    by = telling(cells, by)
    deals = [deal] if deal else _chosen(cells, by)
    ax = open_axes(ax, 4.0 + 0.2 * len(deals))
    for turn, name in enumerate(deals):
        rows = cells_of(result, name)
        label = wrapped(result.scenario.deals[name].label, 84, 1)
        _draw(ax, scales[axis], (rows, by), turn, label)
    scales[axis].mark(ax, "x")
    tidy(ax, "y")
    if by != MARGIN:
        ax.set_ylim(bottom=0)
    ax.set_ylabel(with_unit(by))
    legend_below(ax)
    heading(ax, f"{result.scenario.title}: {words_of(by)}", _told(result, axis, by, deals))
    return ax


def _chosen(cells: pd.DataFrame, by: str) -> list[str]:
    """Return the structures that move most, the highest first."""
    most = moves(cells, by).sort_values(ascending=False, kind="stable").index[:_MOST]
    highest = cells[cells["deal"].isin(most)].groupby("deal", observed=True)[by].max()
    return [str(name) for name in highest.sort_values(ascending=False, kind="stable").index]


def _draw(ax: Axes, scale: Ruler, what: tuple[pd.DataFrame, str], turn: int, label: str) -> None:
    rows, by = what
    points = []
    for value in scale.values:
        middle, low, high = measured(rows[rows[scale.key] == value], by)
        points.append((np.nanmean(middle), np.nanmin(low), np.nanmax(high)))
    middle, low, high = np.array(points).T
    colour, dashes = series(turn)
    mark = _MARKS[turn % len(_MARKS)]
    if not scale.number:
        at = scale.places + 0.08 * (turn - 1)
        reach = np.stack([middle - low, high - middle])
        ax.errorbar(at, middle, yerr=reach, fmt=mark, color=colour, capsize=3, label=label)
        return
    ax.fill_between(scale.places, low, high, color=colour, alpha=0.18, linewidth=0)
    ax.plot(scale.places, middle, dashes, marker=mark, markersize=4.5, color=colour, label=label)


def _told(result: SweepResult, axis: str, by: str, deals: list[str]) -> str:
    """Return what to know when reading the picture."""
    others = [wrapped(named(result.scenario, key), 45, 1) for key in result.axes if key != axis]
    left = len(result.scenario.deals) - len(deals)
    band = "no intervals: medians are kept without" if by == MARGIN else "bands: 95 % intervals"
    if others:
        band = f"means over {', '.join(others)}; bands: from the lowest to the highest"
        band += "" if by == MARGIN else " end of an interval"
    more = f"; {left} more structures are not drawn" if left else ""
    return wrapped(f"{band}{more}", 104, 2)
