"""Draw two axes of a sweep: how a structure ends in every cell, and where it settles."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from sim.domain.outcome import Outcome
from sim.errors import Fault, ScenarioError
from sim.experiments.sweep.result import SweepResult
from sim.plotting.canvas import SMALL, heading, legend_below, open_axes
from sim.plotting.style import SHARES, ink, ink_on, named, wrapped
from sim.plotting.swept import (
    MARGIN,
    Ruler,
    cells_of,
    measured,
    most_moved,
    rulers,
    telling,
    with_unit,
    words_of,
)
from sim.quantities import Floats

__all__ = ["heatmap"]

_LEVELS = (50.0, 25.0, 75.0, 10.0, 90.0, 5.0, 1.0)
"""Shares of settled worlds, in percent: the contour is at the first that is crossed."""
_CELLS = 150
"""Up to so many cells have their number written in them."""
_Style = tuple[str, Literal["-", "--", ":"], float]
"""Colour, dashes and width of a line."""
_SHARE: _Style = ("#D55E00", "-", 2.2)
_END: _Style = ("#D55E00", ":", 1.4)


def heatmap(
    result: SweepResult,
    *,
    deal: str | None = None,
    by: str | None = None,
    axes: tuple[str, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a measure of one structure over two axes of a grid, with the contour of settlement.

    Where the margin of agreement is drawn, a second contour is at a margin of 0: medians are kept
    without intervals, and a cell near it may lie on either side.

    Parameters
    ----------
    result : SweepResult
        A grid with at least two axes; over further ones the mean is taken.
    deal : str, optional
        A structure; absent, the one of which the measure moves most.
    by : str, optional
        What the colours show: an outcome, a rung as ``ladder_full``, or ``zopa_margin``; absent,
        `settled` where it moves by five points or more, else the outcome that moves most.
    axes : pair of str, optional
        Dotted keys of the axes across and up; absent, the two with the most values.
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
    ScenarioError
        If it has a single axis.
    """
    across, up = _chosen(rulers(result), axes)
    cells = cells_of(result, deal)
    by = telling(cells, by)
    deal = deal or most_moved(cells, by)
    rows = cells_of(result, deal)
    ax = open_axes(ax, 5.2)
    _colours(ax, _grid(rows, by, (across, up)), by, (across, up))
    drawn = _contours(ax, rows, by, (across, up))
    across.mark(ax, "x")
    up.mark(ax, "y")
    title = f"{wrapped(result.scenario.deals[deal].label, 44, 1)}: {words_of(by)}"
    told = [*_told(result, (across, up), rows, drawn)]
    if by == MARGIN:
        told.append("no intervals: medians are kept without")
    heading(ax, title, wrapped("; ".join(told), 104, 2))
    return ax


def _chosen(scales: dict[str, Ruler], axes: tuple[str, str] | None) -> tuple[Ruler, Ruler]:
    if len(scales) < 2:
        raise ScenarioError([Fault("", "a sweep of two axes or more", "one of a single axis")])
    for key in axes or ():
        if key not in scales:
            raise KeyError(f"no axis named {key!r}; known are {', '.join(scales)}")
    across, up = axes or tuple(scales)[:2]
    return scales[across], scales[up]


def _grid(rows: pd.DataFrame, by: str, scales: tuple[Ruler, Ruler], end: int = 0) -> Floats:
    """Return a measure (or an end of its interval) as an array of rows up and columns across."""
    across, up = scales
    values = rows[[across.key, up.key]].assign(value=measured(rows, by)[end])
    table = values.groupby([up.key, across.key], observed=True)["value"].mean().unstack()
    wanted = table.reindex(index=list(up.values), columns=list(across.values))
    return wanted.to_numpy(dtype=np.float64)


def _colours(ax: Axes, grid: Floats, by: str, scales: tuple[Ruler, Ruler]) -> None:
    across, up = scales
    low, high = (None, None) if by == MARGIN else (0.0, max(10.0, float(np.nanmax(grid))))
    mesh = ax.pcolormesh(across.edges, up.edges, grid, cmap=SHARES, vmin=low, vmax=high)
    bar = ax.figure.colorbar(mesh, ax=ax, pad=0.02)
    bar.set_label(with_unit(by), fontsize=9)
    if grid.size > _CELLS:
        return
    span = float(np.nanmax(grid) - np.nanmin(grid))
    digits = max(0, 1 - math.floor(math.log10(span or 10.0)))
    middle: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": SMALL}
    for y, row in zip(up.places, grid, strict=True):
        for x, value in zip(across.places, row, strict=True):
            if np.isfinite(value):
                ink = ink_on(to_hex(tuple(mesh.to_rgba(value))))
                ax.annotate(f"{value:.{digits}f}", (x, y), color=ink, **middle)


def _contours(ax: Axes, rows: pd.DataFrame, by: str, scales: tuple[Ruler, Ruler]) -> float | None:
    """Draw where a share settles, its interval, and where the margin is 0; return the share."""
    middle, low, high = (_grid(rows, Outcome.settled.name, scales, end) for end in range(3))
    level = next((share for share in _LEVELS if _crosses(middle, share)), None)
    lines: list[tuple[_Style, str]] = []
    zero: _Style = (ink(), "--", 1.8)
    if level is not None:
        for grid, style in ((middle, _SHARE), (low, _END), (high, _END)):
            _contour(ax, grid, level, style, scales)
        lines += [(_SHARE, f"{level:g} % of worlds settle"), (_END, "ends of its 95 % interval")]
    if by == MARGIN and _crosses(margins := _grid(rows, MARGIN, scales), 0.0):
        _contour(ax, margins, 0.0, zero, scales)
        lines.append(
            (
                zero,
                "margin 0: above, half of the worlds or more have\na text worth signing to both",
            )
        )
    handles = [
        Line2D([], [], color=colour, linestyle=dashes, linewidth=width, label=label)
        for (colour, dashes, width), label in lines
    ]
    if handles:
        legend_below(ax, handles, columns=2)
    return level


def _crosses(grid: Floats, level: float) -> bool:
    return min(grid.shape) > 1 and bool(np.nanmin(grid) < level < np.nanmax(grid))


def _contour(
    ax: Axes, grid: Floats, level: float, style: _Style, scales: tuple[Ruler, Ruler]
) -> None:
    """Draw where a grid crosses a level, if it does."""
    if not _crosses(grid, level):
        return
    across, up = (scale.places for scale in scales)
    colour, dashes, width = style
    lines = ax.contour(
        across, up, grid, levels=[level], colors=colour, linestyles=dashes, linewidths=width
    )
    lines.set(path_effects=[withStroke(linewidth=width + 1.6, foreground=ax.get_facecolor())])


def _told(
    result: SweepResult, scales: tuple[Ruler, Ruler], rows: pd.DataFrame, level: float | None
) -> Iterator[str]:
    """Yield what to know when reading the picture."""
    shown = {scale.key for scale in scales}
    others = [named(result.scenario, key) for key in result.axes if key not in shown]
    worlds = rows["worlds"]
    each = f"{worlds.min():,}" + (f" to {worlds.max():,}" if worlds.max() > worlds.min() else "")
    yield f"{len(rows):,} cells of {each} worlds"
    if level is None:
        settled, _, high = measured(rows, Outcome.settled.name)
        least, most = float(settled.min()), float(settled.max())
        span = f"{least:.3g} %" if least == most else f"{least:.3g} to {most:.3g} %"
        yield f"settled: {span} in all cells (95 %: at most {high.max():.2g} %)"
    if others:
        yield f"means over {', '.join(others)}"
