"""Let the number of worlds behind the numbers grow while somebody looks at them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from functools import cached_property
from threading import Event
from typing import Any

import numpy as np

from sim.domain.results import BlockResult
from sim.experiments.tally import shares
from sim.explorer.pool import Piece, WorkerPool, play
from sim.explorer.settings import Setting
from sim.quantities import BLOCK_WORLDS

__all__ = ["SIZES", "PartialResult", "grow"]

SIZES = (64, 256, 1024, 4096)
"""After how many worlds of every structure the page shows new numbers."""
_PIECE = 256
_PATIENCE = 0.05
"""Seconds between two looks whether anybody still wants the numbers."""


@dataclass(frozen=True)
class PartialResult:
    """What came of a setting in its first worlds, the same for all its structures.

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

    def _row(self, parts: tuple[BlockResult, ...]) -> dict[str, Any]:
        names = ("outcome", "ladder", "round_end", "zopa_margin")
        outcome, ladder, ended, margin = (
            np.concatenate([part.columns[name] for part in parts]) for name in names
        )
        finite = margin[np.isfinite(margin)]
        half = float(np.median(finite)) if len(finite) else float("nan")
        return shares(outcome, ladder, ended) | {"margin": half}


def grow(setting: Setting, pool: WorkerPool, stop: Event) -> Iterator[PartialResult]:
    """Yield what comes of a setting in more and more worlds, until told to stop.

    Worlds are played once; the first n of them are those of a run of n worlds.

    Parameters
    ----------
    setting : Setting
    crew : WorkerPool
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
    """Return the results of all pieces, or None when told to stop."""
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
