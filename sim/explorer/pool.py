"""Pool of worker processes, and partial results of the worlds that they have played."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import dataclass
from functools import cached_property
from threading import Event, Lock
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from sim.domain.outcome import OUTCOMES
from sim.domain.results import BlockResult
from sim.domain.scenario import Scenario
from sim.experiments.contest import agenda_tables
from sim.experiments.executors import Processes, cores, processes
from sim.experiments.result import EnsembleResult
from sim.experiments.reversal import no_ranking
from sim.experiments.tally import COUNTED, shares
from sim.experiments.tasks import Packed
from sim.explorer.settings import Setting, Values, moved
from sim.model.talks import TalksModel
from sim.quantities import BLOCK_WORLDS
from sim.report.verdict import EVENTS

__all__ = ["SIZES", "PartialResult", "Piece", "WorkerPool", "grow", "play"]

SIZES = (64, 256, 1024, 4096)
"""After how many worlds of every structure the page shows new numbers."""
_PIECE = 256
_PATIENCE = 0.05
"""Seconds between two looks whether anybody still wants the numbers."""
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
            If the pool is closed.
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


@dataclass(frozen=True)
class PartialResult:
    """Results of a setting in its first worlds, the same for all its structures.

    Parameters
    ----------
    setting : Setting
    worlds : int
    pieces : mapping of structure to tuple of BlockResult
        In the order of the worlds.
    """

    setting: Setting
    worlds: int
    pieces: dict[str, tuple[BlockResult, ...]]

    @cached_property
    def rows(self) -> dict[str, dict[str, Any]]:
        """Return, for each structure, its row of the table of outcomes, and the median margin."""
        return {deal: self._row(parts) for deal, parts in self.pieces.items()}

    @cached_property
    def in_brief(self) -> EnsembleResult:
        """Return as much of a run's result as funnel, verdict and order of structures need."""
        scenario = self.setting.scenario(self.worlds)
        played = [part for parts in self.pieces.values() for part in parts]
        parts = [part.columns for part in played]
        columns = {
            name: np.concatenate([part[name] for part in parts])
            for name in ("world", "outcome", "barrier_next", "round_end", *EVENTS, "zopa_margin")
        }
        ends, known = columns["round_end"], np.array([item.name for item in OUTCOMES] + [None])
        words = {name: known[columns[name]] for name in ("outcome", "barrier_next")}  # -1 is none
        columns |= words | {"round_end": np.where(ends < 0, np.nan, ends)}
        deals = np.repeat(list(self.pieces), self.worlds)
        worlds = pd.DataFrame({"deal": deals, **columns})
        outcomes = pd.DataFrame([{"deal": deal, **row} for deal, row in self.rows.items()])
        ranking = no_ranking(scenario.structures)
        more: tuple[pd.DataFrame, ...] = ()
        if scenario.agenda != "single":  # one tree of tables, so a package has one number
            ids = np.array([*played[0].package_ids, None], dtype=object)
            signed = np.concatenate([part["package"] for part in parts])
            more = agenda_tables(scenario, worlds.assign(package=ids[signed]), played)
        return EnsembleResult(scenario, outcomes, worlds, pd.DataFrame(), ranking, {}, *more)

    def _row(self, parts: tuple[BlockResult, ...]) -> dict[str, Any]:
        names = (*COUNTED, "zopa_margin")
        columns = {name: np.concatenate([part.columns[name] for part in parts]) for name in names}
        margin = columns["zopa_margin"]
        finite = margin[np.isfinite(margin)]
        half = float(np.median(finite)) if len(finite) else float("nan")
        return shares(columns) | {"margin": half}


def grow(setting: Setting, pool: WorkerPool, stop: Event) -> Iterator[PartialResult]:
    """Yield partial results of a setting, of more and more worlds, until stopped.

    Worlds are played once; the first n of them are those of a run of n worlds.

    Parameters
    ----------
    setting : Setting
    pool : WorkerPool
    stop : Event
        Set when nobody wants the numbers any more; what is not yet being played is dropped.
    """
    pieces: dict[str, tuple[BlockResult, ...]] = dict.fromkeys(setting.deals, ())
    before = 0
    for size in SIZES:
        todo = list(_pieces(setting, before, size))
        played = _played(todo, pool, stop)
        if played is None or not todo:
            return
        pieces = {
            deal: (*old, *(r for p, r in zip(todo, played, strict=True) if p.deal == deal))
            for deal, old in pieces.items()
        }
        yield PartialResult(setting, size, pieces)
        before = size


def _pieces(setting: Setting, start: int, end: int) -> Iterator[Piece]:
    """Yield the worlds from `start` to `end` of all structures, cut small."""
    for deal in setting.deals:
        world = start
        while world < end:
            block, first = divmod(world, BLOCK_WORLDS)
            size = min(_PIECE, end - world, BLOCK_WORLDS - first)
            yield Piece(setting.packed, setting.values, deal, block, first, size)
            world += size


def _played(todo: list[Piece], pool: WorkerPool, stop: Event) -> list[BlockResult] | None:
    """Return the results of all pieces, or None when stopped."""
    waiting: dict[Future[BlockResult], int] = {}
    results: dict[int, BlockResult] = {}
    place = 0
    while len(results) < len(todo):
        if stop.is_set():
            for future in waiting:
                future.cancel()
            return None
        while place < len(todo) and len(waiting) < pool.workers + 1:
            waiting[pool.submit(play, todo[place])] = place
            place += 1
        done, _ = wait(waiting, timeout=_PATIENCE, return_when=FIRST_COMPLETED)
        for future in done:
            results[waiting.pop(future)] = future.result()
    return [results[index] for index in range(len(todo))]
