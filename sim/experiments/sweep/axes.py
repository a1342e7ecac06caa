"""Axes of a sweep: what varies, checked value by value before the first cell is played."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sim.domain.checks import faults_of
from sim.domain.quantity import OVERRIDE, Quantity
from sim.domain.scenario import Scenario
from sim.errors import Fault, ScenarioError
from sim.experiments.pinned import FILE, value_faults
from sim.quantities import Floats

__all__ = ["ALL", "Axis", "check_choices", "check_numbers", "distribution", "point_of"]


@dataclass(frozen=True)
class Axis:
    """One thing that varies from cell to cell.

    A design places a cell on an axis by a number: the value of a number ("none" is infinity, as
    in the engine), the place among the values of a choice.

    Parameters
    ----------
    key : str
        Dotted key of the scenario, or a part such as ``strategy@claimant.strategy``.
    values : tuple
        What a grid takes; empty where `spread` says it.
    unit : str, optional
        Of a number; absent for a choice.
    spread : Quantity, optional
        The distribution of a number that takes any value.
    """

    key: str
    values: tuple[Any, ...] = ()
    unit: str | None = None
    spread: Quantity | None = None

    @property
    def is_number(self) -> bool:
        """Tell a number of the scenario from a choice."""
        return self.unit is not None

    @property
    def places(self) -> Floats:
        """Return where the values of a grid lie."""
        if self.is_number:
            return np.array([np.inf if value == "none" else float(value) for value in self.values])
        return np.arange(len(self.values), dtype=np.float64)

    def at(self, share: Floats) -> Floats:
        """Return where shares in [0, 1] of the way along the axis lie.

        Parameters
        ----------
        share : ndarray
            Quantiles of the spread; without one, every value has an equal part of the way.
        """
        if self.spread is not None:
            return self.spread.quantile(share)
        index = np.minimum((share * len(self.values)).astype(np.int64), len(self.values) - 1)
        return self.places[index]

    def named(self, places: Floats) -> Any:
        """Return the values that lie at some places: numbers, or the words of a choice."""
        if self.is_number:
            return places
        words = np.array(["null" if v is None else str(v) for v in self.values], dtype=object)
        return words[places.astype(np.int64)]


def point_of(place: float) -> float | Literal["none"]:
    """Return the point value of a number that lies at a place."""
    return "none" if np.isinf(place) else float(place)


ALL = 40
"""Values of an axis up to which each is tried; of more, so many evenly spaced and both ends."""
_ENOUGH = 8
"""Alternatives after which, all of them refused, no more of a choice are tried."""


def check_numbers(scenario: Scenario, axes: Sequence[Axis]) -> Iterator[Fault]:
    """Yield what is wrong with values of numbers in a scenario.

    Parameters
    ----------
    scenario : Scenario
    axes : sequence of Axis
        Of numbers.
    """
    known = dict(scenario.quantities())
    before = {str(fault.located(FILE)) for fault in faults_of(scenario)}
    for axis in axes:
        if axis.key not in known:
            yield Fault(axis.key, "a number of every choice", f"none in {scenario.name}", file=FILE)
            continue
        for value in _tried(axis):
            faults = value_faults(scenario, axis.key, known[axis.key], value)
            yield from (fault for fault in faults if str(fault) not in before)


def _tried(axis: Axis) -> Sequence[Any]:
    """Return the values to try; admissible values have no gaps, so of many some are enough."""
    if axis.spread is not None:
        return axis.spread.bounds
    numbers = [value for value in axis.values if type(value) in (int, float)]
    if len(numbers) <= ALL:
        return axis.values
    ordered = sorted(numbers)
    places = np.linspace(0, len(ordered) - 1, ALL).round().astype(int)
    return [value for value in axis.values if type(value) not in (int, float)] + [
        ordered[place] for place in places
    ]


def distribution(key: str, span: tuple[float, float], unit: str) -> Quantity:
    """Return the even distribution over an interval."""
    low, high = span
    return Quantity(distribution="uniform", low=low, high=high, unit=unit, source=(OVERRIDE,))


def check_choices(
    load: Callable[[list[str]], Scenario], choices: Sequence[Sequence[str]]
) -> list[Fault]:
    """Return what is wrong with alternatives, trying each with the first of all others.

    Parameters
    ----------
    load : callable
        Returns the scenario under some overrides.
    choices : sequence of sequence of str
        For each choice, its alternatives as overrides.
    """
    faults: list[Fault] = []
    for place, alternatives in enumerate(choices):
        refused = 0
        for turn, alternative in enumerate(alternatives):
            if turn == refused == _ENOUGH:
                break
            texts = [each[0] for each in choices]
            texts[place] = alternative
            try:
                load(texts)
            except ScenarioError as error:
                faults += error.faults
                refused += 1
    return faults
