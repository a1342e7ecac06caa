"""Say in sentences why structures end as they do.

Usage: islands explain [scenario=NAME|PATH] [deals=[a,b]] [world=W] [key=value …]

Over all worlds: what holds them up, in the order of the barriers; which preconditions and which
ratifiers close the table; who could leave an agreement alone. In one world, round by round: who
offered what, who refused and why, who would have stopped it, and the nearest text that would have
passed.

  world=W                 the world to tell; else the first that ends as most do
  worlds=N                how many worlds to look at, at most 1,024 (the default)
"""

from __future__ import annotations

from functools import partial

from sim.cli.screen import say
from sim.cli.telling import Told, taken, whole
from sim.domain.narration import fill
from sim.domain.scenario import Scenario
from sim.io.config import load_run
from sim.quantities import BLOCK_WORLDS

__all__ = ["main"]


def main(arguments: list[str]) -> int:
    """Explain each structure."""
    own, overrides = taken(arguments, ("world", "worlds"))
    world = whole("world", own["world"], 0, 10_000_000) if "world" in own else None
    worlds = whole("worlds", own.get("worlds", str(BLOCK_WORLDS)), 1, BLOCK_WORLDS)
    scenario, settings = load_run(None, overrides)
    from sim.experiments.blocks import for_each_deal

    ask = partial(_told, world=world, worlds=worlds)
    for _, sections in for_each_deal(scenario, ask, settings.workers):
        say(fill(sections))
    return 0


def _told(scenario: Scenario, deal: str, world: int | None, worlds: int) -> Told:
    from sim.experiments.explanation.explanation import explain

    return list(explain(scenario, deal, world, worlds).sections())
