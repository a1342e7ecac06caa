"""Names of the files that make a folder one of results, and the look whether it is one."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from pathlib import Path

from sim.errors import ScenarioError, file_error

__all__ = [
    "BRANCH",
    "COMPARISON",
    "CONDITIONS",
    "CONFIG",
    "FOUND_WORLDS",
    "INFERENCE",
    "MANIFEST",
    "SWEEP",
    "check_run",
    "check_sweep",
    "is_other",
    "no_sweep",
    "unused",
]

CONFIG = "config.yaml"
"""The resolved scenario."""

MANIFEST = "provenance.json"
"""The file that says which run the others are from; without it a folder is no run."""
CONDITIONS = "conditions.json"
"""The file that says what it would take, beside `CONFIG`."""
COMPARISON = "comparison.json"
"""The file that says what is compared, beside its table."""
BRANCH = "branch.csv"
"""The table of a branch, whose folder holds no run."""
INFERENCE = "posterior.csv"
"""The table of an inference, whose folder holds no run."""
FOUND_WORLDS = "found_worlds.parquet"
"""Worlds that `islands conditions` found and others, with their weights."""
_NO_RUN = {
    COMPARISON: ("a comparison", "comparison.png", "comparison.csv"),
    CONDITIONS: ("conditions", "ladder.png", "distances.csv"),
    BRANCH: ("a branch", "branch.png", BRANCH),
    INFERENCE: ("an inference", "posterior.png", INFERENCE),
}
"""What a folder holds that has such a file, with its picture and its table: no run."""
SWEEP = "sweep.yaml"
"""The file that says how a sweep is played; without it a folder is no sweep."""


def check_run(folder: Path) -> None:
    """Refuse a folder that is none of a run.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    ScenarioError
    """
    expected = "the folder of a run"
    for name, (what, picture, table) in _NO_RUN.items():
        if (folder / name).is_file():
            got = f"that of {what}: its picture is {folder / picture}, its table {folder / table}"
            page = "" if name == INFERENCE else f"; islands report {folder} makes its page"
            raise file_error(folder, expected, f"{got}{page}")
    if not (folder / MANIFEST).is_file():
        got = "no such folder" if not folder.is_dir() else f"one without {MANIFEST}"
        raise file_error(folder, expected, got)


def check_sweep(folder: Path) -> None:
    """Refuse a folder that is none of a sweep, finished or not; see `check_run`."""
    if not (folder / SWEEP).is_file():
        raise no_sweep(folder)


def no_sweep(folder: Path) -> ScenarioError:
    """Return the error that says that a folder is none of a sweep."""
    return file_error(folder, f"the folder of a sweep, with {SWEEP}", "another")


def is_other(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Tell whether a folder holds an earlier run that files which are to take its place are not of.

    Parameters
    ----------
    folder : Path
    files : mapping of name to bytes
        A run of the same config may be replaced, for it is the same; of what has no config, or is
        no run, only the very same files.
    """
    place = folder.resolve()
    if not (place / MANIFEST).is_file() or place.samefile(Path.cwd()):
        return False
    if CONFIG in files and not files.keys() & _NO_RUN.keys():
        is_run = not any((place / name).is_file() for name in _NO_RUN)
        files = {CONFIG: files[CONFIG]}
        if not is_run:
            return True
    return any(_differs(place / name, data) for name, data in files.items() if name != MANIFEST)


def _differs(path: Path, data: bytes) -> bool:
    return not path.is_file() or path.read_bytes() != data


def unused(folder: Path) -> Path:
    """Return the first of FOLDER-1, FOLDER-2 … that is not there."""
    numbered = (folder.with_name(f"{folder.name}-{number}") for number in count(1))
    return next(path for path in numbered if not path.exists())
