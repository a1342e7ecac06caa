"""How much a government demands: one class per published rule, found by its configuration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.agents.strategies.position import Demand, Position
from sim.agents.strategies.time_dependent import TimeDependentDemand
from sim.domain.draws import Draws
from sim.domain.side import Side
from sim.domain.strategy import Strategy, TimeDependent

RULES: dict[type, Callable[[Any, Draws], Demand]] = {
    TimeDependent: TimeDependentDemand,
}
"""The rule that plays each kind of configuration."""


def demand_of(side: Side, draws: Draws) -> Demand:
    """Return the rule that a side's strategy describes.

    Parameters
    ----------
    side : Side
    draws : Draws
    """
    config: Strategy = side.strategy
    return RULES[type(config)](config, draws)


__all__ = ["RULES", "Demand", "Position", "demand_of"]
