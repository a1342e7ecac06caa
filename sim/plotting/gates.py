"""Gates of each structure, each on its own: in which share of worlds some text passes it."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from sim.domain.narration import percent
from sim.domain.outcome import GATE_HEADS
from sim.experiments.result import EnsembleResult
from sim.experiments.tables import gates_of
from sim.plotting.canvas import SMALL, heading, open_axes, tidy
from sim.plotting.style import deal_labels, ink, series, tint, wrapped

__all__ = ["gates"]

_ROW, _REST = 0.42, 2.0
"""Inches of a row, and of what is above and below all rows."""
_WIDTH, _HEIGHT = 0.82, 0.34
"""Of a full bar, where gates and structures are one apart."""

_LOWER = "\n\n"
"""Before every second head, so that none reaches into the next."""


def gates(result: EnsembleResult, *, ax: Axes | None = None) -> Axes:
    """Draw for each structure and gate a bar: in which share of worlds some text passes it.

    Each gate is judged on its own, so what opens or shuts one is seen behind another that is shut.
    The last column is one text that passes them all.

    Parameters
    ----------
    result : EnsembleResult
    ax : Axes, optional
        Where to draw; absent, on a new figure.

    Returns
    -------
    Axes
    """
    table, scenario, names = result.ordered(), result.scenario, gates_of(result.scenario)
    ax = open_axes(ax, _REST + _ROW * len(table))
    places = np.arange(len(table))[::-1]
    for column, name in enumerate(names):
        share = table[f"gate_{name}"].to_numpy(dtype=np.float64)
        colour = ink() if name == "all" else series(0)[0]
        ax.barh(places, np.full(len(table), _WIDTH), _HEIGHT, left=column, color=tint(0.08))
        ax.barh(places, _WIDTH * share, _HEIGHT, left=column, color=colour)
        for place, part in zip(places, share, strict=True):
            ax.text(column, place + 0.22, percent(part), va="bottom", fontsize=SMALL - 1)
    ax.set_yticks(places, deal_labels(scenario, map(str, table.index)))
    heads = [f"{_LOWER * (turn % 2)}{GATE_HEADS[name]}" for turn, name in enumerate(names)]
    ax.set_xticks(np.arange(len(names)), heads)
    for label in ax.get_xticklabels():
        label.set_horizontalalignment("left")
    title = f"{wrapped(scenario.title, 60, 1)}: each gate on its own"
    heading(ax, title, overrides=scenario.overrides)
    tidy(ax)
    ax.tick_params(length=0)
    ax.tick_params(axis="y", labelsize=SMALL)
    ax.tick_params(axis="x", labelsize=SMALL - 1.5)
    ax.set(ylim=(-0.6, len(table) - 0.2), xlim=(-0.05, len(names)))
    ax.set_xlabel(f"some text passes it, % of {scenario.worlds:,} worlds", fontsize=9)
    return ax
