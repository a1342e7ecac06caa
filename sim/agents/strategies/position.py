"""Position of a government in a round, and the demand that a strategy makes of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from sim.equations.alternating_offers import worth_waiting_for
from sim.quantities import Bools, Floats, Ints


@dataclass(frozen=True)
class Position:
    """What a strategy may look at: where one government stands in one round, row by row.

    Pairs hold the claimant's array first and the holder's second.

    Parameters
    ----------
    own : int
        Place of the own side in pairs.
    ahead : int
        0 when deciding for this round, 1 for the next.
    round_ : int
        The round decided for.
    worlds : ndarray of int, shape (rows,)
        Which worlds of the block the rows are.
    values : pair of ndarray, shape (rows, packages)
        Value of signing, preconditions' prices included, in points; net of audience cost where
        governments foresee it.
    reservations : pair of ndarray, shape (rows,)
        Value of never signing, in points.
    feasible : callable
        Returns which packages no absolute precondition of either side forbids and the own side
        believes ratifiable on both sides, shape (rows, packages); worked out at each call.
    best_acceptable : ndarray, shape (rows,)
        Own best value believed acceptable to the other; not below the reservation value.
    deadline : ndarray, shape (rows,)
        Own deadline in rounds; infinity for none.
    since : ndarray, shape (rows,)
        Round in which the clock to that deadline began to run.
    own_discount, other_discount : ndarray, shape (rows,)
        Discount factors per round.
    own_until_turn, other_until_turn : ndarray, shape (rows,)
        Discount factors until each side's next turn; the same where sides take turns.
    other_concession : ndarray, shape (rows,)
        Share of the span that the other has conceded since its first offer, in [0, 1].
    first_heard : ndarray, shape (rows,)
        Own value of the first offer heard, in points; NaN where none was.
    """

    own: int
    ahead: int
    round_: int
    worlds: Ints
    values: tuple[Floats, Floats]
    reservations: tuple[Floats, Floats]
    feasible: Callable[[], Bools]
    best_acceptable: Floats
    deadline: Floats
    since: Floats
    own_discount: Floats
    other_discount: Floats
    own_until_turn: Floats
    other_until_turn: Floats
    other_concession: Floats
    first_heard: Floats

    @property
    def reservation(self) -> Floats:
        """Return the own reservation value, in points."""
        return self.reservations[self.own]


class Demand(ABC):
    """Strategy: turns a position into what is demanded, and into what waiting is worth."""

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
            Points; one's own next offer, when it is one's turn, unless a rule knows better.
        """
        return worth_waiting_for(position.reservation, future, position.own_until_turn)
