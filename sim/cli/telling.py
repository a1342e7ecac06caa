"""Take a command's own settings out of its arguments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.errors import UsageError

__all__ = ["Told", "number", "taken", "whole"]

Told = list[tuple[str, list[str]]]
"""Headings, each with its sentences."""


def taken(arguments: Sequence[str], names: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """Return a command's own settings, and what is left for the scenario.

    Parameters
    ----------
    arguments : sequence of str
        ``key=value``.
    names : iterable of str
        Keys that are the command's own.

    Examples
    --------
    >>> taken(["to=0.5", "rounds=8"], ["to"])
    ({'to': '0.5'}, ['rounds=8'])
    """
    pairs = [argument.partition("=") for argument in arguments]
    own = {key: value for key, _, value in pairs if key in set(names)}
    rest = [a for a, (key, _, _) in zip(arguments, pairs, strict=True) if key not in own]
    return own, rest


def whole(key: str, text: str, least: int, most: int) -> int:
    """Return a whole number between two others.

    Raises
    ------
    UsageError
        If the text is none.
    """
    if text.isdecimal() and len(text) <= len(str(most)) and least <= int(text) <= most:
        return int(text)
    raise UsageError(f"{key}: expected a whole number from {least:,} to {most:,}, got {text!r}")


def number(key: str, text: str) -> float:
    """Return a share above 0.

    Raises
    ------
    UsageError
        If the text is none.
    """
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if 0 < value <= 1:
        return value
    raise UsageError(f"{key}: expected a share above 0 and up to 1, got {text!r}")
