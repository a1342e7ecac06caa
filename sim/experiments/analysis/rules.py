"""Say where something happens: limits on a few numbers, and how often it happens within them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.equations.statistics import wilson_interval
from sim.quantities import Bools, Floats

__all__ = ["Limit", "Rule", "measured"]


@dataclass(frozen=True)
class Limit:
    """Limits on one number.

    Parameters
    ----------
    key : str
    low, high : float, optional
        At least, and below; absent, not limited on that side.
    """

    key: str
    low: float | None = None
    high: float | None = None

    def holds(self, cases: pd.DataFrame) -> Bools:
        """Tell which cases keep within the limits."""
        values = cases[self.key].to_numpy(dtype=np.float64)
        least = True if self.low is None else values >= self.low
        below = True if self.high is None else values < self.high
        return np.broadcast_to(np.asarray(least & below), values.shape)

    def __str__(self) -> str:
        """Say it in words.

        Examples
        --------
        >>> print(Limit("holder.public.opposition", high=0.55))
        holder public opposition < 0.55
        """
        name = self.key.replace("_", " ").replace(".", " ")
        if self.low is None:
            return f"{name} < {self.high:.3g}"
        if self.high is None:
            return f"{name} ≥ {self.low:.3g}"
        return f"{self.low:.3g} ≤ {name} < {self.high:.3g}"


@dataclass(frozen=True)
class Rule:
    """How often something happens where some limits hold.

    Parameters
    ----------
    limits : tuple of Limit
    share, low, high : float
        Share of cases within the limits in which it happens, and its 95 % interval, in cases that
        did not help to find the limits.
    coverage : float
        Share of all that happens that happens within the limits.
    mass : float
        Share of all cases that lie within the limits.
    """

    limits: tuple[Limit, ...]
    share: float
    low: float
    high: float
    coverage: float
    mass: float

    def sentence(self, verb: str) -> str:
        """Say it in one sentence.

        Parameters
        ----------
        verb : str
            What happens, such as "settles".
        """
        where = " and ".join(map(str, self.limits)) or "everywhere"
        place = f"where {where}" if self.limits else where
        return (
            f"{verb} in {self.share:.0%} of worlds ({self.low:.0%} to {self.high:.0%}) {place}: "
            f"{self.mass:.0%} of all worlds, {self.coverage:.0%} of those in which it {verb}"
        )


def measured(
    limits: Sequence[Limit], cases: pd.DataFrame, happens: Floats, number: Floats
) -> Rule | None:
    """Return how often something happens within limits, or None where no case lies within.

    Parameters
    ----------
    limits : sequence of Limit
    cases : DataFrame
    happens : ndarray, shape (cases,)
        The share of each case's worlds in which it happens.
    number : ndarray, shape (cases,)
        How many worlds each case is.
    """
    inside = np.ones(len(cases), dtype=bool)
    for limit in limits:
        inside &= limit.holds(cases)
    worlds, events = number[inside].sum(), (happens * number)[inside].sum()
    if not worlds:
        return None
    low, high = wilson_interval(np.array(events), np.array(worlds))
    every = (happens * number).sum()
    return Rule(
        limits=tuple(limits),
        share=float(events / worlds),
        low=float(low),
        high=float(high),
        coverage=float(events / every) if every else 0.0,
        mass=float(worlds / number.sum()),
    )
