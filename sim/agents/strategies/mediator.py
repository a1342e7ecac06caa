"""Mediation: a strategy that demands the value of a mediator's single negotiating text."""

from __future__ import annotations

import numpy as np

from sim.agents.strategies.position import Demand, Position
from sim.domain.draws import Draws
from sim.domain.strategy import Mediator
from sim.equations.solutions import SOLUTIONS
from sim.quantities import Floats


class MediatedDemand(Demand):
    """Ask for what the mediator's package is worth; without one, for the best acceptable.

    The mediator hears both sides in confidence, so it knows values and reservation values, and
    picks one package among those that no absolute precondition of either side forbids and that this
    side believes ratifiable on both sides. Both solutions are efficient, so what is best for the
    other at that demand is the package itself: a single negotiating text within alternating offers,
    open to a side that bargains by another rule.

    Parameters
    ----------
    config : Mediator
    draws : Draws

    References
    ----------
    J. F. Nash (1950). https://doi.org/10.2307/1907266
    E. Kalai, M. Smorodinsky (1975). https://doi.org/10.2307/1914280
    H. Raiffa (1982). The Art and Science of Negotiation. Harvard, ch. 14 (single text).
    """

    def __init__(self, config: Mediator, draws: Draws) -> None:
        self._choose = SOLUTIONS[config.solution]

    def aspiration(self, position: Position) -> Floats:
        """Return the least value demanded in each row, in points."""
        own, values = position.own, position.values
        gains = [values[side] - position.reservations[side][:, None] for side in (own, 1 - own)]
        package = self._choose(gains[0], gains[1], position.feasible())
        rows = np.arange(len(package))
        worth = np.maximum(values[own][rows, np.maximum(package, 0)], position.reservation)
        best = np.maximum(position.best_acceptable, position.reservation)
        return np.where(package >= 0, worth, best)
