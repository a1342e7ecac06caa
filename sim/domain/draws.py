"""Draws of every uncertain quantity of a scenario, one per world."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
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


Pins = Mapping[str, Floats]
"""Values by dotted key, one for each world; NaN leaves a world its draw, infinity is "none"."""


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
    draw : callable
        Takes a quantity, its purpose and the streams, and returns the quantity's values; by
        default each world has a draw of its own.
    pins : mapping of key to ndarray, shape (worlds,)
        What takes the place of draws.

    Raises
    ------
    KeyError
        If a pin's key names no quantity of the scenario.
    """

    def __init__(
        self,
        scenario: Scenario,
        streams: Streams,
        *,
        draw: Callable[[Quantity, str, Streams], Floats] | None = None,
        pins: Pins | None = None,
    ) -> None:
        self.streams = streams
        self.scenario = scenario
        self._draw = draw or draw_by_world
        self._values: dict[int, Floats] = {}
        known = dict(scenario.quantities()) if pins else {}
        self._pins = {id(known[key]): values for key, values in (pins or {}).items()}

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
            value = self._calibrated(quantity, self._pinned(quantity, self._drawn(quantity)))
            self._values[id(quantity)] = value
        return value

    def _calibrated(self, quantity: Quantity, value: Floats) -> Floats:
        name = self._factors.get(id(quantity))
        if name is None:
            return value
        return adjusted(value, name, self.of(getattr(self.scenario.calibration, name)))

    def _pinned(self, quantity: Quantity, drawn: Floats) -> Floats:
        pinned = self._pins.get(id(quantity))
        return drawn if pinned is None else np.where(np.isnan(pinned), drawn, pinned)

    def _drawn(self, quantity: Quantity) -> Floats:
        purpose = self._purposes[id(quantity)]
        if id(quantity) in self._still:
            return np.zeros(self.streams.worlds)
        return self._draw(quantity, purpose, self.streams)


_purposes: Memo[dict[int, str]] = Memo(64)
"""Purposes of the quantities of parts of scenarios."""


_PATTERNS = (
    (re.compile(r"^processes\."), ""),
    (re.compile(r"^preferences\.sensitivities\.([^.]+)$"), r"preferences.\1_sensitivity"),
    (re.compile(r"^(events\..+)\.steps\."), r"\1."),
)
"""Keys of the schema that name their streams in another way: as version 1 named them, so that files
of either version draw the same worlds."""


def stream_key(key: str) -> str:
    """Return a quantity's key within its part as its stream names it.

    Examples
    --------
    >>> stream_key("processes.price.sd"), stream_key("preferences.sensitivities.price")
    ('price.sd', 'preferences.price_sensitivity')
    """
    for pattern, name in _PATTERNS:
        key = pattern.sub(name, key)
    return key


def _purposes_below(part: object, stream: str) -> dict[int, str]:
    """Return the purposes of a part's quantities; the cells of a sweep share most parts."""
    key = (id(part), stream)
    known = _purposes.get(key)
    if known is None:
        below = quantities_of(part)
        found = {id(quantity): f"{stream}/{stream_key(name)}" for name, quantity in below}
        known = _purposes.add(key, found, holds=part)
    return known


@lru_cache(maxsize=_REMEMBERED)
def draw_by_world(quantity: Quantity, purpose: str, streams: Streams) -> Floats:
    """Return a quantity's values, each world's its own.

    A block has the same ones in all structures and most cells, so a process remembers them.

    Parameters
    ----------
    quantity : Quantity
    purpose : str
        Name of its random stream.
    streams : Streams

    Returns
    -------
    ndarray, shape (worlds,)
        Infinity for ``none``.
    """
    if quantity.is_none:
        return np.full(streams.worlds, np.inf)
    if not quantity.is_uncertain:
        return np.full(streams.worlds, quantity.point)
    return quantity.quantile(streams.uniforms(purpose)[:, 0])
