"""Find the smallest change in stated preferences after which structures settle often enough.

Usage: islands unlock [scenario=NAME|PATH] [deals=[a,b]] [to=0.5] [key=value …]

A change is measured in each number's own declared uncertainty: standard deviations, from its mean.
First come single numbers, then the best pair, both moved by the same number of their own units;
where neither will do, a set of which none can be left out.

  to=P                    the wanted share of settled worlds (0.5)
  top=N                   how many single numbers to list (8)
"""

from __future__ import annotations

from functools import partial

from sim.cli.screen import say
from sim.cli.telling import number, taken, whole
from sim.domain.narration import fill
from sim.experiments.unlock.unlocking import Unlocking
from sim.io.config import load_run

__all__ = ["main"]


def main(arguments: list[str]) -> int:
    """Search each structure."""
    own, overrides = taken(arguments, ("to", "top"))
    to = number("to", own.get("to", "0.5"))
    top = whole("top", own.get("top", "8"), 1, 1_000)
    scenario, settings = load_run(None, overrides)
    from sim.experiments.blocks import for_each_deal
    from sim.experiments.unlock.unlock import unlock

    ask = partial(unlock, to=to)
    found: Unlocking
    for deal, found in for_each_deal(scenario, ask, settings.workers):
        say(fill([(f"{scenario.deals[deal].label} ({deal})", list(found.sentences(top)))]))
    return 0
