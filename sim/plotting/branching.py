"""Pictures of branches: two courses of one world, and what a branch changes in many worlds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.domain.interest import ROLES, Role
from sim.domain.outcome import OUTCOME_LABELS, OUTCOMES
from sim.experiments.branching.branch import AS_IT_WAS, BranchTree, Course
from sim.experiments.branching.pairs import BranchedWorlds
from sim.experiments.conditions.trials import EVENT_LABELS
from sim.plotting.canvas import heading, legend_below, open_axes, panels, tidy
from sim.plotting.style import OUTCOME_COLOURS, deal_label, ink, series, tint, wrapped
from sim.plotting.talks import EVENT_MARKS

__all__ = ["branched_worlds", "courses", "whole_tree"]

_SET = "with what is set"


def courses(tree: BranchTree, place: int = -1, *, ax: Axes | None = None) -> Axes:
    """Draw a branch beside the course that it branches from: what is offered, and what comes of it.

    Parameters
    ----------
    tree : BranchTree
    place : int
        Of the branch.
    ax : Axes, optional
        Its place is divided among panels, its `child_axes`.

    Returns
    -------
    Axes
    """
    course = tree.courses[place]
    pair = (tree.courses[course.of or 0], course)
    ax = open_axes(ax, 5.4)
    parts = panels(ax, (3, 3, 1.1))
    for role, panel in zip(ROLES, parts[:2], strict=True):
        for turn, each in enumerate(pair):
            _offers(panel, each, role, turn)
        panel.axhline(0, color=tint(0.5), linewidth=0.8)
        label = wrapped(tree.scenario.side(role).label, 18, 2)
        panel.set_ylabel(f"offers to {label}\n(points)", fontsize=9)
        tidy(panel, "y")
    parts[2].set_xlim(-0.5, tree.scenario.rounds - 0.5)
    _events(parts[2], pair)
    for panel in parts:
        panel.axvline(course.at - 0.5, color=ink(), linewidth=1, linestyle="--")
    years = tree.scenario.protocol.round_years
    start = wrapped(tree.scenario.start, 40, 1)
    parts[2].set_xlabel(f"round (one every {years * 12:g} months, from {start})")
    parts[2].xaxis.set_major_locator(MaxNLocator(integer=True))
    legend_below(parts[2], parts[0].get_legend_handles_labels()[0], columns=2)
    below = f"worth of each offer over never signing; dashed:\n{wrapped(course.label, 90, 2)}"
    title = f"{deal_label(tree.scenario, tree.deal, 60)}: world {tree.world}"
    heading(ax, title, below, tree.scenario.overrides)
    return ax


def whole_tree(tree: BranchTree, *, ax: Axes | None = None) -> Axes:
    """Draw all courses of a tree: where each parts from another, what is set, and how it ends.

    Parameters
    ----------
    tree : BranchTree
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    ax = open_axes(ax, 1.5 + 0.55 * len(tree.courses))
    rounds = tree.scenario.rounds
    for row, course in enumerate(tree.courses):
        colour = OUTCOME_COLOURS[course.ending]
        start = course.at - 0.5 if course.of is not None else -0.5
        ax.plot([start, rounds - 0.5], [row, row], color=colour, linewidth=2.5)
        if course.of is not None:
            ax.plot([start, start], [course.of, row], color=tint(0.5), linewidth=0.8)
        if course.signed is not None and course.signed[0] >= start:
            ax.plot(course.signed[0], row, "*", color=ink(), markersize=8)
        style: dict[str, Any] = {"textcoords": "offset points", "fontsize": 8, "color": ink()}
        ax.annotate(wrapped(f"{row}: {course.label}", 70, 1), (max(start, 0), row), (2, 4), **style)
    endings = [OUTCOME_LABELS[course.ending].legend for course in tree.courses]
    ax.yaxis.tick_right()
    ax.set_yticks(range(len(endings)), endings)
    ax.set(ylim=(len(endings) - 0.6, -0.7), xlim=(-0.5, rounds - 0.5))
    ax.set_xlabel("round")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    tidy(ax)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0, labelsize=8)
    title = f"{deal_label(tree.scenario, tree.deal, 60)}: world {tree.world}"
    below = "what is set from where a line begins on; star: a text is signed; right: how it ends"
    heading(ax, title, below, tree.scenario.overrides)
    return ax


def _offers(ax: Axes, course: Course, role: Role, turn: int) -> None:
    """Mark what each offer of a course is worth to a side, over never signing."""
    trace = course.trace
    value = _numbers(trace, f"value_{role.value}") - _numbers(trace, f"reservation_{role.value}")
    made = ~np.isnan(value)
    ax.plot(
        _numbers(trace, "round")[made],
        value[made],
        "x" if turn else "o",
        markersize=5 if turn else 6,
        color=series(1)[0] if turn else tint(0.45),
        label=_SET if turn else AS_IT_WAS,
    )


def _events(ax: Axes, pair: tuple[Course, Course]) -> None:
    """Mark what came of offers: a line for each course."""
    for turn, course in enumerate(pair):
        colour = series(1)[0] if turn else tint(0.45)
        words: dict[int, list[str]] = {}
        for answer, (word, mark) in EVENT_MARKS.items():
            rounds = course.trace.loc[course.trace["answer"] == answer.name, "round"]
            ax.plot(rounds, [turn] * len(rounds), mark, color=colour, markersize=6)
            for at in rounds:
                words.setdefault(int(at), []).append(word)
        for at, told in words.items():
            near_end = at > 0.75 * ax.get_xlim()[1]
            place: dict[str, Any] = {"ha": "right" if near_end else "left", "fontsize": 7}
            ax.annotate(", ".join(told), (at, turn), (0, 5), textcoords="offset points", **place)
    ax.set_yticks([0, 1], [AS_IT_WAS, _SET])
    ax.set_ylim(1.7, -0.6)
    tidy(ax, "y")


def _numbers(trace: pd.DataFrame, column: str) -> np.ndarray:
    return trace[column].to_numpy(dtype=np.float64, na_value=np.nan)


def branched_worlds(found: BranchedWorlds, *, ax: Axes | None = None) -> Axes:
    """Draw by how much shares of worlds differ with what is set, with their 95 % intervals.

    Parameters
    ----------
    found : BranchedWorlds
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    table = found.table
    labels = {outcome.name: OUTCOME_LABELS[outcome].legend for outcome in OUTCOMES}
    names = [(labels | EVENT_LABELS)[what] for what in table["what"]]
    ax = open_axes(ax, 1.4 + 0.3 * len(names))
    middle = 100.0 * table["difference"].to_numpy()
    reach = [middle - 100.0 * table["low"], 100.0 * table["high"] - middle]
    places = -np.arange(len(names))
    ax.errorbar(middle, places, xerr=reach, fmt="o", capsize=2, markersize=4, color=series(0)[0])
    ax.axvline(0, color=ink(), linewidth=1)
    ax.axhline(0.5 - len(OUTCOMES), color=tint(0.3), linewidth=0.8)
    ax.set_yticks(places, names)
    ax.set_xlabel("difference in the share of worlds (percentage points)")
    tidy(ax, "x")
    reached = int(found.reached.sum())
    below = f"round {found.at} on, {reached:,} worlds that reached it, paired, 95 % intervals"
    same = "" if len(found.changed) else ": no world ends otherwise"
    note = f"{deal_label(found.scenario, found.deal, 60)}{same}\n{below}"
    heading(ax, wrapped(found.label, 60, 2), note, found.scenario.overrides)
    return ax
