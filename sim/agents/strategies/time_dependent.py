"""Concede by the clock, or hold the stationary demand where there is none."""

from __future__ import annotations

import numpy as np

from sim.agents.strategies.position import Demand, Position
from sim.domain.draws import Draws
from sim.domain.strategy import TimeDependent
from sim.equations.alternating_offers import rubinstein_share
from sim.equations.concession import aspiration, time_concession
from sim.quantities import Floats


class TimeDependentDemand(Demand):
    """Concede by the clock of one's own deadline; without one, hold the stationary demand.

    Parameters
    ----------
    config : TimeDependent
    draws : Draws

    References
    ----------
    P. Faratin, C. Sierra, N. R. Jennings (1998). https://doi.org/10.1016/S0921-8890(98)00029-3
    A. Rubinstein (1982). https://doi.org/10.2307/1912531
    """

    def __init__(self, config: TimeDependent, draws: Draws) -> None:
        self._exponent = draws.of(config.concession_exponent)
        self._initial = draws.of(config.initial_concession)
        self._reciprocity = draws.of(config.reciprocity)

    def aspiration(self, position: Position) -> Floats:
        """Return the least value demanded in each row, in points."""
        rows = position.talk.worlds
        clocked = np.isfinite(position.deadline)
        by_clock = time_concession(
            position.round_,
            np.where(clocked, position.deadline, 1.0),
            self._exponent[rows],
            self._initial[rows],
        )
        share = rubinstein_share(position.own_discount, position.other_discount)
        answered = self._reciprocity[rows] * position.other_concession
        stationary = 1.0 - share * (1.0 - answered)
        concession = np.where(clocked, by_clock, stationary)
        return aspiration(position.reservation, position.top, concession)
