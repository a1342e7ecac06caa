"""How cost grows with worlds, rounds, packages and workers, on a pie cut finer and finer."""

from __future__ import annotations

import time
from collections.abc import Iterator

from sim.domain.scenario import Scenario
from sim.experiments import ensemble
from tests.disputes import pie, uniform


def dispute(rounds: int, packages: int) -> Scenario:
    """Return two sides that talk about a pie until the window ends."""
    steps = {"object": "pie", "steps": packages}
    grid = {"label": "who has which share", "kind": "administration", "grid": steps}
    return pie(
        {
            "rounds": rounds,
            "dispute.clauses.administration": grid,
            "claimant.reservation.dialogue": uniform(0.4, 0.6),
            "holder.reservation.dialogue": uniform(0.5, 0.7),
        }
    )


def points(largest: int) -> Iterator[tuple[str, int, int, int, int]]:
    """Yield what is varied, and worlds, rounds, packages and workers of each point."""
    for worlds in (1_000, 10_000, 100_000, 1_000_000):
        if worlds <= largest:
            yield "worlds", worlds, 40, 50, 1
    for rounds in (10, 40, 100, 400):
        yield "rounds", 4_096, rounds, 50, 1
    for packages in (10, 100, 1_000, 5_000):
        yield "packages", 1_024, 40, packages, 1
    for workers in (1, 2):
        yield "workers", 524_288, 40, 50, workers


def curve(largest: int) -> Iterator[tuple[str, int, float, float]]:
    """Yield what is varied, its value, seconds, and world-rounds a second."""
    for name, worlds, rounds, packages, workers in points(largest):
        scenario = dispute(rounds, packages)
        ensemble.run(scenario, worlds=1_024, workers=1)
        start = time.perf_counter()
        ensemble.run(scenario, worlds=worlds, workers=workers)
        seconds = time.perf_counter() - start
        value = {"worlds": worlds, "rounds": rounds, "packages": packages, "workers": workers}
        yield name, value[name], seconds, worlds * rounds / seconds
