"""Runs in which chosen numbers are pinned, world by world.

An override gives a number one value in all worlds. Pinning it world by world lets one block try
many values at once: consecutive worlds are lent to one trial after another, and everything that is
not pinned is drawn as ever, so that a trial is compared with the same worlds left alone.
"""

from __future__ import annotations

from functools import partial

from sim.domain.draws import Draws, Pins
from sim.domain.results import BlockResult
from sim.domain.scenario import Scenario
from sim.model.talks import TalksModel


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
    return TalksModel(scenario, deal, worlds=worlds, draws=partial(Draws, pins=pins)).run()
