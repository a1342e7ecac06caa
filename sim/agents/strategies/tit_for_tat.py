"""Tit for tat: a strategy that concedes as the other side concedes."""

from __future__ import annotations

import numpy as np

from sim.agents.strategies.position import Demand, Position
from sim.domain.draws import Draws
from sim.domain.strategy import TitForTat
from sim.equations.concession import aspiration
from sim.equations.reciprocity import gap_closed, matched
from sim.quantities import Floats


class TitForTatDemand(Demand):
    """Answer concession with concession; at one's own deadline demand the reservation value.

    Parameters
    ----------
    config : TitForTat
    draws : Draws

    References
    ----------
    P. Faratin, C. Sierra, N. R. Jennings (1998). https://doi.org/10.1016/S0921-8890(98)00029-3
    """

    def __init__(self, config: TitForTat, draws: Draws) -> None:
        self._relative = config.measure == "relative"
        self._initial = draws.of(config.initial_concession)
        self._intensity = draws.of(config.intensity)

    def aspiration(self, position: Position) -> Floats:
        """Return the least value demanded in each row, in points."""
        rows = position.worlds
        conceded = position.other_concession
        if self._relative:
            points = conceded * (position.best_acceptable - position.reservation)
            conceded = gap_closed(position.first_heard, points, position.best_acceptable)
        answered = matched(self._initial[rows], self._intensity[rows], conceded)
        concession = np.where(position.round_ >= position.deadline, 1.0, answered)
        return aspiration(position.reservation, position.best_acceptable, concession)
