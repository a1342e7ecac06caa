r"""Least change of a ranking that makes a state stable: the inverse of the graph model.

Whether decision maker i keeps to state s depends, given the rankings of the others, on one thing of
its own ranking: the set B of states that it likes better than s. Every sense of stability is easier
to meet with a smaller B, so i has to give up a preference and never to gain one. With D the states
of B that sink to the rank of s, the state is stable if for each improvement t of i

* ``nash``: t is in D;
* ``general``: t is in D, or some answer of the others leads to a state outside B or in D;
* ``symmetric``: t is in D, or so does some answer, and all that i can move to from there is, too;
* ``sequential``: as general, of answers by moves that are improvements for those who make them.

The least D is the least set that holds a way for each improvement: a small integer programme,
solved exactly. Of several of one size it is the one that sinks by the fewest ranks. Sets of that
kind are hard to find at the worst; where a search takes too long, the best one so far is given.

References
----------
R. A. Kinsara, O. Petersons, K. W. Hipel, D. M. Kilgour (2015). Advanced decision support for the
graph model for conflict resolution. Journal of Decision Systems 24(2), 117-145.
J. Wang, K. W. Hipel, L. Fang, Y. Dang (2018). Matrix representations of the inverse problem in the
graph model for conflict resolution. European Journal of Operational Research 270(1), 282-293.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from sim.equations.stability import Sanctions, answers, improvements
from sim.quantities import Bools, Floats, Ints

Way = frozenset[int]
"""States that must sink for an improvement to be none, or to be deterred."""
_SECONDS = 5.0
"""After which a search ends: far beyond what models of real conflicts take (milliseconds)."""


def least_change(
    moves: Bools,
    payoff: Floats,
    maker: int,
    state: int,
    concept: str,
    sanctions: Sanctions = "joint",
) -> tuple[tuple[int, ...], bool]:
    """Return the fewest states that a decision maker must like no better for one to be stable.

    Parameters
    ----------
    moves : ndarray of bool, shape (makers, states, states)
    payoff : ndarray, shape (makers, states)
        Larger is better.
    maker, state : int
    concept : str
        One of `sim.equations.stability.CONCEPTS`.
    sanctions : {"joint", "single"}

    Returns
    -------
    states : tuple of int
        In their order; empty where the state is stable as it is.
    fewest : bool
        Whether the search came to its end, so that no smaller change is enough.

    Examples
    --------
    Prisoner's dilemma; states by who confesses: nobody, the first, the second, both.

    >>> one = np.zeros((4, 4), dtype=bool); one[0, 1] = one[1, 0] = one[2, 3] = one[3, 2] = True
    >>> two = np.zeros((4, 4), dtype=bool); two[0, 2] = two[2, 0] = two[1, 3] = two[3, 1] = True
    >>> ranks = np.array([[3.0, 4.0, 1.0, 2.0], [3.0, 1.0, 4.0, 2.0]])
    >>> least_change(np.stack([one, two]), ranks, 0, 0, "nash")
    ((1,), True)
    >>> least_change(np.stack([one, two]), ranks, 0, 0, "general")
    ((), True)
    """
    better = payoff[maker] > payoff[maker, state]
    others = [other for other in range(len(moves)) if other != maker]
    by = improvements(moves, payoff) if concept == "sequential" else moves
    reach = answers(by[others], sanctions)
    escapes = moves[maker] & better if concept == "symmetric" else np.zeros_like(moves[maker])
    leaves = np.flatnonzero(moves[maker, state] & better).tolist()
    if concept == "nash":
        return tuple(leaves), True
    asked = []
    for move in leaves:
        ways = [Way([move]), *_ways(reach[move], better, escapes)]
        if Way() not in ways:
            asked.append(ways)
    drops = np.unique(payoff[maker], return_inverse=True)[1]
    return _least_holding(asked, drops - drops[state])


def sunk(payoff: Floats, state: int, sinking: Sequence[int]) -> Floats:
    """Return a ranking in which some states are liked as much as another.

    Parameters
    ----------
    payoff : ndarray, shape (states,)
    state : int
    sinking : sequence of int

    Examples
    --------
    >>> sunk(np.array([3.0, 4.0, 1.0, 2.0]), 0, [1]).tolist()
    [3.0, 3.0, 1.0, 2.0]
    """
    result = payoff.copy()
    result[[*sinking]] = payoff[state]
    return result


def _ways(reached: Bools, better: Bools, escapes: Bools) -> Iterator[Way]:
    """Yield what must sink for each answer to deter: itself, and what one escapes to from it."""
    for answer in np.flatnonzero(reached).tolist():
        itself = [answer] if better[answer] else []
        yield Way([*itself, *np.flatnonzero(escapes[answer]).tolist()])


def _least_holding(asked: list[list[Way]], drops: Ints) -> tuple[tuple[int, ...], bool]:
    """Return the least set that holds a way of each list; `drops` is the cost among equal sizes."""
    if not asked:
        return (), True
    from scipy.optimize import Bounds, LinearConstraint, milp

    few = [{way for way in ways if len(way) <= len(asked)} for ways in asked]
    wide = sorted({way for ways in few for way in ways if len(way) > 1}, key=sorted)
    states, count = len(drops), len(drops) + len(wide)
    places = {way: states + place for place, way in enumerate(wide)}
    chosen, held = np.zeros((len(few), count)), np.zeros((len(wide), count))
    for row, ways in enumerate(few):
        chosen[row, [places.get(way, min(way)) for way in ways]] = 1.0
    for row, way in enumerate(wide):
        held[row, [*way]], held[row, places[way]] = 1.0, -len(way)
    cost = np.concatenate([states**2 + drops, np.zeros(len(wide))])
    least = np.repeat([1.0, 0.0], [len(few), len(wide)])
    found = milp(
        cost,
        integrality=np.ones(count, dtype=np.int64),
        bounds=Bounds(0.0, 1.0),
        constraints=LinearConstraint(np.vstack([chosen, held]), lb=least),
        options={"mip_rel_gap": 0, "time_limit": _SECONDS},
    )
    if found.x is None:  # not even one: what surely is enough, every improvement
        return tuple(sorted(min(way) for ways in asked for way in ways[:1])), False
    return tuple(np.flatnonzero(found.x[:states] > 0.5).tolist()), bool(found.status == 0)
