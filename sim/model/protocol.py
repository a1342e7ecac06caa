"""Protocol of alternating offers: whose turn it is, and what no side may do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.domain.interest import Role
from sim.equations.offering import NONE
from sim.quantities import Bools, Ints


@dataclass(frozen=True)
class AlternatingOffers:
    """Alternating offers in rounds: one side proposes, the other answers.

    Parameters
    ----------
    first_mover : Role
        Who proposes in round 0.
    """

    first_mover: Role

    def proposer(self, round_: int) -> Role:
        """Return whose turn it is to propose.

        Examples
        --------
        >>> AlternatingOffers(Role.HOLDER).proposer(1).value
        'claimant'
        """
        return self.first_mover if round_ % 2 == 0 else self.first_mover.other

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
