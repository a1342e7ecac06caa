"""Invert the distributions in which numbers are declared uncertain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np
from scipy.special import betaincinv, ndtr, ndtri

from sim.quantities import Floats

__all__ = ["PARAMETERS", "Distribution", "most_lognormal", "quantiles"]

Distribution = Literal["uniform", "triangular", "normal", "beta", "lognormal"]

PARAMETERS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "uniform": (frozenset({"low", "high"}), frozenset()),
    "triangular": (frozenset({"low", "mode", "high"}), frozenset()),
    "normal": (frozenset({"mean", "sd"}), frozenset({"low", "high"})),
    "beta": (frozenset({"alpha", "beta"}), frozenset({"low", "high"})),
    "lognormal": (frozenset({"median", "sigma"}), frozenset({"low", "high"})),
}
"""Parameters that each distribution must and may have."""
_TAIL = 8.0
"""Standard deviations beyond which nothing is drawn."""
_FAR = 700.0
"""Exponent of e beyond which the result is no number."""


def quantiles(
    distribution: Distribution, parameters: Mapping[str, float], probability: Floats
) -> Floats:
    """Return the quantiles of a distribution (inverse distribution function).

    Parameters
    ----------
    distribution : Distribution
        A `normal`, `beta` or `lognormal` one may be truncated to [`low`, `high`] (`beta` is
        stretched over it).
    parameters : mapping of name to float
        As `PARAMETERS` says, ``low <= mode <= high``, spreads above 0.
    probability : ndarray
        Probabilities in [0, 1].

    Returns
    -------
    ndarray
        Same shape as `probability`.

    Examples
    --------
    >>> quantiles("uniform", {"low": 2.0, "high": 4.0}, np.array([0.0, 0.5])).tolist()
    [2.0, 3.0]
    """
    return np.asarray(_INVERSES[distribution](probability, **parameters), dtype=np.float64)


def most_lognormal(median: float, sigma: float, high: float | None = None) -> float:
    """Return the highest value of a lognormal number, infinite where it is too large.

    Parameters
    ----------
    median, sigma : float
        Above 0.
    high : float, optional
        Where it is truncated.
    """
    if high is not None:
        return high
    exponent = _TAIL * sigma
    return float(median * np.exp(exponent)) if exponent < _FAR else np.inf


def _uniform(p: Floats, low: float, high: float) -> Floats:
    return low + (high - low) * p


def _triangular(p: Floats, low: float, mode: float, high: float) -> Floats:
    width = max(high - low, np.finfo(float).tiny)
    cut = (mode - low) / width
    rising = low + np.sqrt(p * width * (mode - low))
    falling = high - np.sqrt((1.0 - p) * width * (high - mode))
    return np.where(p < cut, rising, falling)


def _normal(
    p: Floats, mean: float, sd: float, low: float | None = None, high: float | None = None
) -> Floats:
    least = -_TAIL if low is None else (low - mean) / sd
    most = _TAIL if high is None else (high - mean) / sd
    return mean + sd * _between(p, least, most)


def _beta(p: Floats, alpha: float, beta: float, low: float = 0.0, high: float = 1.0) -> Floats:
    return low + (high - low) * np.asarray(betaincinv(alpha, beta, p))


def _lognormal(
    p: Floats, median: float, sigma: float, low: float | None = None, high: float | None = None
) -> Floats:
    least = np.log(low / median) / sigma if low else -_TAIL
    most = _TAIL if high is None else np.log(high / median) / sigma
    return median * np.exp(sigma * _between(p, least, most))


def _between(p: Floats, least: float, most: float) -> Floats:
    """Return quantiles of the standard normal distribution, truncated."""
    start, stop = ndtr(least), ndtr(most)
    return np.clip(ndtri(start + (stop - start) * p), least, most)


_INVERSES: dict[str, Callable[..., Floats]] = {
    "uniform": _uniform,
    "triangular": _triangular,
    "normal": _normal,
    "beta": _beta,
    "lognormal": _lognormal,
}
