"""Limits on a few numbers within which something happens often, found by PRIM."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.equations.statistics import wilson_interval
from sim.quantities import Bools, Floats

__all__ = ["FAR", "NONE_AT", "Limit", "Rule", "boxes", "measured", "no_box"]

NONE_AT = 1e30
"""Where "none" lies among numbers, such as that of a deadline: beyond all of them."""
FAR = 1e20
"""Number from which on a limit tells "none" from numbers; no quantity is as large."""


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
        >>> print(Limit("claimant.leader.deadline_rounds", low=5e29))
        claimant leader deadline rounds is none
        """
        name = self.key.replace("_", " ").replace(".", " ")
        if self.low is not None and self.low >= FAR:
            return f"{name} is none"
        if self.high is not None and self.high >= FAR:
            least = "" if self.low is None else f" and ≥ {self.low:.3g}"
            return f"{name} is not none{least}"
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


MOST, _LIMITS = 3, 4
"""How many boxes, and by how many numbers each may be limited."""


def no_box() -> str:
    """Say that there is no box, and how to get at boxes where PRIM is not installed."""
    hint = "" if _prim() else " (boxes need the extra: pip install 'four-islands[discover]')"
    return f"no box is better{hint}"


def _prim() -> Any:
    """Return the module of PRIM, or None where it is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts of the workbench that are not used
            from ema_workbench.analysis import prim
    except ImportError:
        return None
    return prim


def boxes(numbers: pd.DataFrame, happens: Bools) -> list[tuple[Limit, ...]]:
    """Return the limits of PRIM's boxes; none where it is not installed."""
    prim = _prim()
    if prim is None:
        return []
    base, found = float(happens.mean()), []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        search = prim.Prim(numbers, happens, threshold=base, peel_alpha=0.05)
        for _ in range(MOST):
            box = search.find_box()
            if box is None or not (limits := _limits(box, base)):
                break
            found.append(limits)
    return found


def _limits(box: Any, base: float) -> tuple[Limit, ...]:
    """Return the limits at the step of the peeling with the best weighted relative accuracy."""
    steps = box.peeling_trajectory
    gain = steps["mass"] * (steps["density"] - base)
    best = int(np.argmax(np.where(steps["res_dim"] <= _LIMITS, gain, -np.inf)))
    box.select(best)
    whole, chosen = box.box_lims[0], box.box_lims[best]
    limits = []
    for key in chosen.columns:
        low, high = (float(value) for value in chosen[key])
        below, above = low > float(whole[key].iloc[0]), high < float(whole[key].iloc[1])
        if below or above:
            limits.append(Limit(key, low if below else None, high if above else None))
    return tuple(limits)
