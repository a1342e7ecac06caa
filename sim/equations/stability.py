r"""Stability of states in the graph model for conflict resolution.

Decision makers move between the states of a finite graph; each has its own moves and ranks the
states. A state is stable for decision maker i

* ``nash`` (rationality): if i has no improvement;
* ``general`` (general metarationality): if every improvement can be sanctioned, that is, answered
  by moves of the others to a state that i likes no better than the one it left;
* ``symmetric`` (symmetric metarationality): if it can be sanctioned and i cannot escape
  afterwards by a further move of its own;
* ``sequential``: if it can be sanctioned by moves that are improvements for those who make them.

Sanctions are chained (`joint`): others move in any order, alone or together, but nobody twice in a
row, since one's own successive moves are one move, and count only where the graph has an arc for
them. So define Fang, Hipel and Kilgour (1993, ch. 4). Some programs stop at one move of one other
decision maker (`single`), which can only make fewer states stable; with two decision makers whose
moves are transitive there is no difference.

References
----------
L. Fang, K. W. Hipel, D. M. Kilgour (1993). Interactive Decision Making: The Graph Model for
Conflict Resolution. Wiley, ch. 3 (two) and 4 (several decision makers).
D. M. Kilgour, K. W. Hipel (2005). The graph model for conflict resolution: past, present, and
future. https://doi.org/10.1007/s10726-005-9002-x
K. W. Li, D. M. Kilgour, K. W. Hipel (2005). Status quo analysis in the graph model for conflict
resolution. Journal of the Operational Research Society 56(6), 699-707.
"""

from __future__ import annotations

from collections import deque
from typing import Literal, TypeAlias

import numpy as np

from sim.quantities import Bools, Floats

Sanctions: TypeAlias = Literal["joint", "single"]
"""Whether others answer by chains of moves, or by one move of one of them."""
CONCEPTS = ("nash", "general", "symmetric", "sequential")
"""Ways in which a state can be stable."""


def improvements(moves: Bools, payoff: Floats) -> Bools:
    """Return the moves that each decision maker would rather make than not.

    Parameters
    ----------
    moves : ndarray of bool, shape (makers, states, states)
        Whether a decision maker can move from the second axis's state to the third's.
    payoff : ndarray, shape (..., makers, states)
        Anything that ranks the states for each; equals are not improvements.

    Returns
    -------
    ndarray of bool, shape (..., makers, states, states)

    Examples
    --------
    >>> moves = np.array([[[False, True], [True, False]]])
    >>> improvements(moves, np.array([[1.0, 2.0]])).tolist()
    [[[False, True], [False, False]]]
    """
    return np.asarray(moves & (payoff[..., None, :] > payoff[..., :, None]))


def reachable(moves: Bools) -> Bools:
    """Return where decision makers can get to together, nobody moving twice in a row.

    Parameters
    ----------
    moves : ndarray of bool, shape (..., makers, states, states)

    Returns
    -------
    ndarray of bool, shape (..., states, states)

    Examples
    --------
    >>> up, over = np.zeros((2, 3, 3), dtype=bool)
    >>> up[0, 1] = over[1, 2] = True
    >>> reachable(np.stack([up, over])).astype(int).tolist()
    [[0, 1, 1], [0, 0, 1], [0, 0, 0]]
    """
    ends = np.asarray(moves).copy()
    makers = ends.shape[-3]
    while True:
        further = ends.copy()
        for maker in range(makers):
            others = [other for other in range(makers) if other != maker]
            arrived = np.asarray(ends[..., others, :, :].any(axis=-3))
            further[..., maker, :, :] |= _then(arrived, moves[..., maker, :, :])
        if np.array_equal(further, ends):
            return np.asarray(ends.any(axis=-3))
        ends = further


Route = tuple[tuple[int, int], ...]
"""Moves one after the other: who moves, and to which state."""


def shortest_routes(moves: Bools, start: int) -> dict[int, Route]:
    """Return the shortest way to each state that can be reached, nobody moving twice in a row.

    Parameters
    ----------
    moves : ndarray of bool, shape (makers, states, states)
        All moves, or `improvements` only.
    start : int
        The status quo.

    Returns
    -------
    mapping of state to moves
        The start itself with none; of ways of one length the first by decision makers and states.

    Examples
    --------
    >>> up, over = np.zeros((2, 3, 3), dtype=bool)
    >>> up[0, 1] = over[1, 2] = True
    >>> shortest_routes(np.stack([up, over]), 0)
    {0: (), 1: ((0, 1),), 2: ((0, 1), (1, 2))}
    """
    found: dict[int, Route] = {start: ()}
    queue: deque[tuple[Route, int]] = deque([((), start)])
    arrived = set()
    while queue:
        route, state = queue.popleft()
        last = route[-1][0] if route else None
        for maker, end in np.argwhere(moves[:, state]).tolist():
            if maker != last and (maker, end) not in arrived:
                arrived.add((maker, end))
                found.setdefault(end, (*route, (maker, end)))
                queue.append(((*route, (maker, end)), end))
    return found


def answers(moves: Bools, sanctions: Sanctions) -> Bools:
    """Return where the others can answer a move to: shape (..., moved to, answer).

    Parameters
    ----------
    moves : ndarray of bool, shape (..., others, states, states)
        Moves of the others.
    sanctions : {"joint", "single"}
    """
    return reachable(moves) if sanctions == "joint" else np.asarray(moves.any(axis=-3))


def hypergame(
    moves: Bools, payoff_seen: Floats, sanctions: Sanctions = "joint"
) -> tuple[dict[str, Bools], dict[str, Bools]]:
    """Return in which sense each state is stable where each plays the game that it sees.

    Each decision maker judges its moves, and what the others would answer, by its own picture of
    their rankings; what it then does is part of the one game that there is.

    Parameters
    ----------
    moves : ndarray of bool, shape (makers, states, states)
    payoff_seen : ndarray, shape (makers, makers, states)
        How the second ranks states in the eyes of the first.
    sanctions : {"joint", "single"}

    Returns
    -------
    own : mapping of concept to ndarray of bool, shape (makers, states)
        Where each stays in its own picture; where all do is a hypergame equilibrium.
    seen : mapping of concept to ndarray of bool, shape (makers, makers, states)
        Where the second stays in the picture of the first.

    References
    ----------
    P. G. Bennett (1977). Toward a theory of hypergames. Omega 5(6), 749-751.
    M. Wang, K. W. Hipel, N. M. Fraser (1988). Modeling misperceptions in hypergames. Behavioral
    Science 33(3), 207-223.
    """
    seen = stability(moves, payoff_seen, sanctions)
    each = np.arange(len(moves))
    return {concept: seen[concept][each, each] for concept in CONCEPTS}, seen


def stability(moves: Bools, payoff: Floats, sanctions: Sanctions = "joint") -> dict[str, Bools]:
    """Return in which sense each state is stable for each decision maker.

    Parameters
    ----------
    moves : ndarray of bool, shape (makers, states, states)
        At least two decision makers.
    payoff : ndarray, shape (..., makers, states)
    sanctions : {"joint", "single"}
        Whether others may answer by chains of moves, or by one move of one of them.

    Returns
    -------
    mapping of concept to ndarray of bool, shape (..., makers, states)
        A state that is stable for all is an equilibrium in that sense.

    Examples
    --------
    Prisoner's dilemma; states by who confesses: nobody, the first, the second, both.

    >>> one = np.zeros((4, 4), dtype=bool); one[0, 1] = one[1, 0] = one[2, 3] = one[3, 2] = True
    >>> two = np.zeros((4, 4), dtype=bool); two[0, 2] = two[2, 0] = two[1, 3] = two[3, 1] = True
    >>> ranks = np.array([[3.0, 4.0, 1.0, 2.0], [3.0, 1.0, 4.0, 2.0]])
    >>> found = stability(np.stack([one, two]), ranks)
    >>> found["nash"].all(axis=0).tolist(), found["sequential"].all(axis=0).tolist()
    ([False, False, False, True], [True, False, False, True])
    """
    better = improvements(moves, payoff)
    makers = moves.shape[0]
    result = {concept: np.ones(payoff.shape, dtype=bool) for concept in CONCEPTS}
    for maker in range(makers):
        others = [other for other in range(makers) if other != maker]
        any_ = answers(moves[others], sanctions)
        willing = answers(better[..., others, :, :], sanctions)
        leaves = better[..., maker, :, :]
        rank = payoff[..., maker, :]
        punished = _punished(rank, moves[maker])
        result["nash"][..., maker, :] = ~leaves.any(axis=-1)
        for concept, reach, bad in (
            ("general", any_, _no_better(rank)),
            ("symmetric", any_, punished),
            ("sequential", willing, _no_better(rank)),
        ):
            deterred = _then(reach, np.swapaxes(bad, -1, -2))
            result[concept][..., maker, :] = _all_deterred(leaves, deterred)
    return result


def _then(first: Bools, second: Bools) -> Bools:
    """Return where one arrives by the first relation and then the second."""
    return np.asarray(first.astype(np.float32) @ second.astype(np.float32) > 0)


def _no_better(rank: Floats) -> Bools:
    """Tell, for each state left, which states are no better: shape (..., left, state)."""
    return np.asarray(rank[..., None, :] <= rank[..., :, None])


def _punished(rank: Floats, own: Bools) -> Bools:
    """Tell which states are no better than the one left, with no better state one move away."""
    bad = _no_better(rank)
    return np.asarray(bad & ~_then(~bad, np.swapaxes(own, -1, -2)))


def _all_deterred(leaves: Bools, deterred: Bools) -> Bools:
    """Tell from which states every improvement is deterred.

    `leaves` has shape (..., left, moved to) and `deterred` shape (..., moved to, left).
    """
    return np.asarray(~(leaves & ~np.swapaxes(deterred, -1, -2)).any(axis=-1))
