"""Tell how far a sweep is by looking at its folder only."""

from __future__ import annotations

import os
import socket
import time
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import Fault, ScenarioError
from sim.experiments.sweep.cutting import count_cells
from sim.experiments.sweep.folder import CELLS, SWEEP
from sim.experiments.sweep.progress import PROGRESS
from sim.io.files import read_json
from sim.io.tables import MANIFEST

__all__ = ["State", "Status", "status"]

_SILENT = 120.0
"""Seconds without news after which a sweep on another machine counts as stopped."""
_NUMBERS = ("worlds", "seconds", "time", "done", "done_before")
_MOST_SECONDS = 1e9
_MOST = 1e15
"""A number beyond which news are none."""


class State(Enum):
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
    state : State
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
    state: State
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
        fault = Fault("", f"the folder of a sweep, with {SWEEP}", "another", file=str(folder))
        raise ScenarioError([fault]) from None
    done = count_cells(folder, deals)
    news = _news(folder)
    if news is None and (folder / CELLS).is_file():
        return Status(folder, State.finished, cells, done, left_out=left_out)
    state = State.running if news and _alive(news) else State.stopped
    rate = news["worlds"] / news["seconds"] if news and news["seconds"] else 0.0
    left = _left(news, cells) if news and state is State.running else None
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
    try:
        os.kill(max(news["pid"], 1), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _left(news: dict[str, Any], cells: int) -> float | None:
    fresh = news["done"] - news["done_before"]
    if fresh <= 0:
        return None
    passed = news["seconds"] + time.time() - news["time"]
    return float(np.clip((cells - news["done"]) * passed / fresh, 0.0, _MOST_SECONDS))
