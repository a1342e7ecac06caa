"""Say in our words what pydantic found wrong, without the noise of unions and wrappers."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.domain.scenario import replacement
from sim.errors import Fault
from sim.io.library import nearest
from sim.io.merge import origin
from sim.io.schema import keys_at
from sim.io.wording import expected_of

__all__ = ["problems_of", "translated", "unknown_key"]

Problem = dict[str, Any]


def problems_of(model: type[BaseModel], values: Mapping[str, Any]) -> list[Problem]:
    """Return what pydantic objects to.

    Values are judged as JSON first, and strictly: neither ``true`` nor ``"7"`` is a number. Below a
    validator that runs before the fields do, pydantic forgets that a JSON list may be a tuple and
    JSON text an enum; those objections are dropped, and the values judged once more as they are.

    Parameters
    ----------
    model : type of BaseModel
        The schema.
    values : mapping
        Plain data.
    """
    strict = _problems(model, values, strict=True)
    covered = {problem["loc"] for problem in strict}
    lax = _problems(model, values, strict=False)
    return [*strict, *(problem for problem in lax if problem["loc"] not in covered)]


def translated(
    problems: list[Problem], model: type[BaseModel], values: Mapping[str, Any]
) -> list[Fault]:
    """Return one fault for each thing that is wrong, with its file.

    Parameters
    ----------
    problems : list of dict
        What pydantic says about `values`, see :func:`problems_of`.
    model : type of BaseModel
        The schema.
    values : mapping
        What was validated; where it is `Layered`, faults name the file of their key.

    Returns
    -------
    list of Fault
        In the order of the schema.
    """
    faults: dict[tuple[str, ...], list[Problem]] = defaultdict(list)
    for problem in _chosen(problems, values):
        path = _path(problem["loc"], values)
        if problem["type"] == "union_tag_invalid":
            path = (*path, problem["ctx"]["discriminator"].strip("'"))
        faults[path].append(problem)
    return [_fault(path, found, model, values) for path, found in faults.items()]


def unknown_key(path: tuple[str, ...], known: list[str], file: str | None = None) -> Fault:
    """Say that a key does not exist, and which one may have been meant."""
    key = ".".join(path)
    was = replacement(key)
    hint = None if was else nearest(path[-1], known)
    return Fault(key, "", f"unknown key '{key}'{was}", hint, file)


def _problems(model: type[BaseModel], values: Mapping[str, Any], *, strict: bool) -> list[Problem]:
    try:
        if strict:
            model.model_validate_json(json.dumps(values), strict=True)
        else:
            model.model_validate(values)
    except ValidationError as error:
        found = [dict(item) for item in error.errors(include_url=False)]
        return [problem for problem in found if not _echo(problem, strict=strict)]
    return []


def _echo(problem: Problem, *, strict: bool) -> bool:
    """Tell whether a problem says nothing about the input."""
    kind, value = problem["type"], problem["input"]
    if kind == "too_short":  # said of a list whose items have problems of their own
        return bool(len(value) >= problem["ctx"]["min_length"])
    forgotten = (kind == "tuple_type" and isinstance(value, list)) or kind == "is_instance_of"
    return strict and forgotten


def _fault(
    path: tuple[str, ...], found: list[Problem], model: type[BaseModel], values: Mapping[str, Any]
) -> Fault:
    first, key, file = found[0], ".".join(path), origin(values, path)
    if first["type"] == "extra_forbidden":
        return unknown_key(path, keys_at(model, path[:-1]) or [], file)
    if first["type"] == "missing":
        return Fault(key, "a value", "nothing", file=file)
    expected, got = expected_of(first)
    others = [expected_of(problem)[0] for problem in found[1:]]
    wanted = ", or ".join(dict.fromkeys(text for text in (expected, *others) if text))
    return Fault(key, wanted, got, _nearest(found), file)


def _nearest(found: list[Problem]) -> str | None:
    """Return the nearest of the names that would have been right."""
    for problem in found:
        context = problem.get("ctx", {})
        names = context.get("expected") or context.get("expected_tags") or ""
        given = context.get("tag", problem["input"])
        if isinstance(given, str) and isinstance(names, str) and problem["type"] != "value_error":
            listed = names.replace(" or ", ", ").split(", ")
            if hint := nearest(given, [name.strip("'") for name in listed]):
                return hint
    return None


def _path(loc: tuple[str | int, ...], values: Any) -> tuple[str, ...]:
    """Keep of a location what the user wrote, and the last key when it is the missing one."""
    path: list[str] = []
    for index, part in enumerate(loc):
        if _holds(values, part):
            values = values[part]
            path.append(str(part))
        elif index == len(loc) - 1 and isinstance(part, str) and isinstance(values, dict):
            path.append(part) if part.isidentifier() else None
    return tuple(path)


def _holds(values: Any, part: str | int) -> bool:
    if isinstance(values, list):
        return isinstance(part, int) and part < len(values)
    return isinstance(values, dict) and part in values


def _chosen(problems: list[Problem], values: Any) -> list[Problem]:
    """Keep, of the members of each union, the one that the user most likely meant."""
    unions: dict[tuple[Any, ...], dict[Any, list[Problem]]] = defaultdict(lambda: defaultdict(list))
    result: list[Problem] = []
    for problem in problems:
        at = _noise(problem, values)
        if at is None:
            result.append(problem)
        else:
            loc = problem["loc"]
            unions[loc[:at]][loc[at]].append({**problem, "loc": loc[:at] + loc[at + 1 :]})
    for place, members in unions.items():
        result.extend(_chosen(_likeliest(place, members), values))
    return result


def _noise(problem: Problem, values: Any) -> int | None:
    """Return where a location leaves what the user wrote, if it goes on or is no missing key."""
    loc = problem["loc"]
    for index, part in enumerate(loc):
        if _holds(values, part):
            values = values[part]
        elif index == len(loc) - 1 and problem["type"] == "missing":
            return None
        else:
            return index
    return None


def _likeliest(place: tuple[Any, ...], members: dict[Any, list[Problem]]) -> list[Problem]:
    """Return the problems of the likeliest member, or of all when none went deeper."""
    deeper = [
        found for found in members.values() if all(len(item["loc"]) > len(place) for item in found)
    ]
    if not deeper:
        return [problem for found in members.values() for problem in found]
    return min(deeper, key=len)
