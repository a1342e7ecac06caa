"""Zone of possible agreement: what both sides would rather sign than not.

Everywhere here the last axis is the package; any leading axes (worlds, rounds) may stand before
it. A reservation value has the leading axes only.

References
----------
H. Raiffa (1982). The Art and Science of Negotiation. Harvard University Press, ch. 4.
"""

from __future__ import annotations

import numpy as np

from sim.quantities import Bools, Floats


def surplus(value: Floats, reservation_value: Floats) -> Floats:
    """Return what each package is worth beyond never signing, in points.

    The disagreement point is the reservation value itself, also where the worst package is worth
    more than that: a package table says what can be signed, not what happens without a signature.

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
    """
    return np.asarray(value - np.asarray(reservation_value)[..., None])


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
    return np.asarray(np.minimum(surplus_one, surplus_two).max(axis=-1))
