"""Read ``key=value`` arguments of commands that run no single scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from sim.errors import UsageError
from sim.io.files import place

__all__ = ["options"]

_DIGITS = 18
"""Of the largest whole number that is taken for one."""


def options(arguments: Sequence[str], known: Mapping[str, type]) -> dict[str, str | int]:
    """Return the options that arguments give.

    Parameters
    ----------
    arguments : sequence of str
    known : mapping of name to type
        ``int`` for whole numbers of at least 0, ``str`` for text, ``Path`` for where to write.

    Raises
    ------
    UsageError
        If an argument is no ``key=value``, its key unknown, given twice, or its value no such.
    ScenarioError
        If nothing may be written where it says.

    Examples
    --------
    >>> options(["worlds=8", "out=there"], {"worlds": int, "out": str})
    {'worlds': 8, 'out': 'there'}
    """
    found: dict[str, str | int] = {}
    for argument in arguments:
        key, equals, value = argument.partition("=")
        if not equals or not value:
            raise UsageError(f"expected key=value, got {argument!r}")
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise UsageError(f"expected one of {', '.join(known)}, got {key!r}{hint}")
        if key in found:
            raise UsageError(f"expected {key} once, got it twice")
        found[key] = _value(key, value, known[key])
    return found


def _value(key: str, value: str, kind: type) -> str | int:
    if kind is Path:
        return str(place(value, key))
    return _whole(key, value) if kind is int else value


def _whole(key: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > _DIGITS:
        raise UsageError(f"{key}: expected a whole number, got {value!r}")
    return int(value)
