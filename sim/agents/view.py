"""The arrays of one round at one node: what is on offer to whom, in the worlds that talk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.quantities import Bools, Floats, Ints


@dataclass(frozen=True)
class Glance:
    """Where a talk finds what it was not given; called at most once each.

    Parameters
    ----------
    open_value, forbidden, support, allies : callable
        Take the place of a side and return its array, shape (rows, packages).
    support_at, allies_at, forbidden_at : callable
        Take the place of a side, some rows and a package for each, and return one value a row.
    needed, needed_at : callable
        As `support` and `support_at`: the support at which all who vote on a text pass it today.
    consent, consent_at : callable
        As `allies` and `allies_at`, as the side in the second place believes it.
    """

    open_value: Callable[[int], Floats]
    forbidden: Callable[[int], Bools]
    support: Callable[[int], Floats]
    allies: Callable[[int], Bools]
    support_at: Callable[[int, Ints, Ints], Floats]
    allies_at: Callable[[int, Ints, Ints], Bools]
    forbidden_at: Callable[[int, Ints, Ints], Bools]
    needed: Callable[[int], Floats]
    needed_at: Callable[[int, Ints, Ints], Floats]
    consent: Callable[[int, int], Bools]
    consent_at: Callable[[int, int, Ints, Ints], Bools]


Pair = tuple[Floats, Floats]
"""The claimant's array, then the holder's."""


@dataclass(frozen=True)
class Chosen:
    """One package in each row, seen by both sides; pairs as in `RoundView`, shape (rows,).

    Where there is none, numbers are NaN and marks are false.

    Parameters
    ----------
    made : ndarray of bool
        Whether there is a package at all.
    package : ndarray of int
    value, support, needed : pair of ndarray
    allies, forbidden : pair of ndarray of bool
    """

    made: Bools
    package: Ints
    value: Pair
    support: Pair
    needed: Pair
    allies: tuple[Bools, Bools]
    forbidden: tuple[Bools, Bools]

    def signable(self, reservation: Pair) -> Bools:
        """Return where it is lawful to sign: worth it to both, against no precondition."""
        worth = (self.value[0] >= reservation[0]) & (self.value[1] >= reservation[1])
        return np.asarray(self.made & worth & ~self.forbidden[0] & ~self.forbidden[1])

    def ratifiable(self) -> Bools:
        """Return where it would pass on both second levels today."""
        claimant = (self.support[0] >= self.needed[0]) & self.allies[0]
        holder = (self.support[1] >= self.needed[1]) & self.allies[1]
        return np.asarray(claimant & holder)


@dataclass(frozen=True)
class RoundView:
    """One round at one node, seen from above.

    Pairs hold the claimant's array first and the holder's second. What is costly is worked out
    when it is first asked for.

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
    reservation : pair of ndarray, shape (rows,)
        Value of never signing, in points.
    glance : Glance
        Where the rest is found.
    """

    round_: int
    node: int
    worlds: Ints
    value: Pair
    reservation: Pair
    glance: Glance

    @cached_property
    def open_value(self) -> Pair:
        """Return the value of signing before preconditions, pair of shape (rows, packages)."""
        return self.glance.open_value(0), self.glance.open_value(1)

    @cached_property
    def forbidden(self) -> tuple[Bools, Bools]:
        """Return what absolute preconditions forbid, pair of shape (rows, packages)."""
        return self.glance.forbidden(0), self.glance.forbidden(1)

    @cached_property
    def support(self) -> Pair:
        """Return present support in each public, pair of shape (rows, packages)."""
        return self.glance.support(0), self.glance.support(1)

    @cached_property
    def needed(self) -> Pair:
        """Return the support at which all of a side who vote on a text pass it today.

        Returns
        -------
        pair of ndarray, shape (rows, packages)
            Minus infinity where nobody's vote hangs on it.
        """
        return self.glance.needed(0), self.glance.needed(1)

    @cached_property
    def allies(self) -> tuple[Bools, Bools]:
        """Return what no ally would veto, pair of shape (rows, packages)."""
        return self.glance.allies(0), self.glance.allies(1)

    @cached_property
    def would_pass(self) -> tuple[Bools, Bools]:
        """Return the win-sets: what all ratifiers of a side would pass today."""
        passing = [(self.support[side] >= self.needed[side]) & self.allies[side] for side in (0, 1)]
        return passing[0], passing[1]

    @cached_property
    def bargain(self) -> Bools:
        """Return the ZOPA: what is worth signing to both before preconditions.

        Returns
        -------
        ndarray of bool, shape (rows, packages)
        """
        return self._worth(self.open_value)

    @cached_property
    def signable(self) -> Bools:
        """Return what is worth signing to both and against no absolute precondition.

        Returns
        -------
        ndarray of bool, shape (rows, packages)
        """
        return self._worth(self.value) & ~self.forbidden[0] & ~self.forbidden[1]

    @cached_property
    def ratifiable(self) -> Bools:
        """Return what would pass on both second levels today.

        Returns
        -------
        ndarray of bool, shape (rows, packages)
        """
        return np.asarray(self.would_pass[0] & self.would_pass[1])

    def chosen(self, package: Ints) -> Chosen:
        """Return everything about one package in each row that has one.

        Parameters
        ----------
        package : ndarray of int, shape (rows,)
            Package index; -1 for none, where nothing is worked out.
        """
        rows = np.flatnonzero(package >= 0)
        made, glance, size = package[rows], self.glance, len(package)
        value = [_spread(size, rows, self.value[side][rows, made]) for side in (0, 1)]
        support = [_spread(size, rows, glance.support_at(side, rows, made)) for side in (0, 1)]
        needed = [_spread(size, rows, glance.needed_at(side, rows, made)) for side in (0, 1)]
        allies = [_mark(size, rows, glance.allies_at(side, rows, made)) for side in (0, 1)]
        barred = [_mark(size, rows, glance.forbidden_at(side, rows, made)) for side in (0, 1)]
        return Chosen(
            made=package >= 0,
            package=np.maximum(package, 0),
            value=(value[0], value[1]),
            support=(support[0], support[1]),
            needed=(needed[0], needed[1]),
            allies=(allies[0], allies[1]),
            forbidden=(barred[0], barred[1]),
        )

    def _worth(self, value: Pair) -> Bools:
        claimant = value[0] >= self.reservation[0][:, None]
        holder = value[1] >= self.reservation[1][:, None]
        return np.asarray(claimant & holder)


def _spread(size: int, rows: Ints, values: Floats) -> Floats:
    result = np.full(size, np.nan)
    result[rows] = values
    return result


def _mark(size: int, rows: Ints, values: Bools) -> Bools:
    result = np.zeros(size, dtype=bool)
    result[rows] = values
    return result


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
