"""Fit of a declared distribution to weighted draws, for files that a scenario can build on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.domain.quantity import Quantity
from sim.equations.rejection import quantiles
from sim.quantities import Floats

__all__ = ["fitted"]

_AT = (np.arange(99) + 1) / 100.0
_DIGITS = 4


def fitted(declared: Quantity, values: Floats, weight: Floats, why: str) -> Quantity:
    """Return the distribution nearest to weighted draws, within the range that was declared.

    Of the families that fit the range, that whose quantiles at 1, 2 … 99 % differ least on average
    (Wasserstein's distance); unit, `off` and `resolve` stay.

    Parameters
    ----------
    declared : Quantity
        Uncertain.
    values, weight : ndarray, shape (draws,)
        Weights add to 1.
    why : str
        What stands as its assumption.

    Examples
    --------
    >>> share = Quantity(distribution="uniform", low=0, high=1, unit="share", assumption="shown")
    >>> fitted(share, np.linspace(0.2, 0.4, 999), np.full(999, 1 / 999), "seen").distribution
    'uniform'
    """
    kept = {"unit": declared.unit, "off": declared.off, "resolve": declared.resolve}
    wanted = quantiles(values, weight, _AT)
    found = [
        Quantity.model_validate({**_rounded(shape), **kept, "assumption": why})
        for shape in _shapes(declared, values, weight)
    ]
    return min(found, key=lambda each: float(np.abs(each.quantile(_AT) - wanted).mean()))


def _shapes(declared: Quantity, values: Floats, weight: Floats) -> Iterator[dict[str, Any]]:
    """Yield distributions with the draws' mean and spread, and the range that they span."""
    mean = float(values @ weight)
    spread = max(float(np.sqrt(np.square(values - mean) @ weight)), 1e-9 * (1.0 + abs(mean)))
    low, high = declared.bounds
    least, most = (float(end) for end in quantiles(values, weight, np.array([0.0, 1.0])))
    yield {"distribution": "uniform", "low": max(least, low), "high": min(most, high)}
    ends = {"low": declared.low, "high": declared.high}
    ends = {name: end for name, end in ends.items() if end is not None}
    yield {"distribution": "normal", "mean": mean, "sd": spread, **ends}
    if declared.distribution == "lognormal" and least > 0:
        logs = np.log(values)
        middle = float(logs @ weight)
        sigma = max(float(np.sqrt(np.square(logs - middle) @ weight)), 1e-9)
        yield {"distribution": "lognormal", "median": np.exp(middle), "sigma": sigma, **ends}
    place, part = (mean - low) / (high - low), spread / (high - low)
    total = place * (1.0 - place) / part**2 - 1.0
    if declared.distribution != "lognormal" and place * total > 0 and (1.0 - place) * total > 0:
        shape = {"alpha": place * total, "beta": (1.0 - place) * total}
        yield {"distribution": "beta", **shape, "low": low, "high": high}


def _rounded(shape: dict[str, Any]) -> dict[str, Any]:
    """Return parameters with few digits; ends stay as they were declared or found."""
    fine = {"low", "high", "distribution"}
    return {
        name: value if name in fine else float(f"{value:.{_DIGITS}g}")
        for name, value in shape.items()
    }
