"""What is in force at the end: a first stage, land, title to some or all, title to everything."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sim.equations.statistics import wilson_interval
from sim.experiments.result import EnsembleResult
from sim.plotting.canvas import SMALL, heading, legend_below, open_axes, tidy
from sim.plotting.style import DONE_COLOURS, DONE_HATCHES, deal_labels, ground, ink, wrapped

__all__ = ["in_force"]

_STEPS = {
    "first_stage": "a first stage",
    "transferred": "land has changed hands",
    "title_some": "title to some objects fixed",
    "closed": "title to every object fixed",
}
_ROW, _REST = 0.62, 1.9
"""Inches of a row, and of what is above and below all rows."""
_BAR = 0.2


def in_force(result: EnsembleResult, *, ax: Axes | None = None) -> Axes:
    """Draw the shares of worlds in which something of every structure is in force at the end.

    A structure whose first stage is carried out and that leaves the rest open stands beside one
    that closes everything. Lines are the 95 % Wilson intervals.

    Parameters
    ----------
    result : EnsembleResult
    ax : Axes, optional
        Where to draw; absent, on a new figure.

    Returns
    -------
    Axes
    """
    table, scenario = result.ordered(), result.scenario
    ax = open_axes(ax, _REST + _ROW * len(table))
    places = np.arange(len(table))[::-1]
    for turn, (name, label) in enumerate(_STEPS.items()):
        share = table[name].to_numpy(dtype=np.float64)
        at = places + (1.5 - turn) * _BAR
        ends = wilson_interval(np.rint(share * scenario.worlds), np.array(scenario.worlds))
        reach = np.maximum([share - ends[0], ends[1] - share], 0.0)
        style: dict[str, Any] = {"ecolor": ink(), "error_kw": {"elinewidth": 0.8}}
        style |= {"hatch": DONE_HATCHES[name], "edgecolor": ground(), "linewidth": 0}
        ax.barh(
            at, 100 * share, _BAR, xerr=100 * reach, color=DONE_COLOURS[name], label=label, **style
        )
    for above, below in pairwise(places):
        ax.axhline((above + below) / 2, color=ink(), linewidth=0.3, alpha=0.4)
    ax.set_yticks(places, deal_labels(scenario, map(str, table.index)))
    years = scenario.rounds * scenario.protocol.round_years
    title = f"{wrapped(scenario.title, 60, 1)}: in force after {years:g} years"
    heading(ax, title, overrides=scenario.overrides)
    tidy(ax, "x")
    ax.tick_params(axis="y", length=0, labelsize=SMALL)
    ax.set(ylim=(-0.6, len(table) - 0.4), xlim=(0, 100))
    ax.set_xlabel(f"share of {scenario.worlds:,} worlds, %", fontsize=9)
    legend_below(ax, inches=0.45, columns=2)
    return ax
