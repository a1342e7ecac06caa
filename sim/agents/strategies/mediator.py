"""Ask for the value of the text that a mediator puts to both sides."""

from __future__ import annotations

import numpy as np

from sim.agents.strategies.position import Demand, Position
from sim.domain.draws import Draws
from sim.domain.strategy import Mediator
from sim.equations.solutions import SOLUTIONS
from sim.quantities import Floats


class MediatedDemand(Demand):
    """Ask for what the mediator's text is worth; where there is no such text, for the best hope.

    The mediator hears both sides in confidence, so it knows values and reservation values, and
    picks one text among those that no absolute precondition of either side forbids and that this
    side believes ratifiable on both sides. Both solutions are efficient, so what is best for the
    other at that demand is the text itself: a single negotiating text within alternating offers,
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
        talk, own, other = position.talk, position.own, position.other
        gains = [talk.value[side] - talk.reservation[side][:, None] for side in (own, other)]
        feasible = ~talk.forbidden[0] & ~talk.forbidden[1]
        for side in (own, other):
            feasible &= position.beliefs.passes(talk, side, own)
        text = self._choose(gains[0], gains[1], feasible)
        rows = np.arange(len(text))
        worth = np.maximum(talk.value[own][rows, np.maximum(text, 0)], position.reservation)
        return np.where(text >= 0, worth, np.maximum(position.top, position.reservation))
