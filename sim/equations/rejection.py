r"""Approximate Bayesian computation by rejection, and its regression adjustment.

Approximate Bayesian computation by rejection: parameters are drawn from a prior, each draw is
simulated, and those are kept whose distance D to the observed summaries is among the smallest,
with weights :math:`1 - (D / D_{max})^2` (Epanechnikov's kernel). What the kept draws say more
narrowly than the prior did, the summaries have told. Where an observation is read with an error of
at most a tolerance, all errors equally likely, draws within it are exact draws from the posterior
(Wilkinson); what lies beyond it is a misfit, and a local linear regression on misfits moves the
draws that are kept all the same to where they would be without (Beaumont and others).

References
----------
M. A. Beaumont, W. Zhang, D. J. Balding (2002). Approximate Bayesian computation in population
genetics. https://doi.org/10.1093/genetics/162.4.2025
R. D. Wilkinson (2013). Approximate Bayesian computation (ABC) gives exact results under the
assumption of model error. https://doi.org/10.1515/sagmb-2013-0010
"""

from __future__ import annotations

import numpy as np

from sim.quantities import Floats


def beyond(values: Floats, observed: Floats, tolerance: Floats) -> Floats:
    """Return by how much values lie outside what was observed and its tolerance, with their sign.

    Parameters
    ----------
    values : ndarray, shape (draws, marks)
    observed, tolerance : ndarray, shape (marks,)

    Examples
    --------
    >>> values = np.array([[1.0], [2.5], [5.0]])
    >>> beyond(values, np.array([3.0]), np.array([1.0])).tolist()
    [[-1.0], [0.0], [1.0]]
    """
    gap = values - observed
    return np.asarray(gap - np.clip(gap, -tolerance, tolerance))


def local_linear(misfits: Floats, weight: Floats) -> Floats:
    r"""Return what a weighted linear regression on misfits makes of values: its smoothing matrix.

    .. math:: B = (X^\top W X)^+ X^\top W, \quad X = (1, m)

    Row 0 times values is their mean where there is no misfit, so that its entries are weights that
    add to 1; the other rows times values are the slopes.

    Parameters
    ----------
    misfits : ndarray, shape (draws, marks)
        Signed, as `beyond` has them.
    weight : ndarray, shape (draws,)

    Returns
    -------
    ndarray, shape (1 + marks, draws)

    Examples
    --------
    >>> smooth = local_linear(np.array([[-1.0], [0.0], [2.0]]), np.full(3, 1 / 3))
    >>> (smooth @ np.array([1.0, 3.0, 7.0])).round(9).tolist()
    [3.0, 2.0]
    """
    root = np.sqrt(weight)
    design = np.column_stack([np.ones(len(misfits)), misfits])
    return np.asarray(np.linalg.pinv(design * root[:, None]) * root)


def regressed(values: Floats, misfits: Floats, weight: Floats) -> Floats:
    r"""Return values as they would be without misfits, by a local linear regression.

    .. math:: \theta_k^* = \hat\alpha + c (\theta_k - \hat\alpha - m_k \hat\beta), \quad
        c^2 = \frac{1 + \sum_j B_{0j}^2}{\sum_k w_k \sum_j (I - X B)_{kj}^2}

    With B of `local_linear`. The factor c is 1 for many draws. Of few, a regression takes a part of
    the spread along and is itself uncertain: c gives both back, as in a prediction interval.

    Parameters
    ----------
    values : ndarray, shape (draws, numbers)
        On a scale without ends, such as normal scores.
    misfits : ndarray, shape (draws, marks)
    weight : ndarray, shape (draws,)

    References
    ----------
    Beaumont, Zhang & Balding (2002), eq. 3 to 5; the factor is the textbook's, with weights.

    Examples
    --------
    >>> misfits = np.array([[-1.0], [0.0], [2.0]])
    >>> regressed(3.0 + 2.0 * misfits, misfits, np.full(3, 1 / 3)).round(9).tolist()
    [[3.0], [3.0], [3.0]]
    """
    smooth = local_linear(misfits, weight)
    design = np.column_stack([np.ones(len(misfits)), misfits])
    middle, residuals = smooth[0] @ values, values - design @ (smooth @ values)
    own = (design * smooth.T).sum(axis=1)
    others = ((design @ (smooth @ smooth.T)) * design).sum(axis=1)
    left = float(weight @ (1.0 - 2.0 * own + others))
    widened = np.sqrt((1.0 + float(smooth[0] @ smooth[0])) / left) if left > 1e-9 else 1.0
    return np.asarray(middle + widened * residuals)


def distance(misfits: Floats) -> Floats:
    """Return the root mean square of misfits; 0 where nothing is held against the draws.

    Parameters
    ----------
    misfits : ndarray, shape (draws, marks)

    Examples
    --------
    >>> distance(np.array([[0.0, 0.0], [3.0, 4.0]])).round(4).tolist()
    [0.0, 3.5355]
    """
    marks = max(misfits.shape[1], 1)
    return np.asarray(np.sqrt(np.square(misfits).sum(axis=1) / marks))


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
