r"""Evaluation of the values of an issue, in the convention of Genius.

A profile of Genius is additive: a package is worth :math:`u = \sum_i w_i e_i`, where issue i has
the weight :math:`w_i` and the value chosen for it the evaluation :math:`e_i` in [0, 1]. Figures
given value by value are divided by the largest of the issue, so that
:math:`u = \sum_i w_i v_i / \max v_i`; figures from a line or a triangle are taken as they stand.

References
----------
R. Lin, S. Kraus, T. Baarslag, D. Tykhonov, K. Hindriks, C. M. Jonker (2014). Genius: an integrated
environment for supporting the design of generic automated negotiators.
https://doi.org/10.1111/j.1467-8640.2012.00463.x
"""

from __future__ import annotations

import numpy as np

from sim.quantities import Floats


def over_the_largest(figures: Floats) -> Floats:
    """Return figures as shares of the largest one.

    Parameters
    ----------
    figures : ndarray, shape (values,)
        Not negative, at least one.

    Returns
    -------
    ndarray, shape (values,)
        In [0, 1]; all 0 where the largest figure is 0.

    Examples
    --------
    >>> over_the_largest(np.array([5.0, 10.0, 0.0])).tolist()
    [0.5, 1.0, 0.0]
    """
    largest = figures.max()
    return np.asarray(figures / largest if largest > 0 else np.zeros_like(figures))


def line(value: Floats, slope: float, offset: float) -> Floats:
    """Return the evaluation on a line, cut at 0 and 1.

    Parameters
    ----------
    value : ndarray
        For a whole-numbered issue counted from its lower bound, for a real one as it stands.
    slope, offset : float

    Examples
    --------
    >>> line(np.array([0.0, 2.0, 9.0]), -0.25, 1.0).tolist()
    [1.0, 0.5, 0.0]
    """
    with np.errstate(over="ignore"):
        return np.clip(slope * value + offset, 0.0, 1.0)


def triangle(value: Floats, low: float, high: float, top: float) -> Floats:
    """Return the evaluation on a triangle: 0 outside [low, high], 1 at the top.

    Parameters
    ----------
    value : ndarray
    low, high : float
        Where the triangle begins and ends, low <= top <= high.
    top : float
        Where it is 1; also where it stands above an end of the triangle, which Genius leaves open.

    Examples
    --------
    >>> triangle(np.array([0.0, 1.0, 2.0, 3.0, 5.0]), 0.0, 4.0, 2.0).tolist()
    [0.0, 0.5, 1.0, 0.5, 0.0]
    """
    near = np.clip(value, low, high)
    up, down = np.minimum(near, top), np.maximum(near, top)
    rising = (up - low) / (top - low) if top > low else np.ones_like(value)
    falling = (high - down) / (high - top) if high > top else np.ones_like(value)
    return np.where((value < low) | (value > high), 0.0, np.clip(np.minimum(rising, falling), 0, 1))
