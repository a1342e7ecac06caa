"""Pareto efficiency of packages.

A package is dominated when another is worth at least as much to both sides and more to one. The
last axis is the package, as in `sim.equations.zopa`.

References
----------
H. T. Kung, F. Luccio, F. P. Preparata (1975). On finding the maxima of a set of vectors.
https://doi.org/10.1145/321906.321910 (two dimensions: one sort, one pass)
"""

from __future__ import annotations

import numpy as np

from sim.equations.offering import NONE
from sim.quantities import Bools, Floats, Ints


def frontier(value_one: Floats, value_two: Floats, feasible: Bools | None = None) -> Bools:
    """Return which packages no feasible package dominates.

    Sorted by falling value to the first side, a package is efficient exactly where it is worth
    more to the second side than all packages that the first likes better, and as much as the best
    of those that the first likes equally. Twins are both efficient.

    Parameters
    ----------
    value_one, value_two : ndarray, shape (..., packages)
        Points.
    feasible : ndarray of bool, same shape, optional
        Which packages count; all, if left out. Others are never efficient.

    Examples
    --------
    >>> frontier(np.array([3.0, 2.0, 2.0, 1.0]), np.array([1.0, 2.0, 1.5, 2.0])).tolist()
    [True, True, False, False]
    """
    counts = np.ones(np.shape(value_one), dtype=bool) if feasible is None else feasible
    one = np.where(counts, value_one, -np.inf)
    two = np.where(counts, value_two, -np.inf)
    order = np.lexsort((-two, -one), axis=-1)
    one, two = np.take_along_axis(one, order, -1), np.take_along_axis(two, order, -1)
    new = np.ones(one.shape, dtype=bool)
    new[..., 1:] = one[..., 1:] < one[..., :-1]
    place = np.where(new, np.arange(one.shape[-1]), 0)
    start = np.maximum.accumulate(place, axis=-1)
    best_so_far = np.maximum.accumulate(two, axis=-1)
    before = np.take_along_axis(best_so_far, np.maximum(start - 1, 0), -1)
    before = np.where(start > 0, before, -np.inf)
    group_best = np.take_along_axis(two, start, -1)
    efficient = (two == group_best) & (group_best > before)
    result = np.zeros(one.shape, dtype=bool)
    np.put_along_axis(result, order, efficient, -1)
    return np.asarray(result & counts)


def dominating(
    value_one: Floats, value_two: Floats, package: Ints, feasible: Bools | None = None
) -> Bools:
    """Return which packages dominate a given one.

    Parameters
    ----------
    value_one, value_two : ndarray, shape (..., packages)
        Points.
    package : ndarray of int, shape (...)
        The given packages; `NONE` is dominated by nothing.
    feasible : ndarray of bool, shape (..., packages), optional
        Which packages count.

    Examples
    --------
    >>> one, two = np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 0.0])
    >>> dominating(one, two, np.array(0)).tolist()
    [False, True, False]
    """
    chosen = np.asarray(package)[..., None]
    at = np.maximum(chosen, 0)
    gain_one = value_one - np.take_along_axis(value_one, at, -1)
    gain_two = value_two - np.take_along_axis(value_two, at, -1)
    better = (gain_one >= 0) & (gain_two >= 0) & ((gain_one > 0) | (gain_two > 0))
    better &= chosen != NONE
    return np.asarray(better if feasible is None else better & feasible)
