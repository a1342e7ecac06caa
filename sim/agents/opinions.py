"""Hold what a public thinks of the packages of a table, whatever the day's mood."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.quantities import Floats, Ints


@dataclass(frozen=True)
class Opinions:
    """A public's lasting opinion of the packages of one table.

    Many packages look the same to a public, so opinions are kept for distinct ones only.

    Parameters
    ----------
    values : ndarray, shape (worlds, segments, distinct packages)
        Points.
    concession : ndarray, shape (distinct packages,)
        How much of a concession by the public's side, in [0, 1].
    column : ndarray of int, shape (packages,)
        The distinct package that each package looks like.
    """

    values: Floats
    concession: Floats
    column: Ints

    @cached_property
    def highest(self) -> Floats:
        """Return each segment's highest value of any package, shape (worlds, segments)."""
        return _over_packages(np.maximum, self.values)

    @cached_property
    def lowest(self) -> Floats:
        """Return each segment's lowest value of any package, shape (worlds, segments)."""
        return _over_packages(np.minimum, self.values)


def _over_packages(pick: np.ufunc, values: Floats) -> Floats:
    """Reduce the last axis; many short lines take far longer than a few long ones."""
    lines = np.ascontiguousarray(values.reshape(-1, values.shape[2]).T)
    return np.asarray(pick.reduce(lines).reshape(values.shape[:2]))
