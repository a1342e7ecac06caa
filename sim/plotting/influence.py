"""Influence of each number on how a structure ends: Sobol indices, or Morris's screening."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.errors import Fault, ScenarioError
from sim.experiments.analysis.indices import OUTCOMES_ASKED, of_sweep
from sim.experiments.sweep.result import SweepResult
from sim.plotting.canvas import heading, legend_below, open_axes, tidy
from sim.plotting.style import (
    GREY,
    MARGIN,
    deal_label,
    ground,
    key_label,
    known,
    measure_label,
    series,
    wrapped,
)

__all__ = ["influence"]


class _Kind(NamedTuple):
    """What is drawn of a design: columns with their words, and what the axis counts."""

    columns: dict[str, str]
    axis: str
    told: str


_KINDS = {
    "sobol": _Kind(
        {"total": "with all the others (total index)", "first": "alone (first-order index)"},
        "share of the variance over cells",
        "Sobol indices, 95 % intervals",
    ),
    "morris": _Kind(
        {"mu_star": "from the 5 % to the 95 % quantile of a number"},
        "mean change, up or down: μ* ({unit})",
        "Morris's screening, 95 % intervals",
    ),
}


def influence(
    result: SweepResult,
    *,
    deal: str | None = None,
    by: str = "auto",
    top: int = 12,
    ax: Axes | None = None,
) -> Axes:
    """Draw how much of an outcome each number of a sensitivity sweep decides.

    Parameters
    ----------
    result : SweepResult
        With ``design=sobol`` (indices) or ``design=morris`` (screening).
    deal : str, optional
        A structure; absent, the one of which the outcome varies most.
    by : {"auto", "settled", MARGIN}
        What is explained: the share of settled worlds, or the median margin of agreement; `auto`
        is the first where it varies at all.
    top : int
        At most so many numbers, the most influential.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError
        If there is no such structure.
    RunError
        If the sweep has another design.
    ScenarioError
        If there is no such outcome, or it is the same in all cells.
    """
    if by not in OUTCOMES_ASKED:
        raise ScenarioError([Fault("by", f"one of {', '.join(OUTCOMES_ASKED)}", repr(by))])
    table = of_sweep(result, by)
    if deal is not None:
        table = table[table["deal"] == known(result.scenario, deal)]
    if table.empty:
        raise ScenarioError([Fault("by", "an outcome that varies", f"{by}, always the same")])
    deal = deal or _most_varied(table)
    kind = _KINDS[result.settings["design"]]
    moving = table[(table["deal"] == deal) & (table[next(iter(kind.columns))] > 0)]
    rows = moving.head(top)[::-1]
    ax = open_axes(ax, 1.7 + 0.34 * len(rows))
    _draw(ax, rows, kind, scale=100.0 if _is_share(rows, kind) else 1.0)
    ax.set_yticks(
        range(len(rows)), [wrapped(key_label(result.scenario, key), 40, 2) for key in rows["key"]]
    )
    explained = str(rows["outcome"].iloc[0])
    unit = "points" if explained == MARGIN else "percentage points"
    ax.set_xlabel(kind.axis.format(unit=unit))
    below = f"what decides “{measure_label(explained)}”: {kind.told}; {len(result.design):,} cells"
    title = deal_label(result.scenario, deal, 56)
    heading(ax, title, wrapped(below, 68, 3), result.scenario.overrides)
    return ax


def _most_varied(table: pd.DataFrame) -> str:
    """Return the structure that varies most, of those that are explained by the better outcome."""
    settled = table[table["outcome"] == "settled"]
    rows = settled if len(settled) else table
    return str(rows.sort_values("spread", kind="stable")["deal"].iloc[-1])


def _is_share(rows: pd.DataFrame, kind: _Kind) -> bool:
    return "mu_star" in kind.columns and rows["outcome"].iloc[0] != MARGIN


def _draw(ax: Axes, rows: pd.DataFrame, kind: _Kind, scale: float) -> None:
    places = np.arange(len(rows))
    for turn, (column, word) in enumerate(kind.columns.items()):
        middle = scale * rows[column].to_numpy(dtype=np.float64)
        ends = [
            scale * rows[f"{column}_{end}"].to_numpy(dtype=np.float64) for end in ("low", "high")
        ]
        reach = np.maximum(np.stack([middle - ends[0], ends[1] - middle]), 0.0)
        ax.errorbar(
            middle,
            places - 0.12 * (2 * turn - 1) * (len(kind.columns) > 1),
            xerr=reach,
            fmt="os"[turn],
            markersize=6,
            markerfacecolor=ground() if turn else series(0)[0],
            color=series(turn)[0],
            capsize=2.5,
            label=word,
        )
    ax.axvline(0, color=GREY, linewidth=0.8)
    tidy(ax, "x")
    ax.margins(y=0.5 / max(len(rows), 1))
    legend_below(ax)
