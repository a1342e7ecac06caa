"""Template of a new dispute."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from sim.errors import Fault, RunError, ScenarioError
from sim.io.files import clear_leftovers, draft, write_synced
from sim.paths import configs_dir

__all__ = ["NAMED", "write_dispute"]

NAMED = "my_dispute"
"""What the template is called; replaced in names of files and in texts."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


def write_dispute(name: str, parent: str | Path | None = None) -> Path:
    """Write a scenario with all parts of its own, sound and ready to run, into a new folder.

    Parameters
    ----------
    name : str
        Small letters, digits and underscores; of the dispute, its scenario and the folder.
    parent : str or Path, optional
        Where the folder is made; absent, the working directory.

    Returns
    -------
    Path
        The scenario file.

    Raises
    ------
    ScenarioError
        If the name will not do, or the folder exists already: nothing is ever replaced.
    RunError
        If the files cannot be written; nothing is left behind.
    """
    if not _NAME.fullmatch(name):
        expected = "a name of small letters, digits and underscores, a letter first"
        raise ScenarioError([Fault("name", expected, repr(name))])
    folder = Path(parent or Path.cwd()) / name
    if folder.exists():
        raise ScenarioError([Fault("name", "a new folder", f"{folder}, which exists")])
    new = draft(folder, "new")
    try:
        _copy(new, name)
        clear_leftovers(folder.parent)
        new.rename(folder)
    except OSError as error:
        raise RunError(f"{folder}: cannot write the files: {error.strerror or error}") from error
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return folder / "scenario.yaml"


def _copy(folder: Path, name: str) -> None:
    source = configs_dir() / "template" / NAMED
    for path in sorted(source.rglob("*.yaml")):
        place = folder / str(path.relative_to(source)).replace(NAMED, name)
        place.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8").replace(NAMED, name)
        write_synced(place, text.encode())
