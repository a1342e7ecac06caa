"""Say what a strategy may look at, and what it returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sim.agents.talk import Talk
from sim.quantities import Floats


@dataclass(frozen=True)
class Position:
    """Where one government stands in one round, row by row of a talk.

    Parameters
    ----------
    talk : Talk
        The table as it stands; `talk.value[own]` is one's own value of each package.
    own, other : int
        Place of the own and of the other side in the talk's pairs.
    ahead : int
        0 when deciding for this round, 1 for the next.
    believed : ndarray, shape (rows, packages)
        Believed value of each package for the other side, in points.
    believed_reservation : ndarray, shape (rows,)
        Believed reservation value of the other side, in points.
    top : ndarray, shape (rows,)
        Own best value believed acceptable to the other; not below the reservation value.
    deadline : ndarray, shape (rows,)
        Own deadline in rounds; infinity for none.
    own_discount, other_discount : ndarray, shape (rows,)
        Discount factors per round.
    other_concession : ndarray, shape (rows,)
        Share of the span that the other has conceded since its first offer, in [0, 1].
    """

    talk: Talk
    own: int
    other: int
    ahead: int
    believed: Floats
    believed_reservation: Floats
    top: Floats
    deadline: Floats
    own_discount: Floats
    other_discount: Floats
    other_concession: Floats

    @property
    def round_(self) -> int:
        """Return the round decided for."""
        return self.talk.round_ + self.ahead

    @property
    def reservation(self) -> Floats:
        """Return the own reservation value, in points."""
        return self.talk.reservation[self.own]


class Demand(Protocol):
    """Anything that turns a position into an aspiration."""

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
        ...
