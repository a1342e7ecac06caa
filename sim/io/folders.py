"""Names of the files that make a folder one of results, and the look whether it is one."""

from __future__ import annotations

from pathlib import Path

from sim.errors import Fault, ScenarioError, file_error

__all__ = ["MANIFEST", "SWEEP", "check_run", "check_sweep"]

MANIFEST = "provenance.json"
"""The file that says which run the others are from; without it a folder is no run."""
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
    if not (folder / MANIFEST).is_file():
        got = "no such folder" if not folder.is_dir() else f"one without {MANIFEST}"
        raise file_error(folder, "the folder of a run", got)


def check_sweep(folder: Path) -> None:
    """Refuse a folder that is none of a sweep, finished or not; see `check_run`."""
    if not (folder / SWEEP).is_file():
        fault = Fault("", f"the folder of a sweep, with {SWEEP}", "another", file=str(folder))
        raise ScenarioError([fault])
