"""Show how far a sweep is: on the terminal, and in a file for those who look from elsewhere."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sim.experiments.sweep.part import Receipt
from sim.io.files import write_atomically

__all__ = ["PROGRESS", "Meter", "metered"]

PROGRESS = "progress.json"
_EVERY = 1.0


class Meter:
    """Count what is done.

    Parameters
    ----------
    folder : Path
        That of the sweep.
    cells, done : int
        All cells, and those that were finished before.
    bar : Progress
    """

    def __init__(self, folder: Path, cells: int, done: int, bar: Progress) -> None:
        self._path, self._bar = folder / PROGRESS, bar
        self._cells, self._before, self._done, self._worlds = cells, done, done, 0
        self._start, self._written = time.monotonic(), float("-inf")
        self._task = bar.add_task("cells", total=cells, completed=done, rate="")
        self._write()

    def advance(self, receipt: Receipt) -> None:
        """Take note of a part."""
        self._done += receipt.cells
        self._worlds += receipt.worlds
        rate = self._worlds / max(time.monotonic() - self._start, 1e-9)
        self._bar.update(self._task, completed=self._done, rate=f"{rate:,.0f} worlds/s")
        if time.monotonic() - self._written > _EVERY:
            self._write()

    def _write(self) -> None:
        self._written = time.monotonic()
        facts = {
            "cells": self._cells,
            "done": self._done,
            "done_before": self._before,
            "worlds": self._worlds,
            "seconds": round(self._written - self._start, 3),
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "time": time.time(),
        }
        write_atomically(self._path, json.dumps(facts).encode())

    def close(self) -> None:
        """Take the file away: the sweep is finished."""
        self._path.unlink(missing_ok=True)


@contextmanager
def metered(folder: Path, cells: int, done: int, show: bool) -> Iterator[Meter]:
    """Give a meter, with a bar on the terminal (standard error) where one is wanted and possible.

    Parameters
    ----------
    folder : Path
    cells, done : int
        All cells, and those that were finished before.
    show : bool
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    more = (TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
    disable = not show or not console.is_terminal
    bar = Progress(*columns, *more, console=console, transient=True, disable=disable)
    with nullcontext() if disable else bar:  # old releases end even a disabled bar with a new line
        yield Meter(folder, cells, done, bar)
