"""Overrides: choices of parts, settings of single keys, and settings of one run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from math import prod
from pathlib import Path
from typing import Any, get_args

from hydra.core.override_parser.types import IntervalSweep, Override, QuotedString
from hydra.errors import HydraException
from pydantic import BaseModel

from sim.domain.interest import ROLES
from sim.domain.quantity import OVERRIDE, FixedShare, Percent, Quantity, Share, key_path
from sim.errors import Fault, ScenarioError, nearest
from sim.io import library
from sim.io.faults import keys_at, shown, types_at, unknown_key
from sim.io.files import place
from sim.io.grammar import in_grammar, values_of, written
from sim.io.hydra_source import COMMAND_LINE
from sim.io.merge import Layered, is_quantity, lay, lookup, nested, origin
from sim.io.replaced import replacement
from sim.io.yaml import display

__all__ = [
    "RUN_KEYS",
    "Assignment",
    "Overrides",
    "RunSettings",
    "alternatives",
    "apply",
    "changing",
    "chosen_scenario",
    "spelt_out",
    "split",
    "take",
]

_MOST_JOBS = 1_000
"""Combinations of values that one multirun plays; a sweep plays more, and goes on where it was."""
_POWER = re.compile(r"(\d{1,9})\*\*(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Assignment:
    """Set one key.

    Parameters
    ----------
    path : tuple of str
        The key, split at its dots.
    value : object
        Plain data; None takes the key out.
    text : str
        As it was written.
    """

    path: tuple[str, ...]
    value: Any
    text: str


@dataclass(frozen=True, slots=True)
class Overrides:
    """Hold overrides by who applies them.

    Parameters
    ----------
    choices : list of str
        For Hydra, in its grammar.
    settings : list of Assignment
        For us.
    """

    choices: list[str]
    settings: list[Assignment]


def split(texts: Iterable[str]) -> Overrides:
    """Take overrides apart.

    Parameters
    ----------
    texts : iterable of str
        ``key=value`` in Hydra's grammar. A leading ``+`` or ``++`` makes no difference: no override
        can add a key that the scenario does not have. ``~key`` takes a key out.

    Raises
    ------
    ScenarioError
        With every override that cannot be read or that names a part that does not exist.
    """
    result = Overrides([], [])
    texts = [*texts]
    faults: list[Fault] = _broken_lists(texts)
    for text in () if faults else texts:
        try:
            _sort(text, result)
        except ScenarioError as error:
            faults.extend(fault.located(COMMAND_LINE) for fault in error.faults)
    if faults:
        raise ScenarioError(faults)
    return result


def _broken_lists(texts: list[str]) -> list[Fault]:
    """Return the faults of lists that a shell took apart at their spaces."""
    faults = []
    for at, text in enumerate(texts, start=1):
        key, equals, value = text.partition("=")
        rest = list(takewhile(lambda word: "=" not in word, texts[at:]))
        if equals and value.startswith("[") and "]" not in value and rest and rest[-1][-1:] == "]":
            whole = f"{key}={''.join([value, *rest])}"
            got = repr(" ".join([text, *rest]))
            expected = f"a list without spaces: {whole}"
            faults.append(Fault(key.lstrip("+~"), expected, got, file=COMMAND_LINE))
    return faults


def chosen_scenario(texts: Iterable[str]) -> str | None:
    """Return the file of the scenario that overrides choose, as messages show it, or None."""
    path = None
    for text in texts:
        if text.lstrip("+").startswith("scenario="):
            name = _plain(_parsed(text).value())
            path = library.find("scenario", name) if isinstance(name, str) else None
    return display(path) if path else None


def alternatives(texts: Iterable[str]) -> Iterator[list[str]]:
    """Yield lists of overrides without sweeps, in which each swept value occurs at least once.

    Parameters
    ----------
    texts : iterable of str
        ``key=value`` and, for sweeps, ``key=a,b``.

    Raises
    ------
    ScenarioError
        If an override cannot be read, or there are too many combinations.
    """
    swept: list[list[str]] = []
    for text in texts:
        override = _parsed(text)
        if override.is_sweep_override():
            key = text.partition("=")[0]
            values = values_of(override, override.key_or_group)
            swept.append([f"{key}={written(value)}" for value in values])
        else:
            swept.append([text])
    if (jobs := prod(map(len, swept))) > _MOST_JOBS:
        raise ScenarioError([_too_many(f"{jobs:,}")])
    first = [values[0] for values in swept]
    yield first
    for index, values in enumerate(swept):
        for value in values[1:]:
            yield [*first[:index], value, *first[index + 1 :]]


def ends_of_interval(text: str) -> str | None:
    """Return the sweep of the ends of an interval, or None where an override is no interval.

    Examples
    --------
    >>> ends_of_interval("holder.public.opposition=interval(0.3,0.9)")
    'holder.public.opposition=0.3,0.9'
    """
    override = _parsed(text)
    value = override.value()
    if not isinstance(value, IntervalSweep):
        return None
    return f"{override.key_or_group}={value.start},{value.end}"


def spelt_out(text: str) -> str:
    """Return an override with every value of a sweep written out, as Hydra's own parser takes it.

    Raises
    ------
    ScenarioError
        If it cannot be read, or is an interval.
    """
    override = _parsed(text)
    if override.is_hydra_override():
        return text
    key, equals, _ = text.partition("=")
    if not equals:
        return text
    if not override.is_sweep_override():
        return f"{key}={written(override._value)}"
    return f"{key}={','.join(map(written, values_of(override, key)))}"


def _too_many(got: str) -> Fault:
    limit = f"at most {_MOST_JOBS:,} jobs (islands sweep plays more)"
    return Fault("", limit, got, file=COMMAND_LINE)


def _sort(text: str, result: Overrides) -> None:
    override = _parsed(text)
    if override.is_sweep_override():
        hint = f"{override.key_or_group}=[a,b] for a list"
        raise ScenarioError([Fault(override.key_or_group, f"one value ({hint})", repr(text))])
    if override.is_hydra_override():
        result.choices.append(text)
        return
    group, value = override.key_or_group, _plain(override.value())
    if override.package is None and (group not in library.PARTS or isinstance(value, dict)):
        result.settings.append(Assignment(key_path(group), _number(value), text))
        return
    key = group if override.package is None else f"{group}@{override.package}"
    result.choices.append(f"{key}={_choice(group, value, key)}")


def _parsed(text: str) -> Override:
    try:
        override = in_grammar(text)
    except HydraException:
        hint = f"scenario={text}" if library.find("scenario", text) else None
        raise ScenarioError([Fault("", "key=value", repr(text), hint)]) from None
    if not override.key_or_group:
        raise ScenarioError([Fault("", "key=value", repr(text))])
    if "${" in text:
        raise ScenarioError([Fault("", "a value without interpolation", repr(text))])
    return override


def _choice(group: str, value: Any, key: str) -> str:
    if group not in library.PARTS:
        names = list(library.PARTS)
        expected = f"one of {', '.join(names)} before the @"
        raise ScenarioError([Fault(key, expected, repr(group), nearest(group, names))])
    if not isinstance(value, str):
        raise ScenarioError([Fault(key, "a name or a path", repr(value))])
    found = library.find(group, value)
    if found is None:
        raise ScenarioError([library.absent(group, value, key=key)])
    return library.encode(found) if library.is_path(value) else value


def _plain(value: Any) -> Any:
    """Return a parsed value as plain data."""
    if isinstance(value, QuotedString):
        return value.text
    if isinstance(value, dict):
        return {str(_plain(key)): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _number(value: Any) -> Any:
    """Return ``10**12`` and ``1e6``, which the grammar takes for text and a fraction, as meant."""
    if isinstance(value, str) and (power := _POWER.fullmatch(value)):
        return int(power[1]) ** int(power[2])
    if isinstance(value, float) and value.is_integer() and abs(value) >= 1e4:
        return int(value)
    return value


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
        if fault := _fault_of_key(values, path, value, model) or _fault_of_percent(
            values, path, value, model
        ):
            faults.append(fault.located(file))
            continue
        old = lookup(values, path)
        number = type(value) in (int, float) or value == "none"
        if old is None and number and Quantity in types_at(model, path):
            old = {"unit": _unit(model, path), "value": value}
        new = _quantity(old, value) if is_quantity(old) else value
        lay(values, nested(path, new), file)
    if faults:
        raise ScenarioError(faults)


_PERCENT = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*%\s*")


def _fault_of_percent(
    values: Layered, path: tuple[str, ...], value: Any, model: type[BaseModel]
) -> Fault | None:
    """Return what is wrong with a number in per cent, with the line to write instead."""
    found = _PERCENT.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    old, key = lookup(values, path), ".".join(path)
    unit = old["unit"] if is_quantity(old) else _unit(model, path)
    number = float(found[1]) if unit == "percent" else float(found[1]) / 100
    return Fault(key, f"a number, as in {key}={number:g}", repr(value))


def _fault_of_key(
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
        open_ = named is None and isinstance(node, dict | None)
        free = open_ and not rest and value is not None
        if not free and part not in (named or ()):
            present = list(node) if isinstance(node, dict) else []
            whole = path if replacement(".".join(path)) else path[: depth + 1]
            parts = () if above else (*library.PARTS, *RUN_KEYS)
            meant = None if above else _whose(values, path)
            if meant:
                return Fault(".".join(path), "", f"unknown key '{part}'", meant)
            return unknown_key(whole, [*(named or ()), *present, *parts])
        node = None
    return None


def _whose(values: Layered, path: tuple[str, ...]) -> str | None:
    """Return the key that was meant where a side is named by its people, not by its role."""
    first, *rest = path
    found = []
    for role in ROLES:
        side = values.get(role.value)
        public = side.get("public") if isinstance(side, dict) else None
        parts = [part for part in (side, public) if isinstance(part, dict)]
        told = " ".join(str(part.get(name)) for part in parts for name in _SAID)
        words = re.findall(r"[^\W\d_]+", told.lower())
        if first.lower() in words:
            found.append(".".join([role.value, *rest]))
    return found[0] if len(found) == 1 else None


_SAID = ("name", "label", "stream")


def _unit(model: type[BaseModel], path: tuple[str, ...]) -> str:
    """Return the unit of a number that nobody has given yet, by the range that it must lie in."""
    if path[-2:-1] == ("factors",):
        return "factor"
    parents = [kind for kind in types_at(model, path[:-1]) if hasattr(kind, "model_fields")]
    marks = {
        mark
        for kind in parents
        if path[-1] in kind.model_fields
        for member in (
            kind.model_fields[path[-1]],
            *get_args(kind.model_fields[path[-1]].annotation),
        )
        for mark in getattr(member, "metadata", getattr(member, "__metadata__", ()))
    }
    units = {"share": (Share, FixedShare), "percent": (Percent,)}
    found = (unit for unit, kinds in units.items() if marks & {get_args(kind)[1] for kind in kinds})
    return next(found, "points")


def _quantity(old: dict[str, Any], value: Any) -> Any:
    """Return the quantity that an override makes of an old one."""
    kept = {key: old[key] for key in ("unit", "off", "resolve") if key in old}
    if isinstance(value, dict):
        return {**kept, "source": [OVERRIDE], **value}
    if value is None or isinstance(value, list):
        return value
    return {"value": value, **kept, "source": [OVERRIDE]}


RUN_KEYS = ("out", "workers", "detail", "format", "draws", "objective")
"""Keys of the primary config that are no part of a scenario."""
_DETAILS = ("brief", "full")
_FORMATS = ("parquet", "csv")


@dataclass(frozen=True, slots=True)
class RunSettings:
    """Say how a scenario is to be run; no result depends on it.

    Parameters
    ----------
    out : Path, optional
        Folder of the results; absent, one named by the time of the run.
    workers : int, optional
        Processes; absent, one for each processor.
    detail : {"brief", "full"}
        How much is printed.
    format : {"parquet", "csv"}
        Whether tables are written as CSV, too.
    draws : bool
        Whether what each world drew is written beside its outcome.
    objective : str, optional
        Which share a sweeper of Hydra's is told: ``OUTCOME:DEAL``.
    """

    out: Path | None = None
    workers: int | None = None
    detail: str = "brief"
    format: str = "parquet"
    draws: bool = False
    objective: str | None = None


def take(values: Layered) -> RunSettings:
    """Take the settings of the run out of merged values.

    Raises
    ------
    ScenarioError
        If `out` is no path to write to (see :func:`sim.io.files.place`), `workers` no whole
        number of at least 1, or any other of them none of its words.
    """
    files = {key: origin(values, (key,)) for key in RUN_KEYS}
    out, workers, detail, format, draws, objective = (values.pop(key, None) for key in RUN_KEYS)
    detail = _DETAILS[0] if detail is None else detail
    format = _FORMATS[0] if format is None else format
    faults = []
    if out is not None and (not isinstance(out, str) or not out):
        faults.append(Fault("out", "a path", shown(out), file=files["out"]))
    if workers is not None and (type(workers) is not int or workers < 1):
        expected = "a whole number of at least 1"
        faults.append(Fault("workers", expected, shown(workers), file=files["workers"]))
    if detail not in _DETAILS:
        faults.append(Fault("detail", "brief or full", shown(detail), file=files["detail"]))
    if format not in _FORMATS:
        faults.append(Fault("format", "parquet or csv", shown(format), file=files["format"]))
    if not isinstance(objective, str | None):
        expected = "OUTCOME:DEAL, as in settled:NAME"
        faults.append(Fault("objective", expected, shown(objective), file=files["objective"]))
    if not isinstance(draws, bool | None):
        faults.append(Fault("draws", "true or false", shown(draws), file=files["draws"]))
    if faults:
        raise ScenarioError(faults)
    told = (workers, str(detail), str(format), bool(draws), objective)
    if out is None:
        return RunSettings(None, *told)
    file = files["out"] or COMMAND_LINE
    path = place(str(out), file=file, near=file != COMMAND_LINE)
    return RunSettings(path, *told)


_UNCHANGING = {*RUN_KEYS, "scenario", "deals", "worlds", "seed", "engine"}
"""Keys that say which worlds are played, and how; they change nothing in one."""


def changing(texts: Iterable[str]) -> Iterator[str]:
    """Yield the overrides that change what is simulated, not which or how many worlds of it.

    Parameters
    ----------
    texts : iterable of str
        As typed.

    Examples
    --------
    >>> [*changing(["worlds=9", "format=csv", "+rounds=9", "hydra.verbose=true", "~deals"])]
    ['rounds=9']
    """
    for text in texts:
        key = text.partition("=")[0].lstrip("+~")
        if key not in _UNCHANGING and not key.startswith(("hydra", "-")):
            yield text.lstrip("+")
