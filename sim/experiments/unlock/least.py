"""Least change in any number of stated preferences after which a structure settles often enough.

1. Every number is moved to the end of its declared range that goes with less resolve, or to its
   `off` where that lies beyond; where not even that is enough, preconditions and ratifiers go on to
   where they stop nothing (t = 2 of `sim.experiments.conditions.path`).
2. Numbers are given back one by one, those that help least first, as long as the wanted share is
   still reached: whole runs of them at once, by bisection (Junker 2004).
3. What is left is moved back as far as the share allows: all of it together by the same part of the
   way, then each number by itself, the dearest first.

All trials are made in the same worlds, and ask for a little more than the wanted share, so that
luck in these worlds is not what reaches it; the result is played again in other worlds. Where more
change never does harm, none of the numbers can be left out, and none moved less by itself by more
than a 64th of its way. It is not claimed that no other set is smaller.

References
----------
U. Junker (2004). QuickXplain: preferred explanations and relaxations for over-constrained
problems. AAAI-04, 167-172.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.domain.scenario import Scenario
from sim.experiments.conditions.coalitions import MinimalSetSearch
from sim.experiments.conditions.path import DeclaredPath
from sim.experiments.conditions.trials import PairedTrials
from sim.experiments.unlock.paired import PairedShare, paired_share
from sim.experiments.unlock.stated import Direction, Measure, directions, stated
from sim.quantities import Bools

__all__ = ["LeastChange", "friendly_directions", "least_change"]

Names = frozenset[str]
Parts = dict[str, float]
"""How much of its way each number goes, in [0, 1]."""
SPARE = 0.1
"""Part of the remaining share that trials must settle beyond what is wanted: luck picks, too."""
WIDTH, FRESH = 128, 256
"""Worlds of the search, and others in which its result is played."""
_PARTS = 8
"""Into how many parts a way is cut, twice over."""
_EVENT = "closed"


@dataclass(frozen=True)
class Moved:
    """A number that must give, and how far.

    Parameters
    ----------
    direction : Direction
    size : float
        In units of change.
    value : float
        What it comes to; infinity for "none".
    beyond : bool
        Whether that lies beyond its declared range.
    """

    direction: Direction
    size: float
    value: float
    beyond: bool


@dataclass(frozen=True)
class LeastChange:
    """Result of a search for the least change.

    Parameters
    ----------
    most : float
        Share settled with every number at its friendly end, in the worlds of the search.
    numbers : int
        How many numbers could move.
    moved : tuple of Moved
        Those that must, the dearest first; empty where not even all do.
    share : PairedShare, optional
        What comes of them in other worlds, beside the same worlds left alone.
    """

    most: float
    numbers: int
    moved: tuple[Moved, ...] = ()
    share: PairedShare | None = None

    @property
    def units(self) -> float:
        """Return the sum of what numbers move, in standard deviations; others are left out."""
        return sum(one.size for one in self.moved if one.direction.measure is Measure.sd)


def friendly_directions(
    scenario: Scenario, keys: Sequence[str], *, gone: bool = False
) -> Iterator[Direction]:
    """Yield for each number the direction that goes with less resolve, where it declares one.

    Parameters
    ----------
    scenario : Scenario
    keys : sequence of str
        Of stated numbers.
    gone : bool
        Whether preconditions and ratifiers go on to where they stop nothing.
    """
    numbers = stated(scenario)
    ends = {way.key: way.gone for _, way in DeclaredPath(scenario).ways()} if gone else {}
    for key in keys:
        number = numbers[key]
        known = list(directions(key, number))
        chosen = [one for one in known if one.drops]
        if number.is_uncertain and number.resolve in ("firmer", "softer"):
            towards = -1.0 if number.resolve == "firmer" else 1.0
            chosen = [one for one in known if np.sign(one.step) == towards and one.step < np.inf]
        end = ends.get(key)
        one = chosen[0] if chosen else None
        if end is not None and one is not None and one.measure is Measure.sd:
            further = (end - one.end) * one.step > 0
            one = replace(one, end=end, drops=True) if further else one
        elif end is not None and one is None and number.point != end:
            way = end - number.point
            one = Direction(key, number.unit, Measure.way_to_off, number.point, end, way, True)
        if one is not None:
            yield one


class _Search:
    """Shares of worlds that settle with numbers moved, in the same worlds."""

    def __init__(self, scenario: Scenario, deal: str, ways: Sequence[Direction], to: float) -> None:
        self.ways = {one.key: one for one in ways}
        self.trials = PairedTrials(scenario, deal, WIDTH, DeclaredPath(scenario))
        self.to = min(to + SPARE * (1.0 - to), 1.0)
        self.rows = np.arange(WIDTH)
        self.rows = np.flatnonzero(self.settled([dict.fromkeys(self.ways, 1.0)])[0])
        self.most = len(self.rows) / WIDTH

    def values(self, parts: Parts) -> dict[str, float]:
        """Return the numbers' values after parts of their ways."""
        ways = {key: self.ways[key] for key in parts}
        return {
            key: float(way.value(np.array([parts[key] * way.reach]))[0])
            for key, way in ways.items()
        }

    def settled(self, tried: Sequence[Parts]) -> list[Bools]:
        """Return which worlds settle in each trial; those that never do are left out."""
        also, among = [self.values(parts) for parts in tried], [self.rows] * len(tried)
        return [one[_EVENT] for one in self.trials.play([{}] * len(tried), also, among)]

    def shares(self, sets: Sequence[Names]) -> list[float]:
        """Return the share that settles with each set of numbers at their ends."""
        tried = [dict.fromkeys(sorted(one), 1.0) for one in sets]
        return [float(one.mean()) for one in self.settled(tried)]

    def least_set(self) -> Names:
        """Return numbers of which none can be left out."""
        whole = frozenset(self.ways)
        names = list(self.ways)
        without = np.array(self.shares([whole - {name} for name in names]))
        costly = [list(Measure).index(self.ways[name].measure) for name in names]
        order = [names[place] for place in np.lexsort([costly, without])]
        search = MinimalSetSearch(order, self.shares, self.to)
        return search.shrunk(whole)

    def moved_back(self, names: Names) -> Parts:
        """Return how much of its way each number must go at least, given the others."""
        parts = self._least(dict.fromkeys(sorted(names), 1.0), sorted(names))
        if len(names) > 1:
            for key in sorted(names, key=lambda name: (-self.ways[name].reach, name)):
                parts = self._least(parts, [key])
        return parts

    def _least(self, parts: Parts, keys: Sequence[str]) -> Parts:
        """Move some numbers back by the same part, as far as the share allows."""
        low, high = 0.0, 1.0
        for _ in range(2):
            steps = np.linspace(low, high, _PARTS + 1)
            tried = [parts | {key: parts[key] * step for key in keys} for step in steps[1:-1]]
            enough = [float(one.mean()) >= self.to for one in self.settled(tried)] + [True]
            place = max((n for n, able in enumerate(enough) if not able), default=-1) + 1
            low, high = float(steps[place]), float(steps[place + 1])
        return parts | {key: parts[key] * high for key in keys}


def least_change(
    scenario: Scenario, deal: str, to: float, keys: Sequence[str] | None = None
) -> LeastChange:
    """Return the least change in any number of stated preferences.

    Parameters
    ----------
    scenario : Scenario
    deal : str
    to : float
        The wanted share of settled worlds, in (0, 1].
    keys : sequence of str, optional
        Which of the stated numbers may move; all, if left out.
    """
    chosen = [*stated(scenario)] if keys is None else [*keys]
    for gone in (False, True):
        ways = [*friendly_directions(scenario, chosen, gone=gone)]
        search = _Search(scenario, deal, ways, to)
        if search.most >= search.to:
            break
    else:
        return LeastChange(search.most, len(ways))
    parts = search.moved_back(search.least_set())
    declared = {one.key: one for one in friendly_directions(scenario, chosen)}
    values = search.values(parts)
    moved = [
        Moved(way, parts[key] * way.reach, values[key], _beyond(declared.get(key), values[key]))
        for key, way in search.ways.items()
        if key in parts
    ]
    moved.sort(key=lambda one: (list(Measure).index(one.direction.measure), -one.size))
    share = paired_share(scenario, deal, values, FRESH, first=WIDTH)
    return LeastChange(search.most, len(ways), tuple(moved), share)


def _beyond(declared: Direction | None, value: float) -> bool:
    """Tell whether a value lies beyond the end that a number declares."""
    if declared is None or declared.measure is Measure.switch:
        return declared is None
    return bool((value - declared.end) * declared.step > 1e-9 * abs(declared.step))
