"""Hold-up: a strategy that raises the price as the other side concedes."""

from __future__ import annotations

import numpy as np

from sim.agents.strategies.position import Demand, Position
from sim.domain.draws import Draws
from sim.domain.strategy import HoldUp
from sim.equations.concession import aspiration
from sim.equations.reciprocity import raised
from sim.quantities import Floats


class HoldUpDemand(Demand):
    """Take concessions for weakness; at one's own deadline demand the reservation value.

    Parameters
    ----------
    config : HoldUp
    draws : Draws

    References
    ----------
    B. Klein, R. G. Crawford, A. A. Alchian (1978). https://doi.org/10.1086/466922
    """

    def __init__(self, config: HoldUp, draws: Draws) -> None:
        self._initial = draws.of(config.initial_concession)
        self._intensity = draws.of(config.intensity)

    def aspiration(self, position: Position) -> Floats:
        """Return the least value demanded in each row, in points."""
        rows = position.worlds
        left = raised(self._initial[rows], self._intensity[rows], position.other_concession)
        concession = np.where(position.round_ >= position.deadline, 1.0, left)
        return aspiration(position.reservation, position.best_acceptable, concession)
