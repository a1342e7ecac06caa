r"""Opinion dynamics: movement towards the opinions one listens to.

.. math:: x_i' = x_i + s \Big(\frac{1}{|N_i|} \sum_{j \in N_i} x_j - x_i\Big)

where :math:`N_i` are i's neighbours and i itself (DeGroot 1974), or those among them within a
distance :math:`\epsilon` of :math:`x_i` (Hegselmann & Krause 2002).

References
----------
M. H. DeGroot (1974). Reaching a consensus. https://doi.org/10.1080/01621459.1974.10480137
R. Hegselmann, U. Krause (2002). Opinion dynamics and bounded confidence.
https://www.jasss.org/5/3/2.html
"""

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


NOBODY = -1
"""Fills the table of neighbours where a citizen has fewer than others."""


def mean_listened_to(opinions: Floats, neighbours: Ints, confidence: Floats) -> Floats:
    """Return the mean opinion of oneself and the neighbours who are close enough.

    Parameters
    ----------
    opinions : ndarray, shape (worlds, citizens)
    neighbours : ndarray of int, shape (citizens, most neighbours)
        Places of citizens; `NOBODY` where there is none.
    confidence : ndarray, shape (worlds,)
        Greatest distance listened to; infinity listens to all.

    Returns
    -------
    ndarray, shape (worlds, citizens)

    Examples
    --------
    >>> line = np.array([[1, -1], [0, 2], [1, -1]])
    >>> x = np.array([[0.0, 1.0, 5.0]])
    >>> mean_listened_to(x, line, np.array([np.inf])).tolist()
    [[0.5, 2.0, 3.0]]
    >>> mean_listened_to(x, line, np.array([2.0])).tolist()
    [[0.5, 0.5, 5.0]]
    """
    total, heard = opinions.copy(), np.ones_like(opinions)
    for column in neighbours.T:
        theirs = opinions[:, column]
        near = np.abs(theirs - opinions) <= confidence[:, None]
        near &= (column != NOBODY)[None, :]
        total += np.where(near, theirs, 0.0)
        heard += near
    return total / heard


def mean_of_all_near(opinions: Floats, confidence: Floats) -> Floats:
    """Return the mean opinion of all who are close enough, where everybody hears everybody.

    Parameters
    ----------
    opinions : ndarray, shape (worlds, citizens)
    confidence : ndarray, shape (worlds,)
        Greatest distance listened to; infinity listens to all.

    Returns
    -------
    ndarray, shape (worlds, citizens)

    Examples
    --------
    >>> mean_of_all_near(np.array([[5.0, 0.0, 1.0]]), np.array([2.0])).tolist()
    [[5.0, 0.5, 0.5]]
    """
    order = np.argsort(opinions, axis=1, kind="stable")
    ranked = np.take_along_axis(opinions, order, axis=1)
    sums = np.concatenate([np.zeros((len(ranked), 1)), np.cumsum(ranked, axis=1)], axis=1)
    reach = confidence[:, None]
    last = count_at_most(ranked, ranked + reach)
    first = count_at_most(ranked, np.nextafter(ranked - reach, -np.inf))
    span = np.take_along_axis(sums, last, axis=1) - np.take_along_axis(sums, first, axis=1)
    result = np.empty_like(opinions)
    np.put_along_axis(result, order, span / (last - first), axis=1)
    return result


def moved_towards(opinions: Floats, target: Floats, step: Floats) -> Floats:
    """Return opinions after a step of the way to a target.

    Parameters
    ----------
    opinions, target : ndarray, shape (worlds, citizens)
    step : ndarray, shape (worlds,)
        Share of the way, in [0, 1].
    """
    return opinions + step[:, None] * (target - opinions)


def step_of(speed_year: Floats, round_years: float) -> Floats:
    """Return the share of the way gone in a round, from that gone in a year.

    Examples
    --------
    >>> round(float(step_of(np.array(0.5), 0.25)), 4)
    0.1591
    """
    return np.asarray(1.0 - (1.0 - speed_year) ** round_years)
