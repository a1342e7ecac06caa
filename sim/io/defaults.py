"""Check the defaults list of a file: which other files it builds on, and which parts it swaps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.errors import Fault, ScenarioError
from sim.io import library, yaml

__all__ = ["checked"]


def checked(defaults: Any, path: Path) -> list[Any]:
    """Return a defaults list whose files exist, with paths that hold from anywhere.

    Parameters
    ----------
    defaults : object
        What the file says under ``defaults``: names of files of its own group to build on, and
        ``override /GROUP: NAME`` to swap a part.
    path : Path
        The file.

    Returns
    -------
    list
        The same list; paths, which are relative to the file, are absolute and encoded.

    Raises
    ------
    ScenarioError
        With one fault for each item that names nothing.
    """
    if not isinstance(defaults, list):
        raise ScenarioError([Fault("defaults", "a list", repr(defaults), file=yaml.display(path))])
    result: list[Any] = []
    faults: list[Fault] = []
    for item in defaults:
        try:
            result.append(_item(item, path))
        except ScenarioError as error:
            faults.extend(fault.located(yaml.display(path)) for fault in error.faults)
    if faults:
        raise ScenarioError(faults)
    return result


def _item(item: Any, path: Path) -> Any:
    if item == "_self_":
        return item
    if isinstance(item, str):
        group, _, name = item.removeprefix("/").partition("/")
        if item.startswith("/") and group in library.PARTS:
            return f"/{group}/{_named(group, name, path, 'defaults')}"
        group = path.parent.name if path.parent.name in library.PARTS else "scenario"
        return _named(group, item, path, "defaults")
    if not isinstance(item, dict) or len(item) != 1:
        raise ScenarioError([Fault("defaults", "names, or items 'group: name'", repr(item))])
    key, value = next(iter(item.items()))
    group = key.split()[-1].lstrip("/").partition("@")[0]
    if group not in library.PARTS:
        known = list(library.PARTS)
        hint = library.nearest(group, known)
        raise ScenarioError([Fault("defaults", f"one of {', '.join(known)}", repr(key), hint)])
    return item if value is None else {key: _named(group, value, path, f"defaults: {key}")}


def _named(group: str, name: Any, path: Path, key: str) -> str:
    if not isinstance(name, str):
        raise ScenarioError([Fault(key, "a name", repr(name))])
    found = library.find(group, name, near=path.parent)
    if found is None:
        raise ScenarioError([library.absent(group, name, key=key)])
    return library.encode(found) if library.is_path(name) else name
