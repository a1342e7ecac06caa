"""Table of worlds as draws from a prior, with what would have been read in each.

A posterior is such a table, weighted; see `sim.experiments.inference.posterior`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import rankdata

from sim.equations.rejection import (
    beyond,
    distance,
    effective,
    local_linear,
    regressed,
    weights,
)
from sim.quantities import Bools, Floats, Ints

__all__ = ["Kept", "ReferenceTable"]


@dataclass(frozen=True, eq=False)
class Kept:
    """Worlds that are kept of a table.

    Parameters
    ----------
    rows : ndarray of int, shape (kept,)
    weight : ndarray, shape (kept,)
        They add to 1.
    misfits : ndarray, shape (kept, numbers)
        How far each lies beyond the tolerances, in spreads of the readings, with its sign.
    """

    rows: Ints
    weight: Floats
    misfits: Floats

    @property
    def is_exact(self) -> bool:
        """Tell whether every world lies within all tolerances."""
        return not self.misfits.any()

    @cached_property
    def effective(self) -> float:
        """Return how many equal draws they are worth, where a regression moves them or not."""
        return effective(local_linear(self.misfits, self.weight)[0])


@dataclass(frozen=True, eq=False)
class ReferenceTable:
    """Worlds as draws from a prior, with what would have been read in each.

    Parameters
    ----------
    prior : ndarray, shape (worlds, targets)
    events : ndarray of bool, shape (worlds, events)
        What came out as a yes or a no.
    numbers : ndarray, shape (worlds, numbers)
        What would have been read as a number, without error.
    tolerance : ndarray, shape (numbers,)
    keep : int
        Worlds that are kept at least.
    """

    prior: Floats
    events: Bools
    numbers: Floats
    tolerance: Floats
    keep: int

    @cached_property
    def scores(self) -> Floats:
        """Return the normal scores of the draws, shape (worlds, targets)."""
        places = (rankdata(self.prior, axis=0) - 0.5) / len(self.prior)
        return np.asarray(ndtri(places))

    @cached_property
    def _sorted(self) -> Floats:
        return np.sort(self.prior, axis=0)

    @cached_property
    def _scale(self) -> Floats:
        """Return the spread of each reading over all worlds; 1 where there is none."""
        spread = self.numbers.std(axis=0)
        return np.where(spread > 0, spread, 1.0)

    def matching(self, events: Bools) -> Ints:
        """Return the worlds in which every yes or no came out as it did."""
        return np.flatnonzero((self.events == events).all(axis=1))

    def given(self, numbers: Floats, among: Ints) -> Kept:
        """Return the worlds that are kept given what was read as numbers, among some worlds.

        Parameters
        ----------
        numbers : ndarray, shape (numbers,)
            As they were read.
        among : ndarray of int
            At least one world.
        """
        misfits = beyond(self.numbers[among], numbers, self.tolerance) / self._scale
        far = distance(misfits)
        found = weights(far, min(self.keep / len(among), 1.0)) if len(among) > 1 else np.ones(1)
        kept = np.flatnonzero(found)
        return Kept(among[kept], found[kept], misfits[kept])

    def values(self, kept: Kept) -> Floats:
        """Return the numbers of worlds as they would be without misfits, (kept, targets)."""
        if kept.is_exact:
            return self.prior[kept.rows]
        moved = ndtr(regressed(self.scores[kept.rows], kept.misfits, kept.weight))
        places = (np.arange(len(self.prior)) + 0.5) / len(self.prior)
        columns = zip(moved.T, self._sorted.T, strict=True)
        return np.stack([np.interp(p, places, drawn) for p, drawn in columns], axis=1)
