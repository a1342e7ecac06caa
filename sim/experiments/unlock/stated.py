"""Stated preferences of both sides, and the directions in which each may be moved.

A change is measured in the number's own declared uncertainty: its standard deviation, counted
from its mean. A number that is declared without uncertainty has no spread of its own; where it has
an `off`, its way there is the only scale it declares, and a change is measured as a part of that
way. The two measures are not comparable, so tables list them apart. To say "there is none" (an
`off` of ``none``) is no distance at all but a switch, and is listed last.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import numpy as np

from sim.domain.interest import ROLES
from sim.domain.quantity import Quantity
from sim.domain.scenario import Scenario
from sim.quantities import Floats

PARTS = (
    "preferences",
    "preconditions",
    "reservation",
    "public",
    "ratifiers",
    "commitment",
    "leader.deadline_rounds",
    "leader.discount_factor",
    "leader.audience_cost",
    "leader.approval_weight",
)
"""Parts of a side that say what its government, its public and its ratifiers want.

Beliefs, strategies, approval, turnover and successors are left out: what a side thinks, does and
meets is no preference.
"""

_TAIL = 0.001
_GRID = (np.arange(4_096) + 0.5) / 4_096


class Measure(Enum):
    """Say in which unit a change is measured."""

    sd = "its standard deviations, from its mean"
    way_to_off = "its way to off"
    switch = "switched to none"


@dataclass(frozen=True)
class Direction:
    """A number and one direction in which it may be moved.

    Parameters
    ----------
    key : str
        Dotted key in the scenario.
    unit : str
        The number's own unit, in words.
    measure : Measure
    centre : float
        Mean of the declared uncertainty, or the point value.
    end : float
        As far as it may go: the end of its declared range, or `off` where that lies beyond;
        infinity stands for "none".
    step : float
        Signed length of one unit of change.
    drops : bool
        Whether the end is `off`: the number's stance is dropped there.
    """

    key: str
    unit: str
    measure: Measure
    centre: float
    end: float
    step: float
    drops: bool = False

    @property
    def reach(self) -> float:
        """Return the largest change, in units of change; 1 for a switch."""
        return 1.0 if self.measure is Measure.switch else (self.end - self.centre) / self.step

    def value(self, size: Floats) -> Floats:
        """Return the number's value after changes; no change goes beyond the end.

        Parameters
        ----------
        size : ndarray
            In units of change, not negative.
        """
        if self.measure is Measure.switch:
            return np.where(size > 0, np.inf, np.nan)
        return np.where(size < self.reach, self.centre + self.step * size, self.end)


def stated(scenario: Scenario) -> dict[str, Quantity]:
    """Return the stated preferences of both sides, by dotted key.

    Parameters
    ----------
    scenario : Scenario
    """
    prefixes = tuple(f"{role.value}.{part}" for role in ROLES for part in PARTS)
    return {
        key: quantity
        for key, quantity in scenario.quantities()
        if key.startswith(prefixes) and not _same_everywhere(key)
    }


def directions(key: str, quantity: Quantity) -> Iterator[Direction]:
    """Yield the directions in which a number may be moved; none where it declares no scale.

    Parameters
    ----------
    key : str
    quantity : Quantity

    Examples
    --------
    >>> q = Quantity(distribution="uniform", low=2, high=4, unit="years", assumption="?", off=0)
    >>> [(direction.end, round(direction.reach, 2)) for direction in directions("x", q)]
    [(0.0, 5.2), (4.0, 1.73)]
    """
    if quantity.is_none:
        return
    off = quantity.off
    centre, sd = _moments(quantity)
    if quantity.is_uncertain:
        low, high = declared_range(quantity)
        ends = [low, high] if off is None or off == "none" else [min(low, off), max(high, off)]
        for end in ends:
            if end != centre and sd > 0:
                step = float(np.copysign(sd, end - centre))
                yield Direction(key, quantity.unit, Measure.sd, centre, end, step, end == off)
    elif isinstance(off, float) and off != centre:
        yield Direction(key, quantity.unit, Measure.way_to_off, centre, off, off - centre, True)
    if off == "none":
        yield Direction(key, quantity.unit, Measure.switch, centre, np.inf, np.inf, True)


def _moments(quantity: Quantity) -> tuple[float, float]:
    if not quantity.is_uncertain:
        return quantity.point, 0.0
    values = quantity.quantile(_GRID)
    return float(values.mean().round(12)), float(values.std())


def declared_range(quantity: Quantity) -> tuple[float, float]:
    """Return the declared range; where it is open, all but a thousandth at either end."""
    tails = quantity.quantile(np.array([_TAIL, 1.0 - _TAIL]))
    low = float(tails[0]) if quantity.low is None else quantity.low
    high = float(tails[1]) if quantity.high is None else quantity.high
    return low, high


def _same_everywhere(key: str) -> bool:
    """Tell whether a number must be the same in all worlds, and so cannot be pinned by world."""
    return key.endswith(".economy_scale")
