"""Tell which packages look the same, so that each look is worked out once."""

from __future__ import annotations

import numpy as np

from sim.memo import kept
from sim.quantities import Ints


def alike(looks: np.ndarray) -> Ints:
    """Return which distinct look each package has.

    Parameters
    ----------
    looks : ndarray, shape (packages, columns)

    Returns
    -------
    ndarray of int, shape (packages,)
        Places among the distinct rows, which are in sorted order.

    Examples
    --------
    >>> alike(np.array([[2, 0], [1, 5], [2, 0]])).tolist()
    [1, 0, 1]
    """
    return np.asarray(np.unique(looks, axis=0, return_inverse=True)[1].reshape(-1))


lasting_alike = kept(alike)
"""`alike` of looks that do not change, worked out once for all blocks and cells that share them."""


def firsts(column: Ints) -> Ints:
    """Return the first package of each distinct look.

    Parameters
    ----------
    column : ndarray of int, shape (packages,)
        What `alike` says.

    Examples
    --------
    >>> firsts(np.array([1, 0, 1])).tolist()
    [1, 0]
    """
    return np.asarray(np.unique(column, return_index=True)[1])
