"""Faults of files in our words: file, key, what was expected, what came, what was meant."""

from __future__ import annotations

import json
import re
import types
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, RootModel, TypeAdapter, ValidationError

from sim.errors import Fault, ScenarioError, nearest
from sim.io.files import display, read_json
from sim.io.merge import is_quantity, origin
from sim.io.replaced import replacement

__all__ = [
    "expected_of",
    "keys_at",
    "problems_of",
    "read_as",
    "shown",
    "translated",
    "types_at",
    "unknown_key",
    "valid",
]

M = TypeVar("M")

_EXPECTED = {
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "dict_type": "a mapping",
    "enum": "one of {expected}",
    "finite_number": "a finite number",
    "float_parsing": "a number",
    "float_type": "a number",
    "greater_than": "a value above {gt}",
    "greater_than_equal": "a value of at least {ge}",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number of fewer digits",
    "int_type": "a whole number",
    "less_than": "a value below {lt}",
    "less_than_equal": "a value of at most {le}",
    "list_type": "a list",
    "literal_error": "one of {expected}",
    "string_type": "text",
    "string_unicode": "text that can be written",
    "too_long": "at most {max_length} items",
    "too_short": "at least {min_length} items",
    "tuple_type": "a list",
    "union_tag_invalid": "one of {expected_tags}",
    "union_tag_not_found": "the key {discriminator}",
}
_MODELS = {
    "Quantity": "a quantity {value or distribution, unit, source or assumption}",
}
_LINE = "; write {{value: {}, unit: {}, assumption: why}}, or source: [ids] for the assumption"
_WIDTH = 60


def expected_of(problem: dict[str, Any]) -> tuple[str, str]:
    """Return what was expected and what came.

    Parameters
    ----------
    problem : dict
        One entry of ``ValidationError.errors()``.

    Returns
    -------
    expected, got : str
        `expected` is empty when `got` is a whole sentence.
    """
    kind, context, value = problem["type"], problem.get("ctx", {}), problem["input"]
    if kind == "value_error":
        message = str(problem["msg"]).removeprefix("Value error, ")
        if match := re.fullmatch(r"expected (.*), got (.*)", message, re.S):
            return match[1], match[2]
        return "", message
    if kind in ("model_type", "model_attributes_type"):
        name = context.get("class_name", "")
        unit = "factor" if "factors" in problem["loc"] else "points"
        number = name == "Quantity" and type(value) in (int, float)
        line = _LINE.format(value, unit) if number else ""
        return _MODELS.get(name, "a mapping"), f"{shown(value)}{line}"
    if kind == "union_tag_invalid":
        return _EXPECTED[kind].format(**context), repr(context["tag"])
    if kind not in _EXPECTED:
        return "", f"{problem['msg']} (got {shown(value)})"
    if "expected" in context:
        context = {**context, "expected": context["expected"].replace(" or ", ", ")}
    for name in {"gt", "ge", "lt", "le"} & set(context):
        context = {**context, name: f"{context[name]:,}"}
    expected = _EXPECTED[kind].format(**context)
    if "expected" in context and "," not in expected:
        expected = expected.removeprefix("one of ")
    if kind == "too_short" and context.get("min_length") == 1:
        expected = "at least one item"
    got = shown(value)
    if isinstance(value, bool) and kind in ("string_type", "literal_error", "enum"):
        got += " (YAML reads yes, no, on, off so; put a name in quotes)"
    return expected, got


def shown(value: Any) -> str:
    """Return a value as a message shows it: as in YAML, and short.

    Examples
    --------
    >>> shown(True), shown(None), shown("x"), shown({"a": 1, "b": 2})
    ('true', 'nothing', "'x'", 'a mapping of a, b')
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        text = f"a mapping of {', '.join(map(str, value))}" if value else "an empty mapping"
    elif isinstance(value, list):
        text = f"[{', '.join(map(shown, value))}]"
    else:
        text = repr(value)
        if type(value) is int and len(text) > _WIDTH:
            return f"{Decimal(value):.3g}"
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"


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


def read_as(kind: type[M], path: Path, expected: str) -> M:
    """Return what a JSON file holds as a model or a dataclass.

    Parameters
    ----------
    kind : type
    path, expected
        As in `read_json`.

    Raises
    ------
    ScenarioError
        As `read_json`, or with every key at fault.
    """
    return valid(kind, read_json(path, expected), display(path))


def valid(kind: type[M], values: Mapping[str, Any], file: str) -> M:
    """Return plain data as a model or a dataclass.

    Parameters
    ----------
    kind : type
    values : mapping
    file : str
        What messages call the file that holds it.

    Raises
    ------
    ScenarioError
        With every key at fault.
    """
    try:
        return TypeAdapter(kind).validate_python(values)
    except ValidationError as error:
        problems = [dict(item) for item in error.errors(include_url=False)]
        model: Any = kind
        faults = translated(problems, model, values)
        raise ScenarioError(fault.located(file) for fault in faults) from None


def translated(
    problems: list[Problem], model: type[BaseModel], values: Mapping[str, Any], part: str = ""
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
    part : str
        Which part of a scenario this is; empty for anything else.

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
    result: list[Fault] = []
    for path, found in faults.items():
        if found[0]["type"] == "extra_forbidden":
            known = keys_at(model, path[:-1]) or []
            result += _unknown_keys(path, found[0]["input"], known, values, part)
        else:
            result.append(_fault(path, found, values))
    return result


def unknown_key(
    path: tuple[str, ...], known: list[str], file: str | None = None, part: str = ""
) -> Fault:
    """Say that a key does not exist, and which one may have been meant."""
    key = ".".join(path)
    was = replacement(key, part)
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


def _unknown_keys(
    path: tuple[str, ...], value: Any, known: list[str], values: Mapping[str, Any], part: str
) -> Iterator[Fault]:
    """Yield the fault of an unknown key, and of the keys below it that were replaced with it."""
    yield unknown_key(path, known, origin(values, path), part)
    for name in value if isinstance(value, dict) and not is_quantity(value) else ():
        below = (*path, name)
        if replacement(".".join(below), part):
            yield unknown_key(below, [], origin(values, below), part)


def _fault(path: tuple[str, ...], found: list[Problem], values: Mapping[str, Any]) -> Fault:
    first, key, file = found[0], ".".join(path), origin(values, path)
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
