"""Play rounds by a compiled loop over worlds.

The loops keep the array engine's order of arithmetic, so that both give the same bits. They know
publics of segments and sides that concede by the clock; rounds of others are worked out by arrays.
"""

from __future__ import annotations

import numpy as np

from sim.model.course import Course
from sim.model.engines.array import ArrayEngine
from sim.model.engines.common import Dealt
from sim.model.engines.rounds import play_rows
from sim.model.engines.seating import Seating
from sim.model.engines.seats import Room, Tracks
from sim.model.table import Scene
from sim.quantities import Ints


class CompiledEngine(ArrayEngine):
    """The engine in numba, for one block."""

    name = "compiled"

    def __init__(self) -> None:
        self._seating: Seating | None = None

    def play(
        self, scene: Scene, node: int, worlds: Ints, mover: int, course: Course
    ) -> Dealt | None:
        """Play a whole round at a node in one go, where loops can; see `Engine`."""
        if self._seating is None:
            self._seating = Seating(scene.parties)
        if not self._seating.possible:
            return None
        one = self._seating.seat(scene, node, mover, mover)
        two = self._seating.seat(scene, node, 1 - mover, mover)
        dealt = undealt(len(worlds))
        tracks = Tracks(course.deepest, course.margin, course.refused)
        play_rows(worlds, one, two, tracks, dealt, room_for(one.texts.still.shape[1]))
        return dealt


def undealt(rows: int) -> Dealt:
    """Return space for what comes of a round in some rows."""
    accepted, lawful = np.empty(rows, dtype=bool), np.empty(rows, dtype=bool)
    return Dealt(
        np.empty(rows, dtype=np.int64), accepted, lawful, np.empty((2, rows)), np.empty((2, rows))
    )


def room_for(packages: int) -> Room:
    """Return space for one world's packages."""
    lines = (np.empty((2, packages)) for _ in range(3))
    return Room(np.empty(packages, dtype=np.int64), np.empty(packages), *lines)
