"""Merged mappings that remember which file each key came from.

The rules, for files and overrides alike: a later file wins; mappings merge; lists replace; a
quantity replaces as a whole, so that a point value laid over a distribution leaves nothing of it
behind; and ``key: null`` takes the key out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["Layered", "is_quantity", "lay", "lookup", "nested", "origin"]


class Layered(dict[str, Any]):
    """A mapping that knows where each of its keys came from.

    Attributes
    ----------
    files : dict of str
        The file of each key, also of a key that was taken out.
    """

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, str] = {}


def is_quantity(value: object) -> bool:
    """Tell whether a mapping is meant as a number with its unit and origin."""
    return (
        isinstance(value, dict) and "unit" in value and bool({"value", "distribution"} & set(value))
    )


def lay(base: Layered, values: Mapping[str, Any], file: str) -> None:
    """Lay the values of a file over `base`, in place; `values` is copied, never shared.

    Parameters
    ----------
    base : Layered
        What earlier files said.
    values : mapping
        What this file says.
    file : str
        The name of the file, for messages.

    Examples
    --------
    >>> base = Layered()
    >>> lay(base, {"x": {"distribution": "uniform", "low": 0, "unit": "share"}}, "side.yaml")
    >>> lay(base, {"x": {"value": 0.5, "unit": "share"}, "y": [1]}, "case.yaml")
    >>> base
    {'x': {'value': 0.5, 'unit': 'share'}, 'y': [1]}
    >>> origin(base, ("x", "value")), origin(base, ("z",))
    ('case.yaml', None)
    """
    for key, value in values.items():
        old = base.get(key)
        quantity = is_quantity(old) or is_quantity(value)
        if value is None and key in base:
            del base[key]
            base.files[key] = file  # the file to name when the key is missed
        elif isinstance(old, Layered) and isinstance(value, dict) and not quantity:
            lay(old, value, file)
        else:
            base[key] = _planted(value, file)
            base.files[key] = file


def lookup(values: Any, path: tuple[str, ...]) -> Any:
    """Return the value at a path, or None."""
    for part in path:
        if isinstance(values, list) and part.isdigit() and int(part) < len(values):
            values = values[int(part)]
        elif isinstance(values, dict):
            values = values.get(part)
        else:
            return None
    return values


def nested(path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """Return the mapping that holds a value at a path, and nothing else.

    Examples
    --------
    >>> nested(("holder", "public"), 1)
    {'holder': {'public': 1}}
    """
    for part in reversed(path):
        value = {part: value}
    return dict(value)


def origin(values: Any, path: tuple[str, ...]) -> str | None:
    """Return the file that a key, or the nearest key above it, came from."""
    file = None
    for part in path:
        if isinstance(values, Layered):
            file = values.files.get(part, file)
            if part not in values:
                return file
        elif not isinstance(values, list):
            return file
        values = lookup(values, (part,))
    return file


def _planted(value: Any, file: str) -> Any:
    if isinstance(value, dict):
        layer = Layered()
        lay(layer, value, file)
        return layer
    return [_planted(item, file) for item in value] if isinstance(value, list) else value
