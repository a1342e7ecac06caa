r"""Proper scores of forecasts, and rival forecasts that know no detail.

A forecast gives each of R rungs a probability :math:`p_r`; rung h happened. Its log score is
:math:`\ln p_h` (higher is better) and its Brier score :math:`\sum_r (p_r - [r = h])^2` (lower is
better, 0 to 2). Rungs stand in an order, which neither of them sees; the ranked probability score

.. math:: \frac{1}{R-1} \sum_{r<R} \Big(\sum_{q \le r} p_q - [h \le r]\Big)^2

does (lower is better, 0 to 1): what was near costs less than what was far. All are proper: nobody
gains by saying other than they think.

References
----------
I. J. Good (1952). Rational decisions. https://doi.org/10.1111/j.2517-6161.1952.tb00104.x
G. W. Brier (1950). Verification of forecasts expressed in terms of probability.
https://doi.org/10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2
E. S. Epstein (1969). A scoring system for probability forecasts of ranked categories.
https://doi.org/10.1175/1520-0450(1969)008<0985:ASSFPF>2.0.CO;2
T. Gneiting, A. E. Raftery (2007). Strictly proper scoring rules.
https://doi.org/10.1198/016214506000001437
"""

from __future__ import annotations

import numpy as np

from sim.quantities import Floats

AS_WORLDS = 32
"""Worlds as which forecasts are smoothed, whatever their number: what never comes up is given half
a world of 32 (with five rungs 1.4 %), so that no score moves with the number of worlds."""


def smoothed(shares: Floats, worlds: float) -> Floats:
    r"""Return shares with half a world added to each rung (Jeffreys' prior).

    What never came up in n worlds is not impossible, only rare; so no log score is infinite.

    Parameters
    ----------
    shares : ndarray, shape (..., rungs)
        Shares of worlds.
    worlds : float
        How many worlds they are shares of.

    Examples
    --------
    >>> smoothed(np.array([1.0, 0.0]), 9).tolist()
    [0.95, 0.05]
    """
    rungs = shares.shape[-1]
    return np.asarray((shares * worlds + 0.5) / (worlds + 0.5 * rungs))


def log_score(forecast: Floats, happened: int) -> Floats:
    """Return the logarithm of the probability given to what happened.

    Parameters
    ----------
    forecast : ndarray, shape (..., rungs)
    happened : int
        Place of what happened.

    Examples
    --------
    >>> float(log_score(np.array([0.5, 0.5]), 1).round(4))
    -0.6931
    """
    return np.asarray(np.log(forecast[..., happened]))


def brier_score(forecast: Floats, happened: int) -> Floats:
    """Return the squared distance between a forecast and what happened.

    Parameters
    ----------
    forecast : ndarray, shape (..., rungs)
    happened : int
        Place of what happened.

    Examples
    --------
    >>> float(brier_score(np.array([0.8, 0.2]), 1).round(4))
    1.28
    """
    fact = np.eye(forecast.shape[-1])[happened]
    return np.asarray(np.square(forecast - fact).sum(axis=-1))


def ranked_probability_score(forecast: Floats, happened: int) -> Floats:
    """Return the mean squared distance between what is forecast and what came, cumulated by rung.

    Parameters
    ----------
    forecast : ndarray, shape (..., rungs)
        At least two rungs, in their order.
    happened : int
        Place of what happened.

    Examples
    --------
    One rung off costs less than two:

    >>> forecast = np.array([0.0, 0.5, 0.5])
    >>> [float(ranked_probability_score(forecast, happened)) for happened in (0, 1, 2)]
    [0.625, 0.125, 0.125]
    """
    rungs = forecast.shape[-1]
    fact = np.arange(rungs) >= happened
    apart = np.square(np.cumsum(forecast, axis=-1) - fact)[..., :-1]
    return np.asarray(apart.sum(axis=-1) / (rungs - 1))


def base_rate(between: Floats, hazard_year: float, years: float) -> Floats:
    r"""Forecast by what attempts come to in general, and by how often claims of the kind end.

    The last rung has the probability :math:`1 - e^{-h t}`; the rungs between keep their shares of
    what is left, and nothing happens otherwise.

    Parameters
    ----------
    between : ndarray, shape (rungs - 2,)
        Shares of attempts on the rungs between nothing and everything.
    hazard_year, years : float

    Examples
    --------
    >>> base_rate(np.array([0.1, 0.2]), 0.0, 3.0).round(3).tolist()
    [0.7, 0.1, 0.2, 0.0]
    """
    full = -np.expm1(-hazard_year * years)
    rest = between * (1.0 - full)
    return np.array([1.0 - full - rest.sum(), *rest, full])


def persistence(base: Floats, before: int, stays: float) -> Floats:
    """Forecast that it will be as last time, with a probability, and else by base rates.

    Parameters
    ----------
    base : ndarray, shape (rungs,)
        Base rates.
    before : int
        Place of what happened last time.
    stays : float
        Probability that it happens again.

    Examples
    --------
    >>> persistence(np.array([0.5, 0.3, 0.2]), 0, 0.6).round(3).tolist()
    [0.6, 0.24, 0.16]
    """
    others = np.where(np.arange(len(base)) == before, 0.0, base)
    result = (1.0 - stays) * others / others.sum()
    result[before] = stays
    return np.asarray(result)
