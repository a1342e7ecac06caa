"""Survival of disputes: how long they stay open under every structure."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from sim.equations.statistics import Survival, kaplan_meier, wilson_interval
from sim.experiments.result import EnsembleResult
from sim.experiments.tables import settlement_times
from sim.plotting.canvas import heading, legend_below, open_axes, tidy
from sim.plotting.style import GREY, ink, tint, wrapped

__all__ = ["survival"]

_ROW, _REST = 0.2, 4.1
"""Inches of a line of the legend, and of everything else."""
_NAMES = 90
"""Letters of a line of the legend."""
_VIOLET = "#8E5BD0"
"""What no outcome is drawn in, on paper as on a dark ground."""
_WIDEST, _DASHES = 3.4, ("-", "--", ":")


def survival(result: EnsembleResult, *, ax: Axes | None = None) -> Axes:
    """Draw the share of worlds that are not yet settled, against time.

    Kaplan–Meier curves, the window's end taken as censoring, with pointwise 95 % bands (log-log,
    Greenwood's variance). Structures under which no world settles share one grey line, whose band
    is the Wilson interval.

    Parameters
    ----------
    result : EnsembleResult
    ax : Axes, optional
        Where to draw; absent, on a new figure.

    Returns
    -------
    Axes
    """
    curves = _curves(result)
    moving = {deal: curve for deal, curve in curves.items() if len(curve.times)}
    still = [deal for deal in curves if deal not in moving]
    never = _never_label(result, still) if still else ""
    lines = len(moving) + never.count("\n") + bool(still)
    ax = open_axes(ax, _REST + _ROW * lines)
    years = result.scenario.protocol.round_years
    end = result.scenario.rounds * years
    looks = _looks(len(moving))
    for (deal, curve), look in zip(moving.items(), looks, strict=True):
        label = f"{result.scenario.structures[deal].label} ({_open(curve)} % open at the end)"
        _draw(ax, curve, (years, end), look, wrapped(label, _NAMES, 1))
    if still:
        _draw_never(ax, result.scenario.worlds, end, never)
    _frame(ax, result, curves)
    return ax


def _looks(lines: int) -> list[dict[str, Any]]:
    """Return how lines are drawn: in no outcome's colour, the first to be seen under the last."""
    shades = LinearSegmentedColormap.from_list("", [ink(), _VIOLET, tint(0.6, _VIOLET)])
    place = np.linspace(0.0, 1.0, max(lines, 2))[:lines]
    return [
        {"color": shades(at), "linewidth": _WIDEST - 2.0 * at, "linestyle": _DASHES[turn % 3]}
        for turn, at in enumerate(place)
    ]


def _curves(result: EnsembleResult) -> dict[str, Survival]:
    """Return the curve of every structure, in the order of all pictures."""
    groups = result.worlds.groupby("deal", observed=True)
    curves = {
        str(deal): kaplan_meier(*settlement_times(worlds, result.scenario.rounds))
        for deal, worlds in groups
    }
    return {str(deal): curves[str(deal)] for deal in result.ordered().index if deal in curves}


def _left(curve: Survival) -> float:
    return float(curve.survival[-1]) if len(curve.times) else 1.0


def _open(curve: Survival) -> str:
    """Return the percentage left at the end, with as many digits as tell it from 100."""
    gone = 100.0 * (1.0 - _left(curve))
    return f"{100.0 - gone:.{0 if gone >= 5 else 1 if gone >= 0.05 else 2}f}"


def _never_label(result: EnsembleResult, deals: list[str]) -> str:
    names = "; ".join(result.scenario.structures[deal].label for deal in deals)
    return wrapped(f"no world settles: {names}", _NAMES, 12)


def _draw(
    ax: Axes, curve: Survival, scale: tuple[float, float], look: dict[str, Any], label: str
) -> None:
    years, end = scale
    time = np.concatenate([[0.0], curve.times * years, [end]])
    low, high, left = (
        100.0 * np.concatenate([[start], values, values[-1:]])
        for start, values in (
            (_surely(curve.subjects), curve.low),
            (1.0, curve.high),
            (1.0, curve.survival),
        )
    )
    ax.fill_between(time, low, high, step="post", color=look["color"], alpha=0.2, linewidth=0)
    ax.step(time, left, where="post", label=label, **look)


def _draw_never(ax: Axes, subjects: int, end: float, label: str) -> None:
    low = 100.0 * _surely(subjects)
    ax.fill_between([0, end], low, 100, color=GREY, alpha=0.2, linewidth=0)
    ax.plot([0, end], [100, 100], color=GREY, linewidth=1.8, label=label, clip_on=False)


def _surely(subjects: int) -> float:
    """Return the lower end of the interval of a share of which nothing has gone."""
    return 1.0 - float(wilson_interval(np.array(0), np.array(subjects))[1])


def _frame(ax: Axes, result: EnsembleResult, curves: dict[str, Survival]) -> None:
    scenario = result.scenario
    years = scenario.protocol.round_years
    ends = [float(curve.low.min()) for curve in curves.values() if len(curve.times)]
    lowest = min(ends, default=_surely(scenario.worlds))
    cut = 0.0 if lowest < 0.6 else max(0.0, 100.0 - 115.0 * (1.0 - lowest))
    note = f"The upright axis starts at {cut:.4g} %, not at 0." if cut else ""
    title = f"{wrapped(scenario.title, 60, 1)}: how long it stays open"
    heading(ax, title, note, scenario.overrides)
    tidy(ax, "y")
    ax.set_ylim(cut, 100.0)
    ax.set_xlim(0, scenario.rounds * years)
    ax.ticklabel_format(axis="y", useOffset=False)
    ax.set_ylabel("worlds not yet settled, %", fontsize=9)
    rounds = f"; {scenario.rounds} rounds" if years != 1.0 else ""
    ax.set_xlabel(f"years from {wrapped(scenario.start, 40, 1)}{rounds}", fontsize=9)
    legend_below(ax, inches=0.45)
