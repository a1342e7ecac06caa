"""Say in what two YAML texts differ, key by key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.io import yaml

__all__ = ["differences"]

_MOST = 5


def differences(before: str, after: str) -> list[str]:
    """Return in what two texts differ, as ``key: before -> after``.

    Parameters
    ----------
    before, after : str
        Plain YAML.

    Returns
    -------
    list of str
        At most 5, then how many more; empty where both are the same text.

    Examples
    --------
    >>> differences("a: {b: 1, c: 2}", "a: {b: 3}")
    ['a.b: 1 -> 3', 'a.c: 2 -> nothing']
    """
    if before == after:
        return []
    one, other = (dict(_leaves(yaml.parse(text, trusted=True), "")) for text in (before, after))
    keys = [key for key in {**one, **other} if one.get(key) != other.get(key)]
    said = [f"{key}: {_said(one, key)} -> {_said(other, key)}" for key in keys]
    more = [f"and {len(said) - _MOST} more"] if len(said) > _MOST else []
    return [*said[:_MOST], *more] or ["the order of keys"]


def _said(leaves: dict[str, Any], key: str) -> str:
    return str(leaves.get(key, "nothing"))[:60]


def _leaves(value: Any, key: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _leaves(item, f"{key}.{name}" if key else str(name))
    else:
        yield key, value
