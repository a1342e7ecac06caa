"""Library of named files: the user's, and the shipped ones.

A name with a slash, or one that ends in ``.yaml``, is a path and found as such. Scenarios are
looked for in ``$ISLANDS_SCENARIOS`` (several folders may be given, separated as in ``$PATH``), then
in ``./scenarios``, then among the shipped ones; the parts of a scenario among the shipped configs.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote, unquote

from sim.errors import Fault, ScenarioError, nearest
from sim.paths import configs_dir, scenarios_dir

__all__ = [
    "GROUPS",
    "PARTS",
    "absent",
    "encode",
    "find",
    "folders",
    "is_path",
    "list_names",
]

GROUPS: dict[str, str] = {
    "scenario": "what a user writes and runs",
    "dispute": "objects, clauses and interests",
    "side": "a government with its leader, its public and its ratifiers",
    "strategy": "how a government concedes",
    "environment": "what happens around the table",
    "protocol": "the rules of the table",
    "calibration": "factors that bend the numbers of a kind together",
    "deal": "structures of a settlement",
    "evidence": "registers of facts",
    "game": "conflicts in the form of the graph model",
}
"""The kinds of files, and what each describes."""

PARTS = (
    "scenario",
    "dispute",
    "side",
    "strategy",
    "environment",
    "protocol",
    "calibration",
)
"""The groups whose files are composed: a defaults list or an override may choose one."""

_SUFFIX = ".yaml"
_ENCODED = "%2F"


def is_path(name: str) -> bool:
    """Tell whether a name is a path rather than the name of a known file."""
    return "/" in name or os.sep in name or name.endswith(_SUFFIX) or name.startswith(("~", "."))


def encode(path: Path) -> str:
    """Return an absolute path as one word without slashes, which Hydra takes for a name."""
    return quote(str(path.absolute()), safe="")


def folders(group: str) -> list[Path]:
    """Return the folders of a group, the first to be searched first.

    Parameters
    ----------
    group : str
        One of `GROUPS`.
    """
    if group not in GROUPS:
        known = ", ".join(GROUPS)
        got = repr(group)
        raise ScenarioError([Fault("", f"one of {known}", got, nearest(group, list(GROUPS)))])
    if group != "scenario":
        return [configs_dir() / group]
    named = os.environ.get("ISLANDS_SCENARIOS", "").split(os.pathsep)
    mine = [Path(folder).expanduser() for folder in named if folder]
    return [*mine, Path.cwd() / "scenarios", scenarios_dir()]


def find(group: str, name: str, *, near: Path | None = None) -> Path | None:
    """Return the file that a name stands for, or None.

    Parameters
    ----------
    group : str
        One of `GROUPS`.
    name : str
        A name, or a path relative to `near` or to the working directory.
    near : Path, optional
        Folder of the file that mentions the name.
    """
    if _ENCODED in name:
        name = unquote(name)
    if not is_path(name):
        files = [folder / f"{name}{_SUFFIX}" for folder in folders(group)]
        return next(filter(os.path.isfile, files), None)
    try:
        path = Path(name).expanduser()
        path = path if path.suffix == _SUFFIX else path.with_name(f"{path.name}{_SUFFIX}")
    except (RuntimeError, ValueError):  # no such home, a zero byte, no name at all
        return None
    bases = [Path.cwd()] if near is None else [near, Path.cwd()]
    return next(filter(os.path.isfile, [base / path for base in bases]), None)


def list_names(group: str) -> list[str]:
    """Return the names known in a group, in alphabetical order.

    Parameters
    ----------
    group : str
        One of `GROUPS`: "scenario", "deal", "dispute", "side", "strategy", "evidence" ...
    """
    found = {
        path.stem for folder in folders(group) if folder.is_dir() for path in folder.glob("*.yaml")
    }
    return sorted(name for name in found if not name.startswith("."))


def _is_file(name: str) -> bool:
    try:
        return Path(name).expanduser().is_file()
    except (OSError, RuntimeError, ValueError):  # too long, no such home, a zero byte
        return False


def absent(group: str, name: str, *, key: str, file: str | None = None) -> Fault:
    """Say that nothing of a name exists in a group, and what does.

    Parameters
    ----------
    group, name : str
        As given to :func:`find`.
    key : str
        The key that mentions the name.
    file : str, optional
        The file that mentions it.
    """
    names = list_names(group)
    if not name.endswith(_SUFFIX) and _is_file(name):
        return Fault(key, f"a YAML file, as every {group} is", f"another file, {name!r}", file=file)
    if is_path(name):
        return Fault(key, "a file that exists", repr(name), file=file)
    expected = f"one of {', '.join(names)}" if names else f"a path (there is no {group} to name)"
    return Fault(key, expected, repr(name), nearest(name, names), file=file)
