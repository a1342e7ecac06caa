"""Read JSON that a stranger may have written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.errors import Fault, ScenarioError
from sim.io.contents import contents, display

__all__ = ["MAX_BYTES", "read_json"]

MAX_BYTES = 20_000_000
"""Largest file that is read, in bytes; the provenance of a sweep lists every cell left out."""


def read_json(path: Path, expected: str) -> dict[str, Any]:
    """Return the object that a JSON file holds.

    Parameters
    ----------
    path : Path
        A regular file of at most 20 MB.
    expected : str
        What it should hold, as a noun phrase.

    Raises
    ------
    ScenarioError
        If there is no such file, it is no JSON, or anything but an object.
    """
    try:
        values = json.loads(contents(path, expected, MAX_BYTES))
    except (ValueError, RecursionError):
        raise ScenarioError([Fault("", "JSON", "something else", file=display(path))]) from None
    if not isinstance(values, dict):
        raise ScenarioError([Fault("", expected, "something else", file=display(path))])
    return values
