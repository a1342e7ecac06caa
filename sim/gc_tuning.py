"""Thresholds of garbage collection; apart from `sim.memo`, since help is shown without arrays.

What is made while modules are imported and a scenario is read stays for good, and worlds are
arrays, which are freed by count. Looking through all of that a thousand times costs a quarter of a
start.
"""

from __future__ import annotations

import gc

__all__ = ["collect_garbage_seldom"]

_MADE, _YOUNG, _OLD = 100_000, 20, 20
"""Objects made between looks at the youngest, and how many looks before those at older ones."""


def collect_garbage_seldom() -> None:
    """Raise this process's thresholds of garbage collection."""
    gc.set_threshold(_MADE, _YOUNG, _OLD)
