"""Worker processes that play worlds for every open page."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

from sim.domain.results import BlockResult
from sim.domain.scenario import Scenario
from sim.experiments.executors import Processes, cores, processes
from sim.experiments.tasks import Packed
from sim.explorer.settings import Setting, Values, moved
from sim.model.talks import TalksModel

__all__ = ["Piece", "WorkerPool", "play"]

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Piece:
    """Some worlds of one block of one structure; it takes a fraction of a second.

    Parameters
    ----------
    packed : Packed
    values : Values
    deal : str
    block : int
    first, worlds : int
        Which worlds of the block.
    """

    packed: Packed[Scenario]
    values: Values
    deal: str
    block: int
    first: int
    worlds: int


def play(piece: Piece) -> BlockResult:
    """Play the worlds of a piece."""
    scenario = moved(piece.packed, piece.values)
    return TalksModel(
        scenario, piece.deal, block=piece.block, worlds=piece.worlds, first=piece.first
    ).run()


class WorkerPool:
    """Processes that are started once and shared by all pages; new ones replace any that die.

    Parameters
    ----------
    workers : int, optional
        How many; absent, one for each processor.
    """

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or cores()
        self._lock = Lock()
        self._pool: Processes = processes(self.workers)
        self._closed = False

    def submit(self, function: Callable[[T], R], task: T) -> Future[R]:
        """Have a task done by one of the processes.

        Raises
        ------
        BrokenExecutor
            If the crew is closed.
        """
        with self._lock:
            if self._closed:
                raise BrokenExecutor("the page is closed")
            try:
                return self._pool.submit(function, task)
            except BrokenExecutor:
                self._pool = processes(self.workers)
                return self._pool.submit(function, task)

    def warm_up(self, setting: Setting) -> None:
        """Start all processes, and have each load what the first worlds of a setting need."""
        for deal in setting.deals:
            for number in range(self.workers):
                self.submit(play, Piece(setting.packed, setting.values, deal, 0, number, 1))

    def close(self) -> None:
        """End all processes at once."""
        with self._lock:
            self._closed = True
            self._pool.kill()
            self._pool.shutdown(wait=True, cancel_futures=True)
