"""Zone of possible agreement: what both sides would rather sign than not.

Everywhere here the last axis is the package; any leading axes (worlds, rounds) may stand before
it. A reservation value has the leading axes only.

References
----------
H. Raiffa (1982). The Art and Science of Negotiation. Harvard University Press, ch. 4.
"""

from __future__ import annotations

import numpy as np

from sim.equations.utility import TIED
from sim.quantities import Bools, Floats

_DIGITS = 12
"""Digits of a value that count: further ones are what sums of rounded products leave behind."""


def snapped(value: Floats) -> Floats:
    """Return values rounded to 12 digits after the point, once and for all comparisons.

    Weights times evaluations are decimals or simple fractions, and so are their sums; in binary
    0.7 + 0.1 is less than 0.8. Values that agree to 12 digits are the same value.

    Parameters
    ----------
    value : ndarray
        Points, of a scale of about 1.

    Examples
    --------
    >>> float(snapped(np.array(0.7 + 0.1)))
    0.8
    """
    return np.asarray(np.round(value, _DIGITS))


def surplus(value: Floats, reservation_value: Floats) -> Floats:
    """Return what each package is worth beyond never signing, in points.

    The disagreement point is the reservation value itself, also where the worst package is worth
    more than that: a package table says what can be signed, not what happens without a signature.
    A difference below 1e-12 of either is none: it is what rounding left of equal values.

    Parameters
    ----------
    value : ndarray, shape (..., packages)
        Points.
    reservation_value : ndarray, shape (...)
        Points.

    Examples
    --------
    >>> surplus(np.array([[3.0, 1.0]]), np.array([2.0])).tolist()
    [[1.0, -1.0]]
    >>> surplus(np.array([0.7 + 0.1]), np.array(0.8)).tolist()
    [0.0]
    """
    least = np.asarray(reservation_value)[..., None]
    gain = np.asarray(value - least)
    rounding = 10.0**-_DIGITS * np.maximum(np.abs(value), np.abs(least))
    return np.where(np.abs(gain) < rounding, 0.0, gain)


def may_gain(value: Floats, reservation_value: Floats) -> Bools:
    """Return where `surplus` may be no less than 0, by one comparison; elsewhere it is less.

    A difference that is taken for none is below 1e-12 of the reservation value, as good as.

    Parameters
    ----------
    value : ndarray, shape (..., packages)
        Points.
    reservation_value : ndarray, shape (...)
        Points.

    Examples
    --------
    >>> may_gain(np.array([0.7 + 0.1, 0.8, 0.7]), np.array(0.8)).tolist()
    [True, True, False]
    """
    least = np.asarray(reservation_value)
    return np.asarray(value >= (least - 2.0 * 10.0**-_DIGITS * np.abs(least))[..., None])


def zopa(surplus_one: Floats, surplus_two: Floats) -> Bools:
    """Return which packages are worth signing to both sides.

    Parameters
    ----------
    surplus_one, surplus_two : ndarray, shape (..., packages)
        Points; a side signs what is worth just as much as never signing.

    Examples
    --------
    >>> zopa(np.array([1.0, 0.0, -1.0]), np.array([1.0, 2.0, 3.0])).tolist()
    [True, True, False]
    """
    return np.asarray((surplus_one >= 0) & (surplus_two >= 0))


def margin(surplus_one: Floats, surplus_two: Floats) -> Floats:
    """Return the best smaller surplus: how wide the ZOPA is, or how far from having one.

    Parameters
    ----------
    surplus_one, surplus_two : ndarray, shape (..., packages)
        Points.

    Returns
    -------
    ndarray, shape (...)
        Not negative exactly where the ZOPA is not empty.

    Examples
    --------
    >>> float(margin(np.array([3.0, 1.0]), np.array([-2.0, 0.5])))
    0.5
    """
    best = np.minimum(surplus_one, surplus_two).max(axis=-1)
    return np.where(np.abs(best) <= TIED, 0.0, best)
