"""Ask the schema which keys are possible somewhere, for completion and for "did you mean"."""

from __future__ import annotations

import types
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, RootModel

__all__ = ["keys_at", "types_at"]


def keys_at(model: type[BaseModel], path: Sequence[str]) -> list[str] | None:
    """Return the keys that the schema names at a path.

    Parameters
    ----------
    model : type of BaseModel
        The schema of the whole.
    path : sequence of str
        Keys from the root; the names of a free mapping count as keys, too.

    Returns
    -------
    list of str or None
        None where the schema names no keys: in a free mapping, below a leaf, or off the schema.

    Examples
    --------
    >>> from sim.domain.scenario import Scenario
    >>> keys_at(Scenario, ["holder", "public", "backlash"])
    ['growth', 'half_life_years']
    >>> keys_at(Scenario, ["deals"]) is None
    True
    """
    names: dict[str, None] = {}
    for kind in types_at(model, path):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            fields = kind.model_fields.items()
            names.update({field.alias or name: None for name, field in fields})
    return list(names) or None


def types_at(model: type[BaseModel], path: Sequence[str]) -> list[Any]:
    """Return the types that a value may have at a path: the members of a union, one by one."""
    whole = issubclass(model, RootModel)
    kinds: list[Any] = list(_members(model.model_fields["root"].annotation if whole else model))
    for part in path:
        kinds = [
            member for kind in kinds for below in _below(kind, part) for member in _members(below)
        ]
    return kinds


def _below(kind: Any, part: str) -> Iterator[Any]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            if part == (field.alias or name):
                yield field.annotation
        return
    arguments = get_args(kind)
    if get_origin(kind) is dict:
        yield arguments[1]
    elif get_origin(kind) in (tuple, list) and part.isdigit():
        yield arguments[0]


def _members(kind: Any) -> Iterator[Any]:
    if get_origin(kind) is Annotated:
        yield from _members(get_args(kind)[0])
    elif get_origin(kind) in (Union, types.UnionType):
        for member in get_args(kind):
            yield from _members(member)
    else:
        yield kind
