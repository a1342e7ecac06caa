"""Settlement funnel: how the worlds of every structure end, and what stops them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.ticker import LogLocator

from sim.domain.narration import percent
from sim.domain.outcome import OUTCOMES, Outcome
from sim.domain.scenario import Scenario
from sim.experiments.result import EnsembleResult
from sim.plotting.canvas import SMALL, heading, legend_below, open_axes, tidy
from sim.plotting.style import OUTCOME_COLOURS, deal_labels, ground, ink, ink_on, wrapped
from sim.quantities import Bools, Floats

__all__ = ["funnel"]

_ROW, _REST = 0.36, 2.1
"""Inches of a row, and of what is above and below all rows."""
_BELOW = 0.45
"""Inches from the axis to the legend."""
_ROOM_FOR_A_NUMBER = 5.0
"""Percent: what is less has no number in its bar, and is drawn beside it, on a log axis."""
_APART, _BESIDE = 9.0, 30.0
"""Percent, as the bars' axis measures: from the bars to what is beside them, and its width."""
_FEW_DECADES = 0.05
"""Percent: from a lower end above it, the powers of ten alone would be too few ticks."""
_LOW = 0.31
"""From the middle of a row down to its interval, which must not strike through numbers."""


def funnel(result: EnsembleResult, *, as_declared: bool = False, ax: Axes | None = None) -> Axes:
    """Draw the shares of the eight outcomes of every structure, stacked.

    Structures stand in the order of the share settled, then of the median ZOPA margin. A black bar
    with ends is the 95 % Wilson interval of the share settled. What is below five percent, and
    hardly to be seen in a bar, stands beside it on a logarithmic axis.

    Parameters
    ----------
    result : EnsembleResult
    as_declared : bool
        In the scenario's order instead, in which two pictures stand beside each other.
    ax : Axes, optional
        Where to draw; absent, on a new figure.

    Returns
    -------
    Axes
    """
    table, scenario = result.ordered(), result.scenario
    table = table.loc[list(scenario.structures)] if as_declared else table
    ax = open_axes(ax, _REST + _ROW * len(table))
    places = np.arange(len(table))[::-1]
    left = np.zeros(len(table))
    for outcome in OUTCOMES:
        width = 100.0 * table[outcome.name].to_numpy(dtype=np.float64)
        _bars(ax, places, left, width, outcome)
        left = left + width
    _interval(ax, places, table)
    ax.set_yticks(places, deal_labels(scenario, map(str, table.index)))
    _frame(ax, scenario, len(table))
    if _is_small(100 * table[[outcome.name for outcome in OUTCOMES]].to_numpy()).any():
        _small_ones(ax, places, table)
    return ax


def _is_small(percent: Floats) -> Bools:
    return np.asarray((percent > 0) & (percent < _ROOM_FOR_A_NUMBER))


def _bars(
    ax: Axes, places: np.ndarray, left: np.ndarray, width: np.ndarray, outcome: Outcome
) -> None:
    colour = OUTCOME_COLOURS[outcome]
    style: dict[str, Any] = {"color": colour, "edgecolor": ground(), "linewidth": 0.6}
    ax.barh(places, width, left=left, height=0.78, label=outcome.label, **style)
    for place, start, share in zip(places, left, width, strict=True):
        if share >= _ROOM_FOR_A_NUMBER:
            where: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": SMALL}
            ax.text(start + share / 2, place, percent(share / 100), color=ink_on(colour), **where)


def _interval(ax: Axes, places: np.ndarray, table: pd.DataFrame) -> None:
    names = ["settled", "settled_low", "settled_high"]
    settled, low, high = 100.0 * table[names].to_numpy(dtype=np.float64).T
    reach = np.maximum(np.array([settled - low, high - settled]), 0.0)
    at = np.where(_is_small(settled), np.nan, places - _LOW)
    style: dict[str, Any] = {"ecolor": ink(), "elinewidth": 1.3, "capsize": 1.6, "capthick": 1.3}
    label = "95 % interval of settled"
    bars = ax.errorbar(settled, at, xerr=reach, fmt="none", label=label, clip_on=False, **style)
    for part in bars.get_children():  # on the colours of bars, as on the ground
        part.set_path_effects([withStroke(linewidth=2.6, foreground=ground())])


def _small_ones(ax: Axes, places: np.ndarray, table: pd.DataFrame) -> None:
    """Draw what is small beside the bars, on a logarithmic axis, with the interval of settled."""
    whole = 100.0 + _APART + _BESIDE
    ax.set_xlim(0, whole)
    ax.set_xticks(range(0, 101, 20))
    ax.xaxis.label.set_x(50.0 / whole)
    ax.spines["bottom"].set_bounds(0, 100)
    beside = ax.inset_axes(((100.0 + _APART) / whole, 0, _BESIDE / whole, 1), sharey=ax)
    least = min(50.0 / float(table["worlds"].max()), 0.5)
    beside.set(xscale="log", xlim=(least, 1.2 * _ROOM_FOR_A_NUMBER))
    for place, (_, row) in zip(places, table.iterrows(), strict=True):
        shares = {item: 100.0 * float(row[item.name]) for item in OUTCOMES}
        small = [item for item in OUTCOMES if _is_small(np.array(shares[item]))]
        for turn, item in enumerate(small):
            height = place + 0.24 * ((len(small) - 1) / 2 - turn)
            if item is Outcome.settled:
                ends = np.maximum([100.0 * row["settled_low"], 100.0 * row["settled_high"]], least)
                beside.plot(ends, [height] * 2, color=ink(), linewidth=1.3)
            dot: dict[str, Any] = {"color": OUTCOME_COLOURS[item], "markeredgecolor": ink()}
            beside.plot(shares[item], height, "o", markersize=5, markeredgewidth=0.5, **dot)
    tidy(beside, "x")
    beside.tick_params(axis="y", length=0, labelleft=False)
    steps = (1.0, 2.0, 5.0) if least > _FEW_DECADES else (1.0,)
    beside.xaxis.set_major_locator(LogLocator(subs=steps, numticks=9))
    beside.xaxis.set_major_formatter("{x:g}")
    beside.minorticks_off()
    beside.set_xlabel(f"below {_ROOM_FOR_A_NUMBER:g} %, log axis", fontsize=9)


def _frame(ax: Axes, scenario: Scenario, rows: int) -> None:
    years = scenario.rounds * scenario.protocol.round_years
    title = f"{wrapped(scenario.title, 60, 1)}: how {years:g} years of talks end"
    heading(ax, title, overrides=scenario.overrides)
    tidy(ax)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0, labelsize=SMALL)
    ax.set_ylim(-0.6, rows - 0.4)
    ax.set_xlim(0, 100)
    ax.set_xlabel(f"share of {scenario.worlds:,} worlds, %", fontsize=9)
    legend_below(ax, inches=_BELOW, columns=2, flush="right")
