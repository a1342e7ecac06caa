"""Runs in which chosen numbers are pinned, world by world.

An override gives a number one value in all worlds. Pinning it world by world lets one block try
many values at once: consecutive worlds are lent to one trial after another, and everything that is
not pinned is drawn as ever, so that a trial is compared with the same worlds left alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial
from typing import Any

from pydantic import ValidationError

from sim.domain.checks import faults_of
from sim.domain.draws import Draws, Pins
from sim.domain.quantity import Quantity
from sim.domain.results import BlockResult
from sim.domain.scenario import Scenario
from sim.errors import Fault
from sim.io.faults import expected_of, shown
from sim.model.talks import TalksModel

FILE = "command line"


def play_pinned(scenario: Scenario, deal: str, worlds: int, pins: Pins) -> BlockResult:
    """Return how the first worlds of a run end with some numbers pinned.

    Parameters
    ----------
    scenario : Scenario
    deal : str
    worlds : int
        At most 1,024.
    pins : mapping of key to ndarray, shape (worlds,)

    Raises
    ------
    KeyError
        If a key names no quantity of the scenario.
    """
    model = TalksModel(scenario, deal, worlds=worlds, draws=partial(Draws, pins=pins))
    model.collects = False
    return model.run()


def value_faults(scenario: Scenario, key: str, quantity: Quantity, value: Any) -> Iterator[Fault]:
    """Yield what is wrong with a scenario in which one of its numbers has another value.

    Parameters
    ----------
    scenario : Scenario
    key : str
    quantity : Quantity
        What the scenario holds there.
    value : object
        A number, or "none".
    """
    if type(value) not in (int, float) and value != "none":
        yield Fault(key, "numbers, or none", shown(value), file=FILE)
        return
    if value != "none" and not -sys.float_info.max <= value <= sys.float_info.max:
        yield Fault(key, "a number that is finite", shown(value), file=FILE)
        return
    try:
        scenario.with_values({key: quantity.at(value)})  # validates
    except ValidationError as error:
        expected, got = expected_of(dict(error.errors()[0]))  # one is enough of a number
        yield Fault(key, expected, f"{got} (at {value})", file=FILE)
        return
    found = faults_of(scenario.replaced({key: quantity.at(value)}), like=scenario)
    yield from (fault.located(FILE) for fault in found)
