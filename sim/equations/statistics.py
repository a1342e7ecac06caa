r"""Say how sure a count of simulated worlds makes us.

References
----------
E. B. Wilson (1927). Probable inference, the law of succession, and statistical inference.
https://doi.org/10.1080/01621459.1927.10502953
E. L. Kaplan, P. Meier (1958). Nonparametric estimation from incomplete observations.
https://doi.org/10.1080/01621459.1958.10501452
M. Greenwood (1926). The natural duration of cancer. Reports on Public Health 33, HMSO.
Q. McNemar (1947). Note on the sampling error of the difference between correlated proportions.
https://doi.org/10.1007/BF02295996
"""

from __future__ import annotations

from dataclasses import dataclass

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

    @property
    def median(self) -> float:
        """Return the first time at which at most half is left; NaN if that never comes."""
        fallen = np.flatnonzero(self.survival <= 0.5 + 1e-12)
        return float(self.times[fallen[0]]) if len(fallen) else float("nan")


def kaplan_meier(time: Floats, event: Bools, confidence: float = CONFIDENCE) -> Survival:
    r"""Return the product-limit estimate of survival, with log-log bands.

    .. math:: S(t) = \prod_{t_j \le t} (1 - d_j / n_j), \quad
        \widehat{Var}[\log S] = \sum_{t_j \le t} \frac{d_j}{n_j (n_j - d_j)}

    The band is :math:`S^{\exp(\pm z \sqrt{Var[\log S]} / \log S)}`, which stays within [0, 1].
    Where nobody is left it is undefined, and the end of the Wilson interval stands in.

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
    >>> curve.times.tolist(), curve.survival.round(4).tolist(), curve.median
    ([1.0, 2.0, 3.0], [0.75, 0.5, 0.0], 2.0)
    """
    time, event = np.asarray(time, dtype=np.float64), np.asarray(event, dtype=bool)
    times, happened = np.unique(time[event], return_counts=True)
    at_risk = len(time) - np.searchsorted(np.sort(time), times, side="left")
    survival = np.cumprod(1.0 - happened / at_risk, dtype=np.float64)
    left = at_risk > happened
    terms = np.zeros(len(times))
    terms[left] = happened[left] / (at_risk[left] * (at_risk[left] - happened[left]))
    low, high = _log_log_band(survival, np.sqrt(np.cumsum(terms)), _quantile(confidence))
    high[~left] = wilson_interval(np.array(0), at_risk[~left], confidence)[1]
    return Survival(times, survival, low, high, len(time))


def _log_log_band(survival: Floats, error: Floats, z: float) -> tuple[Floats, Floats]:
    low, high = np.zeros_like(survival), np.zeros_like(survival)
    inside = survival > 0
    exponent = z * error[inside] / np.log(survival[inside])
    low[inside] = survival[inside] ** np.exp(-exponent)
    high[inside] = survival[inside] ** np.exp(exponent)
    return low, high


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
