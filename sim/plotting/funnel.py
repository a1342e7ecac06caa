"""Settlement funnel: how the worlds of every structure end, and what stops them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from sim.domain.outcome import OUTCOMES, Outcome
from sim.experiments.result import EnsembleResult
from sim.plotting.canvas import SMALL, heading, legend_below, open_axes, tidy
from sim.plotting.style import OUTCOME_COLOURS, deal_labels, ground, ink, ink_on, wrapped

__all__ = ["funnel"]

_ROW, _REST = 0.36, 2.1
"""Inches of a row, and of what is above and below all rows."""
_BELOW = 0.45
"""Inches from the axis to the legend."""
_ROOM_FOR_A_NUMBER = 5.0


def funnel(result: EnsembleResult, *, as_declared: bool = False, ax: Axes | None = None) -> Axes:
    """Draw the shares of the eight outcomes of every structure, stacked.

    Structures stand in the order of the share settled, then of the median ZOPA margin. A black bar
    with ends is the 95 % Wilson interval of the share settled.

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
    table = result.ordered()
    table = table.loc[list(result.scenario.structures)] if as_declared else table
    ax = open_axes(ax, _REST + _ROW * len(table))
    places = np.arange(len(table))[::-1]
    left = np.zeros(len(table))
    for outcome in OUTCOMES:
        width = 100.0 * table[outcome.name].to_numpy(dtype=np.float64)
        _bars(ax, places, left, width, outcome)
        left = left + width
    _interval(ax, places, table)
    ax.set_yticks(places, deal_labels(result.scenario, map(str, table.index)))
    _frame(ax, result, len(table))
    return ax


def _bars(
    ax: Axes, places: np.ndarray, left: np.ndarray, width: np.ndarray, outcome: Outcome
) -> None:
    colour = OUTCOME_COLOURS[outcome]
    style: dict[str, Any] = {"color": colour, "edgecolor": ground(), "linewidth": 0.6}
    ax.barh(places, width, left=left, height=0.78, label=outcome.label, **style)
    for place, start, share in zip(places, left, width, strict=True):
        if share >= _ROOM_FOR_A_NUMBER:
            where: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": SMALL}
            ax.text(start + share / 2, place, f"{share:.0f}", color=ink_on(colour), **where)


def _interval(ax: Axes, places: np.ndarray, table: pd.DataFrame) -> None:
    names = ["settled", "settled_low", "settled_high"]
    settled, low, high = 100.0 * table[names].to_numpy(dtype=np.float64).T
    reach = np.maximum(np.array([settled - low, high - settled]), 0.0)
    style: dict[str, Any] = {"ecolor": ink(), "elinewidth": 1.3, "capsize": 3.5, "capthick": 1.3}
    label = "95 % interval of settled"
    bars = ax.errorbar(settled, places, xerr=reach, fmt="none", label=label, clip_on=False, **style)
    for part in bars.get_children():  # on the colours of bars, as on the ground
        part.set_path_effects([withStroke(linewidth=2.6, foreground=ground())])


def _frame(ax: Axes, result: EnsembleResult, rows: int) -> None:
    scenario = result.scenario
    years = scenario.rounds * scenario.protocol.round_years
    heading(ax, f"{wrapped(scenario.title, 60, 1)}: how {years:g} years of talks end")
    tidy(ax)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0, labelsize=SMALL)
    ax.set_ylim(-0.6, rows - 0.4)
    ax.set_xlim(0, 100)
    ax.set_xlabel(f"share of {scenario.worlds:,} worlds, %", fontsize=9)
    legend_below(ax, inches=_BELOW, columns=2, flush="right")
