"""Explanations in sentences: why structures end as they do, and the least change that helps."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal

from annotated_types import Ge, Gt, Le
from pydantic import Field

from sim.cli.options import Command, Number, Overrides, Whole
from sim.domain.frozen import LAST_WORLD
from sim.report.screen import say, say_overrides

if TYPE_CHECKING:
    from sim.domain.scenario import Scenario
    from sim.experiments.unlock.unlocking import Unlocking

__all__ = ["Explain", "Unlock"]

_PLACEHOLDER = "[scenario=NAME|PATH] [deals=[a,b]] [key=value …]"


class Explain(Command):
    """Say in sentences why structures end as they do.

    Over all worlds: what holds them up, in the order of the barriers; which preconditions and which
    ratifiers close the table; who could leave an agreement alone. In one world, round by round: who
    offered what, who refused and why, who would have stopped it, and the nearest text that would
    have passed.
    """

    world: Annotated[Whole, Ge(0), Le(LAST_WORLD)] | None = Field(
        None, description="the world to tell; else the first that ends as most do"
    )
    worlds: Annotated[Whole, Ge(1), Le(1_024)] = Field(
        1_024, description="how many worlds to look at"
    )
    overrides: Annotated[tuple[str, ...], Overrides(_PLACEHOLDER)] = ()

    def run(self) -> int:
        """Explain each structure."""
        from sim.domain.narration import fill
        from sim.experiments.blocks import for_each_deal
        from sim.io.config import load_run

        scenario, settings = load_run(None, self.overrides)
        say_overrides(self.overrides, scenario)
        ask = partial(_told, world=self.world, worlds=self.worlds)
        for _, sections in for_each_deal(scenario, ask, settings.workers):
            say(fill(sections))
        return 0


def _told(
    scenario: Scenario, deal: str, world: int | None, worlds: int
) -> list[tuple[str, list[str]]]:
    """Return headings, each with its sentences."""
    from sim.experiments.explanation.explanation import explain

    return list(explain(scenario, deal, world, worlds).sections())


class Unlock(Command):
    """Find the least change after which structures settle often enough.

    In numbers: as many stated preferences as it takes, each moved from its mean in its own declared
    uncertainty (standard deviations); then the single numbers that do it, or beat the same worlds
    left alone. In the text: clauses to add, free or leave out, stages to add, drop or reorder.
    Where nothing can be signed: the fewest preconditions and ratifiers that stop every text.
    """

    to: Annotated[Number, Gt(0), Le(1)] = Field(
        0.5, description="the wanted share of settled worlds"
    )
    top: Annotated[Whole, Ge(1), Le(1_000)] = Field(
        8, description="how many single numbers to list"
    )
    change: Literal["both", "numbers", "text"] = Field(
        "both", description="what may change: the numbers, the text of the structure, or either"
    )
    overrides: Annotated[tuple[str, ...], Overrides(_PLACEHOLDER)] = ()

    def run(self) -> int:
        """Search each structure."""
        from sim.domain.narration import fill
        from sim.experiments.blocks import for_each_deal
        from sim.experiments.unlock.unlock import unlock
        from sim.experiments.unlock.unlocking import WIDTH
        from sim.io.config import load_run

        scenario, settings = load_run(None, self.overrides)
        ask = partial(unlock, to=self.to, change=self.change)
        say_overrides(self.overrides, scenario)
        found: Unlocking
        for deal, found in for_each_deal(scenario, ask, settings.workers):
            heading = f"{scenario.structures[deal].label} ({deal})"
            say(fill([(heading, list(found.sentences(self.top)))], WIDTH))
        return 0
