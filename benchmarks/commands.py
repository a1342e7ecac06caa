"""What whole commands cost, each beside the aim set for it: what a user waits for."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_SMALL = ("-m", "sim", "run", "scenario=china_russia_2004", "worlds=200")
COMMANDS: dict[str, tuple[float | None, tuple[str, ...]]] = {
    "islands --help": (0.15, ("-m", "sim", "--help")),
    "import sim": (0.5, ("-c", "import sim")),
    "first result of a very first run": (5.0, _SMALL),
    "the same, loops compiled before it plays": (None, (*_SMALL, "engine=compiled")),
    "the same, loops on disk": (None, _SMALL),
    "flagship, everything": (5.0, ("-m", "sim", "run", "scenario=singapore_2018")),
    "conditions of the flagship": (120.0, ("-m", "sim", "conditions", "scenario=singapore_2018")),
}
"""Of each command, the seconds aimed at and the arguments of the interpreter."""
_QUICK = 1.0
_RUNS = 5
"""What is aimed at within a second is run several times, the rest once."""


@dataclass(frozen=True)
class Cost:
    """Cost of a whole command.

    Parameters
    ----------
    name : str
    seconds : float
        Median of its runs.
    first : float
        Seconds until its first line stood on standard output.
    cpu : float
        Seconds of processor time of all its processes.
    memory : float
        Peak memory of its largest process, GB.
    aim : float or None
        Seconds aimed at.
    """

    name: str
    seconds: float
    first: float
    cpu: float
    memory: float
    aim: float | None


def costs() -> Iterator[Cost]:
    """Yield what each command costs; the first that plays has an empty cache of loops."""
    with tempfile.TemporaryDirectory() as folder:
        for name, (aim, arguments) in COMMANDS.items():
            runs = _RUNS if aim is not None and aim < _QUICK else 1
            loops = {"NUMBA_CACHE_DIR": str(Path(folder) / "loops")}
            each = [measured(arguments, Path(folder), loops) for _ in range(runs)]
            yield Cost(name, *map(statistics.median, zip(*each, strict=True)), aim)


def measured(
    arguments: tuple[str, ...], folder: Path, variables: Mapping[str, str] | None = None
) -> tuple[float, float, float, float]:
    """Return what an interpreter takes that is started in a folder.

    In all, until its first line stands there, of the processor, and of memory: seconds thrice, GB.

    Parameters
    ----------
    arguments : tuple of str
        Of the interpreter.
    folder : Path
        Where it runs.
    variables : mapping of str to str, optional
        Of its environment, beside those of this process.
    """
    here = str(Path(__file__).resolve().parents[1])
    environment = {**os.environ, "PYTHONPATH": here, **(variables or {})}
    start = time.perf_counter()
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=quiet,
    )
    assert process.stdout is not None
    with process.stdout as said:
        said.readline()
        first = time.perf_counter() - start
        said.read()
    _, status, used = os.wait4(process.pid, 0)
    seconds, process.returncode = time.perf_counter() - start, os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}")
    return seconds, first, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024**2
