"""Distance of a structure: how far along the declared path worlds begin to bring something about.

Each world is looked at on a grid of the path, and bisected between the first place at which the
event comes about and the place before it, always on the same random numbers. So the distances of
worlds, events and structures are paired, and their differences are no luck of the draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.experiments.conditions.path import GONE
from sim.experiments.conditions.trials import EVENTS, PairedTrials
from sim.experiments.unlock.trials import Threshold, threshold
from sim.quantities import Bools, Floats, Ints
from sim.randomness import Streams

__all__ = ["GRID", "REACHED", "Distance", "distance", "rank_intervals"]

GRID = np.linspace(0.0, GONE, 9)
"""Places at which all worlds are looked at."""
_HALVINGS = 4
"""Bisections between two places of the grid."""
GRAIN = float(GRID[1] - GRID[0]) / 2**_HALVINGS
"""By how much a world's distance may be too large."""
REACHED = (0.1, 0.5)
"""Shares of worlds whose distances are told."""
_RESAMPLES = 400


@dataclass(frozen=True)
class Distance:
    """How far a structure is from each event.

    Parameters
    ----------
    of_worlds : mapping of event to ndarray, shape (worlds,)
        The least place found on the path at which the event comes about; infinity where it does
        not anywhere.
    shares : mapping of event to ndarray, shape (places of the grid,)
        Share of worlds in which it comes about there.
    lapsed : mapping of event to float
        Share of worlds in which it comes about at a place of the grid and not at a later one: what
        the reading "from here on" neglects.
    """

    of_worlds: Mapping[str, Floats]
    shares: Mapping[str, Floats]
    lapsed: Mapping[str, float]

    def at(self, event: str, share: float) -> Threshold:
        """Return the place at which a share of worlds has reached an event, with its interval."""
        return threshold(self.of_worlds[event], share, GRAIN)


def distance(trials: PairedTrials) -> Distance:
    """Return how far along the path a structure is from each event.

    Parameters
    ----------
    trials : PairedTrials
    """
    on_grid = trials.play([trials.everywhere(t) for t in GRID])
    seen: dict[str, Bools] = {event: np.array([one[event] for one in on_grid]) for event in EVENTS}
    return Distance(
        of_worlds=_refined(trials, seen),
        shares={event: there.mean(axis=1) for event, there in seen.items()},
        lapsed={event: _lapsed(there) for event, there in seen.items()},
    )


def _lapsed(there: Bools) -> float:
    before = np.logical_or.accumulate(there, axis=0)
    return float((before & ~there).any(axis=0).mean())


def _refined(trials: PairedTrials, seen: Mapping[str, Bools]) -> dict[str, Floats]:
    """Bisect every world of every event between two places of the grid."""
    found = {event: np.where(there.any(axis=0), 0.0, np.inf) for event, there in seen.items()}
    first = [seen[event].argmax(axis=0) for event in EVENTS]
    open_ = [np.flatnonzero(place > 0) for place in first]
    worlds = np.concatenate(open_)
    high = np.concatenate([GRID[place[rows]] for place, rows in zip(first, open_, strict=True)])
    low, of_event = high - GRID[1], np.repeat(np.arange(len(EVENTS)), [*map(len, open_)])
    for _ in range(_HALVINGS if len(worlds) else 0):
        middle = (low + high) / 2.0
        there = _there(trials, worlds, middle)[of_event, np.arange(len(worlds))]
        high, low = np.where(there, middle, high), np.where(there, low, middle)
    for event, place in zip(EVENTS, range(len(EVENTS)), strict=True):
        found[event][open_[place]] = high[of_event == place]
    return found


def _there(trials: PairedTrials, worlds: Ints, t: Floats) -> Bools:
    """Return for each event where it comes about; what is asked twice is played once."""
    pairs, same = np.unique(np.stack([worlds, t]), axis=1, return_inverse=True)
    played = trials.along(pairs[0].astype(np.int64), pairs[1])
    return np.stack([played[event][same.reshape(-1)] for event in EVENTS])


def rank_intervals(
    distances: Sequence[Floats], share: float, seed: int
) -> list[tuple[int, int, int]]:
    """Return the rank of each structure with its 95 % interval, by resampling common worlds.

    Parameters
    ----------
    distances : sequence of ndarray, shape (worlds,)
        Of each structure, in the same worlds.
    share : float
        Ranked by the place at which this share of worlds is reached.
    seed : int

    Returns
    -------
    list of (rank, lowest, highest)
        The nearest has rank 1; who never gets there shares the last rank.

    Examples
    --------
    >>> near, far = np.full(64, 0.5), np.full(64, 1.0)
    >>> rank_intervals([far, near], 0.1, seed=0)
    [(2, 2, 2), (1, 1, 1)]
    """
    table = np.stack(distances)
    many = table.shape[1]
    luck = Streams(seed, 0, _RESAMPLES).uniforms("conditions/ranks", slots=many)
    place = max(int(np.ceil(share * many - 1e-9)), 1) - 1
    drawn = np.sort(table[:, (luck * many).astype(np.int64)], axis=2)[:, :, place]
    own = _ranks(np.sort(table, axis=1)[:, [place]])[:, 0]
    low, high = np.quantile(_ranks(drawn), [0.025, 0.975], axis=1, method="nearest")
    return [(int(a), int(b), int(c)) for a, b, c in zip(own, low, high, strict=True)]


def _ranks(values: Floats) -> Floats:
    """Return 1 and how many are nearer, column by column."""
    return np.asarray(1 + (values[:, None, :] > values[None, :, :]).sum(axis=1))
