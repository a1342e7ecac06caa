"""Processes play pieces, survive a death, and end when told to."""

import os
from concurrent.futures import BrokenExecutor

import numpy as np
import pytest

from sim.explorer.pool import Piece, WorkerPool, play
from sim.explorer.settings import Setting


def _die(_: object) -> None:
    os._exit(3)


def test_a_crew_goes_on_after_a_death_and_leaves_nothing_behind(setting: Setting) -> None:
    crew = WorkerPool(1)
    try:
        with pytest.raises(BrokenExecutor):
            crew.submit(_die, None).result(timeout=120)
        piece = Piece(setting.packed, setting.values, "status_quo", 1, 5, 3)
        done = crew.submit(play, piece).result(timeout=120)
    finally:
        started = list(crew._pool._context.started)
        crew.close()
    np.testing.assert_array_equal(done.columns["world"], [1029, 1030, 1031])
    assert started
    assert not any(process.is_alive() for process in started)
