"""Decide where results may go, and make sure before a long run that they can be written there."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sim.errors import Fault, ScenarioError

__all__ = ["check_writable", "place"]

_MARK = "provenance.json"
_LONGEST = 255
"""Bytes of one name in a path, on common file systems."""


def place(text: str, key: str = "out", file: str = "command line", *, near: bool = False) -> Path:
    """Return the path that an option names, if it is one to write to.

    A path that climbs (``../../etc``) is refused: results stay below the folder one is in, or
    below one that is named in full. Links of the file system are the user's own and are followed.

    Parameters
    ----------
    text : str
        As it was written; ``~`` is the home folder.
    key, file : str
        Where it was written, for the complaint.
    near : bool
        Whether a path in full is refused, too: what a scenario file says comes from anyone.

    Raises
    ------
    ScenarioError
        If it climbs, holds signs that no name of a file has, or is too long.

    Examples
    --------
    >>> place("results/first").as_posix()
    'results/first'
    """
    expected = "a folder below this one, or a path in full, without '..'"
    if near:
        expected = "a folder below this one, without '..', in a file"
    try:
        path = Path(text).expanduser()
    except (RuntimeError, ValueError):
        path = Path()
    too_long = any(len(part.encode(errors="replace")) > _LONGEST for part in path.parts)
    odd = not text.isprintable() or not path.parts or ".." in path.parts or too_long
    if odd or (near and path.is_absolute()):
        raise ScenarioError([Fault(key, expected, repr(text), file=file)])
    return path


def check_writable(out: Path) -> None:
    """Refuse a folder in which results cannot be written, or which holds something else.

    Parameters
    ----------
    out : Path
        A folder that does not exist yet, is empty, or holds the results of an earlier run.

    Raises
    ------
    ScenarioError
        If it is none of these.
    """
    try:
        if out.exists() and not out.is_dir():
            raise _refusal("a folder", f"the file {out}")
        if out.is_dir() and any(out.iterdir()) and not (out / _MARK).is_file():
            raise _refusal("a new or empty folder, or an earlier run", f"{out} with other files")
        above = next(path for path in (out, *out.absolute().parents) if path.exists())
        with tempfile.TemporaryDirectory(dir=above if above != out else out.absolute().parent):
            pass
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _refusal("a folder that can be written", f"{out} ({reason})") from None


def _refusal(expected: str, got: str) -> ScenarioError:
    return ScenarioError([Fault("out", expected, got, file="command line")])
