r"""Subgame-perfect equilibrium of offers on a table of packages, in turn or by whoever is drawn.

Side :math:`i` proposes with :math:`n` rounds left. The other side :math:`o` accepts a package from

.. math:: a_o(n) = \max\big(w_o,\; r_o + \delta_o (V_o(n - 1) - r_o)\big), \quad V(0) = r

where :math:`w` is an outside option and :math:`\delta` what is left of a surplus by a refusal (the
discount factor, times the probability that talks do not break down). So with :math:`Z` the packages
that neither vetoes and both prefer to never signing,

.. math:: V_i(n) = \max \{ v_i(x) : x \in Z,\; v_o(x) \ge a_o(n) \}

and :math:`V_i(n) = r_i` where there is none. Passing is never better: what the other would propose
next could be proposed now. Without a horizon the game is the limit of ever longer ones. On a finite
table each side's values are monotone in :math:`n` along each parity (each step reverses order, two
keep it), so the limit exists and is reached in finitely many steps; the two parities may stop one
or a few packages apart, which is the multiplicity that discrete offers bring (van Damme, Selten &
Winter 1990). The caller says who would move last, and so which of the two it means: the limit is
the equilibrium best for that side, and within steps of
:math:`h (1 + \delta_o / (1 - \delta_1 \delta_2))` of Rubinstein's for a grid of step :math:`h`.

Where who proposes is drawn, side :math:`i` with probability :math:`p_i`, what waiting is worth
counts both turns that may come,

.. math:: a_o(n) = \max\big(w_o,\; r_o + \delta_o (E_o(n - 1) - r_o)\big), \quad
    E_i(n) = p_i V_i(n) + p_o R_i(n), \quad E(0) = r

with :math:`R_i` what the other's offer is worth to :math:`i` (of what is best for the proposer, the
best for who answers). On a coarse table a proposer may rather pass than offer what is accepted, and
then both get what waiting is worth, :math:`r + \delta (E(n - 1) - r)`. Without a horizon a
responder is held to what it waits for, and the game is that of turns with :math:`\hat\delta` in
place of :math:`\delta` (`sim.equations.alternating_offers.discount_until_turn`); on a table it may
be offered up to a step more.

References
----------
A. Rubinstein (1982). https://doi.org/10.2307/1912531
K. Binmore (1987). Perfect equilibria in bargaining models. In: K. Binmore, P. Dasgupta (eds.), The
Economics of Bargaining, 77-105. Blackwell (who proposes is drawn).
D. P. Baron, J. A. Ferejohn (1989). https://doi.org/10.2307/1961664
I. Stahl (1972). Bargaining Theory. Stockholm School of Economics (finite horizon).
K. Binmore, A. Shaked, J. Sutton (1989). An outside option experiment.
https://doi.org/10.2307/2937866 (the outside option principle)
K. Binmore, A. Rubinstein, A. Wolinsky (1986). The Nash bargaining solution in economic modelling.
https://doi.org/10.2307/2555382 (risk of breakdown)
E. van Damme, R. Selten, E. Winter (1990). Alternating bid bargaining with a smallest money unit.
https://doi.org/10.1016/0899-8256(90)90020-T
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.equations.utility import no_less
from sim.quantities import Bools, Floats, Ints

Pair = tuple[Floats, Floats]


@dataclass(frozen=True)
class OfferGame:
    """Alternating offers on a table, row by row; pairs hold one array for each side.

    Parameters
    ----------
    value : pair of ndarray, shape (rows, packages)
        Points.
    reservation : pair of ndarray, shape (rows,)
        Value of never signing, in points.
    feasible : ndarray of bool, shape (rows, packages)
        What nobody vetoes.
    kept : pair of ndarray, shape (rows,)
        Share of a surplus that is left after a refusal, in [0, 1].
    outside : pair of ndarray, shape (rows,)
        Outside options in points; minus infinity for none.
    """

    value: Pair
    reservation: Pair
    feasible: Bools
    kept: Pair
    outside: Pair

    def accepted_from(self, side: int, next_value: Floats) -> Floats:
        """Return the least value that a side accepts, if it can have `next_value` a round later.

        Parameters
        ----------
        side : int
            0 or 1.
        next_value : ndarray, shape (rows,)
            Value of the next round; the reservation value where none is left. Where sides take
            turns, that of proposing.
        """
        least = self.reservation[side]
        return np.maximum(
            self.outside[side], least + self.kept[side] * np.maximum(next_value - least, 0.0)
        )


def value_of_proposing(game: OfferGame, side: int, last_mover: int, rounds_left: Floats) -> Floats:
    """Return what proposing now is worth to a side in the subgame-perfect equilibrium.

    Parameters
    ----------
    game : OfferGame
    side : int
        Who proposes: 0 or 1.
    last_mover : int
        Who makes the last offer.
    rounds_left : ndarray, shape (rows,)
        Rounds left, this one included; infinity for a game without end. The finite ones must be
        odd where `side` moves last and even elsewhere.

    Returns
    -------
    ndarray, shape (rows,)
        Points.

    Examples
    --------
    A pie in eighths, three rounds, the same side first and last: 1 - 0.5 (1 - 0.5 * 1).

    >>> share = np.linspace(0, 1, 9)[None, :]
    >>> zero, patience, none = np.zeros(1), np.full(1, 0.5), np.full(1, -np.inf)
    >>> every = np.ones((1, 9), dtype=bool)
    >>> pie = OfferGame((share, 1 - share), (zero, zero), every, (patience, patience), (none, none))
    >>> float(value_of_proposing(pie, 0, 0, np.array([3.0]))[0])
    0.75
    """
    result = game.reservation[side]
    changed = np.ones((2, len(result)), dtype=bool)
    rounds = enumerate(_rounds_from_the_end(game, last_mover), start=1)
    for played, (mover, value, moved) in rounds:  # pragma: no branch - it never runs out
        changed[played % 2] = moved
        if mover == side:
            result = np.where(played <= rounds_left, value, result)
        if not np.any(changed.any(axis=0) & (played < rounds_left)):
            break
    return result


def _rounds_from_the_end(game: OfferGame, last_mover: int) -> Iterator[tuple[int, Floats, Bools]]:
    """Yield who proposes, what that is worth, and where it differs from two rounds later."""
    ladders = [_Ladder.of(game, side) for side in (0, 1)]
    values = list(game.reservation)
    mover = last_mover
    while True:
        other = 1 - mover
        best = ladders[mover].best(game.accepted_from(other, values[other]))
        new = np.where(np.isneginf(best), game.reservation[mover], best)
        moved = new != values[mover]
        values[mover] = new
        yield mover, new, moved
        mover = other


def values_by_draw(
    game: OfferGame, probability: Floats, rounds_left: Floats
) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Return what a round is worth to both where who proposes is drawn, over finitely many rounds.

    Parameters
    ----------
    game : OfferGame
    probability : ndarray, shape (rows,)
        That the first side proposes, in each round.
    rounds_left : ndarray, shape (rows,)
        Finite rounds left, this one included.

    Returns
    -------
    pair of pairs of ndarray, shape (rows,)
        Value of proposing, each side's; and that of the round before it is drawn who does. Both
        are reservation values where no round is left.

    Examples
    --------
    A pie in eighths, a last round: whoever proposes takes all.

    >>> share = np.linspace(0, 1, 9)[None, :]
    >>> zero, patience, none = np.zeros(1), np.full(1, 0.5), np.full(1, -np.inf)
    >>> every = np.ones((1, 9), dtype=bool)
    >>> pie = OfferGame((share, 1 - share), (zero, zero), every, (patience, patience), (none, none))
    >>> proposing, before = values_by_draw(pie, np.array([0.75]), np.array([1.0]))
    >>> [float(each[0]) for each in (*proposing, *before)]
    [1.0, 1.0, 0.75, 0.25]
    """
    proposing, before = game.reservation, game.reservation
    for played in range(1, int(rounds_left.max(initial=0)) + 1):
        there = played <= rounds_left
        one, two = (_drawn(game, side, before) for side in (0, 1))
        expected = (
            probability * one[0] + (1.0 - probability) * two[1],
            (1.0 - probability) * two[0] + probability * one[1],
        )
        proposing = _where(there, (one[0], two[0]), proposing)
        before = _where(there, expected, before)
    return proposing, before


def _where(rows: Bools, new: Pair, old: Pair) -> Pair:
    return np.where(rows, new[0], old[0]), np.where(rows, new[1], old[1])


def _drawn(game: OfferGame, side: int, following: Pair) -> Pair:
    """Return what a proposer gets, and what the other does then, with what follows a refusal."""
    own, other, answers = game.value[side], game.value[1 - side], 1 - side
    passing = [
        least + kept * (value - least)
        for least, kept, value in zip(game.reservation, game.kept, following, strict=True)
    ]
    worth = no_less(own, np.maximum(game.reservation[side], passing[side])[:, None])
    taken = no_less(other, game.accepted_from(answers, following[answers])[:, None])
    open_ = game.feasible & worth & taken
    best = np.where(open_, own, -np.inf).max(axis=1)
    given = np.where(open_ & (own == best[:, None]), other, -np.inf).max(axis=1)
    none = np.isneginf(best)
    return np.where(none, passing[side], best), np.where(none, passing[answers], given)


@dataclass(frozen=True)
class _Ladder:
    """One side's best value among packages that give the other at least so much.

    Parameters
    ----------
    other : ndarray, shape (rows, packages)
        The other's values in falling order.
    best : ndarray, shape (rows, packages + 1)
        Own best value among the first n of these.
    """

    other: Floats
    best_of: Floats

    @classmethod
    def of(cls, game: OfferGame, side: int) -> _Ladder:
        """Return the ladder of a side."""
        own, other = game.value[side], game.value[1 - side]
        worth = no_less(own, game.reservation[side][:, None]) & game.feasible  # accepted_from >= r
        falling = np.where(worth, other, -np.inf)
        order = np.argsort(-falling, axis=1, kind="stable")
        reached = np.take_along_axis(np.where(worth, own, -np.inf), order, axis=1)
        none = np.full((len(own), 1), -np.inf)
        best = np.maximum.accumulate(np.hstack([none, reached]), axis=1)
        return cls(np.take_along_axis(falling, order, axis=1), best)

    def best(self, threshold: Floats) -> Floats:
        """Return the best own value where the other gets at least a threshold, shape (rows,)."""
        rows = np.arange(len(threshold))
        return np.asarray(self.best_of[rows, _count(self.other, threshold)])


def _count(falling: Floats, threshold: Floats) -> Ints:
    """Return how many entries of each falling row reach a threshold, by bisection."""
    rows, size = falling.shape
    every = np.arange(rows)
    low, high = np.zeros(rows, dtype=np.int64), np.full(rows, size, dtype=np.int64)
    for _ in range(size.bit_length()):
        middle = (low + high) // 2
        searching = low < high
        reached = falling[every, np.minimum(middle, size - 1)] >= threshold
        low = np.where(searching & reached, middle + 1, low)
        high = np.where(searching & ~reached, middle, high)
    return low
