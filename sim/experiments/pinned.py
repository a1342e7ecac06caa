"""Play worlds in which chosen numbers are pinned, world by world.

An override gives a number one value in all worlds. Pinning it world by world lets one block try
many values at once: consecutive worlds are lent to one trial after another, and everything that is
not pinned is drawn as ever, so that a trial is compared with the same worlds left alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.domain.draws import Draws
from sim.domain.quantity import Quantity
from sim.domain.results import BlockResult
from sim.domain.scenario import Scenario
from sim.model.talks import TalksModel
from sim.quantities import Floats
from sim.randomness import Streams

Pins = Mapping[str, Floats]
"""Values by dotted key, one for each world; NaN leaves a world its draw, infinity is "none"."""


class PinnedDraws(Draws):
    """The values of a scenario's quantities where some are pinned.

    Parameters
    ----------
    scenario : Scenario
    streams : Streams
    pins : mapping of key to ndarray, shape (worlds,)

    Raises
    ------
    KeyError
        If a key names no quantity of the scenario.
    """

    def __init__(self, scenario: Scenario, streams: Streams, pins: Pins) -> None:
        super().__init__(scenario, streams)
        known = dict(scenario.quantities())
        self._pins = {id(known[key]): values for key, values in pins.items()}

    def _draw(self, quantity: Quantity) -> Floats:
        drawn = super()._draw(quantity)
        pinned = self._pins.get(id(quantity))
        return drawn if pinned is None else np.where(np.isnan(pinned), drawn, pinned)


class PinnedTalks(TalksModel):
    """Talks in the first worlds of a run, with some numbers pinned.

    Parameters
    ----------
    scenario : Scenario
    deal : str
    worlds : int
        At most 1,024.
    pins : mapping of key to ndarray, shape (worlds,)
    """

    def __init__(self, scenario: Scenario, deal: str, worlds: int, pins: Pins) -> None:
        self._pins = pins
        super().__init__(scenario, deal, worlds=worlds)

    def _build(self) -> None:
        self.draws = PinnedDraws(self.scenario, self.draws.streams, self._pins)
        super()._build()


def play_pinned(scenario: Scenario, deal: str, worlds: int, pins: Pins) -> BlockResult:
    """Return how the first worlds of a run end with some numbers pinned.

    Parameters
    ----------
    scenario : Scenario
    deal : str
    worlds : int
        At most 1,024.
    pins : mapping of key to ndarray, shape (worlds,)
    """
    model = PinnedTalks(scenario, deal, worlds, pins)
    try:
        return model.run()
    finally:
        model.release()
