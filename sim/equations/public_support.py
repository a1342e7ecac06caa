r"""Public support of a text: the share whose threshold it meets.

A segment :math:`s` supports package :math:`k` where its value exceeds a threshold that varies
normally within the segment (a random-utility model: McFadden 1974; Thurstone 1927):

.. math:: S[w,k] = \sum_s q_s \Phi\big((x_s[w,k] + h[w,k] - \theta_s) / \sigma_s\big)

with :math:`h` the shift by advocacy, backlash and goodwill that all segments share.

References
----------
L. L. Thurstone (1927). A law of comparative judgment. https://doi.org/10.1037/h0070288
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy.special import ndtr

from sim.memo import memoize_by_value
from sim.quantities import Floats

_BISECTIONS = 80
_CLOSE = 1e-9
FARTHEST = 37.0
"""Standard deviations beyond which a share is 0 or 1 to any precision; further out, the normal
distribution function underflows, which is slow."""
STEEPEST = 0.4
"""Above the normal density at its peak: the most by which a share can change with a standard
deviation of what moves it."""


def agreement(value: Floats, threshold: Floats, spread: Floats) -> Floats:
    """Return the share of a segment that finds a value acceptable.

    Parameters
    ----------
    value, threshold, spread : ndarray, broadcastable
        Points; a spread of zero means that all have the same threshold.

    Returns
    -------
    ndarray
        Shares in [0, 1]; with spread 0 exactly 0 or 1 (1 at equality).

    Examples
    --------
    >>> one = np.array(1.0)
    >>> float(agreement(one, one, one)), float(agreement(one, one, 0 * one))
    (0.5, 1.0)
    """
    margin = value - threshold
    degenerate = spread <= 0
    with np.errstate(over="ignore"):  # beyond the largest number is beyond FARTHEST
        if not np.any(degenerate):
            return np.asarray(ndtr(np.clip(margin / spread, -FARTHEST, FARTHEST)))
        score = margin / np.where(degenerate, 1.0, spread)
    smooth = ndtr(np.clip(score, -FARTHEST, FARTHEST))
    return np.where(degenerate, (margin >= 0).astype(np.float64), smooth)


def support(
    shares: Floats, value: Floats, shift: Floats, threshold: Floats, spread: Floats
) -> Floats:
    """Return the support of a whole public for each package.

    Parameters
    ----------
    shares, threshold, spread : ndarray, shape (worlds, segments)
        Segments' shares (add to 1), least acceptable values and spreads, in points.
    value : ndarray, shape (worlds, segments, packages)
        Segments' values of the packages, in points.
    shift : ndarray, shape (worlds, packages)
        What moves all segments alike, in points.

    Returns
    -------
    ndarray, shape (worlds, packages)
        Shares in [0, 1].
    """
    result = np.zeros(shift.shape)
    for share, agreed in zip(shares.T, _agreed(value, shift, threshold, spread), strict=True):
        result += share[:, None] * agreed
    return result


def _agreed(value: Floats, shift: Floats, threshold: Floats, spread: Floats) -> Iterable[Floats]:
    """Return `agreement` of each segment: of a single package, all take no longer than one."""
    threshold, spread = threshold[:, :, None], spread[:, :, None]
    if shift.shape[1] == 1:
        return agreement(value + shift[:, None], threshold, spread).swapaxes(0, 1)
    return (
        agreement(value[:, segment] + shift, threshold[:, segment], spread[:, segment])
        for segment in range(threshold.shape[1])
    )


def steepness(shares: Floats, spread: Floats) -> Floats:
    r"""Return the most by which support can change with a point of what moves all segments.

    .. math:: \max_h \left| \frac{dS}{dh} \right| \le \sum_s \frac{q_s}{\sigma_s \sqrt{2 \pi}}

    Parameters
    ----------
    shares, spread : ndarray, shape (worlds, segments)
        As in `support`.

    Returns
    -------
    ndarray, shape (worlds,)
        Shares per point; infinity where a segment has no spread.

    Examples
    --------
    >>> steepness(np.ones((1, 1)), np.full((1, 1), 2.0)).round(4).tolist()
    [0.1995]
    """
    with np.errstate(divide="ignore", over="ignore"):
        slopes = np.where(shares > 0, shares / (spread * np.sqrt(2.0 * np.pi)), 0.0)
    return np.asarray(slopes.sum(axis=1))


@memoize_by_value
def calibrating_shift(
    target: Floats, shares: Floats, value: Floats, threshold: Floats, spread: Floats
) -> Floats:
    """Return by how much all thresholds must rise so that support meets a poll.

    Solves ``sum_s q_s Phi((x_s - theta_s - shift) / sigma_s) = target`` by bisection; support
    falls in the shift, so the root is unique where 0 < target < 1. Without spread support falls in
    steps: the middle of the step that meets the poll is taken, or the edge that passes it by.

    Parameters
    ----------
    target : ndarray, shape (worlds,)
        Support that the poll reports, a share of all segments' sum.
    shares, value, threshold, spread : ndarray, shape (worlds, segments)
        Segments, `value` being each segment's value of the package asked about.

    Returns
    -------
    ndarray, shape (worlds,)
        Points.

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> shift = calibrating_shift(np.array([0.5]), one, 3 * one, one, one)
    >>> round(float(shift[0]), 6)
    2.0
    """
    reach = 40.0 * np.maximum(spread.max(axis=1), 1e-6)
    centre = value - threshold
    first, last = centre.min(axis=1) - reach, centre.max(axis=1) + reach

    def edge(level: Floats) -> Floats:
        low, high = first, last
        for _ in range(_BISECTIONS):
            middle = 0.5 * (low + high)
            got = (shares * agreement(value, threshold + middle[:, None], spread)).sum(axis=1)
            above = got > level
            low, high = np.where(above, middle, low), np.where(above, high, middle)
        return np.asarray(0.5 * (low + high))

    return 0.5 * (edge(target + _CLOSE) + edge(target - _CLOSE))


def half_life_factor(half_life_years: Floats, round_years: Floats | float) -> Floats:
    """Return the factor by which an exponentially decaying quantity falls in one round.

    Parameters
    ----------
    half_life_years : ndarray
        Years; zero forgets at once.
    round_years : float or ndarray
        Length of a round in years.

    Examples
    --------
    >>> float(half_life_factor(np.array(1.0), 1.0))
    0.5
    """
    safe = np.maximum(half_life_years, 1e-12)
    return np.where(half_life_years > 0, 0.5 ** (round_years / safe), 0.0)
