"""Find a smallest set of numbers that must be moved together before a structure settles.

Barriers stand one behind the other: to move one number alone, or two, may change nothing although
a handful together opens the way. So the search starts from the far side. Every stated number is
put at its more helpful end (dropped stances where no end shows any help), each choice is looked at
again in the company of the others, and then numbers go back home one by one. Numbers are ordered
from the most helpful; the shortest prefix that still settles ends with a number that cannot be
spared; it is kept, and the search goes on before it. None of the set found can be left out; a
different set of the same size may do as well.

References
----------
U. Junker (2004). QuickXplain: preferred explanations and relaxations for over-constrained
problems. AAAI-04, 167-172 (an explanation none of whose parts can be left out).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import numpy as np

from sim.experiments.unlock.bench import Bench, Seen, first
from sim.experiments.unlock.stated import Way
from sim.experiments.unlock.thresholds import Route, follow, pins, reach
from sim.quantities import BLOCK_WORLDS, Floats

PASSES = 2
"""How often every number's end is looked at again in the company of the others."""
FEW = 16
"""Worlds in which two ends of a number are compared."""
WIDTH = 128
"""Worlds in which a set is tried."""
SPARE = 0.1
"""Part of the remaining share that a set must settle beyond what is wanted: luck picks, too."""
MOST = 12
"""Numbers beyond which a set explains nothing any more."""


class Joint(Enum):
    """Say how the search for a set ended."""

    not_sought = "not sought: less would do, or nothing could"
    found = "none of these numbers can be left out"
    never = "not even all stated numbers at their most helpful ends do it"
    many = f"it takes more than {MOST} numbers at once"


Score = tuple[float, float, float]


def score(seen: Seen) -> Score:
    """Return how far worlds got: settled share, mean progress, mean margin where there is one."""
    margin = seen.margin[np.isfinite(seen.margin)]
    mean = float(margin.mean()) if len(margin) else 0.0
    return float(seen.settled.mean()), float(seen.progress.mean()), mean


def smallest_set(bench: Bench, order: Sequence[Sequence[Way]], to: float) -> tuple[Joint, Route]:
    """Return numbers that together, each at its end, settle often enough.

    Parameters
    ----------
    bench : Bench
    order : sequence of sequences of Way
        For each number, from the most helpful to the least: its ways, the better one first.
    to : float
        The wanted share of settled worlds.

    Returns
    -------
    joint : Joint
    route : tuple of Way
        Empty unless a set was found.
    """
    chosen = [ways[0] for ways in order]
    for _ in range(PASSES):
        if _enough(bench, chosen, to):
            break
        chosen = _reconsidered(bench, order, chosen)
    if not _enough(bench, chosen, to):
        return Joint.never, ()
    kept: list[Way] = []
    while not _enough(bench, kept, to):
        if len(kept) == MOST:
            return Joint.many, ()
        shortest = _shortest_prefix(bench, kept, chosen, to)
        kept.append(chosen[shortest - 1])
        chosen = chosen[: shortest - 1]
    return Joint.found, tuple(kept)


def _enough(bench: Bench, route: Sequence[Way], to: float) -> bool:
    if not route:
        return False
    seen = follow(bench, tuple(route), reach(tuple(route)), WIDTH)
    return bool(seen.settled.mean() >= to + SPARE * (1.0 - to))


def _shortest_prefix(bench: Bench, kept: Sequence[Way], chosen: Sequence[Way], to: float) -> int:
    low, high = 0, len(chosen)
    while high - low > 1:
        middle = (low + high) // 2
        if _enough(bench, [*kept, *chosen[:middle]], to):
            high = middle
        else:
            low = middle
    return high


def _reconsidered(bench: Bench, order: Sequence[Sequence[Way]], chosen: Sequence[Way]) -> list[Way]:
    """Return the better end of each number in the company of the others."""
    company = _ends(chosen, FEW)
    trials = [
        (place, way, {**company, **_ends([way], FEW)})
        for place, ways in enumerate(order)
        for way in ways
        if way is not chosen[place]
    ]
    whole = bench.play(_ends(chosen, BLOCK_WORLDS), BLOCK_WORLDS)
    found = bench.side_by_side([trial for _, _, trial in trials], FEW)
    better = list(chosen)
    for number, (place, way, _) in enumerate(trials):
        if score(found[number]) > score(whole.part(first(number, FEW), FEW)):
            better[place] = way
    return better


def _ends(route: Sequence[Way], worlds: int) -> dict[str, Floats]:
    return pins(tuple(route), np.full(worlds, np.inf))
