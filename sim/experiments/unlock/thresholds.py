"""Find, world by world, how far numbers must be moved before a structure settles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.equations.statistics import wilson_interval
from sim.experiments.unlock.bench import Bench, Seen
from sim.experiments.unlock.stated import Measure, Way
from sim.quantities import Bools, Floats

STEPS = 7
"""Bisections: a threshold is found to the 128th part of the way."""
Route = tuple[Way, ...]
"""Numbers moved together, each by the same number of its own units and no further than its end."""


def reach(route: Route) -> float:
    """Return the change at which every number of a route is at its end."""
    return max(way.reach for way in route)


def pins(route: Route, change: Floats) -> dict[str, Floats]:
    """Return a route's values after a change in each world.

    Parameters
    ----------
    route : Route
    change : ndarray, shape (worlds,)
        In units of change; the numbers of a route stand at their centres where it is 0.
    """
    return {way.key: way.value(change) for way in route}


@dataclass(frozen=True)
class Threshold:
    """How far a route must be followed.

    Parameters
    ----------
    change : float
        Smallest change at which the wanted share of worlds settles; NaN if none within reach.
    low, high : float
        Interval of that change; infinity where it may lie beyond reach.
    """

    change: float
    low: float
    high: float


def bisect(bench: Bench, routes: Sequence[Route], width: int, *, common: bool) -> list[Floats]:
    """Return the change at which each world begins to settle, for each route.

    Each world is bisected by itself, all of them at once. A world that settles at no change has
    threshold 0, one that does not settle at the end has infinity.

    Parameters
    ----------
    bench : Bench
    routes : sequence of Route
    width : int
        Worlds for each route.
    common : bool
        Whether all routes are followed in the same worlds, or side by side in worlds of their own.
    """
    ends = [np.full(width, reach(route)) for route in routes]
    low, high = [np.zeros(width) for _ in routes], [end.copy() for end in ends]
    at_start = _settled(bench, routes, low, common)
    at_end = _settled(bench, routes, high, common)
    switches = all(way.measure is Measure.switch for route in routes for way in route)
    for _ in range(0 if switches else STEPS):
        middle = [(a + b) / 2 for a, b in zip(low, high, strict=True)]
        for place, settled in enumerate(_settled(bench, routes, middle, common)):
            high[place] = np.where(settled, middle[place], high[place])
            low[place] = np.where(settled, low[place], middle[place])
    beyond = [np.where(end, found, np.inf) for end, found in zip(at_end, high, strict=True)]
    return [np.where(start, 0.0, found) for start, found in zip(at_start, beyond, strict=True)]


def resolution(route: Route) -> float:
    """Return by how much a threshold found by `bisect` may be too large."""
    return float(reach(route) / 2**STEPS)


def threshold(changes: Floats, share: float, grain: float = 0.0) -> Threshold:
    """Return the change at which a share of worlds has begun to settle.

    The interval is that of the order statistic (ranks between the ends of the Wilson interval of
    the share), widened downwards by the grain of the thresholds.

    Parameters
    ----------
    changes : ndarray, shape (worlds,)
        Threshold of each world.
    share : float
        In (0, 1].
    grain : float
        By how much thresholds may be too large.

    Examples
    --------
    >>> found = threshold(np.array([0.0, 1.0, 2.0, np.inf]), 0.5)
    >>> found.change, found.low, found.high
    (1.0, 0.0, inf)
    """
    ordered, number = np.sort(changes), len(changes)
    rank = int(np.ceil(share * number - 1e-9))
    low, high = wilson_interval(np.array(rank), np.array(number))
    places = [int(np.floor(low * number)), rank, int(np.ceil(high * number))]
    found = [float(ordered[min(max(place, 1), number) - 1]) for place in places]
    change = found[1] if np.isfinite(found[1]) else float("nan")
    return Threshold(change, max(found[0] - grain, 0.0), found[2])


def follow(bench: Bench, route: Route, change: float, worlds: int) -> Seen:
    """Return the first worlds of a run with a route followed equally far in all."""
    return bench.play(pins(route, np.full(worlds, change)), worlds)


def _settled(
    bench: Bench, routes: Sequence[Route], changes: Sequence[Floats], common: bool
) -> list[Bools]:
    trials = [pins(route, change) for route, change in zip(routes, changes, strict=True)]
    width = len(changes[0]) if len(changes) else 0
    if common:
        return [bench.play(trial, width).settled for trial in trials]
    return [one.settled for one in bench.side_by_side(trials, width)]
