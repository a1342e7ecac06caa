"""Files read within limits and written whole or not at all, and folders that take results."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import secrets
import shutil
import socket
import stat
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.errors import Fault, RunError, ScenarioError, file_error

__all__ = [
    "MAX_BYTES",
    "alive",
    "check_place",
    "check_writable",
    "clear_leftovers",
    "contents",
    "display",
    "draft",
    "parse_json",
    "place",
    "read_json",
    "write_atomically",
    "write_synced",
    "write_together",
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
    place, twice = "", list[str]()

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice.extend(name for name in found if names.count(name) > 1)
        return found

    try:
        values = json.loads(data, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        rest = error.doc[error.pos : error.pos + _SHOWN].split("\n")[0]
        got = repr(rest) if rest else "the end of the line or of the file"
    except UnicodeDecodeError:
        got = "bytes that are no text"
    except (ValueError, RecursionError):
        got = "something else"  # numbers of thousands of digits, lists in thousands of lists
    else:
        if twice:
            raise ScenarioError([Fault(twice[0], "a key once", "it again", file=file)])
        if isinstance(values, dict):
            return values
        raise ScenarioError([Fault("", expected, "something else", file=file)])
    raise ScenarioError([Fault(place, "JSON", got, file=file)])


_SHOWN = 30
"""Letters that are shown from where JSON ends."""
_HOST = hashlib.sha256(socket.gethostname().encode()).hexdigest()[:6]
_DRAFT = re.compile(r"\.(.+)\.([0-9a-f]{6})-(\d{1,10})-[0-9a-f]{8}\.(tmp|new|old)")
_STALE = 600.0
"""Seconds after which what a process of another machine has not finished counts as left behind."""


def draft(path: Path, kind: str) -> Path:
    """Return a hidden name beside a path for what is not whole yet, which tells whose it is.

    Parameters
    ----------
    path : Path
    kind : {"tmp", "new", "old"}
        A file, a folder, or a folder that is about to be replaced.
    """
    return path.with_name(f".{path.name}.{_HOST}-{os.getpid()}-{secrets.token_hex(4)}.{kind}")


def alive(pid: int) -> bool:
    """Tell whether this machine has a process of that number."""
    try:
        os.kill(max(pid, 1), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def clear_leftovers(folder: Path, *, below: bool = False) -> None:
    """Take away what killed processes left in a folder; what they were about to replace comes back.

    What a process that is alive is writing there stays.

    Parameters
    ----------
    folder : Path
    below : bool
        Whether folders below it are looked through, too.
    """
    with suppress(OSError):
        for path in [*(folder.rglob(".*") if below else folder.glob(".*"))]:
            found = _DRAFT.fullmatch(path.name)
            if found is None or not _left(path, found[2], int(found[3])):
                continue
            target = path.with_name(found[1])
            if found[4] == "old" and not target.exists():
                path.rename(target)
            elif found[4] == "tmp":
                _forget(path)
            else:
                shutil.rmtree(path, ignore_errors=True)


def _left(path: Path, host: str, pid: int) -> bool:
    """Tell whether whoever wrote a draft is gone."""
    if host == _HOST:
        return not alive(pid)
    return time.time() - path.lstat().st_mtime > _STALE


@lru_cache(maxsize=64)
def _clear_once(folder: Path) -> None:
    clear_leftovers(folder)


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file under another name, sync it to disk and rename it.

    Parameters
    ----------
    path : Path
        Its folder is made where it is missing; a file in its place is replaced.
    data : bytes

    Raises
    ------
    ScenarioError, RunError
        As `write_together`.
    """
    write_together(path.parent, {path.name: data})


def write_together(folder: Path, files: Mapping[str, bytes], mark: str | None = None) -> None:
    """Write files of which none appears, or is replaced, before all have found room on the disk.

    Parameters
    ----------
    folder : Path
        Made where it is missing; what else it holds stays.
    files : mapping of name to bytes
    mark : str, optional
        Which of them says what the folder holds: it is away while the others are replaced, so that
        a process killed in between leaves no folder that is taken for a whole one.

    Raises
    ------
    ScenarioError
        If a device, a pipe or a link to nothing is in the place of one: it would be gone.
    RunError
        If they cannot be written; nothing is left behind.
    """
    drafts: dict[Path, Path] = {}
    path, there = folder, True
    try:
        for name in files:
            _check_replaceable(folder / name)
        there = folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        _clear_once(folder.absolute())
        for name, data in files.items():
            path = folder / name
            drafts[path] = draft(path, "tmp")
            write_synced(drafts[path], data)
        if mark is not None and len(files) > 1:
            (folder / mark).unlink(missing_ok=True)
        for path in sorted(drafts, key=lambda one: one.name == mark):
            drafts[path].replace(path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        more = " (free some space)" if error.errno in (errno.ENOSPC, errno.EDQUOT) else ""
        raise RunError(f"{path}: cannot be written: {reason}{more}") from error
    finally:
        for new in drafts.values():
            _forget(new)
        if not there:
            with suppress(OSError):  # it holds something
                folder.rmdir()


def write_synced(path: Path, data: bytes) -> None:
    """Write a file and wait until the disk has it."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


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
    except OSError as error:
        raise _unwritable(out, error) from None
    check_place(out.absolute().parent if out.is_dir() else out)


def check_place(out: Path) -> None:
    """Refuse a path at which no folder can be made, or in which nothing can be.

    Parameters
    ----------
    out : Path

    Raises
    ------
    ScenarioError
    """
    try:
        above = next(path for path in (out, *out.absolute().parents) if path.exists())
        clear_leftovers(above)
        probe = draft(above / "out", "new")
        probe.mkdir()
        probe.rmdir()
    except OSError as error:
        raise _unwritable(out, error) from None


def _unwritable(out: Path, error: OSError) -> ScenarioError:
    reason = error.strerror or type(error).__name__
    return _refusal("a folder that can be written", f"{out} ({reason})")


def _refusal(expected: str, got: str) -> ScenarioError:
    return ScenarioError([Fault("out", expected, got, file="command line")])
