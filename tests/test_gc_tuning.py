"""`sim.gc_tuning`: garbage is looked for seldom."""

from __future__ import annotations

import gc

from sim.gc_tuning import collect_garbage_seldom


def test_garbage_is_looked_for_seldom() -> None:
    before = gc.get_threshold()
    try:
        gc.set_threshold(700, 10, 10)
        collect_garbage_seldom()
        assert min(gc.get_threshold()) > 10
        assert gc.get_threshold()[0] > 7_000
    finally:
        gc.set_threshold(*before)
