"""Colours, marks and labels of all pictures, the same everywhere and readable in a user's style.

The eight colours are those of Okabe and Ito, apart for all common kinds of colour blindness, and
apart from a white ground and from a black one; greys stand for what has no side. No picture tells
things apart by colour alone. Text, lines and faint fills are mixed of the text and the ground that
``matplotlib.rcParams`` names when a picture is drawn.

References
----------
M. Okabe, K. Ito (2008). Color universal design. https://jfly.uni-koeln.de/color/
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from typing import Literal

import numpy as np
from matplotlib import rcParams
from matplotlib.colors import to_hex, to_rgb, to_rgba
from scipy.special import ndtri

from sim.domain.clause import Clause
from sim.domain.interest import Role
from sim.domain.narration import key_label
from sim.domain.outcome import GATES, Outcome
from sim.domain.results import OPEN, SHARES
from sim.domain.scenario import Scenario
from sim.equations.statistics import CONFIDENCE
from sim.experiments.conditions.trials import EVENT_LABELS

__all__ = [
    "DONE_COLOURS",
    "DONE_HATCHES",
    "DONE_LABELS",
    "DONE_MARKS",
    "GREY",
    "MARGIN",
    "MEASURES",
    "OUTCOME_COLOURS",
    "ROLE_COLOURS",
    "ROLE_MARKS",
    "SHARE_COLOURS",
    "STANDARD_ERRORS",
    "deal_label",
    "deal_labels",
    "ground",
    "ink",
    "ink_on",
    "key_label",
    "known",
    "literal",
    "measure_label",
    "measure_with_unit",
    "one_of",
    "package_label",
    "series",
    "tint",
    "wrapped",
]

GREY = "#888888"
"""What has no side, or is not sure; apart from a white ground and from a black one."""

OUTCOME_COLOURS: dict[Outcome, str] = {
    Outcome.settled: "#0072B2",
    Outcome.reneged: "#CC79A7",
    Outcome.interim: "#56B4E9",
    Outcome.rejected: "#D55E00",
    Outcome.no_bargain: "#666666",
    Outcome.preconditions: "#E69F00",
    Outcome.publics: "#F0E442",
    Outcome.not_reached: "#009E73",
}

ROLE_COLOURS: dict[Role, str] = {Role.CLAIMANT: "#0072B2", Role.HOLDER: "#D55E00"}
ROLE_MARKS: dict[Role, str] = {Role.CLAIMANT: "o", Role.HOLDER: "s"}

_SERIES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")

SHARE_COLOURS = "cividis"
"""Colour map of shares; even in lightness, so that it also reads in grey."""

MARGIN = "zopa_margin"
MEASURES = (*SHARES, MARGIN)
"""What can be drawn of a cell: shares of outcomes, shares of rungs, the margin of agreement."""

DONE_COLOURS: dict[str, str] = {
    "first_stage": OUTCOME_COLOURS[Outcome.interim],
    "transferred": "#3AA0DA",
    "title_some": "#1D8BC8",
    "closed": OUTCOME_COLOURS[Outcome.settled],
}
"""What is carried out: from the blue of what is in force short of settlement to that of settled."""
DONE_MARKS = {"first_stage": "o", "transferred": "s", "title_some": "^", "closed": "D"}
DONE_HATCHES = {"first_stage": "", "transferred": "////", "title_some": "....", "closed": ""}
"""Marks and hatches tell apart what the four blues do not."""

DONE_LABELS = {
    **EVENT_LABELS,
    "title_some": "title to some objects fixed",
    "title_all": "title to all objects fixed",
}
"""What is carried out or on schedule in a world, whatever else happens, in words."""

STANDARD_ERRORS = float(ndtri(0.5 + CONFIDENCE / 2.0))
"""Standard errors on either side of a mean that make its 95 % interval."""


def ink() -> str:
    """Return the colour of text and of the data's own lines; a soft black by default."""
    chosen = to_hex(rcParams["text.color"])
    return "#222222" if chosen == "#000000" else chosen


def ground() -> str:
    """Return the colour behind the data: that of new axes, or of the figure behind them."""
    behind = [to_rgba(rcParams[key]) for key in ("axes.facecolor", "figure.facecolor")]
    return next((to_hex(colour) for colour in behind if colour[3] > 0), "#ffffff")


def tint(strength: float, colour: str | None = None) -> str:
    """Return a colour mixed with the ground.

    Parameters
    ----------
    strength : float
        The part of the colour, in [0, 1]: about 0.75 for small print, 0.3 for grid lines, 0.1 for
        fills that stand for nothing.
    colour : str, optional
        Absent, ink.
    """
    mixed = strength * np.array(to_rgb(colour or ink())) + (1 - strength) * np.array(
        to_rgb(ground())
    )
    return to_hex(tuple(mixed.tolist()))


def series(turn: int) -> tuple[str, Literal["-", "--", ":"]]:
    """Return colour and dashes of one series after another.

    Parameters
    ----------
    turn : int
        From 0; after all colours in all dashes they begin again.
    """
    colours = (*_SERIES, ink())
    dashes: tuple[Literal["-", "--", ":"], ...] = ("-", "--", ":")
    return colours[turn % len(colours)], dashes[turn // len(colours) % len(dashes)]


def ink_on(colour: str) -> str:
    """Return black or white, whichever has more contrast with a colour (WCAG 2.1).

    Examples
    --------
    >>> ink_on("#404040"), ink_on("#F0E442")
    ('white', 'black')
    """
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "black" if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) else "white"


def wrapped(text: str, width: int = 34, lines: int = 3) -> str:
    r"""Return a text in lines of at most so many letters; what does not fit is left out.

    Examples
    --------
    >>> wrapped("two islands first, the others later", 20)
    'two islands first,\nthe others later'
    """
    return literal("\n".join(textwrap.wrap(text, width, max_lines=lines, placeholder=" …") or [""]))


def literal(text: str) -> str:
    r"""Return a text that matplotlib shows as it is: without mathematics between dollar signs.

    Said twice, it changes nothing.

    Examples
    --------
    >>> literal("5 $ to 7 $")
    '5 \\$ to 7 \\$'
    """
    return re.sub(r"(?<!\\)\$", r"\$", text)


def deal_label(scenario: Scenario, deal: str, width: int) -> str:
    """Return the label of a structure in one line of at most so many letters."""
    return wrapped(scenario.structures[deal].label, width, 1)


def deal_labels(scenario: Scenario, names: Iterable[str], width: int = 30) -> list[str]:
    """Return the labels of structures, broken into lines."""
    return [wrapped(scenario.structures[name].label, width, 2) for name in names]


def one_of(names: Iterable[str], name: str, kind: str) -> str:
    """Return a name if it is among some.

    Raises
    ------
    KeyError
        If it is not; the message lists those that are.
    """
    if name not in (names := list(names)):
        raise KeyError(f"no {kind} named {name!r}; known are {', '.join(names)}")
    return name


def known(scenario: Scenario, deal: str) -> str:
    """Return the name of a structure if the scenario has it.

    Raises
    ------
    KeyError
        If it does not.
    """
    return one_of(scenario.structures, deal, "structure")


def measure_label(by: str) -> str:
    """Return one of `MEASURES` in words, as they stand in a title."""
    if by == MARGIN:
        return "margin of agreement, median"
    if by.startswith("ladder_"):
        return f"“{by.removeprefix('ladder_')}” in force at the end"
    if by in OPEN:
        return f"a text {GATES[by.removeprefix('gate_')]}"
    return DONE_LABELS[by] if by in DONE_LABELS else Outcome[by].label


def measure_with_unit(by: str) -> str:
    """Return one of `MEASURES` in words with its unit, as they stand at an axis."""
    return f"{measure_label(by)} ({'points' if by == MARGIN else '% of worlds'})"


def package_label(
    clauses: dict[str, Clause], levels: dict[str, str], before: dict[str, str]
) -> str:
    """Return what a package says beyond the state before it, level by level.

    Parameters
    ----------
    clauses : mapping of name to Clause
    levels, before : mapping of clause to level
    """
    new = [
        clauses[name].levels[level].label
        for name, level in levels.items()
        if before.get(name) != level
    ]
    return "; ".join(new) or "nothing new"
