"""`sim.gc_tuning`: garbage is looked for seldom."""

from __future__ import annotations

import gc

from sim.gc_tuning import collect_garbage_seldom


def test_garbage_is_looked_for_seldom() -> None:
    before = gc.get_threshold()
    try:
        collect_garbage_seldom()
        assert gc.get_threshold() > before
    finally:
        gc.set_threshold(*before)
