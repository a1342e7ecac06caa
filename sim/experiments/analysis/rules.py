"""Limits on a few numbers within which something happens often, found by PRIM."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.domain.narration import percent
from sim.equations.statistics import CONFIDENCE, wilson_interval
from sim.paths import install_hint
from sim.quantities import Bools, Floats, Ints

__all__ = ["FAR", "NONE_AT", "Holdout", "Limit", "Rule", "boxes", "measured", "no_box"]

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
    lift, lift_low, lift_high : float
        How many times as often it happens within the limits as in all cases, with its interval by
        resampling cases; not known where these are left out.
    """

    limits: tuple[Limit, ...]
    share: float
    low: float
    high: float
    coverage: float
    mass: float
    lift: float = math.nan
    lift_low: float = math.nan
    lift_high: float = math.nan

    @property
    def telling(self) -> bool:
        """Tell whether the interval of the lift excludes 1."""
        return self.lift_low > 1.0 or self.lift_high < 1.0

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
            f"{verb} in {percent(self.share)} % of worlds ({percent(self.low)} to "
            f"{percent(self.high)} %) {place}: {percent(self.mass)} % of all worlds, "
            f"{percent(self.coverage)} % of those in which it {verb}"
        )


@dataclass(frozen=True)
class Holdout:
    """Cases that did not help to find limits, by which these are measured.

    Parameters
    ----------
    cases : DataFrame
    happens : ndarray, shape (cases,)
        The share of each case's worlds in which it happens.
    number : ndarray, shape (cases,)
        How many worlds each case is, or its weight.
    group : ndarray of int, shape (cases,), optional
        Cases that go together, and are resampled together.
    weighted : bool
        Whether numbers are weights: then intervals of shares come from resampling as well.
    confidence : float
        Of intervals of lifts: 0.95, or more where many are tried.
    """

    cases: pd.DataFrame
    happens: Floats
    number: Floats
    group: Ints | None = None
    weighted: bool = False
    confidence: float = CONFIDENCE


_RESAMPLES, _SEED = 400, 2


def measured(limits: Sequence[Limit], kept: Holdout) -> Rule | None:
    """Return how often something happens within limits, or None where no case lies within.

    Parameters
    ----------
    limits : sequence of Limit
    kept : Holdout
    """
    inside = np.ones(len(kept.cases), dtype=bool)
    for limit in limits:
        inside &= limit.holds(kept.cases)
    hits = kept.happens * kept.number
    worlds, events = kept.number[inside].sum(), hits[inside].sum()
    if not worlds:
        return None
    shares, lifts = _resampled(kept, inside)
    low, high = (float(end) for end in wilson_interval(np.array(events), np.array(worlds)))
    if kept.weighted:
        low, high = _ends(shares, CONFIDENCE)
    every, mass = hits.sum(), worlds / kept.number.sum()
    lift_low, lift_high = _ends(lifts, kept.confidence)
    if every:
        # Where it happens always or never within the limits, resampling does not see the luck.
        rows = kept.happens > 0
        counts = ((rows & inside).sum(), rows.sum()) if kept.weighted else (events, worlds)
        ends = wilson_interval(np.array(counts[0]), np.array(counts[1]), kept.confidence)
        by = mass if kept.weighted else every / kept.number.sum()
        lift_low, lift_high = (
            min(lift_low, float(ends[0] / by)),
            max(lift_high, float(ends[1] / by)),
        )
    return Rule(
        limits=tuple(limits),
        share=float(events / worlds),
        low=low,
        high=high,
        coverage=float(events / every) if every else 0.0,
        mass=float(mass),
        lift=float(events / worlds / (every / kept.number.sum())) if every else math.nan,
        lift_low=lift_low,
        lift_high=lift_high,
    )


def _resampled(kept: Holdout, inside: Bools) -> tuple[Floats, Floats]:
    """Return shares within limits, and lifts, of cases drawn anew with replacement."""
    number = len(inside)
    group = np.arange(number) if kept.group is None else kept.group
    which = np.unique(group, return_inverse=True)[1].reshape(-1)
    many = int(which.max()) + 1
    hits = kept.happens * kept.number
    columns = [hits * inside, kept.number * inside, hits, kept.number]
    sums = np.stack([np.bincount(which, each, many) for each in columns], axis=1)
    alike, often = np.unique(sums, axis=0, return_counts=True)
    drawn = np.random.default_rng(_SEED).multinomial(many, often / many, size=_RESAMPLES) @ alike
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = drawn[:, 0] / drawn[:, 1]
        return shares, shares / (drawn[:, 2] / drawn[:, 3])


def _ends(values: Floats, confidence: float) -> tuple[float, float]:
    """Return the interval of resampled values; everything where most are not known."""
    known = values[np.isfinite(values)]
    if 2 * len(known) < len(values):
        return 0.0, math.inf
    low, high = np.quantile(known, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


MOST, _LIMITS = 3, 4
"""How many boxes, and by how many numbers each may be limited."""


def no_box() -> str:
    """Say how to get at boxes where PRIM is not installed; nothing where it is."""
    return "" if _prim() else f" (boxes need the extra: {install_hint('discover')})"


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
