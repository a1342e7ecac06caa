"""Flow of worlds through the stages of a structure, and what stops those that stay behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from sim.domain.outcome import OUTCOMES, Outcome
from sim.experiments.result import EnsembleResult
from sim.plotting.canvas import SMALL, heading, legend_aside, open_axes, tidy
from sim.plotting.style import (
    OUTCOME_COLOURS,
    deal_label,
    ground,
    ink_on,
    known,
    tint,
    wrapped,
)

__all__ = ["flow", "stops"]

ON = "on"
"""Stands for the worlds that go on to the next stage."""
_OPEN = "still going on"
_GOING = "goes on to the next stage, or ends in force"
_HATCH = {_OPEN: "////"}
"""What has no colour of an outcome is hatched, so that no two greys must be told apart."""
_BAR = 0.34


@dataclass(frozen=True)
class Part:
    """Worlds that have the same fate at one stage.

    Parameters
    ----------
    stage : int
        The stage that they would have had to pass, from 0.
    why : Outcome or str
        What stopped them, or that nothing has.
    share : float
        Of all worlds.
    """

    stage: int
    why: Outcome | str
    share: float


def flow(result: EnsembleResult, *, deal: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw who got to which stage of a structure and what stopped the rest.

    Parameters
    ----------
    result : EnsembleResult
    deal : str, optional
        A structure; absent, the one with the most stages (of those, the one that comes furthest).
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError
        If there is no such structure.
    """
    deal = known(result.scenario, deal or _longest(result))
    stages = list(result.scenario.structures[deal].stages.values())
    parts = list(stops(result.worlds[result.worlds["deal"] == deal], len(stages)))
    ax = open_axes(ax, 4.6)
    used = _draw(ax, parts, len(stages))
    labels = ["all worlds", *(f"{k + 1}. {stage.label}" for k, stage in enumerate(stages))]
    width = max(12, 64 // len(labels))
    ax.set_xticks(range(len(labels)), [wrapped(label, width, 5) for label in labels])
    ax.set_ylabel("share of worlds (%)")
    patches = [
        Patch(facecolor=colour, label=wrapped(word, 30, 2), **_pattern(word))
        for word, colour in used.items()
    ]
    legend_aside(ax, patches[::-1])
    count = len(result.worlds) // len(result.scenario.structures)
    title = deal_label(result.scenario, deal, 70)
    below = f"which stages come into force, and what stops the rest; {count:,} worlds"
    heading(ax, title, below, result.scenario.overrides)
    return ax


def stops(worlds: pd.DataFrame, stages: int) -> Iterator[Part]:
    """Yield the fates of worlds, stage by stage; those of a stage add to the worlds that reach it.

    Parameters
    ----------
    worlds : DataFrame
        Rows of the table of worlds, of one structure.
    stages : int
        How many stages the structure has.
    """
    done = worlds["stage"].to_numpy()
    why = _why(worlds)
    for stage in range(stages):
        here = done == stage
        causes: tuple[Outcome | str, ...] = (*OUTCOMES, _OPEN)
        for cause in causes:
            share = float(np.mean(here & (why == cause)))
            if share > 0:
                yield Part(stage, cause, share)
        yield Part(stage, ON, float(np.mean(done > stage)))


def _why(worlds: pd.DataFrame) -> np.ndarray:
    """Return what keeps each world from its next stage."""
    outcome = worlds["outcome"].astype(str).to_numpy()
    barrier = worlds["barrier_next"].astype(object).to_numpy()
    named = {item.name: item for item in OUTCOMES}
    found = np.empty(len(worlds), dtype=object)
    for row, (name, following) in enumerate(zip(outcome, barrier, strict=True)):
        ended = Outcome[name]
        if ended is Outcome.interim:
            found[row] = named.get(following, _OPEN) if isinstance(following, str) else _OPEN
        else:
            found[row] = ended
    return found


def _longest(result: EnsembleResult) -> str:
    stage = result.worlds.groupby("deal", observed=True)["stage"].mean()
    deals = result.scenario.structures
    return max(deals, key=lambda name: (len(deals[name].stages), float(stage[name])))


def _draw(ax: Axes, parts: list[Part], stages: int) -> dict[str, str]:
    """Draw the columns and what leads from one to the next; return the colours by their words."""
    going, faded = tint(0.35, OUTCOME_COLOURS[Outcome.settled]), tint(0.05)
    used: dict[str, str] = {}
    ax.bar(0, 100, _BAR, color=going, edgecolor=ground())
    base = 0.0
    for part in parts:
        if part.why == ON:
            _onward(ax, part, base, going)
            continue
        word, colour = _look(part.why)
        used[word] = colour
        height = 100 * part.share
        column = part.stage + 1
        ax.bar(column, height, _BAR, bottom=base, facecolor=colour, linewidth=0.8, **_pattern(word))
        _band(ax, column - 1, base, height, colour)
        for later in range(column + 1, stages + 1):
            _band(ax, later - 1, base, height, faded)
            ax.bar(later, height, _BAR, bottom=base, color=faded)
        _number(ax, column, base, height, colour)
        base += height
    used[_GOING] = going
    tidy(ax)
    ax.set(ylim=(0, 107), yticks=range(0, 101, 20), xlim=(-0.3, stages + 0.3))
    return used


def _onward(ax: Axes, part: Part, base: float, colour: str) -> None:
    column, height = part.stage + 1, 100 * part.share
    if height > 0:
        ax.bar(column, height, _BAR, bottom=base, color=colour, edgecolor=ground())
        _band(ax, column - 1, base, height, colour)
    ax.annotate(
        f"in force: {height:.3g} %",
        (column, 100),
        (0, 3),
        textcoords="offset points",
        ha="center",
        fontsize=SMALL,
        fontweight="bold",
    )


def _band(ax: Axes, column: int, base: float, height: float, colour: str) -> None:
    ends = (column + _BAR / 2, column + 1 - _BAR / 2)
    ax.fill_between(ends, base, base + height, color=colour, alpha=0.35, linewidth=0)


def _number(ax: Axes, column: int, base: float, height: float, colour: str) -> None:
    if height >= 4:
        place = (column, base + height / 2)
        centred: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": SMALL}
        ax.annotate(f"{height:.0f}", place, color=ink_on(colour), **centred)


def _look(why: Outcome | str) -> tuple[str, str]:
    if isinstance(why, Outcome):
        return why.label, OUTCOME_COLOURS[why]
    return why, tint(0.15)


def _pattern(word: str) -> dict[str, Any]:
    hatch = _HATCH.get(word)
    return {"hatch": hatch, "edgecolor": tint(0.6) if hatch else ground()}
