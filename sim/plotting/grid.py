"""Line and heat map of a grid: how structures end along one or two axes of a sweep."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from sim.domain.narration import percent, several
from sim.domain.outcome import Outcome
from sim.equations.statistics import wilson_interval
from sim.errors import Fault, RunError, ScenarioError
from sim.experiments.sweep.result import SweepResult, moves, telling_measure
from sim.plotting.canvas import (
    AXIS_TITLE,
    SMALL,
    colour_bar,
    heading,
    legend_below,
    open_axes,
    tidy,
)
from sim.plotting.style import (
    MARGIN,
    MEASURES,
    SHARE_COLOURS,
    deal_label,
    ending,
    ground,
    ink,
    ink_on,
    key_label,
    known,
    measure_label,
    measure_with_unit,
    one_of,
    series,
    wrapped,
)
from sim.quantities import Floats

__all__ = [
    "GridAxis",
    "cells_of",
    "chosen_measure",
    "decisive",
    "grid_axes",
    "heatmap",
    "line",
    "measured",
    "value_label",
]

_LINES = 6
"""Values of a second axis that have each a line."""
_DIGITS = 6
"""Letters of a number at an axis."""
_APART = 1 / 11
"""Least distance of two numbers at an axis, as a part of it."""
_MOST = 7
"""Structures in one picture: as many as there are colours."""
_MARKS = "os^Dv<>"
_LEVELS = (50.0, 25.0, 75.0, 10.0, 90.0, 5.0, 1.0)
"""Shares of settled worlds, in percent: the contour is at the first that is crossed."""
_CELLS = 150
"""Up to so many cells have their number written in them."""
_Style = tuple[str, Literal["-", "--", ":"], float]
"""Colour, dashes and width of a line."""
_SHARE: _Style = ("#D55E00", "-", 2.2)
_END: _Style = ("#D55E00", ":", 1.4)


def line(
    result: SweepResult,
    *,
    axis: str | None = None,
    by: str | None = None,
    deal: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a measure along one axis of a grid, with its 95 % interval.

    Of a grid of a single axis, a line is a structure. Of a larger one, all lines are of one
    structure: one for each value of the axis along which it moves most after the one drawn (its
    ends, where there are more than six); further axes are held at their middle value.

    Parameters
    ----------
    result : SweepResult
        A grid.
    axis : str, optional
        Its dotted key; absent, the one along which the measure moves most.
    by : str, optional
        An outcome, what is carried out as ``transferred``, a rung as ``ladder_full``, or
        ``zopa_margin``; absent, as `chosen_measure` has it.
    deal : str, optional
        One structure; absent, the seven that move most, or the one.
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
    scales = grid_axes(result)
    cells = cells_of(result, deal)
    by = chosen_measure(cells, by)
    order = decisive(cells, by, scales)
    axis = one_of(scales, axis or order[0], "axis")
    others = [key for key in order if key != axis]
    if others:
        deal = deal or str(moves(cells, by).idxmax())
        lines, note = _by_second(result, cells_of(result, deal), others, scales)
        title = deal_label(result.scenario, deal, 60)
    else:
        lines, note = _by_structure(result, cells, by)
        title = wrapped(result.scenario.title, 60, 1)
    ax = open_axes(ax, 4.0 + 0.2 * len(lines))
    for turn, (label, rows) in enumerate(lines.items()):
        _draw_line(ax, scales[axis], (rows, by), turn, label)
    scales[axis].label_values(ax, "x")
    tidy(ax, "y")
    if by != MARGIN:
        ax.set_ylim(bottom=0)
    ax.set_ylabel(measure_with_unit(by))
    legend_below(ax, inches=0.45 + 0.16 * ax.get_xlabel().count("\n"))
    band = "no intervals: medians are kept without" if by == MARGIN else "bands: 95 % intervals"
    told = wrapped("; ".join(filter(None, (band, *note))), 88, 3)
    heading(ax, f"{title}: {measure_label(by)}", told, result.scenario.overrides)
    return ax


def decisive(cells: pd.DataFrame, by: str, scales: Mapping[str, GridAxis]) -> list[str]:
    """Return the axes, the one along which a measure of some structure moves most first.

    Parameters
    ----------
    cells : DataFrame
    by : str
        One of `MEASURES`.
    scales : mapping of key to GridAxis
    """

    def reach(key: str) -> float:
        others = [other for other in scales if other != key]
        along = cells.groupby(["deal", *others], observed=True)[by]
        moved = (along.max() - along.min()).groupby("deal", observed=True).mean()
        return float(moved.fillna(0.0).max())

    return sorted(scales, key=reach, reverse=True)


def _by_second(
    result: SweepResult, rows: pd.DataFrame, others: list[str], scales: Mapping[str, GridAxis]
) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Return the cells of each value of the next axis, all further ones held, and what to say."""
    second, *held = (scales[key] for key in others)
    told = []
    for scale in held:
        value = scale.values[len(scale.values) // 2]
        rows = rows[rows[scale.key] == value]
        told.append(f"{_short(result, scale.key)} = {value_label(value)}")
    many = len(second.values) > _LINES
    values = (second.values[0], second.values[-1]) if many else second.values
    name = ending(second.label, 64)
    lines = {f"{name} = {value_label(v)}": rows[rows[second.key] == v] for v in values}
    left = len(result.scenario.structures) - 1
    more = f"not drawn: {left} more of {left + 1} structures" if left else ""
    ends = f"{len(second.values) - 2} more values of it between the lines" if many else ""
    return lines, [f"held: {', '.join(told)}" if told else "", ends, more]


def _by_structure(
    result: SweepResult, cells: pd.DataFrame, by: str
) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Return the cells of the structures that move most, and what to say."""
    deals = _most_moving(cells, by)
    lines = {
        wrapped(result.scenario.structures[name].label, 84, 1): cells[cells["deal"] == name]
        for name in deals
    }
    left = len(result.scenario.structures) - len(deals)
    return lines, [f"not drawn: {several(left, 'more structure')}" if left else ""]


def _short(result: SweepResult, key: str) -> str:
    return ending(key_label(result.scenario, key), 45)


def _most_moving(cells: pd.DataFrame, by: str) -> list[str]:
    """Return the structures that move most, the highest first."""
    most = moves(cells, by).sort_values(ascending=False, kind="stable").index[:_MOST]
    highest = cells[cells["deal"].isin(most)].groupby("deal", observed=True)[by].max()
    return [str(name) for name in highest.sort_values(ascending=False, kind="stable").index]


def _draw_line(
    ax: Axes, scale: GridAxis, what: tuple[pd.DataFrame, str], turn: int, label: str
) -> None:
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
    ax.fill_between(scale.places, low, high, color=colour, alpha=0.25, linewidth=0)
    ax.plot(scale.places, middle, dashes, marker=mark, markersize=4.5, color=colour, label=label)


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
        What the colours show: an outcome, what is carried out as ``transferred``, a rung as
        ``ladder_full``, or ``zopa_margin``; absent, as `chosen_measure` has it.
    axes : pair of str, optional
        Dotted keys of the axes across and up; absent, the two along which it moves most, that with
        more values across.
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
    cells = cells_of(result, deal)
    by = chosen_measure(cells, by)
    across, up = _two_axes(grid_axes(result), axes, cells, by)
    deal = deal or str(moves(cells, by).idxmax())
    rows = cells_of(result, deal)
    ax = open_axes(ax, 5.2)
    _colours(ax, _grid(rows, by, (across, up)), by, (across, up))
    across.label_values(ax, "x")
    up.label_values(ax, "y")
    drawn = _contours(ax, rows, by, (across, up))
    title = f"{deal_label(result.scenario, deal, 44)}: {measure_label(by)}"
    notes = [*_heatmap_note(result, (across, up), rows, drawn)]
    if by == MARGIN:
        notes.append("no intervals: medians are kept without")
    heading(ax, title, wrapped("; ".join(notes), 88, 3), result.scenario.overrides)
    return ax


def _two_axes(
    scales: dict[str, GridAxis], axes: tuple[str, str] | None, cells: pd.DataFrame, by: str
) -> tuple[GridAxis, GridAxis]:
    if len(scales) < 2:
        raise ScenarioError([Fault("", "a sweep of two axes or more", "one of a single axis")])
    for key in axes or ():
        one_of(scales, key, "axis")
    first = decisive(cells, by, scales)[:2]
    across, up = axes or tuple(key for key in scales if key in first)
    return scales[across], scales[up]


def _grid(rows: pd.DataFrame, by: str, scales: tuple[GridAxis, GridAxis], end: int = 0) -> Floats:
    """Return a measure (or an end of its interval) as an array of rows up and columns across."""
    across, up = scales
    values = rows[[across.key, up.key]].assign(value=measured(rows, by)[end])
    table = values.groupby([up.key, across.key], observed=True)["value"].mean().unstack()
    wanted = table.reindex(index=list(up.values), columns=list(across.values))
    return wanted.to_numpy(dtype=np.float64)


def _colours(ax: Axes, grid: Floats, by: str, scales: tuple[GridAxis, GridAxis]) -> None:
    across, up = scales
    some = bool(np.isfinite(grid).any())
    low, high = (None, None) if by == MARGIN else (0.0, float(np.nanmax(grid, initial=10.0)))
    mesh = ax.pcolormesh(across.edges, up.edges, grid, cmap=SHARE_COLOURS, vmin=low, vmax=high)
    colour_bar(ax, mesh, measure_with_unit(by))
    if grid.size > _CELLS or not some:
        return
    span = float(np.nanmax(grid) - np.nanmin(grid))
    digits = max(0, 1 - math.floor(math.log10(span or 10.0)))
    middle: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": SMALL}
    for y, row in zip(up.places, grid, strict=True):
        for x, value in zip(across.places, row, strict=True):
            if np.isfinite(value):
                colour = ink_on(to_hex(tuple(mesh.to_rgba(value))))
                told = f"{value:.{digits}f}" if by == MARGIN else percent(float(value) / 100)
                ax.annotate(told, (x, y), color=colour, **middle)


def _contours(
    ax: Axes, rows: pd.DataFrame, by: str, scales: tuple[GridAxis, GridAxis]
) -> float | None:
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
        legend_below(ax, handles, 0.5 + 0.16 * ax.get_xlabel().count("\n"), columns=2)
    return level


def _crosses(grid: Floats, level: float) -> bool:
    return min(grid.shape) > 1 and bool((grid < level).any() and (grid > level).any())


def _contour(
    ax: Axes, grid: Floats, level: float, style: _Style, scales: tuple[GridAxis, GridAxis]
) -> None:
    """Draw where a grid crosses a level, if it does."""
    if not _crosses(grid, level):
        return
    across, up = (scale.places for scale in scales)
    colour, dashes, width = style
    lines = ax.contour(
        across, up, grid, levels=[level], colors=colour, linestyles=dashes, linewidths=width
    )
    lines.set(path_effects=[withStroke(linewidth=width + 1.6, foreground=ground())])


def _heatmap_note(
    result: SweepResult, scales: tuple[GridAxis, GridAxis], rows: pd.DataFrame, level: float | None
) -> Iterator[str]:
    """Yield what to know when reading the picture."""
    shown = {scale.key for scale in scales}
    others = [key_label(result.scenario, key) for key in result.axes if key not in shown]
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


def chosen_measure(cells: pd.DataFrame, by: str | None = None) -> str:
    """Return what to draw: what is asked, or what moves.

    Parameters
    ----------
    cells : DataFrame
    by : str, optional
        One of `MEASURES`; absent, as `telling_measure` has it.

    Raises
    ------
    KeyError
        If there is no such measure.
    """
    if by is not None:
        return one_of(MEASURES, by, "measure")
    return telling_measure(cells)


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
class GridAxis:
    """One axis of a sweep, along an axis of a picture.

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

    def label_values(self, ax: Axes, along: str) -> None:
        """Name the values and the whole at an axis of a picture.

        Parameters
        ----------
        ax : Axes
        along : {"x", "y"}
        """
        words = [wrapped(value_label(value), 16, 2) for value in self.values]
        if self.number:
            words = self._thinned(words)
        ax.set(**{f"{along}ticks": self.places, f"{along}ticklabels": words})
        ax.set(**{f"{along}label": wrapped(self.label, *AXIS_TITLE[along])})

    def _thinned(self, words: list[str]) -> list[str]:
        """Return the words of the places that are not too near to the last one that has one."""
        least, last = _APART * float(np.ptp(self.places)), -np.inf
        for turn, place in enumerate(self.places):
            if place - last < least:
                words[turn] = ""
            else:
                last = place
        return words


def grid_axes(result: SweepResult) -> dict[str, GridAxis]:
    """Return the axes of a grid by key, those with more values first.

    Raises
    ------
    RunError
        If the design is no grid.
    """
    if result.settings["design"] != "grid":
        raise RunError("lines and heatmaps need design=grid")
    found = [_grid_axis(result, key, unit) for key, unit in result.axes.items()]
    return {one.key: one for one in sorted(found, key=lambda one: -len(one.values))}


def _grid_axis(result: SweepResult, key: str, unit: str) -> GridAxis:
    column = result.design[key]
    values = sorted(set(column)) if unit else list(dict.fromkeys(column))
    number = bool(unit) and bool(np.isfinite(values).all())
    label = key_label(result.scenario, key) + (f" ({unit})" if unit else "")
    return GridAxis(key, label, tuple(values), number)


def value_label(value: Any) -> str:
    """Return a value of an axis as it stands in a picture; infinity stands for "none"."""
    if isinstance(value, str):
        return value
    text = "none" if np.isinf(value) else f"{value:g}"
    return text if len(text) <= _DIGITS else f"{value:.3g}"
