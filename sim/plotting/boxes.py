"""Boxes of scenario discovery over the scatter of worlds or cells."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.patches import Rectangle

from sim.domain.narration import percent
from sim.domain.outcome import OUTCOMES, Outcome
from sim.errors import Fault, ScenarioError
from sim.experiments.analysis.discovery import ZOPA, Cases, Discovery, cases_of, discover_cases
from sim.experiments.analysis.rules import FAR, Limit, Rule, no_box
from sim.experiments.result import EnsembleResult
from sim.experiments.sweep.result import SweepResult
from sim.plotting.canvas import AXIS_TITLE, heading, legend_below, open_axes, share_scatter, tidy
from sim.plotting.grid import cells_of
from sim.plotting.style import deal_label, key_label, known, tint, wrapped
from sim.quantities import Floats

__all__ = ["boxes"]

_LINES = (("#D55E00", "-"), ("#009E73", "--"), ("#CC79A7", ":"))
"""Colour and dashes of one box after another."""
_HAPPENS = "#0072B2"
_TICKS = 6
"""Numbers on an axis that has "none" on it."""
_WORLDS = 2_000
"""Points of a run that are drawn; all of its worlds count."""


def boxes(
    result: EnsembleResult | SweepResult,
    *,
    deal: str | None = None,
    event: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the worlds of a run, or the cells of a sweep, and the boxes in which something happens.

    A box is drawn where it happens more often than in all, by the half of the cases that did not
    help to find it. The axes are the numbers whose limits shut out most. A box may be limited by
    further numbers, so that not every point inside its outline is in it.

    Parameters
    ----------
    result : EnsembleResult or SweepResult
        Of a run, points are worlds by what they drew; of a sweep, cells by their place.
    deal : str, optional
        A structure; absent, the one in which it happens most nearly as often as not.
    event : str, optional
        An outcome, of a run also ``zopa``; absent, `settled`, or where that hardly ever or nearly
        always happens the outcome that comes nearest to half of the worlds.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError
        If there is no such structure.
    RunError
        If scikit-learn is not installed, or no cell of a sweep was finished.
    ScenarioError
        If there is no such outcome, it always or never happens, or no box tells apart where.
    """
    event = event or _event(result)
    everywhere = dict(cases_of(result, event))
    nearest = min(everywhere, key=lambda name: abs(everywhere[name].share - 0.5))
    deal = known(result.scenario, deal or nearest)
    cases = everywhere[deal]
    if not 0 < cases.share < 1:
        often = "never" if cases.share == 0 else "always"
        got = f"{event}, which it {often} does"
        raise ScenarioError([Fault("event", f"what {deal} does here and not there", got)])
    found = discover_cases(cases)
    better = [rule for rule in found.boxes if rule.share > cases.share]
    if not better:
        got = f"none in which it does so more often than in all{no_box()}"
        told = f"a box of numbers in which “{_event_label(event)}” happens under {deal}"
        raise ScenarioError([Fault("", told, got)])
    keys = _axes(better, found, cases)
    ax = open_axes(ax, 5.6)
    _scatter(ax, cases, keys, event)
    for rule, style in zip(better, _LINES, strict=False):
        _outline(ax, rule, keys, style)
    for key, along in zip(keys, "xy", strict=False):
        ax.set(**{f"{along}label": wrapped(_number_label(result, key), *AXIS_TITLE[along])})
    if len(keys) < 2:
        ax.set_yticks([])
    tidy(ax)
    legend_below(ax, inches=0.6)
    title = f"{deal_label(result.scenario, deal, 44)}: {_event_label(event)}"
    heading(ax, title, _note(result, cases), result.scenario.overrides)
    return ax


def _event(result: EnsembleResult | SweepResult) -> str:
    """Return the outcome that has most to tell about: settled, or the nearest to a half."""
    table = cells_of(result) if isinstance(result, SweepResult) else result.outcomes
    shares = table.groupby("deal", observed=True)[[item.name for item in OUTCOMES]].mean()
    far = (shares - 0.5).abs().min()
    return Outcome.settled.name if far[Outcome.settled.name] < 0.45 else str(far.idxmin())


def _axes(rules: list[Rule], found: Discovery, cases: Cases) -> list[str]:
    """Return the two numbers whose limits shut out most: of boxes, then of leaves, then any."""
    keys: list[str] = []
    for rule in (*rules, *found.tree):
        shut = {limit.key: 1 - limit.holds(cases.numbers).mean() for limit in rule.limits}
        keys += sorted(shut, key=lambda key: -shut[key])
    return list(dict.fromkeys([*keys, *map(str, cases.numbers.columns)]))[:2]


def _scatter(ax: Axes, cases: Cases, keys: list[str], event: str) -> None:
    x, y = (_drawn_at(values) for values in _at(cases, keys))
    for axis, key in zip((ax.xaxis, ax.yaxis), keys, strict=False):
        _mark_none(axis, cases.numbers[key].to_numpy(dtype=np.float64))
    if not np.all(cases.worlds == 1):
        label = f"{_event_label(event)} (% of worlds of a cell)"
        share_scatter(ax, (x, y), 100 * cases.happens, label, size=34)
        return
    shown = np.arange(len(x)) < _WORLDS
    happens = cases.happens > 0.5
    for among, mark, colour, word in (
        (shown & ~happens, "x", tint(0.35), "not"),
        (shown & happens, "o", _HAPPENS, _event_label(event)),
    ):
        ax.plot(x[among], y[among], mark, markersize=3.5, color=colour, label=f"worlds: {word}")


def _at(cases: Cases, keys: list[str]) -> tuple[Floats, Floats]:
    """Return where the cases lie; with a single number they are spread evenly upwards."""
    x = cases.numbers[keys[0]].to_numpy(dtype=np.float64)
    if len(keys) > 1:
        return x, cases.numbers[keys[1]].to_numpy(dtype=np.float64)
    return x, np.modf(np.arange(len(x)) * 0.618034)[0]


def _drawn_at(values: Floats) -> Floats:
    """Return where numbers are drawn: "none" a step beyond the largest of them."""
    return np.where(values >= FAR, _beyond(values), values)


def _beyond(values: Floats) -> float:
    """Return where "none" is drawn among numbers."""
    known = values[values < FAR]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
    return high + 0.25 * (high - low or 1.0)


def _mark_none(axis: Axis, values: Floats) -> None:
    """Write "none" where it is drawn, and numbers only where there are some."""
    if not (values >= FAR).any():
        return
    known = np.unique(values[values < FAR])
    ticks = known[np.unique(np.linspace(0, len(known) - 1, _TICKS).round().astype(int))]
    axis.set_ticks([*ticks, _beyond(values)], [*(f"{tick:g}" for tick in ticks), "none"])


def _outline(ax: Axes, rule: Rule, keys: list[str], style: tuple[str, str]) -> None:
    limits = {limit.key: limit for limit in rule.limits}
    if not set(keys) & set(limits):
        return
    (left, right), (low, high) = (
        _span(limits.get(key), span)
        for key, span in zip([*keys, ""][:2], (ax.get_xlim(), ax.get_ylim()), strict=True)
    )
    others = len(set(limits) - set(keys))
    more = f", with {others} further limit{'s' * (others > 1)}" if others else ""
    label = (
        f"box{more}: in {percent(rule.share)} % of its worlds (95 %: {percent(rule.low)} to "
        f"{percent(rule.high)}), {percent(rule.coverage)} % of all that happens"
    )
    colour, dashes = style
    outline = Rectangle(
        (left, low), right - left, high - low, fill=False, edgecolor=colour, linestyle=dashes
    )
    outline.set(linewidth=2.2, label=wrapped(label, 76, 2))
    ax.add_patch(outline)


def _span(limit: Limit | None, whole: tuple[float, float]) -> tuple[float, float]:
    low = whole[0] if limit is None or limit.low is None else limit.low
    high = whole[1] if limit is None or limit.high is None else limit.high
    before_none = whole[1] - (whole[1] - whole[0]) / 8
    return low if low < FAR else before_none, high if high < FAR else before_none


def _number_label(result: EnsembleResult | SweepResult, key: str) -> str:
    """Return a number in words with its unit; a choice is 1 where it is chosen."""
    plain, equals, word = key.partition("=")
    if equals:
        return f"{key_label(result.scenario, plain)}: {word} (1) or not (0)"
    unit = dict(result.scenario.quantities())[key].unit
    return f"{key_label(result.scenario, key)} ({unit})"


def _event_label(event: str) -> str:
    return "something worth signing to both" if event == ZOPA else Outcome[event].label


def _note(result: EnsembleResult | SweepResult, cases: Cases) -> str:
    what = "cells" if isinstance(result, SweepResult) else "worlds"
    note = f"happens in {100 * cases.share:.3g} % of all worlds; {len(cases.happens):,} {what}"
    shown = min(len(cases.happens), _WORLDS)
    if what == "worlds" and shown < len(cases.happens):
        note += f", of which {shown:,} are drawn"
    return note
