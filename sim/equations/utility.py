r"""Utility of packages: weighted sums of features in one fixed order, steps and saturation.

Both give the same bits, and a test holds them together: each product is rounded, then added,
feature by feature. The loop passes over memory once where arrays pass twice for each feature.

The utility of package :math:`k` to side :math:`i` in world :math:`w` is additive over features,
:math:`U_i[w,k] = \sum_m \omega_i[w,m] F_i[k,m]` (Keeney & Raiffa 1976, ch. 3), measured as the
difference from the status quo. Curvature sits in the features.

References
----------
R. L. Keeney, H. Raiffa (1976). Decisions with Multiple Objectives. Wiley.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec

import numpy as np

from sim.compilation import compiled_on_disk
from sim.quantities import Bools, Floats, Ints

TIED = 1e-10
"""Points by which sums may differ that are equal as decimals (0.1 + 0.2 and 0.3)."""

Adder = Callable[[Floats, Ints, Floats, Floats], None]

_NEAR = 1 << 14
"""Numbers worked on at a time, few enough to stay in the nearest cache."""


def no_less(value: Floats, least: Floats | float) -> Bools:
    """Tell where a value is at least what is asked, or as good as equal to it.

    Parameters
    ----------
    value, least : ndarray, broadcastable
        Points.

    Examples
    --------
    >>> no_less(np.array([0.3, 0.3]), np.array([0.1 + 0.2, 0.4])).tolist()
    [True, False]
    """
    return value >= least - TIED


def by_arrays(weights: Floats, columns: Ints, features: Floats, result: Floats) -> None:
    """Write the sums of the products of weights and features into a result.

    Parameters
    ----------
    weights : ndarray, shape (rows, all features)
    columns : ndarray of int, shape (features,)
        Whose weights are meant.
    features : ndarray, shape (features, packages)
    result : ndarray, shape (rows, packages)
        Written over.
    """
    step = max(_NEAR // max(features.shape[1], 1), 1)
    for first in range(0, len(result), step):
        part, some = result[first : first + step], weights[first : first + step]
        part[:], product = 0.0, np.empty_like(part)
        for column, feature in zip(columns, features, strict=True):
            np.multiply(some[:, column, None], feature, out=product)
            part += product


def by_loops(weights: Floats, columns: Ints, features: Floats, result: Floats) -> None:
    """Do as `by_arrays` does, number by number; a weight of zero adds nothing and is left out."""
    for row in range(weights.shape[0]):
        line = result[row]
        line[:] = 0.0
        for place in range(len(columns)):
            weight, feature = weights[row, columns[place]], features[place]
            if weight != 0.0:
                for package in range(len(line)):
                    line[package] += weight * feature[package]


@cache
def adder() -> Adder:
    """Return `by_loops`, compiled, where numba is installed, else `by_arrays`."""
    if find_spec("numba") is None:
        return by_arrays
    compiled: Adder = compiled_on_disk(by_loops, error_model="numpy")
    return compiled


def additive_utility(weights: Floats, features: Floats) -> Floats:
    """Return the weighted sum of features, added up in one fixed order.

    The sum runs over features one by one, so that a world's value does not depend on which other
    worlds are computed beside it (a matrix product may round differently by block size).

    Parameters
    ----------
    weights : ndarray, shape (worlds, features)
        Points per unit of each feature.
    features : ndarray, shape (packages, features)
        Differences from the status quo.

    Returns
    -------
    ndarray, shape (worlds, packages)

    Examples
    --------
    >>> additive_utility(np.array([[2.0, 1.0]]), np.array([[1.0, 0.5], [0.0, 3.0]])).tolist()
    [[2.5, 3.0]]
    """
    columns = np.flatnonzero(features.any(axis=0))
    result = np.empty((weights.shape[0], features.shape[0]))
    of_packages = np.ascontiguousarray(features[:, columns].T)
    adder()(np.ascontiguousarray(weights), columns, of_packages, result)
    return result


def utility_of_each(weights: Floats, features: Floats) -> Floats:
    """Return the weighted sum of one package's features in each row, as `additive_utility` has it.

    Parameters
    ----------
    weights, features : ndarray, shape (..., features), broadcastable

    Returns
    -------
    ndarray, shape (...)
        Points, to the same bits.

    Examples
    --------
    >>> utility_of_each(np.array([[2.0, 1.0], [2.0, 1.0]]), np.array([[1.0, 0.5], [0.0, 3.0]]))
    array([2.5, 3. ])
    """
    result = np.zeros(np.broadcast_shapes(weights.shape, features.shape)[:-1])
    for column in range(features.shape[-1]):
        result += weights[..., column] * features[..., column]
    return result


def stepped(share: Floats, step: float) -> Floats:
    r"""Return the share of standing at stake: ``step`` for any at all, the rest in proportion.

    .. math:: s(x) = step \cdot 1[x > 0] + (1 - step) x

    Parameters
    ----------
    share : ndarray
        Share of value gained or lost, in [0, 1].
    step : float
        In [0, 1].

    Examples
    --------
    >>> stepped(np.array([0.0, 0.1, 1.0]), 0.5).tolist()
    [0.0, 0.55, 1.0]
    """
    return step * (share > 0) + (1.0 - step) * share


def step_slope(share: Floats) -> Floats:
    r"""Return how standing at stake moves with the step, :math:`ds / d\,step = 1[x > 0] - x`.

    Standing at stake is linear in the step: one value and this slope give it at any step.

    Parameters
    ----------
    share : ndarray
        Share of value gained or lost, in [0, 1].

    Examples
    --------
    >>> x = np.array([0.0, 0.1, 1.0])
    >>> bool(np.allclose(stepped(x, 0.5) + 0.4 * step_slope(x), stepped(x, 0.9)))
    True
    """
    return (share > 0) - share


def saturating(flow: Floats, scale: float) -> Floats:
    r"""Return the concave gain from a flow, :math:`1 - e^{-x / scale}`, in [0, 1).

    Constant absolute risk aversion (Pratt 1964, https://doi.org/10.2307/1913738), normalised.

    Parameters
    ----------
    flow : ndarray
        Flow, not negative.
    scale : float
        Flow at which the gain is 63 %; zero or less gives no gain.

    Examples
    --------
    >>> saturating(np.array([0.0, 1.0]), 1.0).round(3).tolist()
    [0.0, 0.632]
    """
    if scale <= 0:
        return np.zeros_like(flow)
    return -np.expm1(-flow / scale)


def per_round(discount_factor_year: Floats, round_years: float) -> Floats:
    """Return the discount factor of a round from that of a year.

    Parameters
    ----------
    discount_factor_year : ndarray
        In (0, 1], per year; a yearly rate r is 1 / (1 + r).
    round_years : float
        Length of a round in years.

    Examples
    --------
    >>> round(float(per_round(np.array(0.9), 0.25)), 6)
    0.974004
    """
    return np.asarray(discount_factor_year**round_years)
