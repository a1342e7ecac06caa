"""Protocols of offers: whose turn it is in each round and world, and what no side may do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.domain.draws import Draws, probability_of_turn
from sim.domain.interest import Role
from sim.equations.offering import NONE
from sim.quantities import Bools, Floats, Ints
from sim.randomness import Streams


@dataclass(frozen=True)
class AlternatingOffers:
    """Alternating offers in rounds: one side proposes, the other answers.

    Parameters
    ----------
    first_mover : Role
        Who proposes in round 0.
    worlds : int
        How many worlds.
    """

    first_mover: Role
    worlds: int

    def movers(self, round_: int) -> Ints:
        """Return the place of the side whose turn it is in each world, shape (worlds,).

        Examples
        --------
        >>> AlternatingOffers(Role.HOLDER, 2).movers(1).tolist()
        [0, 0]
        """
        mover = self.first_mover if round_ % 2 == 0 else self.first_mover.other
        return np.full(self.worlds, mover.position)

    @staticmethod
    def admit(package: Ints, packages: int) -> None:
        """Refuse offers outside the structure.

        Parameters
        ----------
        package : ndarray of int
            Offered packages; -1 for none.
        packages : int
            How many packages the stage has.

        Raises
        ------
        ValueError
            If any offer is not a package of the stage.
        """
        outside = (package < NONE) | (package >= packages)
        if outside.any():
            worst = int(package[outside][0])
            raise ValueError(f"an offer must be one of {packages} packages or none, got {worst}")

    @staticmethod
    def sign(accepted: Bools, lawful: Bools) -> Bools:
        """Return where a text is signed: accepted, and lawful for both governments.

        The mechanism itself enforces that nobody signs below the reservation value or against an
        absolute precondition, whatever a strategy answers.

        Parameters
        ----------
        accepted : ndarray of bool, shape (rows,)
            Whether the responder accepted.
        lawful : ndarray of bool, shape (rows,)
            Whether something was offered that is worth signing to both and against no absolute
            precondition.
        """
        return np.asarray(accepted & lawful)


@dataclass(frozen=True, eq=False)
class RandomProposer(AlternatingOffers):
    """Offers by whoever is drawn: in each round and world anew, whatever has happened there.

    Parameters
    ----------
    first_mover : Role
        The side of whose turns the probability speaks.
    worlds : int
    probability : ndarray, shape (worlds,)
        That it proposes in a round, and not the other.
    streams : Streams
        Of these worlds.

    References
    ----------
    K. Binmore (1987). Perfect equilibria in bargaining models. In: K. Binmore, P. Dasgupta (eds.),
    The Economics of Bargaining, 77-105. Blackwell.
    D. P. Baron, J. A. Ferejohn (1989). Bargaining in legislatures. https://doi.org/10.2307/1961664
    """

    probability: Floats
    streams: Streams

    def movers(self, round_: int) -> Ints:
        """Return the place of the side whose turn it is in each world, shape (worlds,)."""
        luck = self.streams.uniforms("protocol/proposer", round_=round_)[:, 0]
        one, other = self.first_mover.position, self.first_mover.other.position
        return np.where(luck < self.probability, one, other)


def protocol_of(draws: Draws) -> AlternatingOffers:
    """Return the protocol that a scenario declares, in the worlds of its draws."""
    first, worlds = Role(draws.scenario.protocol.first_mover), draws.streams.worlds
    probability = probability_of_turn(draws, first)
    if probability is None:
        return AlternatingOffers(first, worlds)
    return RandomProposer(first, worlds, probability, draws.streams)
