"""What must hold for any input: the project's own errors, in short lines, and no stray file."""

from __future__ import annotations

import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.errors import IslandsError

LONGEST = 2_000
"""Characters of a line that may be said of any input."""
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "os.link"}
_HARMLESS = ("/dev/null", "/dev/shm", "/proc/self")
_watch: dict[str, Any] = {"on": False, "root": "", "hooked": False, "strays": []}


def judged(call: Callable[[], object]) -> bool:
    """Call, and tell whether the input was accepted; anything but a clean refusal is raised."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            call()
        except IslandsError as error:
            check_said(error)
            return False
    return True


def check_said(error: IslandsError) -> None:
    """Check that a refusal is said in short lines of printable text."""
    said = str(error)
    assert said.strip(), "an error without a word"
    faults = getattr(error, "faults", None)
    lines = said.split("\n")
    assert len(lines) <= (len(faults) if faults else 1), f"a fault of several lines: {said!r}"
    for line in lines:
        assert len(line) <= LONGEST, f"a line of {len(line)} characters: {line[:200]!r}"
        assert line.isprintable(), f"unprintable: {line!r}"
        assert "Traceback" not in line, line


@contextmanager
def inside(root: Path) -> Iterator[list[str]]:
    """Watch that nothing is written, made or renamed outside a folder; yield what was."""
    if not _watch["hooked"]:
        sys.addaudithook(_hook)
        _watch["hooked"] = True
    strays: list[str] = []
    _watch.update(on=True, root=os.path.realpath(root), strays=strays)
    try:
        yield strays
    finally:
        _watch["on"] = False
    assert not strays, f"written outside {root}: {strays[:5]}"


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if not _watch["on"]:
        return
    if event == "open":
        path, _, flags = args
        if isinstance(path, (str, bytes)) and isinstance(flags, int) and flags & _WRITES:
            _look(event, path)
    elif event in _CHANGES:
        for path in args[:2] if event in ("os.rename", "os.symlink", "os.link") else args[:1]:
            if isinstance(path, (str, bytes)):
                _look(event, path)


def _look(event: str, path: str | bytes) -> None:
    written = Path(os.fsdecode(path)).absolute()
    real = str(written.parent.resolve() / written.name)
    allowed = (_watch["root"], *_HARMLESS)
    if any(real == place or real.startswith(place + os.sep) for place in allowed):
        return
    if "__pycache__" in real or _is_named_at_random(real):
        return
    _watch["strays"].append(f"{event} {real}")


def _is_named_at_random(path: str) -> bool:
    """Tell whether a path is a temporary file of a library, which the library removes again."""
    return path.startswith(os.path.realpath(tempfile.gettempdir()) + "/tmp")
