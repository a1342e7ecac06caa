"""Draws of every uncertain quantity of a scenario, one per world."""

from __future__ import annotations

from functools import cached_property, lru_cache

import numpy as np

from sim.domain.history import adjusted
from sim.domain.interest import ROLES
from sim.domain.quantity import Quantity
from sim.domain.scenario import Scenario, quantities_of
from sim.memo import Memo
from sim.quantities import Floats
from sim.randomness import Streams

_REMEMBERED = 2048
"""Draws that a process remembers; nobody may change them in place."""


class Draws:
    """The values of a scenario's quantities in consecutive worlds.

    A quantity's stream is named by its key, in which the side's role is replaced by the side's
    stream label; so the same world draws the same value in every structure and sweep cell, and
    swapping two sides' labels mirrors the world.

    Parameters
    ----------
    scenario : Scenario
    streams : Streams
        Which worlds, and the seed.
    """

    def __init__(self, scenario: Scenario, streams: Streams) -> None:
        self.streams = streams
        self.scenario = scenario
        self._values: dict[int, Floats] = {}

    @cached_property
    def _purposes(self) -> dict[int, str]:
        purposes: dict[int, str] = {}
        for role in ROLES:
            side = self.scenario.side(role)
            purposes |= _purposes_below(side, side.stream)
        for part in ("environment", "protocol", "dispute", "calibration"):
            purposes |= _purposes_below(getattr(self.scenario, part), part)
        return purposes

    @cached_property
    def _still(self) -> frozenset[int]:
        """Return the quantities that a process that is switched off leaves at zero."""
        around, still = self.scenario.environment, []
        for role in ROLES:
            terms = self.scenario.side(role).reservation
            still += [] if around.entrenchment.enabled else [id(terms.entrenchment.gain)]
            still += [] if around.ageing.enabled else [id(terms.urgency.growth)]
        return frozenset(still)

    @cached_property
    def _factors(self) -> dict[int, str]:
        """Return which factor of the calibration applies to a quantity."""
        calibration = self.scenario.calibration
        if calibration is None:
            return {}
        found = {
            id(quantity): calibration.factor_on(key)
            for role in ROLES
            for key, quantity in quantities_of(self.scenario.side(role))
        }
        return {place: name for place, name in found.items() if name}

    def of(self, quantity: Quantity) -> Floats:
        """Return the value of one of the scenario's quantities in each world.

        Parameters
        ----------
        quantity : Quantity
            The very object that the scenario holds; ``none`` becomes infinity, and zero what
            belongs to a process of the environment that is switched off.

        Returns
        -------
        ndarray, shape (worlds,)

        Raises
        ------
        KeyError
            If the quantity is not one of the scenario's.
        """
        value = self._values.get(id(quantity))
        if value is None:
            value = self._values[id(quantity)] = self._calibrated(quantity, self._draw(quantity))
        return value

    def _calibrated(self, quantity: Quantity, value: Floats) -> Floats:
        name = self._factors.get(id(quantity))
        if name is None:
            return value
        return adjusted(value, name, self.of(getattr(self.scenario.calibration, name)))

    def _draw(self, quantity: Quantity) -> Floats:
        purpose = self._purposes[id(quantity)]
        if id(quantity) in self._still:
            return np.zeros(self.streams.worlds)
        return _drawn(quantity, purpose, self.streams)


_purposes: Memo[dict[int, str]] = Memo(64)
"""Purposes of the quantities of parts of scenarios."""


def _purposes_below(part: object, stream: str) -> dict[int, str]:
    """Return the purposes of a part's quantities; the cells of a sweep share most parts."""
    key = (id(part), stream)
    known = _purposes.get(key)
    if known is None:
        found = {id(quantity): f"{stream}/{name}" for name, quantity in quantities_of(part)}
        known = _purposes.add(key, found, holds=part)
    return known


@lru_cache(maxsize=_REMEMBERED)
def _drawn(quantity: Quantity, purpose: str, streams: Streams) -> Floats:
    """Return a quantity's values; a block has the same ones in all structures and most cells."""
    if quantity.is_none:
        return np.full(streams.worlds, np.inf)
    if not quantity.is_uncertain:
        return np.full(streams.worlds, quantity.point)
    return quantity.quantile(streams.uniforms(purpose)[:, 0])
