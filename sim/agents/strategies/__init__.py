"""Strategies of bargaining: one class per published rule, found by its configuration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.agents.strategies.hold_up import HoldUpDemand
from sim.agents.strategies.mediator import MediatedDemand
from sim.agents.strategies.position import Demand, Position
from sim.agents.strategies.reputational import ReputationalDemand
from sim.agents.strategies.subgame_perfect import SubgamePerfectDemand
from sim.agents.strategies.time_dependent import TimeDependentDemand
from sim.agents.strategies.tit_for_tat import TitForTatDemand
from sim.domain.draws import Draws
from sim.domain.side import Side
from sim.domain.strategy import (
    HoldUp,
    Mediator,
    Reputational,
    Strategy,
    SubgamePerfect,
    TimeDependent,
    TitForTat,
)

RULES: dict[type, Callable[[Any, Draws], Demand]] = {
    TimeDependent: TimeDependentDemand,
    TitForTat: TitForTatDemand,
    HoldUp: HoldUpDemand,
    SubgamePerfect: SubgamePerfectDemand,
    Mediator: MediatedDemand,
    Reputational: ReputationalDemand,
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
