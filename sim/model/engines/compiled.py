"""Play rounds by a compiled loop over worlds.

The loops keep the array engine's order of arithmetic, so that both give the same bits. They know
publics of segments and sides that concede by the clock; rounds of others are worked out by arrays.
"""

from __future__ import annotations

import numpy as np

from sim.model.engines.array import ArrayEngine
from sim.model.engines.common import RoundOutcome
from sim.model.engines.rounds import play_rows
from sim.model.engines.seating import Seating
from sim.model.engines.seats import Progress, Scratch
from sim.model.table import RoundContext
from sim.model.worlds import WorldStates
from sim.quantities import Ints


class CompiledEngine(ArrayEngine):
    """The engine in numba, for one block."""

    name = "compiled"

    def __init__(self) -> None:
        self._seating: Seating | None = None

    def play(
        self, scene: RoundContext, node: int, worlds: Ints, mover: int, course: WorldStates
    ) -> RoundOutcome | None:
        """Play a whole round at a node in one go, where loops can; see `Engine`."""
        if self._seating is None:
            self._seating = Seating(scene.parties)
        if not self._seating.possible:
            return None
        one = self._seating.seat(scene, node, mover, mover)
        two = self._seating.seat(scene, node, 1 - mover, mover)
        outcome = blank_outcome(len(worlds))
        tracks = Progress(course.deepest, course.margin, course.refused)
        play_rows(worlds, one, two, tracks, outcome, scratch_for(one.texts.still.shape[1]))
        return outcome


def blank_outcome(rows: int) -> RoundOutcome:
    """Return space for what comes of a round in some rows."""
    accepted, lawful = np.empty(rows, dtype=bool), np.empty(rows, dtype=bool)
    return RoundOutcome(
        np.empty(rows, dtype=np.int64), accepted, lawful, np.empty((2, rows)), np.empty((2, rows))
    )


def scratch_for(packages: int) -> Scratch:
    """Return space for one world's packages."""
    lines = (np.empty((2, packages)) for _ in range(3))
    return Scratch(np.empty(packages, dtype=np.int64), np.empty(packages), *lines)
