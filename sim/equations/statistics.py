r"""Intervals of shares, survival curves and paired tests of counts of simulated worlds.

References
----------
E. B. Wilson (1927). Probable inference, the law of succession, and statistical inference.
https://doi.org/10.1080/01621459.1927.10502953
E. L. Kaplan, P. Meier (1958). Nonparametric estimation from incomplete observations.
https://doi.org/10.1080/01621459.1958.10501452
M. Greenwood (1926). The natural duration of cancer. Reports on Public Health 33, HMSO.
Q. McNemar (1947). Note on the sampling error of the difference between correlated proportions.
https://doi.org/10.1007/BF02295996
R. G. Newcombe (1998). Improved confidence intervals for the difference between binomial
proportions based on paired data. Statistics in Medicine 17(22), 2635-2650.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import bdtrc, ndtri

from sim.quantities import Bools, Floats, Ints

CONFIDENCE = 0.95
"""Coverage of every interval that is printed or drawn."""


def wilson_interval(
    successes: Ints, trials: Ints, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats]:
    r"""Return the score interval of a share.

    .. math:: \frac{\hat p + z^2/2n \pm z \sqrt{\hat p (1-\hat p)/n + z^2/4n^2}}{1 + z^2/n}

    Parameters
    ----------
    successes, trials : array_like of int
        Counts, 0 <= successes <= trials, trials at least 1; broadcastable.
    confidence : float
        Coverage in (0, 1).

    Returns
    -------
    low, high : ndarray
        Shares in [0, 1].

    References
    ----------
    Wilson (1927).

    Examples
    --------
    >>> low, high = wilson_interval(np.array([0, 5]), np.array(10))
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0, 0.2366], [0.2775, 0.7634])
    """
    n = np.asarray(trials, dtype=np.float64)
    share = np.asarray(successes, dtype=np.float64) / n
    z = _quantile(confidence)
    centre = share + z**2 / (2.0 * n)
    reach = z * np.sqrt(share * (1.0 - share) / n + z**2 / (4.0 * n**2))
    scale = 1.0 + z**2 / n
    low = np.where(share > 0, (centre - reach) / scale, 0.0)
    high = np.where(share < 1, (centre + reach) / scale, 1.0)
    return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)


@dataclass(frozen=True)
class Survival:
    """Hold a survival curve: a step function that falls at each distinct time of an event.

    Parameters
    ----------
    times : ndarray, shape (steps,)
        Distinct times of events, rising.
    survival : ndarray, shape (steps,)
        Share without the event just after each time.
    low, high : ndarray, shape (steps,)
        Pointwise interval of `survival`.
    subjects : int
        How many were followed.
    """

    times: Floats
    survival: Floats
    low: Floats
    high: Floats
    subjects: int


def kaplan_meier(time: Floats, event: Bools, confidence: float = CONFIDENCE) -> Survival:
    r"""Return the product-limit estimate of survival, with log-log bands.

    .. math:: S(t) = \prod_{t_j \le t} (1 - d_j / n_j), \quad
        \widehat{Var}[\log S] = \sum_{t_j \le t} \frac{d_j}{n_j (n_j - d_j)}

    The band is :math:`S^{\exp(\pm z \sqrt{Var[\log S]} / \log S)}`, which stays within [0, 1].
    Both are those of `scipy.stats.ecdf`. Where nobody is left the band is undefined, and the end of
    the Wilson interval stands in.

    Parameters
    ----------
    time : ndarray, shape (subjects,)
        When the event happened, or when the subject was last seen without it.
    event : ndarray of bool, shape (subjects,)
        Whether the event happened; where not, the subject is censored at `time`.
    confidence : float
        Pointwise coverage in (0, 1).

    References
    ----------
    Kaplan & Meier (1958), eq. 2b; Greenwood (1926). The band: J. D. Kalbfleisch, R. L. Prentice
    (2002), The Statistical Analysis of Failure Time Data, 2nd ed., section 1.4.

    Examples
    --------
    >>> curve = kaplan_meier(np.array([1.0, 2.0, 2.0, 3.0]), np.array([True, True, False, True]))
    >>> curve.times.tolist(), curve.survival.round(4).tolist()
    ([1.0, 2.0, 3.0], [0.75, 0.5, 0.0])
    """
    from scipy.stats import CensoredData, ecdf  # takes longer to import than most runs take

    time, event = np.asarray(time, dtype=np.float64), np.asarray(event, dtype=bool)
    curve = ecdf(CensoredData(uncensored=time[event], right=time[~event])).sf
    with np.errstate(invalid="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # undefined where all or nobody is left
        band: Any = curve.confidence_interval(confidence, method="log-log")
    falls = np.isin(curve.quantiles, time[event])
    times, survival = curve.quantiles[falls], curve.probabilities[falls]
    low, high = band.low.probabilities[falls], band.high.probabilities[falls]
    gone = survival <= 0.0
    last = np.count_nonzero(time >= times[-1]) if gone.any() else 1
    low[gone], high[gone] = 0.0, wilson_interval(np.array(0), np.array(last), confidence)[1]
    return Survival(times, survival, low, high, len(time))


def censored_median(time: Floats, subjects: int) -> float:
    """Return the first time by which half of the subjects met the event; NaN if that never comes.

    Parameters
    ----------
    time : ndarray, shape (events,)
        When the event happened; the other subjects were all followed beyond the last of these.
    subjects : int
        How many were followed, at least `events`.

    Examples
    --------
    >>> censored_median(np.array([5.0, 3.0]), 4), censored_median(np.array([5.0, 3.0]), 5)
    (5.0, nan)
    """
    half = (subjects + 1) // 2
    return float(np.sort(time)[half - 1]) if len(time) >= half else float("nan")


def sign_test(ahead: Ints, behind: Ints) -> Floats:
    r"""Return how likely at least so many pairs point ahead, if both directions are as likely.

    .. math:: p = P(X \ge a), \quad X \sim Bin(a + b, 1/2)

    For pairs of yes and no this is McNemar's test in its exact form: pairs that agree say nothing.

    Parameters
    ----------
    ahead, behind : array_like of int
        Counts of pairs that point each way; ties are left out.

    Returns
    -------
    ndarray
        One-sided p-values in (0, 1]; 1 where no pair points anywhere.

    References
    ----------
    McNemar (1947).

    Examples
    --------
    >>> sign_test(np.array([8, 3]), np.array([0, 3])).round(4).tolist()
    [0.0039, 0.6562]
    """
    ahead, behind = np.asarray(ahead, dtype=np.int64), np.asarray(behind, dtype=np.int64)
    tail = bdtrc(np.maximum(ahead - 1, 0), ahead + behind, 0.5)
    return np.where(ahead > 0, tail, 1.0)


def paired_difference(
    first: Bools, second: Bools, confidence: float = CONFIDENCE
) -> tuple[float, float, float]:
    r"""Return by how much a share differs between pairs of yes and no, with its interval.

    The ends of the two Wilson intervals are squared and added, less what pairing takes away:

    .. math:: \hat d - \sqrt{l_2^2 - 2 \hat\phi\, l_2 u_1 + u_1^2}, \quad
        \hat d + \sqrt{u_2^2 - 2 \hat\phi\, u_2 l_1 + l_1^2}

    with l and u the distances from a share to the lower and the upper end of its interval, and phi
    the correlation of the pairs, by the corrected numerator where it is positive.

    Parameters
    ----------
    first, second : ndarray of bool, shape (pairs,)
        At least one pair.
    confidence : float
        Coverage in (0, 1).

    Returns
    -------
    difference, low, high : float
        Share of the second less that of the first, in [-1, 1].

    References
    ----------
    Newcombe (1998), method 10. His table III: of 50 pairs 36 yes in both, 12 in the first alone, 2
    in the second alone.

    Examples
    --------
    >>> pairs = [36, 12, 2, 0]
    >>> first, second = (np.repeat(each, pairs) for each in ([1, 1, 0, 0], [1, 0, 1, 0]))
    >>> [round(-value, 4) for value in paired_difference(first == 1, second == 1)]
    [0.2, 0.3404, 0.0569]
    """
    pairs = len(first)
    counts = np.array([first.sum(), second.sum()])
    shares = counts / pairs
    lows, highs = wilson_interval(counts, np.array(pairs), confidence)
    down, up = shares - lows, highs - shares
    difference = float(shares[1] - shares[0])
    phi = _correlation(first, second)
    below = down[1] ** 2 - 2.0 * phi * down[1] * up[0] + up[0] ** 2
    above = up[1] ** 2 - 2.0 * phi * up[1] * down[0] + down[0] ** 2
    reach = np.sqrt(np.maximum([below, above], 0.0))
    return difference, difference - float(reach[0]), difference + float(reach[1])


def paired_shares(first: Bools, second: Bools) -> dict[str, float]:
    """Return two shares of the same worlds, and what sets them apart.

    Parameters
    ----------
    first, second : ndarray of bool, shape (pairs,)
        At least one pair.

    Returns
    -------
    mapping of name to float
        `base` and `share`; their `difference` with `low` and `high` (`paired_difference`);
        `gained` and `lost`, the pairs in which only the second and only the first holds; `p`, of
        McNemar's exact test of both directions; `worlds`, the number of pairs.

    Examples
    --------
    >>> found = paired_shares(np.arange(8) < 2, np.arange(8) < 4)
    >>> found["base"], found["share"], found["gained"], found["lost"], found["p"]
    (0.25, 0.5, 2, 0, 0.5)
    """
    difference, low, high = paired_difference(first, second)
    gained, lost = int((second & ~first).sum()), int((first & ~second).sum())
    tail = float(sign_test(np.array(max(gained, lost)), np.array(min(gained, lost))))
    return {
        "base": float(first.mean()),
        "share": float(second.mean()),
        "difference": difference,
        "low": low,
        "high": high,
        "gained": gained,
        "lost": lost,
        "p": min(2.0 * tail, 1.0),
        "worlds": len(first),
    }


def _correlation(first: Bools, second: Bools) -> float:
    """Return phi of pairs, the numerator drawn to zero by half the pairs where it is positive."""
    pairs, both = len(first), int((first & second).sum())
    one, other = int(first.sum()), int(second.sum())
    spread = one * other * (pairs - one) * (pairs - other)
    cross = both * (pairs - one - other + both) - (one - both) * (other - both)
    if spread == 0:
        return 0.0
    return (max(cross - pairs / 2.0, 0.0) if cross > 0 else float(cross)) / float(np.sqrt(spread))


def paired_change(before: Floats, after: Floats) -> tuple[float, float]:
    """Return the mean change from pair to pair, and its standard error.

    Parameters
    ----------
    before, after : ndarray, shape (pairs,)
        At least two pairs.

    Examples
    --------
    >>> change, error = paired_change(np.array([0.0, 0, 1, 1]), np.array([1.0, 0, 1, 1]))
    >>> change, error
    (0.25, 0.25)
    """
    change = np.asarray(after, dtype=np.float64) - np.asarray(before, dtype=np.float64)
    return float(change.mean()), float(change.std(ddof=1) / np.sqrt(len(change)))


def _quantile(confidence: float) -> float:
    return float(ndtri(0.5 + confidence / 2.0))
