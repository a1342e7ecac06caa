"""Say what an engine works out in a round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from sim.agents.view import Pair, RoundView
from sim.model.table import RoundContext
from sim.model.worlds import WorldStates
from sim.quantities import Bools, Floats, Ints

BARGAIN, SIGNABLE, PASSABLE = 1, 2, 3
"""Deepest level of talks: a bargain, one clear of preconditions, one that would pass."""


@dataclass(frozen=True)
class Survey:
    """The table seen from above in one round, and each side's best hope.

    Parameters
    ----------
    talk : RoundView
    level : ndarray of int, shape (rows,)
        How deep talks reach.
    margin : ndarray, shape (rows,)
        Best smaller surplus over packages, before preconditions, in points.
    top : pair of ndarray, shape (rows,)
        Each side's best value among packages believed acceptable to the other.
    """

    talk: RoundView
    level: Ints
    margin: Floats
    top: Pair


class RoundOutcome(NamedTuple):
    """What came of a round in each row, filled in place; the mover's first in pairs.

    Attributes
    ----------
    package : ndarray of int, shape (rows,)
        What was offered, or `NONE`.
    accepted, lawful : ndarray of bool, shape (rows,)
    value, reservation : ndarray, shape (2, rows)
        Of what was offered, in points.
    """

    package: Ints
    accepted: Bools
    lawful: Bools
    value: Floats
    reservation: Floats


class Engine(Protocol):
    """Work out what is costly in a round: it has a cell for each world and package."""

    def play(
        self, scene: RoundContext, node: int, worlds: Ints, mover: int, course: WorldStates
    ) -> RoundOutcome | None:
        """Play a whole round at a node in one go, or return None where the engine cannot.

        What talks reached, and what both governments remember, is brought up to date.

        Parameters
        ----------
        scene : RoundContext
        node : int
        worlds : ndarray of int, shape (rows,)
        mover : int
            Place of the side whose turn it is.
        course : WorldStates
        """
        ...

    def survey(self, scene: RoundContext, node: int, worlds: Ints) -> Survey:
        """Look at a node in some worlds."""
        ...

    def offer(self, scene: RoundContext, survey: Survey, side: int, aspiration: Floats) -> Ints:
        """Return what a side would offer at an aspiration; -1 for nothing.

        Among packages at or above the aspiration net of audience cost, against no absolute
        precondition of its own and believed ratifiable on both sides, the one believed best for
        the other.
        """
        ...
