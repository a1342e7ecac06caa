"""Put names into the words of a picture: labels as the files carry them, broken into lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

from sim.domain.clause import Clause
from sim.domain.scenario import Scenario

__all__ = ["deal_labels", "known", "named", "said", "wrapped"]

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
