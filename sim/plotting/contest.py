"""Contest of structures on one agenda: cumulative incidence, and the flow from table to table."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.domain.outcome import Milestone
from sim.errors import Fault, ScenarioError
from sim.experiments.contest import WHAT
from sim.experiments.result import EnsembleResult
from sim.plotting.canvas import SMALL, heading, legend_aside, legend_below, open_axes, tidy
from sim.plotting.style import GREY, ground, ink, ink_on, series, tint, wrapped
from sim.quantities import Floats

__all__ = ["contest", "passages", "tables"]

_DASHES = dict(zip(WHAT, ("-", "--", ":"), strict=True))
_WIDTHS = dict(zip(WHAT, (1.8, 1.2, 1.8), strict=True))
_CURVES = 7
"""Structures that have a colour of their own; where there are more, the last are one."""
_WORDS = {"signed": "signed", "carried_out": "carried out", "closed": "title closed"}
_NOTHING = "nothing signed"
_OTHERS, _RARE = "others", 0.02
"""Stands for structures that have less than this share of worlds at every step, or too many."""
_MOST, _BAR = 4, 0.34
"""Tables in a row that are drawn, and the width of a column."""


def contest(result: EnsembleResult, *, ax: Axes | None = None) -> Axes:
    """Draw in which share of worlds each structure is the first to be signed, and so on, by round.

    Cumulative incidence of Aalen and Johansen; nobody is censored before the window ends, so it is
    the plain share. Structures that nobody signs in any world are left out; those that are signed
    least are drawn together.

    Parameters
    ----------
    result : EnsembleResult
        Of an open or a tabled agenda.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    ScenarioError
        If each structure was played by itself.
    """
    _asked_of(result)
    scenario, names = result.scenario, _signed(result)
    alone = names if len(names) <= _CURVES else names[: _CURVES - 1]
    ax = open_axes(ax, 4.6 + 0.1 * len(alone))
    years = scenario.protocol.round_years
    end = scenario.rounds * years
    for (place, what), share in _curves(result, alone).items():
        colour = series(place)[0] if place < len(alone) else tint(0.5)
        time = np.append(np.arange(len(share)) * years, end)
        line: dict[str, Any] = {"color": colour, "ls": _DASHES[what], "lw": _WIDTHS[what]}
        ax.step(time, 100 * np.append(share, share[-1]), where="post", **line)
    tidy(ax, "y")
    ax.set(xlim=(0, end), ylim=(0, None))
    ax.set_ylabel("first to come so far, % of worlds", fontsize=9)
    ax.set_xlabel(f"years from {scenario.start}", fontsize=9)
    nothing = 100 * (1 - result.contest.query("what == 'signed'")["share"].sum())
    note = f"{_NOTHING}: {nothing:.3g} % of worlds"
    heading(ax, f"{scenario.title}: which text is signed", note, scenario.overrides)
    if names:
        labels = [wrapped(scenario.texts[name].label, 60, 1) for name in alone]
        labels += [f"{len(names) - len(alone)} {_OTHERS}"] if len(names) > len(alone) else []
        legend_below(ax, _meanings(labels), inches=0.45)
    return ax


def _curves(result: EnsembleResult, alone: list[str]) -> dict[tuple[int, str], Floats]:
    """Return the incidence by round of the place of a structure and what it comes to.

    Those that are not drawn alone come last, as one; what never comes is left out.
    """
    turns = {name: turn for turn, name in enumerate(alone)}
    places = [turns.get(str(name), len(alone)) for name in result.incidence["structure"]]
    curves: dict[tuple[int, str], Floats] = {}
    for (place, what), part in result.incidence.groupby([places, "what"], observed=True):
        share = part.groupby("round")["incidence"].sum().to_numpy(dtype=np.float64)
        if share[-1] > 0:
            curves[int(str(place)), str(what)] = share
    return curves


def _meanings(labels: list[str]) -> list[Line2D]:
    """Return what colours and dashes stand for, to be shown below."""
    colours = [series(place)[0] for place in range(len(labels))]
    if labels and labels[-1].endswith(_OTHERS):
        colours[-1] = tint(0.5)
    shown = [
        Line2D([], [], color=colour, lw=2.5, label=label)
        for colour, label in zip(colours, labels, strict=True)
    ]
    return shown + [
        Line2D([], [], color=ink(), ls=_DASHES[what], lw=_WIDTHS[what], label=_WORDS[what])
        for what in WHAT
    ]


def tables(result: EnsembleResult, *, ax: Axes | None = None) -> Axes:
    """Draw how worlds go from table to table, and what is signed first.

    Parameters
    ----------
    result : EnsembleResult
        Of a tabled agenda.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    ScenarioError
        If the table does not change.
    """
    _asked_of(result, "tabled")
    scenario = result.scenario
    steps = passages(result)
    steps, names = _named(steps)
    looks = {name: series(turn)[0] for turn, name in enumerate(names)}
    colours = looks | {_OTHERS: tint(0.2), "": GREY}
    ax = open_axes(ax, 4.6)
    places = [_column(ax, place, steps[column], colours) for place, column in enumerate(steps)]
    for place in range(steps.shape[1] - 1):
        _bands(ax, place, steps, ({**places[place]}, {**places[place + 1]}), colours)
    heads = [*(f"table {place + 1}" for place in range(steps.shape[1] - 1)), "signed first"]
    ax.set_xticks(range(len(heads)), heads)
    ax.set_ylabel("share of worlds (%)")
    tidy(ax)
    ax.set(ylim=(0, 102), xlim=(-0.3, len(heads) - 0.7))
    labels = {name: wrapped(scenario.texts[name].label, 30, 2) for name in names}
    labels |= {_OTHERS: "others", "": _NOTHING}
    used = [name for name in colours if (steps == name).any(axis=None)]
    legend_aside(ax, [Patch(color=colours[name], label=labels[name]) for name in used[::-1]])
    note = f"until the first signature; {len(steps):,} worlds"
    heading(ax, f"{scenario.title}: from table to table", note, scenario.overrides)
    return ax


def passages(result: EnsembleResult) -> pd.DataFrame:
    """Return on which table each world is at each step, and what it signs first.

    Parameters
    ----------
    result : EnsembleResult
        Of a tabled agenda.

    Returns
    -------
    DataFrame
        A row per world: the structures that lie on its first tables, at most four (the last one
        stays where no other follows), and in the last column the first that is signed, empty where
        none is.
    """
    log = result.agenda
    event = log["event"].astype(str)
    signed = log[event == Milestone.signed.name].drop_duplicates("world").set_index("world")
    until = signed["round"].reindex(log["world"]).to_numpy(dtype=np.float64)
    before = np.isnan(until) | (log["round"].to_numpy() <= until)
    laid = log[(event == Milestone.tabled.name) & before]
    count = laid.groupby("world").cumcount()
    laid = laid.assign(step=count, structure=laid["structure"].astype(str))
    wide = laid[laid["step"] < _MOST].pivot(index="world", columns="step", values="structure")
    first = signed["structure"].astype(str).reindex(wide.index).fillna("")
    steps: pd.DataFrame = wide.ffill(axis=1).assign(signed=first)
    return steps


def _named(steps: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return the steps with structures that are rare at all of them as one, and all others."""
    shares = steps.apply(lambda column: column.value_counts(normalize=True)).max(axis=1)
    shares = shares.drop("", errors="ignore").sort_values(ascending=False, kind="stable")
    kept = [str(name) for name in shares.index[shares >= _RARE]][:_CURVES]
    rare = [str(name) for name in shares.index if str(name) not in kept]
    return steps.replace(rare, _OTHERS), sorted(kept)


def _asked_of(result: EnsembleResult, *agendas: str) -> None:
    if result.scenario.agenda not in (agendas or ("open", "tabled")):
        wanted = " or ".join(agendas or ("open", "tabled"))
        got = result.scenario.agenda
        raise ScenarioError([Fault("agenda", f"{wanted}, for this picture", got)])


def _signed(result: EnsembleResult) -> list[str]:
    """Return the structures that are signed or closed in some world, the most signed first."""
    shares = result.contest[result.contest["what"] == WHAT[0]].set_index("structure")["share"]
    ever = result.contest.groupby("structure", observed=True)["share"].max()
    order = shares.sort_values(ascending=False, kind="stable").index
    return [str(name) for name in order if ever[name] > 0]


_Bases = dict[str, float]


def _column(ax: Axes, place: int, column: pd.Series[str], colours: dict[str, str]) -> _Bases:
    """Draw a column, and return where each of its parts begins."""
    bases, base = {}, 0.0
    for name, colour in colours.items():
        share = float((column == name).mean())
        bases[name] = base
        if share > 0:
            bar: dict[str, Any] = {"color": colour, "edgecolor": ground(), "linewidth": 0.8}
            ax.bar(place, 100 * share, _BAR, bottom=100 * base, **bar)
        if share >= 0.04:
            words: dict[str, Any] = {"ha": "center", "va": "center", "color": ink_on(colour)}
            at = (place, 100 * (base + share / 2))
            ax.annotate(f"{100 * share:.0f}", at, fontsize=SMALL, **words)
        base += share
    return bases


def _bands(
    ax: Axes, place: int, steps: pd.DataFrame, bases: tuple[_Bases, _Bases], colours: dict[str, str]
) -> None:
    """Draw what leads from the parts of one column to those of the next."""
    ends = np.array([place + _BAR / 2, place + 1 - _BAR / 2])
    before, after = steps.iloc[:, place], steps.iloc[:, place + 1]
    for start, end in product(colours, colours):
        share = float(((before == start) & (after == end)).mean())
        if share > 0:
            low = 100 * np.array([bases[0][start], bases[1][end]])
            fill: dict[str, Any] = {"color": colours[start], "alpha": 0.35, "linewidth": 0}
            ax.fill_between(ends, low, low + 100 * share, **fill)
        bases[0][start] += share
        bases[1][end] += share
