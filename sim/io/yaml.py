"""Careful YAML reader for every file of the project, shipped or a stranger's.

The loader takes plain data only. Refused, with file, line and column: syntax errors, duplicate
keys, keys that are not text (YAML reads ``yes``, ``no``, ``on`` and ``off`` as booleans), aliases,
tags, interpolations ``${…}``, keys such as ``_target_``, more than one document, deep nesting, and
files over 2 MB, which are not even opened. Dates stay text. Numbers are as in YAML 1.2, so
``1e-3`` is a number and ``12:30`` is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml as pyyaml

from sim.errors import Fault, ScenarioError
from sim.io.files import contents, display

__all__ = ["MAX_BYTES", "Builder", "FilePosition", "display", "parse", "read", "scalar"]

_MAX_DEPTH = 40
_MAX_NODES = 200_000
_TRUE = {"true", "yes", "on"}
_FALSE = {"false", "no", "off"}
_NULL = {"", "~", "null", "Null", "NULL"}
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,2}(_?[0-9]{3}){0,9}|[1-9][0-9]{0,30})")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?")
_SPECIAL = re.compile(r"([-+]?)\.(inf|nan)", re.IGNORECASE)
_PRIVATE = re.compile(r"_\w+_")


@dataclass(frozen=True, slots=True)
class FilePosition:
    """Name a place in a file; counted from 0, shown from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        """Say the place as editors do."""
        return f"line {self.line + 1}, column {self.column + 1}"


class Builder:
    """Turn the events of one YAML document into plain values.

    Parameters
    ----------
    events : iterator
        The events of ``yaml.parse``.
    trusted : bool
        Whether interpolations are let through.

    Attributes
    ----------
    faults : list of Fault
        Everything refused that did not stop the reading.
    """

    def __init__(self, events: Iterator[Any], *, trusted: bool = False) -> None:
        self._events = events
        self._trusted = trusted
        self._nodes = 0
        self.faults: list[Fault] = []

    def document(self) -> Any:
        """Return the value of the only document, or None when there is none."""
        value: Any = None
        documents = 0
        for event in self._events:
            if isinstance(event, pyyaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._refuse("", "one document", "a second one", event)
                    break
                value = self._value(next(self._events), ())
        return value

    def _value(self, event: Any, path: tuple[str, ...]) -> Any:
        self._count(event, path)
        if isinstance(event, pyyaml.AliasEvent):
            self._refuse(path, "the value itself", f"the alias *{event.anchor}", event)
            return None
        if event.tag is not None and event.tag != "!":
            self._refuse(path, "a plain value", f"the tag {event.tag}", event)
        if isinstance(event, pyyaml.ScalarEvent):
            self._check_text(event, path)
            return _plain(event)
        if isinstance(event, pyyaml.SequenceStartEvent):
            return self._sequence(path)
        return self._mapping(event, path)

    def _sequence(self, path: tuple[str, ...]) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self._events), pyyaml.SequenceEndEvent):
            items.append(self._value(event, (*path, str(len(items)))))
        return items

    def _mapping(self, start: Any, path: tuple[str, ...]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        lines: dict[str, int] = {}
        bare_off = None
        while not isinstance(event := next(self._events), pyyaml.MappingEndEvent):
            key = self._key(event, path)
            if key in lines:
                again = f"{key!r} again (first in line {lines[key] + 1})"
                self._refuse((*path, key), "each key once", again, event)
            if key == "off" and not event.style:
                bare_off = event
            lines[key] = event.start_mark.line
            values[key] = self._value(next(self._events), (*path, key))
        if bare_off is not None and "unit" not in values:
            self._refuse((*path, "off"), *_quoted("off"), bare_off)
        return values

    def _key(self, event: Any, path: tuple[str, ...]) -> str:
        if not isinstance(event, pyyaml.ScalarEvent):
            self._value(event, path)
            self._refuse(path, "a name as key", "an alias, a list or a mapping", event)
            return f"key in line {event.start_mark.line + 1}"
        key = str(event.value)
        self._check_text(event, path)
        if key != "off" and not isinstance(_plain(event), str):
            self._refuse((*path, key), *_quoted(key), event)
        if _PRIVATE.fullmatch(key):
            got = f"{key!r}, and a file never calls code"
            self._refuse((*path, key), "a key of the scenario", got, event)
        return key

    def _check_text(self, event: Any, path: tuple[str, ...]) -> None:
        if "${" in event.value and not self._trusted:
            self._refuse(path, "a value without interpolation", repr(event.value), event)

    def _count(self, event: Any, path: tuple[str, ...]) -> None:
        self._nodes += 1
        if self._nodes > _MAX_NODES or len(path) > _MAX_DEPTH:
            limit = f"at most {_MAX_NODES:,} values, {_MAX_DEPTH} levels deep"
            where = FilePosition(event.start_mark.line, event.start_mark.column)
            raise ScenarioError([*self.faults, Fault(str(where), limit, "more")])

    def _refuse(self, path: tuple[str, ...] | str, expected: str, got: str, event: Any) -> None:
        where = FilePosition(event.start_mark.line, event.start_mark.column)
        self.faults.append(Fault(".".join(path), expected, f"{got} ({where})"))


def _quoted(key: str) -> tuple[str, str]:
    kinds = {bool: "a boolean", int: "a number", float: "a number", type(None): "nothing"}
    kind = kinds[type(scalar(key))]
    return "a name in quotes", f"{key}, which YAML reads as {kind}"


def _plain(event: Any) -> str | int | float | bool | None:
    return event.value if event.style or event.tag == "!" else scalar(event.value)


def scalar(text: str) -> str | int | float | bool | None:
    """Return what text without quotes stands for.

    Examples
    --------
    >>> scalar("1e-3"), scalar("12:30"), scalar("no"), scalar("none"), scalar("~")
    (0.001, '12:30', False, 'none', None)
    """
    if text in _NULL:
        return None
    if text.lower() in _TRUE | _FALSE and text in (text.lower(), text.title(), text.upper()):
        return text.lower() in _TRUE
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if special := _SPECIAL.fullmatch(text):
        return float(special[1] + special[2])
    return text


MAX_BYTES = 2_000_000
"""Largest file that is read, in bytes."""

_LOADER: Any = getattr(pyyaml, "CSafeLoader", pyyaml.SafeLoader)


def read(path: Path | str, *, trusted: bool = False) -> dict[str, Any]:
    """Return the mapping that a YAML file holds.

    Parameters
    ----------
    path : Path or str
        A regular file of at most 2 MB.
    trusted : bool
        Whether interpolations ``${…}`` are let through: only in the shipped primary config.

    Returns
    -------
    dict
        Text keys; values are mappings, lists, text, numbers, booleans or None.

    Raises
    ------
    ScenarioError
        With every fault of the file, or the first one that makes the rest unreadable.
    """
    path, file = Path(path), display(path)
    try:
        text = contents(path, "a YAML file", MAX_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        got = f"the byte 0x{error.object[error.start]:02x} at offset {error.start}"
        raise ScenarioError([Fault("", "text in UTF-8", got, file=file)]) from error
    return parse(text, file, trusted=trusted)


def parse(text: str, file: str = "text", *, trusted: bool = False) -> dict[str, Any]:
    r"""Return the mapping that YAML text holds.

    Parameters
    ----------
    text : str
        One YAML document.
    file : str
        The name that faults carry.
    trusted : bool
        As in :func:`read`.

    Returns
    -------
    dict
        As in :func:`read`.

    Raises
    ------
    ScenarioError
        As in :func:`read`.

    Examples
    --------
    >>> parse("worlds: 1e3\ndate: 2018-11-14\n")
    {'worlds': 1000.0, 'date': '2018-11-14'}
    """
    remembered = _held if len(text) <= _SMALL else _held.__wrapped__
    try:
        return dict(_copied(remembered(text, trusted)))
    except pyyaml.YAMLError as error:
        raise ScenarioError([_syntax(error, file)]) from None
    except ScenarioError as error:
        raise ScenarioError(fault.located(file) for fault in error.faults) from None


_SMALL = 100_000
"""Letters up to which what a text holds is remembered: a scenario reads some files twice."""


@lru_cache(maxsize=128)
def _held(text: str, trusted: bool) -> dict[str, Any]:
    """Return what text holds, for nobody to change; faults are not located."""
    builder = Builder(pyyaml.parse(text, Loader=_LOADER), trusted=trusted)
    value = builder.document()
    if not isinstance(value, dict):
        from sim.io.faults import (
            shown,  # knows all of a scenario, which `islands list` does not need
        )

        builder.faults.append(Fault("", "a mapping of keys to values", shown(value)))
    if builder.faults:
        raise ScenarioError(builder.faults)
    return dict(value)


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _syntax(error: pyyaml.YAMLError, file: str) -> Fault:
    """Say a syntax error with its line and column."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = str(FilePosition(mark.line, mark.column)) if mark else ""
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    context = getattr(error, "context", None)
    got = f"{problem} {context}" if context else f"{problem}"
    return Fault(place, "valid YAML", re.sub(r"\s+", " ", got).strip(), file=file)
