"""Colours, marks and words of all pictures, so that one thing looks and reads the same everywhere.

The eight colours are those of Okabe and Ito, apart for all common kinds of colour blindness; greys
stand for what has no side. No picture tells things apart by colour alone.

References
----------
M. Okabe, K. Ito (2008). Color universal design. https://jfly.uni-koeln.de/color/
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any, Literal

from matplotlib import rcParams

from sim.domain.clause import Clause
from sim.domain.interest import Role
from sim.domain.outcome import LADDER, Outcome
from sim.domain.scenario import Scenario

__all__ = [
    "FAINT",
    "LADDER_COLOURS",
    "OUTCOME_COLOURS",
    "ROLE_COLOURS",
    "ROLE_MARKS",
    "SHARES",
    "deal_labels",
    "ink",
    "ink_on",
    "known",
    "named",
    "said",
    "series",
    "small_ink",
    "wrapped",
]

_INK = "#222222"
FAINT = "#BBBBBB"
"""Grid lines, and what stands in the background."""

OUTCOME_COLOURS: dict[Outcome, str] = {
    Outcome.settled: "#0072B2",
    Outcome.reneged: "#CC79A7",
    Outcome.interim: "#56B4E9",
    Outcome.rejected: "#D55E00",
    Outcome.no_bargain: "#555555",
    Outcome.preconditions: "#E69F00",
    Outcome.publics: "#F0E442",
    Outcome.not_reached: "#009E73",
}
LADDER_COLOURS = dict(
    zip(LADDER, ("#DDDDDD", "#F0E442", "#E69F00", "#56B4E9", "#0072B2"), strict=True)
)

ROLE_COLOURS: dict[Role, str] = {Role.CLAIMANT: "#0072B2", Role.HOLDER: "#D55E00"}
ROLE_MARKS: dict[Role, str] = {Role.CLAIMANT: "o", Role.HOLDER: "s"}

_SERIES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")

SHARES = "cividis"
"""Colour map of shares; even in lightness, so that it also reads in grey."""


def ink() -> str:
    """Return the colour of text and of the data's own lines; a soft black by default."""
    chosen = str(rcParams["text.color"])
    return _INK if chosen == "black" else chosen


def small_ink() -> str:
    """Return the colour of small print: between the colours of text and of the ground."""
    return "#555555" if ink() == _INK else "#AAAAAA"


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


_UNSAID = {
    *("dispute", "clauses", "levels", "preferences", "preconditions"),
    *("environment", "processes", "events", "steps"),
}
"""Rooms of a scenario that say nothing of what is in them."""


def wrapped(text: str, width: int = 34, lines: int = 3) -> str:
    r"""Return a text in lines of at most so many letters; what does not fit is left out.

    Examples
    --------
    >>> wrapped("two islands first, the others later", 20)
    'two islands first,\nthe others later'
    """
    return "\n".join(textwrap.wrap(text, width, max_lines=lines, placeholder=" …") or [""])


def deal_labels(scenario: Scenario, names: Iterable[str], width: int = 30) -> list[str]:
    """Return the labels of structures, broken into lines."""
    return [wrapped(scenario.deals[name].label, width, 2) for name in names]


def known(scenario: Scenario, deal: str) -> str:
    """Return the name of a structure if the scenario has it.

    Raises
    ------
    KeyError
        If it does not.
    """
    if deal not in scenario.deals:
        raise KeyError(f"no structure named {deal!r}; known are {', '.join(scenario.deals)}")
    return deal


def named(scenario: Scenario, key: str) -> str:
    """Return a dotted key in words: with the labels of the files where there are some.

    Parameters
    ----------
    scenario : Scenario
    key : str
        Of a number, an event or a level; of a choice also as ``strategy@claimant.strategy``.
    """
    value: Any = scenario
    parts: list[str] = []
    for name in key.rpartition("@")[2].split("."):
        value = value.get(name) if isinstance(value, dict) else getattr(value, name, None)
        label = getattr(value, "label", None)
        if name == "public":
            parts.clear()  # a public is named after its people, and needs no government before it
        if name not in _UNSAID:
            parts.append(label if isinstance(label, str) and label else name.replace("_", " "))
    return ": ".join(parts)


def said(clauses: dict[str, Clause], levels: dict[str, str], before: dict[str, str]) -> str:
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
