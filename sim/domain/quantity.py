"""Numbers with unit, uncertainty and source, and the distributions they are declared in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Literal

import numpy as np
from pydantic import AfterValidator, Field, model_validator
from scipy.special import betaincinv, ndtr, ndtri

from sim.domain.frozen import Frozen
from sim.quantities import Floats

__all__ = [
    "LARGEST",
    "OVERRIDE",
    "PARAMETERS",
    "Distribution",
    "FixedNonNegative",
    "FixedShare",
    "MaybeReal",
    "MaybeRounds",
    "Moderate",
    "NonNegative",
    "Percent",
    "Quantity",
    "Real",
    "Share",
    "Sign",
    "fixed",
    "key_path",
    "moderate",
    "most_lognormal",
    "quantiles",
    "within",
]

OVERRIDE = "override"
"""What stands as the source of a number that a user set from outside."""
LARGEST = 1e100
"""Largest size of a number in a file: products of three such numbers are still finite."""


def moderate(number: float) -> float:
    """Return a number that is not too large to be worked with.

    Parameters
    ----------
    number : float

    Raises
    ------
    ValueError
        If its size exceeds `LARGEST`.
    """
    if not -LARGEST <= number <= LARGEST:
        raise ValueError(f"expected a number of at most {LARGEST:g} in size, got {number:g}")
    return number


Moderate = Annotated[float, AfterValidator(moderate)]
"""A number of at most `LARGEST` in size."""


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


_NO_WIDTH = 1e14
"""Sum of a beta distribution's parameters beyond which its standard deviation is less than a
ten-millionth of its range. Scipy takes minutes for its quantiles then, or gives NaN."""


def _beta(p: Floats, alpha: float, beta: float, low: float = 0.0, high: float = 1.0) -> Floats:
    if alpha + beta > _NO_WIDTH:
        return np.full_like(p, low + (high - low) / (1.0 + beta / alpha))
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


Sign = Literal["firmer", "softer", "none"]
"""Whether a higher value goes with more resolve of its side not to concede, less, or neither."""

_NAMES = ("low", "high", "mode", "mean", "sd", "alpha", "beta", "median", "sigma")


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
    resolve : {"firmer", "softer", "none"}, optional
        Whether a higher value goes with more resolve of the side not to concede, with less, or
        with neither (as if nothing were said); for numbers of sides only.
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
    resolve: Sign | None = None

    @model_validator(mode="after")
    def _complete(self) -> Quantity:
        if (self.value is None) == (self.distribution is None):
            raise ValueError("expected exactly one of 'value' and 'distribution'")
        if not self.source and not self.assumption:
            raise ValueError("expected 'source: [ids]' or 'assumption: why', got neither")
        given = set(self._given)
        for number in (self.value, self.off, *self._given.values()):
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
        if self.mode is not None and not _within_bounds(self.mode, self.low, self.high):
            raise ValueError(f"mode must lie between low and high, got {self.mode}")
        if self.distribution == "lognormal":
            if (self.low or 0.0) < 0 or (self.high is not None and self.high <= 0):
                bounds = f"{self.low} and {self.high}"
                raise ValueError(f"lognormal takes low from 0 on and high above 0, got {bounds}")
            moderate(most_lognormal(self.median or 1.0, self.sigma or 1.0, self.high))
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
        return quantiles(self.distribution, self._given, probability)

    @property
    def _given(self) -> dict[str, float]:
        """Return the parameters of the distribution that are given."""
        return {name: getattr(self, name) for name in _NAMES if getattr(self, name) is not None}

    def at(self, value: float | Literal["none"], source: str = OVERRIDE) -> Quantity:
        """Return the same quantity at a point value, its origin renamed."""
        return Quantity(
            value=value, unit=self.unit, source=(source,), off=self.off, resolve=self.resolve
        )


def _within_bounds(x: float, low: float | None, high: float | None) -> bool:
    return (low is None or x >= low) and (high is None or x <= high)


def within(low: float = -np.inf, high: float = np.inf, *, none: bool = False) -> AfterValidator:
    """Return a check that a quantity lies in [low, high] in every world.

    Parameters
    ----------
    low, high : float
        Admissible range, ends included.
    none : bool
        Whether the quantity may be ``none``.
    """
    return AfterValidator(lambda quantity: _inside(quantity, (low, high), none=none))


def fixed(low: float = -np.inf, high: float = np.inf) -> AfterValidator:
    """Return a check that a quantity is one point in [low, high], the same in every world."""

    def check(quantity: Quantity) -> Quantity:
        if quantity.is_uncertain:
            raise ValueError("expected a point value (the same in all worlds), got a distribution")
        return _inside(quantity, (low, high), none=False)

    return AfterValidator(check)


def _inside(quantity: Quantity, span: tuple[float, float], *, none: bool) -> Quantity:
    """Return a quantity if it lies in a range in every world."""
    if quantity.is_none:
        if not none:
            raise ValueError("'none' is not possible here")
        return quantity
    least, most = quantity.bounds
    if least < span[0] or most > span[1]:
        got = f"{least:g}" if least == most else f"{least:g} to {most:g}"
        raise ValueError(f"expected a value in [{span[0]:g}, {span[1]:g}], got {got}")
    return quantity


Real = Annotated[Quantity, within()]
NonNegative = Annotated[Quantity, within(0.0)]
Share = Annotated[Quantity, within(0.0, 1.0)]
Percent = Annotated[Quantity, within(0.0, 100.0)]
MaybeRounds = Annotated[Quantity, within(0.0, none=True)]
MaybeReal = Annotated[Quantity, within(none=True)]
FixedNonNegative = Annotated[Quantity, fixed(0.0)]
FixedShare = Annotated[Quantity, fixed(0.0, 1.0)]


def key_path(key: str) -> tuple[str, ...]:
    """Return the names that a dotted key is made of; a dot between digits belongs to a number.

    Examples
    --------
    >>> key_path("holder.leader"), key_path("protocol.effect_years.0.25")
    (('holder', 'leader'), ('protocol', 'effect_years', '0.25'))
    """
    return tuple(re.split(r"(?<!\d)\.|\.(?!\d)", key))
