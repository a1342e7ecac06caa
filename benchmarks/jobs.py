"""The jobs that are compared: the same talks, played in several ways."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import mesa

from sim.domain.scenario import Scenario
from sim.io.config import load_scenario
from sim.model import TalksModel
from sim.quantities import MOST_WORLDS

SCENARIO, DEAL, ROUNDS = "singapore_2018", "two_islands_final", 40


def flagship(engine: str = "auto") -> Scenario:
    """Return the flagship with an engine."""
    overrides = [f"rounds={ROUNDS}", f"deals=[{DEAL}]", f"engine={engine}"]
    return load_scenario(SCENARIO, overrides)


def blocks(engine: str, worlds: int = MOST_WORLDS) -> Callable[[], int]:
    """Return the work of this engine: one model of as many worlds as a run gives it."""
    scenario = flagship(engine)

    def work() -> int:
        TalksModel(scenario, DEAL, worlds=worlds).run()
        return worlds * ROUNDS

    return work


class OneWorld(TalksModel):
    """A world as a model of its own, as Mesa users would play it."""

    def __init__(self, scenario: Scenario, world: int, rng: Any = None) -> None:
        super().__init__(scenario, DEAL, block=world // 1024, worlds=1, first=world % 1024)


def reference(worlds: int = 12) -> Callable[[], int]:
    """Return the work of the reference path: one world a model, by Mesa's own batch run."""
    scenario = flagship("array")
    parameters = {"scenario": [scenario], "world": list(range(worlds))}

    def work() -> int:
        mesa.batch_run(
            OneWorld,
            parameters,
            number_processes=1,
            iterations=1,
            max_steps=ROUNDS,
            display_progress=False,
        )
        return worlds * ROUNDS

    return work


ENGINES = {
    "(a) blocks, compiled": partial(blocks, "compiled"),
    "(a) blocks, array": partial(blocks, "array"),
    "(b) one world a model, mesa.batch_run": reference,
}
