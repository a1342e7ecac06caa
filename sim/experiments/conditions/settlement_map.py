"""Settlement map: share of worlds of an event over three declared numbers, along the path.

Each axis is a number, or all that a pattern names, moved from the firm end of its declared range to
its friendly one (where it has an ``off`` or belongs to a precondition, to where that is gone).
Everything else stands at t = 0, 1/2 and 1 of the path.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np

from sim.domain.interest import Role
from sim.domain.quantity import Quantity
from sim.domain.scenario import Scenario
from sim.experiments.conditions.trials import EVENTS, PairedTrials
from sim.experiments.unlock.stated import declared_range
from sim.quantities import Floats

__all__ = [
    "ALONG",
    "STEPS",
    "MapAxis",
    "SettlementMap",
    "default_axes",
    "map_axis",
    "settlement_maps",
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


def settlement_maps(
    trials: PairedTrials, axes: Sequence[MapAxis], events: Sequence[str] = EVENTS
) -> dict[str, SettlementMap]:
    """Return the share of worlds of each event over three axes, along the path, played once.

    The friendliest cell of each panel is played first, then the friendliest of each of its rows,
    then the rest: worlds in which an event does not come about there count as without it in what
    is firmer, and are left out of it where none of the events does.

    Parameters
    ----------
    trials : PairedTrials
    axes : sequence of MapAxis
        Three: across, up, and from panel to panel.
    events : sequence of str
        Of `sim.experiments.conditions.trials.EVENTS`.
    """
    shape = len(ALONG), len(_PANELS), len(STEPS), len(STEPS)
    there = np.ones((*shape, len(events), trials.worlds), dtype=bool)
    last = len(STEPS) - 1
    everything = list(np.ndindex(*shape))
    corners = [cell for cell in everything if cell[2:] == (last, last)]
    ends = [cell for cell in everything if cell[3] == last and cell[2] != last]
    rest = [cell for cell in everything if cell[3] != last]
    for cells, above in (
        (corners, lambda cell: cell),
        (ends, lambda cell: (*cell[:2], last, last)),
        (rest, lambda cell: (*cell[:3], last)),
    ):
        able = [np.flatnonzero(there[above(cell)].any(axis=0)) for cell in cells]
        settings = [trials.everywhere(ALONG[cell[0]]) for cell in cells]
        also = [_values(axes, cell) for cell in cells]
        for cell, one in zip(cells, trials.play(settings, also, able), strict=True):
            there[cell] = there[above(cell)] & [one[event] for event in events]
    shares = there.mean(axis=-1)
    return {
        event: SettlementMap(tuple(axes), event, shares[..., place], trials.worlds)
        for place, event in enumerate(events)
    }


def _values(axes: Sequence[MapAxis], cell: tuple[int, ...]) -> dict[str, float]:
    """Return the numbers on the axes in a cell; where two name a number, the last one counts."""
    _, panel, up, across = cell
    return axes[0].at(STEPS[across]) | axes[1].at(STEPS[up]) | axes[2].at(_PANELS[panel])
