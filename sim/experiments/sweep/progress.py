"""Progress of a sweep: shown on the terminal, kept in a file, and read from the folder."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sim.errors import ScenarioError
from sim.experiments.sweep.folder import CELLS
from sim.experiments.sweep.part import Receipt, count_cells
from sim.io.files import alive, read_json, write_atomically
from sim.io.folders import MANIFEST, no_sweep

__all__ = ["PROGRESS", "Meter", "Status", "SweepState", "metered", "status"]

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
    console = Console(stderr=True, markup=False, emoji=False)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    more = (TextColumn("{task.fields[rate]}", markup=False), TimeRemainingColumn())
    disable = not show or not console.is_terminal
    bar = Progress(*columns, *more, console=console, transient=True, disable=disable)
    with nullcontext() if disable else bar:  # old releases end even a disabled bar with a new line
        yield Meter(folder, cells, done, bar)


_SILENT = 120.0
"""Seconds without news after which a sweep on another machine counts as stopped."""
_NUMBERS = ("worlds", "seconds", "time", "done", "done_before")
_MOST_SECONDS = 1e9
_MOST = 1e15
"""A number beyond which news are none."""


class SweepState(Enum):
    """What a sweep is doing."""

    running = "running"
    stopped = "stopped (the command that began it goes on with it)"
    finished = "finished"


@dataclass(frozen=True)
class Status:
    """How far a sweep is.

    Parameters
    ----------
    folder : Path
    state : SweepState
    cells, done : int
        All cells, and the finished ones.
    worlds_per_second : float
        Of the present or last session; 0 where it is not known.
    seconds_left : float, optional
        At the pace of the present session.
    left_out : tuple of int
        Cells that kept killing their workers.
    """

    folder: Path
    state: SweepState
    cells: int
    done: int
    worlds_per_second: float = 0.0
    seconds_left: float | None = None
    left_out: tuple[int, ...] = ()

    def __str__(self) -> str:
        """Say it in a few lines."""
        share = f" ({self.done / self.cells:.0%})" if self.cells else ""
        lines = [
            f"{self.folder}: {self.state.value}",
            f"  {self.done:,} of {self.cells:,} cells are finished{share}",
        ]
        if self.worlds_per_second:
            lines.append(f"  {self.worlds_per_second:,.0f} worlds per second")
        if self.seconds_left is not None:
            lines.append(f"  about {timedelta(seconds=round(self.seconds_left))} left")
        if self.left_out:
            cells = ", ".join(map(str, self.left_out[:10]))
            lines.append(f"  left out, since they killed their workers: cells {cells}")
        return "\n".join(lines)


def status(folder: Path) -> Status:
    """Return how far a sweep is.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    ScenarioError
        If the folder is not that of a sweep.
    """
    try:
        origin = read_json(folder / MANIFEST, "the provenance of a sweep")
        cells, deals = int(origin["cells"]), len(origin["deals"])
        left_out = tuple(int(cell) for cell in origin.get("left_out", ()))
        if cells < 1 or deals < 1:
            raise ValueError
    except (ScenarioError, ValueError, KeyError, TypeError, OverflowError):
        raise no_sweep(folder) from None
    done = count_cells(folder, deals)
    news = _news(folder)
    if news is None and (folder / CELLS).is_file():
        return Status(folder, SweepState.finished, cells, done, left_out=left_out)
    state = SweepState.running if news and _alive(news) else SweepState.stopped
    rate = news["worlds"] / news["seconds"] if news and news["seconds"] else 0.0
    left = _left(news, cells) if news and state is SweepState.running else None
    return Status(folder, state, cells, done, rate, left, left_out)


def _news(folder: Path) -> dict[str, Any] | None:
    """Return what a running sweep last said of itself, or None where it says nothing sensible."""
    try:
        news = read_json(folder / PROGRESS, "news of a sweep")
        numbers = {key: float(news[key]) for key in _NUMBERS}
        if not all(0 <= number < _MOST for number in numbers.values()):
            return None
        return {**numbers, "pid": int(news["pid"]), "host": str(news["host"])}
    except (ScenarioError, ValueError, KeyError, TypeError, OverflowError):
        return None


def _alive(news: dict[str, Any]) -> bool:
    if news["host"] != socket.gethostname():
        return bool(time.time() - news["time"] < _SILENT)
    return alive(news["pid"])


def _left(news: dict[str, Any], cells: int) -> float | None:
    fresh = news["done"] - news["done_before"]
    if fresh <= 0:
        return None
    passed = news["seconds"] + time.time() - news["time"]
    return float(np.clip((cells - news["done"]) * passed / fresh, 0.0, _MOST_SECONDS))
