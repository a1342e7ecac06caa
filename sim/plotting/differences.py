"""Differences between structures, compared world by world."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from matplotlib.axes import Axes

from sim.domain.outcome import Outcome
from sim.equations.statistics import paired_change
from sim.experiments.result import EnsembleResult
from sim.plotting.canvas import heading, open_axes, tidy
from sim.plotting.style import (
    GREY,
    MARGIN,
    ROLE_COLOURS,
    STANDARD_ERRORS,
    deal_label,
    deal_labels,
    ground,
    ink,
    known,
)
from sim.quantities import Floats

__all__ = ["differences"]


def differences(
    result: EnsembleResult,
    *,
    than: str | None = None,
    by: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw every structure's difference from one of them, with the interval that pairing leaves.

    All structures meet the same worlds, so they are compared world by world: the interval is that
    of the mean difference, and much shorter than those of two separate shares.

    Parameters
    ----------
    result : EnsembleResult
        Of at least two structures.
    than : str, optional
        The structure that the others are compared with; absent, the best.
    by : str, optional
        An outcome, whose share is compared in percentage points, or "zopa_margin", in points;
        absent, `settled`, or the margin where nothing settles.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError
        If there is no such structure or outcome.
    """
    by = by or ("settled" if (result.outcomes["settled"] > 0).any() else MARGIN)
    values = _values(result, by)
    best = max(values, key=lambda deal: float(np.nan_to_num(np.nanmean(values[deal]), nan=-1e300)))
    than = known(result.scenario, than or best)
    rows = list(_compared(values, than))[::-1]  # the first above
    ax = open_axes(ax, 1.35 + 0.42 * len(rows))
    _forest(ax, rows)
    ax.set_yticks(range(len(rows)), deal_labels(result.scenario, [row[0] for row in rows]))
    ax.set_xlabel(_AXIS.get(by, f"difference in the share of “{by}” (percentage points)"))
    worlds = f"{int(result.outcomes['worlds'].iloc[0]):,}"
    heading(
        ax,
        f"Compared with “{deal_label(result.scenario, than, 55)}”",
        f"the line at 0; means over the same {worlds} worlds, paired, with 95 % intervals",
        result.scenario.overrides,
    )
    return ax


_AXIS = {
    "settled": "difference in the share of settled worlds (percentage points)",
    MARGIN: "difference in the margin of agreement (points; the smaller surplus)",
}


def _values(result: EnsembleResult, by: str) -> dict[str, Floats]:
    """Return what is compared, world by world, of the structures in the order of all pictures."""
    worlds = result.worlds
    column: Floats
    if by != MARGIN:
        wanted = Outcome[by].name
        column = np.where((worlds["outcome"] == wanted).to_numpy(), 100.0, 0.0)
    else:
        column = worlds[MARGIN].to_numpy(dtype=np.float64)
    groups = worlds.groupby("deal", observed=True).indices
    return {str(deal): column[groups[deal]] for deal in result.ordered().index if deal in groups}


def _compared(values: dict[str, Floats], than: str) -> Iterator[tuple[str, float, float]]:
    for deal, column in values.items():
        both = ~(np.isnan(column) | np.isnan(values[than]))
        if deal != than and both.sum() > 1:
            yield deal, *paired_change(values[than][both], column[both])


def _forest(ax: Axes, rows: list[tuple[str, float, float]]) -> None:
    colours = list(ROLE_COLOURS.values())
    for place, (_, change, error) in enumerate(rows):
        reach = STANDARD_ERRORS * error
        sure = abs(change) > reach
        ax.errorbar(
            change,
            place,
            xerr=reach,
            fmt="o",
            capsize=3,
            markersize=5,
            color=colours[0] if sure else GREY,
            markerfacecolor=colours[0] if sure else ground(),
        )
    ax.axvline(0, color=ink(), linewidth=1)
    tidy(ax, "x")
    ax.set_ylim(-0.6, len(rows) - 0.4)
