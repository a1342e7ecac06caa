"""Check every axis of a sweep before its first cell is played, and name all faults at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from pydantic import ValidationError

from sim.domain.checks import faults_of
from sim.domain.quantity import Quantity
from sim.domain.scenario import Scenario
from sim.errors import Fault, ScenarioError
from sim.experiments.sweep.axes import Axis
from sim.io.faults import expected_of, shown

__all__ = ["ALL", "check_choices", "check_numbers", "distribution"]

ALL = 40
"""Values of an axis up to which each is tried; of more, so many evenly spaced and both ends."""
_ENOUGH = 8
"""Alternatives after which, all of them refused, no more of a choice are tried."""
FILE = "command line"


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
            faults = _of_value(scenario, axis.key, known[axis.key], value)
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


def _of_value(scenario: Scenario, key: str, quantity: Quantity, value: Any) -> Iterator[Fault]:
    if type(value) not in (int, float) and value != "none":
        yield Fault(key, "numbers, or none", shown(value), file=FILE)
        return
    try:
        scenario.with_values({key: quantity.at(value)})  # validates
    except ValidationError as error:
        for problem in error.errors():
            expected, got = expected_of(dict(problem))
            yield Fault(key, expected, f"{got} (at {value})", file=FILE)
        return
    found = faults_of(scenario.replaced({key: quantity.at(value)}), like=scenario)
    yield from (fault.located(FILE) for fault in found)


def distribution(key: str, span: tuple[float, float], unit: str) -> Quantity:
    """Return the even distribution over an interval."""
    low, high = span
    return Quantity(distribution="uniform", low=low, high=high, unit=unit, source=("override",))


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
