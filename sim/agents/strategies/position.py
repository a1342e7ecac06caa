"""Say what a strategy may look at, and what it returns."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

from sim.agents.beliefs import Beliefs
from sim.agents.view import RoundView
from sim.equations.alternating_offers import worth_waiting_for
from sim.quantities import Floats


@dataclass(frozen=True)
class Position:
    """Where one government stands in one round, row by row of a talk.

    Parameters
    ----------
    talk : RoundView
        The table as it stands; `talk.value[own]` is one's own value of each package.
    own, other : int
        Place of the own and of the other side in the talk's pairs.
    ahead : int
        0 when deciding for this round, 1 for the next.
    beliefs : Beliefs
        What the own side believes of the other and of both second levels.
    top : ndarray, shape (rows,)
        Own best value believed acceptable to the other; not below the reservation value.
    deadline : ndarray, shape (rows,)
        Own deadline in rounds; infinity for none.
    own_discount, other_discount : ndarray, shape (rows,)
        Discount factors per round.
    other_concession : ndarray, shape (rows,)
        Share of the span that the other has conceded since its first offer, in [0, 1].
    first_heard : ndarray, shape (rows,)
        Own value of the first offer heard, in points; NaN where none was.
    """

    talk: RoundView
    own: int
    other: int
    ahead: int
    beliefs: Beliefs
    top: Floats
    deadline: Floats
    own_discount: Floats
    other_discount: Floats
    other_concession: Floats
    first_heard: Floats

    @cached_property
    def believed(self) -> Floats:
        """Return the believed value of each package for the other, shape (rows, packages)."""
        return self.beliefs.value_of_other(self.talk, self.other)

    @cached_property
    def believed_reservation(self) -> Floats:
        """Return the believed reservation value of the other, shape (rows,)."""
        return self.beliefs.reservation_of_other(self.talk, self.other)

    @property
    def round_(self) -> int:
        """Return the round decided for."""
        return self.talk.round_ + self.ahead

    @property
    def reservation(self) -> Floats:
        """Return the own reservation value, in points."""
        return self.talk.reservation[self.own]


class Demand(ABC):
    """Turn a position into what is demanded, and into what waiting is worth."""

    @abstractmethod
    def aspiration(self, position: Position) -> Floats:
        """Return the least value demanded in each row, in points.

        Parameters
        ----------
        position : Position

        Returns
        -------
        ndarray, shape (rows,)
            Never below the reservation value.
        """

    def worth_waiting(self, position: Position, future: Floats) -> Floats:
        """Return what refusing is worth: an offer is accepted at or above it.

        Parameters
        ----------
        position : Position
            Of the responder, who decides for the next round (`ahead` is 1).
        future : ndarray, shape (rows,)
            Value of the offer that it would make then, in points.

        Returns
        -------
        ndarray, shape (rows,)
            Points; one's own next offer, a round later, unless a rule knows better.
        """
        return worth_waiting_for(position.reservation, future, position.own_discount)
