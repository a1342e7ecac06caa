"""Array types of the simulator, and the order of their axes.

Every array of the simulator keeps its axes in one order, so that a reader never has to guess:

``(world, segment | object, package, interest)``

A leading ``round`` axis appears only in recorded traces and in exogenous shocks. Utilities are in
*points* (one side's own unit; sides' points are never compared except by the utilitarian and
egalitarian solutions and by the margin, of which the sign is of both), shares lie in [0, 1],
approvals in percent (0 to 100), time in rounds unless a name ends in ``_years``, money in thousand
millions of US dollars a year.
"""

from __future__ import annotations

import operator
from typing import Any, NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
"""Any array of floats."""
Bools: TypeAlias = NDArray[np.bool_]
"""Any array of truth values."""
Ints: TypeAlias = NDArray[np.int64]
"""Any array of integers."""
Rows: TypeAlias = NDArray[np.int64] | slice
"""Some worlds of a block: their places, or a slice of them, which copies nothing."""
EVERYONE = slice(None)
"""All worlds of a block."""

Array = TypeVar("Array", NDArray[np.float64], NDArray[np.bool_])


class Cells(NamedTuple):
    """Cells of arrays over worlds and packages: whole lines, or one package in each line.

    What is looked up has shape (rows, packages) in the first case, (rows,) in the second.

    Attributes
    ----------
    worlds : ndarray of int, shape (rows,), or slice
    packages : ndarray of int, shape (rows,), optional
        Absent: all packages of every world.

    Examples
    --------
    >>> table, some = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1, 0])
    >>> Cells(some).of(table).tolist(), Cells(some, np.array([0, 1])).of(table).tolist()
    ([[3.0, 4.0], [1.0, 2.0]], [3.0, 2.0])
    """

    worlds: Rows
    packages: NDArray[np.int64] | None = None

    def of(self, table: Array) -> Array:
        """Return what an array of shape (worlds, packages) holds here."""
        if self.packages is None:
            return table[self.worlds]
        return table[self.worlds, self.packages]

    def of_looks(self, table: Array, look: NDArray[np.int64]) -> Array:
        """Return what an array of shape (worlds, looks) holds here.

        Parameters
        ----------
        table : ndarray, shape (worlds, looks)
            What packages that look alike share.
        look : ndarray of int, shape (packages,)
            Which look each package has.

        Examples
        --------
        >>> table, look = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1, 0, 1])
        >>> Cells(EVERYONE).of_looks(table, look).tolist()
        [[2.0, 1.0, 2.0], [4.0, 3.0, 4.0]]
        >>> Cells(np.array([1]), np.array([2])).of_looks(table, look).tolist()
        [4.0]
        """
        if self.packages is None:
            rows: Array = np.take(table[self.worlds], look, axis=1)
            return rows
        return table[self.worlds, look[self.packages]]

    def of_worlds(self, values: Array) -> Array:
        """Return what an array of shape (worlds,) holds here, to be broadcast over packages."""
        return self.spread(values[self.worlds])

    def spread(self, values: Array) -> Array:
        """Return an array of shape (rows,), to be broadcast over packages."""
        return values[:, None] if self.packages is None else values

    def of_packages(self, values: Array) -> Array:
        """Return what an array of shape (packages,) holds here, to be broadcast over worlds."""
        return values if self.packages is None else values[self.packages]


def weighted_sum(weights: Floats, values: Floats | Bools) -> Floats:
    """Return sums over the last axis, to the same bits on every processor.

    A dot product is left to BLAS, which adds in another order, or with fewer roundings, from one
    processor to the next.

    Parameters
    ----------
    weights : ndarray, shape (n,)
    values : ndarray of float or bool, shape (..., n)

    Returns
    -------
    ndarray, shape (...)

    Examples
    --------
    >>> weighted_sum(np.array([1.0, 2.0]), np.array([[1.0, 1.0], [0.0, 3.0]])).tolist()
    [3.0, 6.0]
    """
    return np.asarray((weights * values).sum(axis=-1))


BLOCK_WORLDS = 1024
"""Worlds of a block, which is how worlds are counted off."""
MOST_WORLDS = 4 * BLOCK_WORLDS
"""Most worlds advanced together by one model: most of a round is array code, which takes hardly
longer for four times as many."""
MONTHS_PER_YEAR = 12.0


def as_index(value: Any) -> Any:
    """Return a whole number of any kind, such as numpy's, as Python's own; else what it was.

    Examples
    --------
    >>> as_index(np.int64(3)), as_index(True), as_index("3")
    (3, True, '3')
    """
    try:
        return value if isinstance(value, bool) else operator.index(value)
    except TypeError:
        return value
