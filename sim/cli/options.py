"""Options of a command: their declaration, the one parser of words, and the help that follows."""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic.fields import FieldInfo

from sim.errors import Fault, ScenarioError, nearest
from sim.io.docstrings import docstring
from sim.io.files import place
from sim.io.library import PARTS

__all__ = [
    "Argument",
    "Command",
    "Flag",
    "Form",
    "Keys",
    "Number",
    "Overrides",
    "Pair",
    "Target",
    "Whole",
    "choices_of",
    "help_text",
    "one_of",
    "options_of",
    "parse",
    "takes_overrides",
]

_DIGITS = 18
"""Of the largest whole number that is taken for one."""
_DECIMAL = re.compile(r"\d{1,18}(\.\d{0,18})?(e-?\d{1,3})?", re.ASCII)
_WIDTH = 100
"""Columns that help fits."""


class Command(BaseModel):
    """A command: its fields are its options, its docstring opens its help."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def run(self) -> int:
        """Do what is asked, and return the exit code."""
        raise NotImplementedError

    @classmethod
    def faults_beside(cls, texts: Mapping[str, str], words: Sequence[str]) -> Sequence[Fault]:
        """Return what else is at fault where options are, so that all is told at once.

        Parameters
        ----------
        texts : mapping
            The options that are given, as they are written.
        words : sequence of str
            All others, for the loader of scenarios.
        """
        return ()


@dataclass(frozen=True, slots=True)
class Form:
    """How an option is written, and what is expected of it where its type does not say so.

    Parameters
    ----------
    placeholder : str
        What stands for its value in help.
    expected : str
        A noun phrase.
    """

    placeholder: str
    expected: str = ""


@dataclass(frozen=True, slots=True)
class Argument:
    """Mark of an option that is given as a word without a key, in the order of the fields.

    Parameters
    ----------
    placeholder : str
        What stands for it in help; in brackets if it may be left out.
    """

    placeholder: str


@dataclass(frozen=True, slots=True)
class Overrides:
    """Mark of the field that takes all other words, for the loader of scenarios.

    Parameters
    ----------
    placeholder : str
        What stands for them in help.
    of_scenario : bool
        Whether every key of a scenario may be set.
    """

    placeholder: str = "[scenario=NAME|PATH] [key=value …]"
    of_scenario: bool = True


def _whole(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not (value.isascii() and value.isdigit() and len(value) <= _DIGITS):
        raise ValueError
    return int(value)


def _decimal(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not _DECIMAL.fullmatch(value):
        raise ValueError
    return float(value)


def _flag(value: object) -> object:
    if not isinstance(value, str):
        return value
    return {"true": True, "false": False}[_checked(value, ("true", "false"))]


def _checked(value: str, known: Iterable[str]) -> str:
    if value not in known:
        raise ValueError
    return value


def _target(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return place(value)
    except ScenarioError as error:
        raise _PlaceError(error.faults[0]) from None


class _PlaceError(ValueError):
    """Carry a fault through pydantic."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def _listed(value: object) -> object:
    return tuple(value.split(",")) if isinstance(value, str) else value


def _keys(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(word for word in re.split(r"[\s,]+", value.strip().strip("[]")) if word)


Whole = Annotated[int, BeforeValidator(_whole)]
"""A whole number of at least 0, in ASCII digits."""
Number = Annotated[float, BeforeValidator(_decimal)]
"""A number of at least 0, in ASCII digits."""
Flag = Annotated[bool, BeforeValidator(_flag)]
"""True or false, in these words."""
Target = Annotated[Path, BeforeValidator(_target)]
"""Where something is written: below this folder, or a path in full."""
Pair = Annotated[tuple[str, str], BeforeValidator(_listed)]
"""Two words with a comma between them."""
Keys = Annotated[tuple[str, ...], BeforeValidator(_keys)]
"""Dotted keys with commas between them, in brackets or without."""


_C = TypeVar("_C", bound=Command)


def parse(command: type[_C], words: Sequence[str]) -> _C:
    """Return a command with the options that words give.

    Parameters
    ----------
    command : type of Command
    words : sequence of str
        ``key=value``, and words without a key where the command takes some.

    Raises
    ------
    ScenarioError
        With every word at fault.

    Examples
    --------
    >>> class Count(Command):
    ...     until: Whole = 3
    >>> parse(Count, ["until=8"])
    Count(until=8)
    >>> parse(Count, ["unitl=8"])
    Traceback (most recent call last):
        ...
    sim.errors.ScenarioError: expected one of until, got 'unitl'; did you mean 'until'?
    """
    given = _Given(command)
    for word in words:
        given.take(word)
    values = given.values()
    try:
        found = command.model_validate(values)
    except ValidationError as error:
        problems = [dict(problem) for problem in error.errors() if problem["loc"][0] in values]
        faults = [*given.faults, *(_fault(command, values, problem) for problem in problems)]
        raise ScenarioError([*faults, *command.faults_beside(given.texts, given.left)]) from None
    if given.faults:
        raise ScenarioError([*given.faults, *command.faults_beside(given.texts, given.left)])
    return found


class _Given:
    """What words give to the fields of a command, before it is checked."""

    def __init__(self, command: type[Command]) -> None:
        fields = command.model_fields
        self.options = options_of(command)
        self.arguments = [name for name in fields if _mark(fields[name], Argument)]
        self.required = [name for name in self.arguments if fields[name].is_required()]
        self.many = [
            name for name in self.arguments if get_origin(fields[name].annotation) is tuple
        ]
        self.rest = next((name for name in fields if _mark(fields[name], Overrides)), None)
        self.scenario = takes_overrides(command)
        self.form = " ".join(_arguments(command))
        self.texts: dict[str, str] = {}
        self.words: list[str] = []
        self.left: list[str] = []
        self.faults: list[Fault] = []

    def take(self, word: str) -> None:
        """Sort one word in, or note what is wrong with it."""
        key, equals, value = word.partition("=")
        if equals and (self.options or self.rest) and os.sep not in key:
            self._take_option(key, value, word)
        elif self.rest and not self.arguments:
            self.left.append(word)
        elif not self.arguments or word.startswith("-"):
            self.faults.append(Fault("", "key=value", repr(word)))
        else:
            self.words.append(word)

    def _take_option(self, key: str, value: str, word: str) -> None:
        if key not in self.options:
            self._leave(key, word)
        elif not value:
            self.faults.append(Fault("", "key=value", repr(word)))
        elif key in self.texts:
            self.faults.append(Fault("", f"{key} once", "it twice"))
        else:
            self.texts[key] = value

    def _leave(self, key: str, word: str) -> None:
        """Leave a word to the loader of scenarios, unless it is an option misspelt."""
        if not self.rest:
            expected = f"one of {', '.join(self.options)}"
            self.faults.append(Fault("", expected, repr(key), nearest(key, [*self.options])))
        elif self.scenario and (near := _meant(key, [*self.options])):
            got = f"unknown key {key!r}"
            self.faults.append(Fault(key, "", got, near, "command line"))
        else:
            self.left.append(word)

    def values(self) -> dict[str, Any]:
        """Return the values of the fields as they were written."""
        found: dict[str, Any] = {**self.texts}
        if self.rest:
            found[self.rest] = tuple(self.left)
        words = [*self.words]
        for name in self.arguments:
            if words:
                found[name] = tuple(words) if name in self.many else words.pop(0)
                words = [] if name in self.many else words
        if words or any(name not in found for name in self.required):
            got = repr(" ".join(self.words)) if self.words else "nothing"
            self.faults.append(Fault("", self.form, got))
        return found


def _meant(key: str, options: list[str]) -> str | None:
    """Return the option that a key is nearest to, if it is no key of a scenario nor nearer one."""
    from sim.domain.scenario import Scenario
    from sim.io.overrides import RUN_KEYS

    known = [*options, *PARTS, *Scenario.model_fields, *RUN_KEYS]
    near = None if key in known or not key.isidentifier() else nearest(key, known)
    return near if near in options else None


def options_of(command: type[Command]) -> dict[str, FieldInfo]:
    """Return the fields that are given as ``key=value``, by their keys."""
    return {
        field.alias or name: field
        for name, field in command.model_fields.items()
        if not _mark(field, Argument) and not _mark(field, Overrides)
    }


def takes_overrides(command: type[Command]) -> bool:
    """Tell whether a command takes every key of a scenario."""
    marks = [_mark(field, Overrides) for field in command.model_fields.values()]
    return any(mark.of_scenario for mark in marks if mark)


_M = TypeVar("_M", Argument, Overrides, Form)


def _mark(field: FieldInfo, kind: type[_M]) -> _M | None:
    marks = [*field.metadata, *_inner_marks(field.annotation)]
    return next((mark for mark in marks if isinstance(mark, kind)), None)


def _inner_marks(annotation: Any) -> Iterator[Any]:
    """Yield the marks of the members of a union."""
    for member in _members(annotation):
        yield from getattr(member, "__metadata__", ())


def _fault(command: type[Command], values: dict[str, Any], problem: dict[str, Any]) -> Fault:
    """Return what is wrong with a value, in the words of its field."""
    key = str(problem["loc"][0])
    cause = problem.get("ctx", {}).get("error")
    if isinstance(cause, _PlaceError):
        return replace(cause.fault, key=key)
    options = options_of(command)
    field = options.get(key) or command.model_fields[key]
    near = nearest(str(values[key]), choices_of(field.annotation))
    expected = _expected(field.annotation, tuple(field.metadata))
    return Fault(key if key in options else "", expected, repr(values[key]), near)


def _members(annotation: Any) -> list[Any]:
    union = get_origin(annotation) in (Union, UnionType)
    return [kind for kind in get_args(annotation) if kind is not NoneType] if union else []


def choices_of(annotation: Any) -> list[str]:
    """Return the words that a value may be, if they are numbered."""
    if get_origin(annotation) is Literal:
        return [*get_args(annotation)]
    return [word for member in _members(annotation) for word in choices_of(member)]


def _expected(annotation: Any, marks: tuple[Any, ...]) -> str:
    """Return what a value should be, as a noun phrase."""
    for mark in marks:
        if isinstance(mark, Form) and mark.expected:
            return mark.expected
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        return _expected(inner, (*marks, *more))
    if members := _members(annotation):
        return " or ".join(_expected(member, marks) for member in members)
    if words := choices_of(annotation):
        return f"one of {', '.join(words)}" if len(words) > 1 else repr(words[0])
    if annotation is bool:
        return "true or false"
    return f"a {'whole ' if annotation is int else ''}number{_limits(marks)}"


def _limits(marks: tuple[Any, ...]) -> str:
    least = next((mark.ge for mark in marks if isinstance(mark, Ge)), None)
    above = next((mark.gt for mark in marks if isinstance(mark, Gt)), None)
    most: Any = next((mark.le for mark in marks if isinstance(mark, Le)), None)
    if least is None and above is None:
        return "" if most is None else f" of at most {most:,}"
    if above is not None:
        return f" above {above}" + ("" if most is None else f" and up to {most:,}")
    return f" of at least {least:,}" if most is None else f" from {least:,} to {most:,}"


def one_of(key: str, word: str, known: Iterable[str]) -> str:
    """Return a word if it is one of those known only when a command runs.

    Raises
    ------
    ScenarioError
        If it is none of them.

    Examples
    --------
    >>> one_of("by", "sice", ["size", "age"])
    Traceback (most recent call last):
        ...
    sim.errors.ScenarioError: by: expected one of size, age, got 'sice'; did you mean 'size'?
    """
    names = [*known]
    if word in names:
        return word
    raise ScenarioError(
        [Fault(key, f"one of {', '.join(names)}", repr(word), nearest(word, names))]
    )


def help_text(command: type[Command], name: str) -> str:
    """Return what ``islands NAME --help`` says.

    Parameters
    ----------
    command : type of Command
    name : str
    """
    summary, _, body = docstring(command).partition("\n\n")
    rest = [
        mark.placeholder
        for field in command.model_fields.values()
        if (mark := _mark(field, Overrides))
    ]
    options = options_of(command)
    more = rest or (["[key=value …]"] if options else [])
    usage = " ".join([f"Usage: islands {name}", *_arguments(command), *more])
    rows = [line for key, field in options.items() for line in _option_lines(key, field)]
    parts = [summary, usage, body, "\n".join(rows)]
    return "\n\n".join(part for part in parts if part)


def _arguments(command: type[Command]) -> list[str]:
    marks = [_mark(field, Argument) for field in command.model_fields.values()]
    return [mark.placeholder for mark in marks if mark]


_COLUMN = 26
"""Where the descriptions of options begin."""


def _option_lines(key: str, field: FieldInfo) -> Iterator[str]:
    default = field.default
    shown = str(default).lower() if isinstance(default, bool) else default
    words = [field.description or "", "" if default is None else f"({shown})"]
    told = textwrap.wrap(" ".join(filter(None, words)), _WIDTH - _COLUMN)
    start = f"  {key}={_placeholder(field)}"
    if told and len(start) < _COLUMN - 1:
        start = f"{start:<{_COLUMN}}{told.pop(0)}"
    yield from (start, *(" " * _COLUMN + line for line in told))


def _placeholder(field: FieldInfo) -> str:
    if form := _mark(field, Form):
        return form.placeholder
    if words := choices_of(field.annotation):
        return "|".join(words)
    kinds = str(field.annotation)
    signs = {"bool": "true|false", "int": "N", "float": "P", "Path": "FILE"}
    return next((sign for kind, sign in signs.items() if kind in kinds), "NAME")
