"""Look at one world's packages in compiled code, before anybody speaks.

Everything is worked out package by package, in the array engine's order of arithmetic; loops are
short and simple, so that the compiler can take several packages at a time.
"""

from __future__ import annotations

import numpy as np

from sim.model.engines.common import BARGAIN, PASSABLE, SIGNABLE
from sim.model.engines.loops import compiled, unordered
from sim.model.engines.seats import Progress, Scratch, SideArrays
from sim.model.engines.verdicts import passes
from sim.quantities import Floats


@compiled
def _look(side: SideArrays, world: int, room: Scratch, line: int) -> None:
    """Fill a side's line of values of a world's packages, and what the other takes them for."""
    texts, weights = side.texts, side.present.moving_weights
    moved, open_, value = room.spare, room.open[line], room.value[line]
    still, kept, penalty = texts.still[world], texts.kept[world], texts.penalty[world]
    moved[:] = 0.0
    for place in range(len(weights)):
        weight, features = weights[place, world], texts.moving_features[place]
        for package in range(len(moved)):
            moved[package] += weight * features[package]
    for package in range(len(moved)):
        open_[package] = still[package] + kept[package] * moved[package]
    for package in range(len(moved)):
        value[package] = open_[package] - penalty[package]


@unordered
def _highest(values: Floats) -> float:
    """Return the highest of some numbers; none is NaN, so their order does not matter."""
    top = -np.inf
    for value in values:
        top = max(top, value)
    return top


@compiled
def _take(side: SideArrays, world: int, room: Scratch, line: int, reservation: float) -> float:
    """Fill what a side takes the other's values for; return its own best hope."""
    error, shrinkage = side.texts.error[world], side.present.shrinkage[world]
    least = reservation + shrinkage * side.lasting.reservation_error[world]
    own, value, seen = room.value[line], room.value[1 - line], room.seen[line]
    for package in range(len(seen)):
        seen[package] = value[package] + shrinkage * error[package]
    hope = room.spare
    for package in range(len(seen)):
        hope[package] = own[package] if seen[package] >= least else -np.inf
    return float(_highest(hope))


@compiled
def _depth(
    one: SideArrays, two: SideArrays, world: int, r: tuple[float, float], depth: int, room: Scratch
) -> int:
    """Return how deep talks reach, no less than they did before."""
    for package in range(room.value.shape[1]):
        if room.open[0, package] < r[0] or room.open[1, package] < r[1]:
            continue
        depth = max(depth, BARGAIN)
        if room.value[0, package] < r[0] or room.value[1, package] < r[1]:
            continue
        if one.texts.forbidden[world, package] or two.texts.forbidden[world, package]:
            continue
        depth = max(depth, SIGNABLE)
        if passes(one, world, package) and passes(two, world, package):
            return PASSABLE
    return depth


@compiled
def _margin(r: tuple[float, float], room: Scratch) -> float:
    """Return the best smaller surplus."""
    one, two, least = room.open[0], room.open[1], room.spare
    for package in range(len(least)):
        least[package] = min(one[package] - r[0], two[package] - r[1])
    return float(_highest(least))


@compiled
def survey(
    one: SideArrays,
    two: SideArrays,
    world: int,
    r: tuple[float, float],
    tracks: Progress,
    room: Scratch,
) -> tuple[float, float]:
    """Look at a world's packages and note how deep talks reach; return both sides' best hopes."""
    _look(one, world, room, 0)
    _look(two, world, room, 1)
    margin = _margin(r, room)
    tracks.margin[world] = max(tracks.margin[world], margin)
    if margin >= 0 and tracks.deepest[world] < PASSABLE:
        tracks.deepest[world] = _depth(one, two, world, r, tracks.deepest[world], room)
    return _take(one, world, room, 0, r[1]), _take(two, world, room, 1, r[0])
