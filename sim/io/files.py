"""Files read within limits and written whole or not at all, and folders that take results."""

from __future__ import annotations

import errno
import json
import os
import secrets
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from sim.errors import Fault, RunError, ScenarioError, file_error

__all__ = [
    "MAX_BYTES",
    "check_writable",
    "clear_leftovers",
    "contents",
    "display",
    "parse_json",
    "place",
    "read_json",
    "write_atomically",
]


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
    return parse_json(contents(path, expected, MAX_BYTES), expected, display(path))


def parse_json(data: bytes, expected: str, file: str) -> dict[str, Any]:
    """Return the object that JSON holds.

    Parameters
    ----------
    data : bytes
    expected : str
        As in `read_json`.
    file : str
        What messages call the file.

    Raises
    ------
    ScenarioError
        If it is no JSON, or anything but an object.
    """
    place = ""
    try:
        values = json.loads(data)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        rest = error.doc[error.pos : error.pos + _SHOWN].split("\n")[0]
        got = repr(rest) if rest else "the end of the line or of the file"
    except UnicodeDecodeError:
        got = "bytes that are no text"
    except (ValueError, RecursionError):
        got = "something else"  # numbers of thousands of digits, lists in thousands of lists
    else:
        if isinstance(values, dict):
            return values
        raise ScenarioError([Fault("", expected, "something else", file=file)])
    raise ScenarioError([Fault(place, "JSON", got, file=file)])


_SHOWN = 30
"""Letters that are shown from where JSON ends."""
_LEFTOVER = ".*.tmp"
"""What a killed writer may leave beside the file."""


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file under another name, sync it to disk and rename it.

    Parameters
    ----------
    path : Path
        Its folder is made where it is missing; a file in its place is replaced.
    data : bytes

    Raises
    ------
    ScenarioError
        If a device, a pipe or a link to nothing is in its place: it would be gone.
    RunError
        If it cannot be written; nothing is left behind.
    """
    _check_replaceable(path)
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with new.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        _forget(new)
        reason = error.strerror or type(error).__name__
        more = " (free some space)" if error.errno in (errno.ENOSPC, errno.EDQUOT) else ""
        raise RunError(f"{path}: cannot be written: {reason}{more}") from error
    except BaseException:
        _forget(new)
        raise


def _check_replaceable(path: Path) -> None:
    """Refuse to put a file in the place of what is neither a file nor a folder."""
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            mode = path.stat().st_mode if path.exists() else mode
    except (OSError, ValueError):
        return  # nothing is there, or writing will say why not
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        what = "a link to nothing" if stat.S_ISLNK(mode) else "a device or a pipe"
        raise file_error(path, "a new or a regular file", what)


def _forget(path: Path) -> None:
    """Take a file away where it can be: what stopped the writing matters more."""
    with suppress(OSError):
        path.unlink()


def clear_leftovers(folder: Path) -> None:
    """Take away what processes left below a folder that were killed while they wrote.

    Parameters
    ----------
    folder : Path
    """
    for leftover in folder.rglob(_LEFTOVER):
        leftover.unlink(missing_ok=True)


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
