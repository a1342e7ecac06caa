"""Add weighted features up in one fixed order: by arrays, or by a loop where numba is installed.

Both give the same bits, and a test holds them together: each product is rounded, then added,
feature by feature. The loop passes over memory once where arrays pass twice for each feature.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec

import numpy as np

from sim.quantities import Floats

Adder = Callable[[Floats, Floats, Floats], None]

_NEAR = 1 << 14
"""Numbers worked on at a time, few enough to stay in the nearest cache."""


def by_arrays(weights: Floats, features: Floats, result: Floats) -> None:
    """Add the products of weights and features to a result of zeros.

    Parameters
    ----------
    weights : ndarray, shape (rows, features)
    features : ndarray, shape (features, packages)
    result : ndarray, shape (rows, packages)
        Zeros, to which products are added in place.
    """
    step = max(_NEAR // max(features.shape[1], 1), 1)
    for first in range(0, len(result), step):
        part, some = result[first : first + step], weights[first : first + step]
        product = np.empty_like(part)
        for weight, feature in zip(some.T, features, strict=True):
            np.multiply(weight[:, None], feature, out=product)
            part += product


def by_loops(weights: Floats, features: Floats, result: Floats) -> None:
    """Do as `by_arrays` does, number by number; a weight of zero adds nothing and is left out."""
    for row in range(weights.shape[0]):
        line = result[row]
        for place in range(weights.shape[1]):
            weight, feature = weights[row, place], features[place]
            if weight != 0.0:
                for package in range(len(line)):
                    line[package] += weight * feature[package]


@cache
def adder() -> Adder:
    """Return `by_loops`, compiled, where numba is installed, else `by_arrays`."""
    if find_spec("numba") is None:
        return by_arrays
    from numba import njit

    compiled: Adder = njit(cache=True, error_model="numpy")(by_loops)
    return compiled
