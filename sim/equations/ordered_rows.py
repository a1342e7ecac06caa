"""Count in sorted rows, all rows at once."""

from __future__ import annotations

import numpy as np

from sim.quantities import Floats, Ints


def count_at_most(rows: Floats, levels: Floats) -> Ints:
    """Return how many entries of each sorted row are at most each of its levels.

    A binary search in all rows side by side, so that neither rows nor levels are looped over.

    Parameters
    ----------
    rows : ndarray, shape (rows, entries)
        Each row in ascending order.
    levels : ndarray, shape (rows, levels)

    Returns
    -------
    ndarray of int, shape (rows, levels)

    Examples
    --------
    >>> count_at_most(np.array([[1.0, 2.0, 2.0, 7.0]]), np.array([[0.0, 2.0, 9.0]])).tolist()
    [[0, 3, 4]]
    """
    size = rows.shape[1]
    flat, start = rows.reshape(-1), (np.arange(len(rows)) * size)[:, None]
    low = np.zeros(levels.shape, dtype=np.int64)
    high = np.full(levels.shape, size, dtype=np.int64)
    for _ in range(size.bit_length()):
        middle = (low + high) // 2
        searching = low < high
        reached = searching & (flat[start + np.minimum(middle, size - 1)] <= levels)
        low = np.where(reached, middle + 1, low)
        high = np.where(searching & ~reached, middle, high)
    return low
