"""Show the table as it stands in one round: what is on offer to whom, in the worlds that talk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.quantities import Bools, Floats, Ints


@dataclass(frozen=True)
class Talk:
    """One round at one node, seen from above.

    Pairs hold the claimant's array first and the holder's second.

    Parameters
    ----------
    round_ : int
        Round of the simulated window.
    node : int
        Which node of the structure is being negotiated.
    worlds : ndarray of int, shape (rows,)
        Which worlds of the block the rows are.
    value : pair of ndarray, shape (rows, packages)
        Value of signing, preconditions' prices included, in points.
    open_value : pair of ndarray, shape (rows, packages)
        The same before preconditions.
    reservation : pair of ndarray, shape (rows,)
        Value of never signing, in points.
    forbidden : pair of ndarray of bool, shape (rows, packages)
        What absolute preconditions forbid.
    support : pair of ndarray, shape (rows, packages)
        Present support in each public.
    allies : pair of ndarray of bool, shape (rows, packages)
        What no ally would veto.
    would_pass : pair of ndarray of bool, shape (rows, packages)
        Win-sets: what all ratifiers of a side would pass today.
    """

    round_: int
    node: int
    worlds: Ints
    value: tuple[Floats, Floats]
    open_value: tuple[Floats, Floats]
    reservation: tuple[Floats, Floats]
    forbidden: tuple[Bools, Bools]
    support: tuple[Floats, Floats]
    allies: tuple[Bools, Bools]
    would_pass: tuple[Bools, Bools]

    @property
    def bargain(self) -> Bools:
        """Return the ZOPA: what is worth signing to both before preconditions.

        Returns
        -------
        ndarray of bool, shape (rows, packages)
        """
        claimant, holder = self.open_value
        return np.asarray(
            (claimant >= self.reservation[0][:, None]) & (holder >= self.reservation[1][:, None])
        )

    @property
    def signable(self) -> Bools:
        """Return what is worth signing to both and against no absolute precondition.

        Returns
        -------
        ndarray of bool, shape (rows, packages)
        """
        claimant, holder = self.value
        worth = (claimant >= self.reservation[0][:, None]) & (
            holder >= self.reservation[1][:, None]
        )
        return np.asarray(worth & ~self.forbidden[0] & ~self.forbidden[1])

    @property
    def ratifiable(self) -> Bools:
        """Return what would pass on both second levels today.

        Returns
        -------
        ndarray of bool, shape (rows, packages)
        """
        return np.asarray(self.would_pass[0] & self.would_pass[1])


@dataclass(frozen=True)
class Offer:
    """What a government would put on the table.

    Parameters
    ----------
    package : ndarray of int, shape (rows,)
        Package index, or -1 for none.
    aspiration : ndarray, shape (rows,)
        Least value demanded, in points.
    """

    package: Ints
    aspiration: Floats
