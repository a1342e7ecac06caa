"""Make sure, before a long run, that its results can be written."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sim.errors import Fault, ScenarioError

__all__ = ["check_writable"]

_MARK = "provenance.json"


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
    if out.exists() and not out.is_dir():
        raise _refusal("a folder", f"the file {out}")
    try:
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
