"""How cost grows: with worlds, rounds, packages, structures, cells and workers.

On a pie cut finer and finer; with structures on an open agenda of the flagship.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.commands import measured
from benchmarks.jobs import DEAL, SCENARIO
from sim.domain.scenario import Scenario
from sim.experiments import ensemble
from sim.io.config import load_scenario
from tests.disputes import pie, uniform

DEALS = (DEAL, "four_at_once")
SWEPT = ("holder.public.opposition", "claimant.public.opposition")


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
    yield from _on_pies(largest)
    yield from _on_an_open_agenda()
    yield from _of_sweeps()


def _on_an_open_agenda(
    worlds: int = 1_024, rounds: int = 40
) -> Iterator[tuple[str, int, float, float]]:
    names = sorted(load_scenario(SCENARIO).deals)
    for many in (1, 3, 6, len(names)):
        some = f"deals=[{','.join(names[:many])}]"
        scenario = load_scenario(SCENARIO, ["agenda=open", some, f"rounds={rounds}"])
        ensemble.run(scenario, worlds=16, workers=1)
        start = time.perf_counter()
        ensemble.run(scenario, worlds=worlds, workers=1, reversal_draws=0)
        seconds = time.perf_counter() - start
        yield "structures, open agenda", many, seconds, worlds * rounds / seconds


def _of_sweeps(worlds: int = 1_024, rounds: int = 40) -> Iterator[tuple[str, int, float, float]]:
    for side in (5, 10, 20):
        axes = [f"{key}=linspace(0.2,0.6,{side})" for key in SWEPT]
        what = ["sweep", f"scenario={SCENARIO}", f"deals=[{','.join(DEALS)}]", f"worlds={worlds}"]
        with tempfile.TemporaryDirectory() as folder:
            arguments = ("-m", "sim", *what, f"rounds={rounds}", *axes, "out=swept")
            seconds, *_ = measured(arguments, Path(folder))
        cells = side**2
        yield "cells", cells, seconds, len(DEALS) * cells * worlds * rounds / seconds


def _on_pies(largest: int) -> Iterator[tuple[str, int, float, float]]:
    for name, worlds, rounds, packages, workers in points(largest):
        scenario = dispute(rounds, packages)
        ensemble.run(scenario, worlds=1_024, workers=1)
        start = time.perf_counter()
        ensemble.run(scenario, worlds=worlds, workers=workers)
        seconds = time.perf_counter() - start
        value = {"worlds": worlds, "rounds": rounds, "packages": packages, "workers": workers}
        yield name, value[name], seconds, worlds * rounds / seconds
