"""Write a file so that it is whole or not there, whatever happens meanwhile."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import suppress
from pathlib import Path

from sim.errors import RunError

__all__ = ["clear_leftovers", "write_atomically"]

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
    RunError
        If it cannot be written; nothing is left behind.
    """
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
