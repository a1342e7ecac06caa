"""Settlement map: share of worlds of an event over three declared numbers, along the path.

Each axis is a number, or all that a pattern names, moved from the firm end of its declared range to
its friendly one (where it has an ``off`` or belongs to a precondition, to where that is gone).
Everything else stands at t = 0, 1/2 and 1 of the path.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import product

import numpy as np

from sim.domain.interest import Role
from sim.domain.quantity import Quantity
from sim.domain.scenario import Scenario
from sim.experiments.conditions.trials import PairedTrials
from sim.experiments.unlock.stated import declared_range
from sim.quantities import Floats

__all__ = [
    "ALONG",
    "STEPS",
    "MapAxis",
    "SettlementMap",
    "default_axes",
    "map_axis",
    "settlement_map",
]

STEPS = np.linspace(0.0, 1.0, 5)
"""Places on the first two axes, from firm to friendly."""
_PANELS = np.array([0.0, 0.5, 1.0])
"""Places on the third."""
ALONG = np.array([0.0, 0.5, 1.0])
"""Places of everything else on the path."""


@dataclass(frozen=True)
class MapAxis:
    """An axis of the map.

    Parameters
    ----------
    pattern : str
        A dotted key, or several by ``*``.
    ends : mapping of key to (float, float)
        The firm end and the friendly end of each number.
    """

    pattern: str
    ends: dict[str, tuple[float, float]]

    def at(self, place: float) -> dict[str, float]:
        """Return the numbers' values at a place between firm (0) and friendly (1)."""
        return {key: firm + place * (soft - firm) for key, (firm, soft) in self.ends.items()}


@dataclass(frozen=True)
class SettlementMap:
    """Shares of worlds of an event.

    Parameters
    ----------
    axes : tuple of MapAxis
        Three.
    event : str
    shares : ndarray, shape (places of the path, panels, steps, steps)
        Along the path, the third, the second and the first axis.
    worlds : int
    """

    axes: tuple[MapAxis, ...]
    event: str
    shares: Floats
    worlds: int


def map_axis(scenario: Scenario, pattern: str) -> MapAxis:
    """Return an axis over the numbers that a pattern names.

    Parameters
    ----------
    scenario : Scenario
    pattern : str
        As for file names, on dotted keys.

    Raises
    ------
    ValueError
        If it names no number that declares two ends.
    """
    found = {
        key: ends
        for key, item in scenario.quantities()
        if fnmatchcase(key, pattern) and (ends := _ends(key, item)) is not None
    }
    if not found:
        raise ValueError(f"no number with a range and a sign, or with 'off', named {pattern}")
    return MapAxis(pattern, found)


def _ends(key: str, item: Quantity) -> tuple[float, float] | None:
    """Return the firm and the friendly end of a number, where it declares both."""
    off = item.off if isinstance(item.off, float) else None
    if item.is_none or key.endswith("economy_scale"):
        return None
    if item.is_uncertain and item.resolve in ("firmer", "softer"):
        low, high = declared_range(item)
        firm, soft = (high, low) if item.resolve == "firmer" else (low, high)
        return firm, (0.0 if key.endswith(".firmness") else soft)
    if off is None or off == item.point:
        return None
    return item.point, off


def default_axes(scenario: Scenario) -> tuple[str, ...]:
    """Return what a map is drawn over where nothing is said: opposition, incentive, firmness.

    Where no public declares an opposition, the thresholds of their segments stand in, and where
    money is nothing to the holder, all that it wants; what declares no ends is left out, so that
    fewer than three may remain.
    """
    interests = scenario.dispute.interest_names
    paid = [name for name in interests if scenario.dispute.interest(name).money == "received"]
    firmness = f"{Role.HOLDER.value}.preconditions.*.firmness"
    weights = f"{Role.HOLDER.value}.preferences.weights"
    wanted = [
        ("*.public.opposition", "*.public.segments.*.threshold"),
        (*(f"{weights}.{name}" for name in paid), f"{weights}.*"),
        (firmness, "*.preconditions.*.firmness"),
    ]
    return tuple(name for names in wanted for name in _first(scenario, names))


def _first(scenario: Scenario, patterns: Sequence[str]) -> list[str]:
    for pattern in patterns:
        for key, item in scenario.quantities():
            if fnmatchcase(key, pattern) and _ends(key, item) is not None:
                return [pattern]
    return []


def settlement_map(trials: PairedTrials, event: str, axes: Sequence[MapAxis]) -> SettlementMap:
    """Return the share of worlds of an event over three axes, along the path.

    Parameters
    ----------
    trials : PairedTrials
    event : str
    axes : sequence of MapAxis
        Three: across, up, and from panel to panel.
    """
    places = list(product(ALONG, _PANELS, STEPS, STEPS))
    settings = [trials.everywhere(t) for t, *_ in places]
    also = [
        axes[0].at(across) | axes[1].at(up) | axes[2].at(panel) for _, panel, up, across in places
    ]
    shares = [float(one[event].mean()) for one in trials.play(settings, also)]
    shape = len(ALONG), len(_PANELS), len(STEPS), len(STEPS)
    return SettlementMap(tuple(axes), event, np.reshape(shares, shape), trials.worlds)
