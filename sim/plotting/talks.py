"""Talks of one world, round by round: offers, demands, opinion and events."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.domain.interest import ROLES, Role
from sim.domain.outcome import Answer
from sim.domain.scenario import Scenario
from sim.experiments.result import EnsembleResult
from sim.plotting.canvas import heading, legend_aside, open_axes, panels, tidy
from sim.plotting.style import (
    ROLE_COLOURS,
    ROLE_MARKS,
    deal_label,
    ground,
    ink,
    known,
    tint,
    wrapped,
)
from sim.quantities import Floats

__all__ = ["EVENT_MARKS", "talks"]

EVENT_MARKS = {
    Answer.accepted: ("signed", "o"),
    Answer.ratified: ("ratified", "^"),
    Answer.took_effect: ("takes effect", "^"),
    Answer.carried_out: ("carried out", "s"),
    Answer.rejected: ("voted down", "v"),
    Answer.walked_back: ("walked back", "X"),
    Answer.suspended: ("talks broken off", "_"),
}
"""What has a line of its own under the panels where it happens: its word and mark."""
_LINE = 0.3
"""Height of such a line, where a panel has 3."""


def talks(
    result: EnsembleResult,
    *,
    deal: str | None = None,
    world: int | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw one world's talks: offers as both sides see them, demands, opinion and events.

    Parameters
    ----------
    result : EnsembleResult
    deal : str, optional
        A structure; absent, the one in which most worlds sign something.
    world : int, optional
        Absent, the first world that signs, or world 0.
    ax : Axes, optional
        Its place is divided among panels, its `child_axes`.

    Returns
    -------
    Axes

    Raises
    ------
    KeyError
        If there is no such structure.
    """
    deal = known(result.scenario, deal or _liveliest(result.worlds))
    world = _first_signing(result.worlds, deal) if world is None else world
    trace = result.trace(deal, world)
    kinds = [kind for kind in EVENT_MARKS if (trace["answer"] == kind.name).any()]
    ax = open_axes(ax, 6.0 + _LINE * len(kinds))
    parts = panels(ax, (3, 3, 2.4, *([_LINE * len(kinds) + 0.1] if kinds else [])))
    for role, panel in zip(ROLES, parts[:2], strict=True):
        _utility(panel, trace, role, result.scenario)
    _opinion(parts[2], trace, result.scenario)
    if kinds:
        _events(parts, trace, kinds)
    years = result.scenario.protocol.round_years
    start = wrapped(result.scenario.start, 40, 1)
    parts[-1].set_xlabel(f"round (one every {years * 12:g} months, from {start})")
    parts[-1].xaxis.set_major_locator(MaxNLocator(integer=True))
    parts[-1].set_xlim(-0.5, max(float(trace["round"].max()), 1.0) + 0.5)
    title = f"{deal_label(result.scenario, deal, 60)}: world {world}"
    heading(ax, title, _ended(trace), result.scenario.overrides)
    return ax


def _liveliest(worlds: pd.DataFrame) -> str:
    signed = worlds.assign(signed=worlds["round_signed"].notna())
    return str(signed.groupby("deal", observed=True)["signed"].mean().idxmax())


def _first_signing(worlds: pd.DataFrame, deal: str) -> int:
    own = worlds[(worlds["deal"] == deal) & worlds["round_signed"].notna()]
    return int(own["world"].iloc[0]) if len(own) else 0


def _ended(trace: pd.DataFrame) -> str:
    if trace.empty:
        return "nothing happened"
    last = trace.iloc[-1]
    return wrapped(f"last heard, in round {last['round']}: {last['why']}", 100, 2)


def _utility(ax: Axes, trace: pd.DataFrame, role: Role, scenario: Scenario) -> None:
    """Draw what one side makes of the offers, and what it demands."""
    rounds = _numbers(trace, "round")
    value = _numbers(trace, f"value_{role.value}")
    for proposer in ROLES:
        made = (trace["proposer"] == proposer.value).to_numpy() & ~np.isnan(value)
        ax.plot(
            rounds[made],
            value[made],
            ROLE_MARKS[proposer],
            markersize=4.5,
            color=ROLE_COLOURS[proposer],
            label=f"offer by {wrapped(scenario.side(proposer).label, 30, 1)}",
        )
    demand = _numbers(trace, f"aspiration_{role.value}")
    least = _numbers(trace, f"reservation_{role.value}")
    told = ~np.isnan(demand)
    styles: tuple[tuple[Floats, str, dict[str, Any]], ...] = (
        (least, "worth never signing", {"color": tint(0.35), "linewidth": 3}),
        (demand, "demanded", {"color": ink(), "linewidth": 1.2, "linestyle": "--"}),
    )
    for values, word, style in styles:
        ax.step(*_held(rounds[told], values[told]), where="mid", label=word, **style)
    ax.set_ylabel(f"worth to {wrapped(scenario.side(role).label, 18, 2)}\n(points)", fontsize=9)
    tidy(ax, "y")
    if role is Role.CLAIMANT:
        legend_aside(ax)


def _opinion(ax: Axes, trace: pd.DataFrame, scenario: Scenario) -> None:
    """Draw support for what is offered, and approval of both leaders."""
    rounds = _numbers(trace, "round")
    for role in ROLES:
        colour, name = ROLE_COLOURS[role], wrapped(scenario.side(role).label, 30, 1)
        approval = _numbers(trace, f"approval_{role.value}")
        told = ~np.isnan(approval)
        ax.plot(
            rounds[told],
            approval[told],
            ".-",
            markersize=3,
            color=colour,
            label=f"approval, {name}",
        )
        support = 100 * _numbers(trace, f"support_{role.value}")
        ax.plot(
            rounds,
            support,
            ROLE_MARKS[role],
            markersize=4.5,
            markerfacecolor=ground(),
            color=colour,
            label=f"support of the offer, {name}",
        )
    ax.set_ylabel("of each public\n(%)", fontsize=9)
    ax.set_ylim(-4, 104)
    tidy(ax, "y")
    legend_aside(ax)


def _events(parts: list[Axes], trace: pd.DataFrame, kinds: list[Answer]) -> None:
    """Mark what happened: a line for each kind of event, and where it was in the other panels."""
    below = parts[-1]
    for place, kind in enumerate(kinds):
        rounds = trace.loc[trace["answer"] == kind.name, "round"]
        mark = EVENT_MARKS[kind][1]
        below.plot(rounds, [place] * len(rounds), mark, color=ink(), markersize=6, clip_on=False)
        for panel in parts[:-1]:
            for at in rounds:
                panel.axvline(at, color=tint(0.3), linewidth=0.8, zorder=0)
    below.set_yticks(range(len(kinds)), [EVENT_MARKS[kind][0] for kind in kinds])
    below.set_ylim(len(kinds) - 0.4, -0.6)
    tidy(below, "y")


def _held(rounds: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Return values with both ends held for half a round, so that a single round is seen."""
    if not len(rounds):
        return rounds, values
    ends = np.array([rounds[0] - 0.5]), np.array([rounds[-1] + 0.5])
    at = np.concatenate([ends[0], rounds, ends[1]])
    return at, np.concatenate([values[:1], values, values[-1:]])


def _numbers(trace: pd.DataFrame, column: str) -> Floats:
    return trace[column].to_numpy(dtype=np.float64, na_value=np.nan)
