"""Build plain values from a stream of YAML events, counting what a hostile file could inflate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml as pyyaml

from sim.errors import Fault, ScenarioError

__all__ = ["Builder", "Position", "scalar"]

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
class Position:
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
            where = Position(event.start_mark.line, event.start_mark.column)
            raise ScenarioError([*self.faults, Fault(str(where), limit, "more")])

    def _refuse(self, path: tuple[str, ...] | str, expected: str, got: str, event: Any) -> None:
        where = Position(event.start_mark.line, event.start_mark.column)
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
