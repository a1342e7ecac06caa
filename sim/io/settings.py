"""Apply overrides of single keys to a merged scenario."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from sim.errors import Fault, ScenarioError
from sim.io.faults import unknown_key
from sim.io.merge import Layered, is_quantity, lay, lookup, nested
from sim.io.schema import keys_at

__all__ = ["apply"]


def apply(
    values: Layered,
    settings: list[tuple[tuple[str, ...], Any]],
    model: type[BaseModel],
    file: str,
) -> None:
    """Set keys of a merged scenario, in place.

    A number set on a quantity makes a point value of it: the source becomes ``override``, unit and
    ``off`` stay, distribution and assumption go.

    Parameters
    ----------
    values : Layered
        A merged scenario.
    settings : list of (path, value)
        Each key, split at its dots, and its value; None takes the key out.
    model : type of BaseModel
        The schema.
    file : str
        What messages name as the file of these settings.

    Raises
    ------
    ScenarioError
        With every key that does not exist.
    """
    faults: list[Fault] = []
    for path, value in settings:
        if fault := _fault(values, path, value, model):
            faults.append(fault.located(file))
            continue
        old = lookup(values, path)
        new = _quantity(old, value) if is_quantity(old) else value
        lay(values, nested(path, new), file)
    if faults:
        raise ScenarioError(faults)


def _fault(
    values: Layered, path: tuple[str, ...], value: Any, model: type[BaseModel]
) -> Fault | None:
    """Return what is wrong with a key, if anything."""
    node: Any = values
    for depth, part in enumerate(path):
        above, rest = path[:depth], path[depth + 1 :]
        if is_quantity(node):
            bare = ".".join(above)
            return Fault(bare, f"the bare key {bare}=NUMBER", ".".join(path))
        if isinstance(node, list):
            got = ".".join(path)
            return Fault(".".join(above), "a list as a whole, key=[a,b]", got)
        if isinstance(node, dict) and part in node:
            node = node[part]
            continue
        named = keys_at(model, above)
        free = named is None and isinstance(node, dict) and not rest and value is not None
        if not free and part not in (named or ()):
            present = list(node) if isinstance(node, dict) else []
            return unknown_key(path[: depth + 1], [*(named or ()), *present])
        node = None
    return None


def _quantity(old: dict[str, Any], value: Any) -> Any:
    """Return the quantity that an override makes of an old one."""
    kept = {key: old[key] for key in ("unit", "off") if key in old}
    if isinstance(value, dict):
        return {**kept, "source": ["override"], **value}
    if value is None or isinstance(value, list):
        return value
    return {"value": value, **kept, "source": ["override"]}
