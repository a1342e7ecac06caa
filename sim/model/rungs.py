"""Place packages on the ladder of outcomes."""

from __future__ import annotations

import numpy as np

from sim.domain.outcome import LADDER, Ladder
from sim.domain.tree import Node
from sim.quantities import Ints


def rungs(node: Node, ladder_levels: dict[str, dict[str, str]]) -> Ints:
    """Return the rung of the ladder on which each package of a node stands.

    Parameters
    ----------
    node : Node
    ladder_levels : mapping of clause to mapping of level to "functional" or "procedural"
        What levels say of themselves; levels of the status quo count for nothing.
    """
    start = node.table.start
    rung = np.zeros(len(node.table), dtype=np.int64)
    for package, state in enumerate(node.table.states):
        new = {c: level for c, level in state.levels.items() if start.levels.get(c) != level}
        named = {ladder_levels.get(c, {}).get(level) for c, level in new.items()}
        moved = not np.array_equal(state.administration, start.administration)
        titled = not np.array_equal(state.title, start.title)
        if "functional" in named:
            rung[package] = LADDER.index(Ladder.functional)
        if "procedural" in named or node.table.facts["frame"][package] == "treaty":
            rung[package] = LADDER.index(Ladder.procedural)
        if moved or titled:
            rung[package] = LADDER.index(Ladder.partial)
        if state.closed:
            rung[package] = LADDER.index(Ladder.full)
    return rung
