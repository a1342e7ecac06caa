"""Hold a number together with its unit, its uncertainty and where it comes from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

import numpy as np
from pydantic import AfterValidator, Field, model_validator
from scipy.special import betaincinv, ndtr, ndtri

from sim.domain.frozen import Frozen
from sim.domain.moderate import moderate
from sim.quantities import Floats

Distribution = Literal["uniform", "triangular", "normal", "beta", "lognormal"]

PARAMETERS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "uniform": (frozenset({"low", "high"}), frozenset()),
    "triangular": (frozenset({"low", "mode", "high"}), frozenset()),
    "normal": (frozenset({"mean", "sd"}), frozenset({"low", "high"})),
    "beta": (frozenset({"alpha", "beta"}), frozenset({"low", "high"})),
    "lognormal": (frozenset({"median", "sigma"}), frozenset({"low", "high"})),
}
"""Parameters that each distribution must and may have."""
_NAMES = ("low", "high", "mode", "mean", "sd", "alpha", "beta", "median", "sigma")
_TAIL = 8.0
_FAR = 700.0
"""Exponent of e beyond which the result is no number."""


class Quantity(Frozen):
    """A number or a distribution, its unit, and its source or the reason it is assumed.

    Exactly one of `value` and `distribution` is given, and at least one of `source` and
    `assumption`: silence about the origin of a number is an error.

    Parameters
    ----------
    value : float or "none", optional
        A point value; ``none`` (only where a field allows it) means "there is none".
    distribution : {"uniform", "triangular", "normal", "beta", "lognormal"}, optional
        The declared uncertainty; every world draws once. `normal`, `beta` and `lognormal`
        may be truncated to [`low`, `high`] (`beta` is stretched over it).
    unit : str
        The unit, in words.
    source : tuple of str
        Ids of entries of the evidence register, or ``override``.
    assumption : str, optional
        Why this value is assumed, when no source gives it.
    off : float or "none", optional
        The value that removes the stance which this number expresses.
    """

    value: float | Literal["none"] | None = None
    distribution: Distribution | None = None
    low: float | None = None
    high: float | None = None
    mode: float | None = None
    mean: float | None = None
    sd: Annotated[float, Field(gt=0)] | None = None
    alpha: Annotated[float, Field(gt=0)] | None = None
    beta: Annotated[float, Field(gt=0)] | None = None
    median: Annotated[float, Field(gt=0)] | None = None
    sigma: Annotated[float, Field(gt=0)] | None = None
    unit: str
    source: tuple[str, ...] = ()
    assumption: str | None = None
    off: float | Literal["none"] | None = None

    @model_validator(mode="after")
    def _complete(self) -> Quantity:
        if (self.value is None) == (self.distribution is None):
            raise ValueError("expected exactly one of 'value' and 'distribution'")
        if not self.source and not self.assumption:
            raise ValueError("expected 'source: [ids]' or 'assumption: why', got neither")
        given = {name for name in _NAMES if getattr(self, name) is not None}
        for name in ("value", "off", *given):
            number = getattr(self, name)
            if isinstance(number, float):
                moderate(number)
        needed, allowed = PARAMETERS[self.distribution or "uniform"]
        if self.distribution is None and given:
            raise ValueError(f"a point value takes no {', '.join(sorted(given))}")
        if self.distribution is not None and not needed <= given <= needed | allowed:
            wanted = ", ".join(sorted(needed))
            raise ValueError(f"{self.distribution} takes {wanted}, got {', '.join(sorted(given))}")
        if self.low is not None and self.high is not None and not self.low <= self.high:
            raise ValueError(f"low must not exceed high, got {self.low} and {self.high}")
        if self.mode is not None and not _between(self.mode, self.low, self.high):
            raise ValueError(f"mode must lie between low and high, got {self.mode}")
        if self.distribution == "lognormal":
            moderate(_most_lognormal(self))
        return self

    @property
    def is_none(self) -> bool:
        """Tell whether the quantity says "there is none"."""
        return self.value == "none"

    @property
    def is_uncertain(self) -> bool:
        """Tell whether worlds differ in this quantity."""
        return self.distribution is not None

    @property
    def point(self) -> float:
        """Return the point value, or the median of the distribution."""
        return float(self.quantile(np.array([0.5]))[0])

    @property
    def bounds(self) -> tuple[float, float]:
        """Return the lowest and highest value that a world can draw."""
        low, high = self.quantile(np.array([0.0, 1.0]))
        return float(low), float(high)

    def quantile(self, probability: Floats) -> Floats:
        """Return the quantiles of the declared uncertainty (inverse distribution function).

        Parameters
        ----------
        probability : ndarray
            Probabilities in [0, 1].

        Returns
        -------
        ndarray
            Same shape as `probability`.

        Examples
        --------
        >>> q = Quantity(distribution="uniform", low=2, high=4, unit="years", assumption="shown")
        >>> q.quantile(np.array([0.0, 0.5])).tolist()
        [2.0, 3.0]
        """
        if self.distribution is None:
            if self.value is None or self.value == "none":
                raise ValueError("a quantity that says 'none' has no quantiles")
            return np.full(probability.shape, float(self.value))
        return np.asarray(_QUANTILES[self.distribution](self, probability), dtype=np.float64)

    def at(self, value: float | Literal["none"], source: str = "override") -> Quantity:
        """Return the same quantity at a point value, its origin renamed."""
        return Quantity(value=value, unit=self.unit, source=(source,), off=self.off)


def _between(x: float, low: float | None, high: float | None) -> bool:
    return (low is None or x >= low) and (high is None or x <= high)


def _uniform(q: Quantity, p: Floats) -> Floats:
    low, high = _span(q)
    return low + (high - low) * p


def _triangular(q: Quantity, p: Floats) -> Floats:
    low, high = _span(q)
    mode = low if q.mode is None else q.mode
    width = max(high - low, np.finfo(float).tiny)
    cut = (mode - low) / width
    rising = low + np.sqrt(p * width * (mode - low))
    falling = high - np.sqrt((1.0 - p) * width * (high - mode))
    return np.where(p < cut, rising, falling)


def _normal(q: Quantity, p: Floats) -> Floats:
    mean, sd = q.mean or 0.0, q.sd or 1.0
    low = -_TAIL if q.low is None else (q.low - mean) / sd
    high = _TAIL if q.high is None else (q.high - mean) / sd
    start, stop = ndtr(low), ndtr(high)
    return mean + sd * np.clip(ndtri(start + (stop - start) * p), low, high)


def _beta(q: Quantity, p: Floats) -> Floats:
    low = 0.0 if q.low is None else q.low
    high = 1.0 if q.high is None else q.high
    return low + (high - low) * np.asarray(betaincinv(q.alpha or 1.0, q.beta or 1.0, p))


def _lognormal(q: Quantity, p: Floats) -> Floats:
    median, sigma = q.median or 1.0, q.sigma or 1.0
    low = -_TAIL if not q.low else np.log(q.low / median) / sigma
    high = _TAIL if q.high is None else np.log(q.high / median) / sigma
    start, stop = ndtr(low), ndtr(high)
    return median * np.exp(sigma * np.clip(ndtri(start + (stop - start) * p), low, high))


def _most_lognormal(q: Quantity) -> float:
    """Return the highest value of a lognormal quantity, infinite where it is too large."""
    if q.high is not None:
        return q.high
    exponent = _TAIL * (q.sigma or 1.0)
    return float((q.median or 1.0) * np.exp(exponent)) if exponent < _FAR else np.inf


def _span(q: Quantity) -> tuple[float, float]:
    return (0.0 if q.low is None else q.low), (1.0 if q.high is None else q.high)


_QUANTILES: dict[str, Callable[[Quantity, Floats], Floats]] = {
    "uniform": _uniform,
    "triangular": _triangular,
    "normal": _normal,
    "beta": _beta,
    "lognormal": _lognormal,
}


def within(low: float = -np.inf, high: float = np.inf, *, none: bool = False) -> AfterValidator:
    """Return a check that a quantity lies in [low, high] in every world.

    Parameters
    ----------
    low, high : float
        Admissible range, ends included.
    none : bool
        Whether the quantity may be ``none``.
    """

    def check(quantity: Quantity) -> Quantity:
        if quantity.is_none:
            if not none:
                raise ValueError("'none' is not possible here")
            return quantity
        least, most = quantity.bounds
        if least < low or most > high:
            got = f"{least:g}" if least == most else f"{least:g} to {most:g}"
            raise ValueError(f"expected a value in [{low:g}, {high:g}], got {got}")
        return quantity

    return AfterValidator(check)


Real = Annotated[Quantity, within()]
NonNegative = Annotated[Quantity, within(0.0)]
Share = Annotated[Quantity, within(0.0, 1.0)]
Percent = Annotated[Quantity, within(0.0, 100.0)]
MaybeRounds = Annotated[Quantity, within(0.0, none=True)]
MaybeReal = Annotated[Quantity, within(none=True)]


def fixed(low: float = -np.inf, high: float = np.inf) -> AfterValidator:
    """Return a check that a quantity is one point in [low, high], the same in every world."""
    inside = within(low, high)

    def check(quantity: Quantity) -> Quantity:
        if quantity.is_uncertain:
            raise ValueError("expected a point value (the same in all worlds), got a distribution")
        checked: Quantity = inside.func(quantity)  # type: ignore[call-arg]
        return checked

    return AfterValidator(check)


FixedNonNegative = Annotated[Quantity, fixed(0.0)]
FixedShare = Annotated[Quantity, fixed(0.0, 1.0)]
