"""Read every YAML file of the project, shipped or a stranger's, with one careful loader.

The loader takes plain data only. Refused, with file, line and column: syntax errors, duplicate
keys, keys that are not text (YAML reads ``yes``, ``no``, ``on`` and ``off`` as booleans), aliases,
tags, interpolations ``${…}``, keys such as ``_target_``, more than one document, deep nesting, and
files over 2 MB, which are not even opened. Dates stay text. Numbers are as in YAML 1.2, so
``1e-3`` is a number and ``12:30`` is text.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml as pyyaml

from sim.errors import Fault, ScenarioError
from sim.io.contents import contents, display
from sim.io.tree import Builder, Position, scalar
from sim.io.wording import shown

__all__ = ["MAX_BYTES", "display", "parse", "read", "scalar"]

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
    try:
        builder = Builder(pyyaml.parse(text, Loader=_LOADER), trusted=trusted)
        value = builder.document()
    except pyyaml.YAMLError as error:
        raise ScenarioError([_syntax(error, file)]) from None
    except ScenarioError as error:
        raise ScenarioError(fault.located(file) for fault in error.faults) from None
    if not isinstance(value, dict):
        builder.faults.append(Fault("", "a mapping of keys to values", shown(value)))
    if builder.faults:
        raise ScenarioError(fault.located(file) for fault in builder.faults)
    return dict(value)


def _syntax(error: pyyaml.YAMLError, file: str) -> Fault:
    """Say a syntax error with its line and column."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = str(Position(mark.line, mark.column)) if mark else ""
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    context = getattr(error, "context", None)
    got = f"{problem} {context}" if context else f"{problem}"
    return Fault(place, "valid YAML", re.sub(r"\s+", " ", got).strip(), file=file)
