"""Read ``key=value`` arguments of commands that run no single scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from sim.errors import UsageError

__all__ = ["options"]


def options(arguments: Sequence[str], known: Mapping[str, type]) -> dict[str, str | int]:
    """Return the options that arguments give.

    Parameters
    ----------
    arguments : sequence of str
    known : mapping of name to type
        ``int`` for whole numbers of at least 0, ``str`` for text.

    Raises
    ------
    UsageError
        If an argument is no ``key=value``, its key unknown, given twice, or its value no such.

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
        found[key] = _whole(key, value) if known[key] is int else value
    return found


def _whole(key: str, value: str) -> int:
    if not value.isascii() or not value.isdigit():
        raise UsageError(f"{key}: expected a whole number, got {value!r}")
    return int(value)
