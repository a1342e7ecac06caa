"""Read the bytes of a stranger's file, if it is a file and not too large."""

from __future__ import annotations

from pathlib import Path

from sim.errors import Fault, ScenarioError

__all__ = ["contents", "display"]


def display(path: Path | str) -> str:
    """Return a path as messages show it: relative to the working directory when below it."""
    path = Path(path).absolute()
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def contents(path: Path, expected: str, most: int) -> bytes:
    """Return what a file holds.

    Parameters
    ----------
    path : Path
        A regular file.
    expected : str
        What it should be, as a noun phrase.
    most : int
        Largest file that is opened, in bytes.

    Raises
    ------
    ScenarioError
        If there is no such file, or it is too large or cannot be read.
    """
    file = display(path)
    try:
        if not path.is_file():
            got = "a folder" if path.is_dir() else "nothing of that name"
            raise ScenarioError([Fault("", expected, got, file=file)])
        size = path.stat().st_size
        if size > most:
            got = f"a file of {size / 1e6:,.1f} MB"
            raise ScenarioError([Fault("", f"at most {most / 1e6:.0f} MB", got, file=file)])
        return path.read_bytes()
    except OSError as error:
        got = error.strerror or type(error).__name__
        raise ScenarioError([Fault("", "a readable file", got, file=file)]) from error
