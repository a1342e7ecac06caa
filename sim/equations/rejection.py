r"""Approximate Bayesian computation by rejection.

Approximate Bayesian computation by rejection: parameters are drawn from a prior, each draw is
simulated, and those are kept whose distance D to the observed summaries is among the smallest,
with weights :math:`1 - (D / D_{max})^2` (Epanechnikov's kernel). What the kept draws say more
narrowly than the prior did, the summaries have told.

References
----------
M. A. Beaumont, W. Zhang, D. J. Balding (2002). Approximate Bayesian computation in population
genetics. https://doi.org/10.1093/genetics/162.4.2025
"""

from __future__ import annotations

import numpy as np

from sim.quantities import Floats


def distance(misfits: Floats) -> Floats:
    """Return the root mean square of misfits.

    Parameters
    ----------
    misfits : ndarray, shape (draws, marks)

    Examples
    --------
    >>> distance(np.array([[0.0, 0.0], [3.0, 4.0]])).round(4).tolist()
    [0.0, 3.5355]
    """
    return np.asarray(np.sqrt(np.square(misfits).mean(axis=1)))


def weights(distances: Floats, share: float) -> Floats:
    """Return the weights of draws: the nearest share is kept, the nearer the heavier.

    Parameters
    ----------
    distances : ndarray, shape (draws,)
    share : float
        Share that is kept, in (0, 1]. All draws that are at no distance are kept.

    Returns
    -------
    ndarray, shape (draws,)
        They add to 1; 0 for draws that are not kept.

    Examples
    --------
    >>> weights(np.array([0.0, 1.0, 2.0, 3.0]), 0.5).round(3).tolist()
    [0.571, 0.429, 0.0, 0.0]
    >>> weights(np.array([1.0, 1.0, 2.0, 3.0]), 0.25).tolist()
    [0.5, 0.5, 0.0, 0.0]
    """
    kept = min(max(1, round(share * len(distances))), len(distances) - 1)
    edge = float(np.partition(distances, kept)[kept])
    if edge == 0.0:
        result = (distances == 0.0).astype(np.float64)
    else:
        result = np.maximum(1.0 - np.square(distances / edge), 0.0)
    if not result.any():  # all of the nearest are as far as the next one
        result = (distances <= edge).astype(np.float64)
    return np.asarray(result / result.sum())


def effective(weight: Floats) -> float:
    """Return how many equal draws weights are worth (Kish).

    Examples
    --------
    >>> effective(np.array([0.5, 0.5, 0.0]))
    2.0
    """
    return float(1.0 / np.square(weight).sum())


def quantiles(values: Floats, weight: Floats, at: Floats) -> Floats:
    """Return weighted quantiles: the smallest value with at least that weight at or below it.

    Parameters
    ----------
    values, weight : ndarray, shape (draws,)
    at : ndarray
        In [0, 1].

    Examples
    --------
    >>> quantiles(np.array([3.0, 1.0, 2.0]), np.full(3, 1 / 3), np.array([0.5])).tolist()
    [2.0]
    """
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weight[order])
    place = np.searchsorted(below, at * below[-1] * (1 - 1e-12)).clip(0, len(values) - 1)
    return np.asarray(values[order][place])


def departure(places: Floats, weight: Floats) -> float:
    """Return how far kept draws depart from the prior (Kolmogorov and Smirnov's distance).

    Parameters
    ----------
    places : ndarray, shape (draws,)
        The draws as probabilities under the prior, in (0, 1).
    weight : ndarray, shape (draws,)

    Returns
    -------
    float
        0 for the prior itself, 1 for all weight at one end.

    Examples
    --------
    >>> departure(np.array([0.1, 0.9]), np.array([1.0, 0.0])).__round__(3)
    0.9
    """
    order = np.argsort(places, kind="stable")
    after = np.cumsum(weight[order])
    before = after - weight[order]
    gaps = np.maximum(np.abs(after - places[order]), np.abs(before - places[order]))
    return float(gaps.max())
