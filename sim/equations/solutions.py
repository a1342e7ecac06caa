r"""Axiomatic solutions: points of a bargaining set.

.. math:: \max_k \; s_i(k)^a \, s_o(k)^{1 - a}

over packages that leave both at least as well off as disagreement, with surpluses s and the own
bargaining power a: one half is Nash's solution, 1 takes all for oneself, 0 leaves all to the other.

References
----------
E. Kalai (1977). Nonsymmetric Nash solutions. https://doi.org/10.1007/BF01774658
K. Binmore, A. Rubinstein, A. Wolinsky (1986). The Nash bargaining solution in economic modelling.
https://doi.org/10.2307/2555382

All rules choose among feasible packages that leave both sides at least as well off as never
signing; the disagreement point is the pair of reservation values. The last axis is the package;
any leading axes may stand before it.

A package table is discrete, so ties and gaps need a rule. Nash: the largest product of surpluses.
Kalai-Smorodinsky: the largest smaller relative gain; egalitarian: the largest smaller surplus; in
both, among ties the largest larger one (leximin, Imai 1983), which keeps to the frontier where the
curve leaps over the textbook's line of equal gains. Utilitarian: the largest sum. What is still
tied goes to the lowest index. Scores within a relative 1e-9 are tied, as rounding parts what is
equal. Only the last two compare the sides' points.

References
----------
J. F. Nash (1950). The bargaining problem. https://doi.org/10.2307/1907266
E. Kalai, M. Smorodinsky (1975). Other solutions to Nash's bargaining problem.
https://doi.org/10.2307/1914280
E. Kalai (1977). Proportional solutions to bargaining situations.
https://doi.org/10.2307/1913954
H. Imai (1983). Individual monotonicity and lexicographic maxmin solution.
https://doi.org/10.2307/1911997
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.equations.offering import NONE
from sim.quantities import Bools, Floats, Ints

_TIE = 1e-9
"""Share of the best score by which another may fall short of it and still be as good."""


def weighted_nash_choice(
    surplus_own: Floats, surplus_other: Floats, feasible: Bools, power: Floats
) -> Ints:
    """Return the feasible package of the generalised Nash solution.

    Parameters
    ----------
    surplus_own, surplus_other : ndarray, shape (worlds, packages)
        Gains over the disagreement point, in points.
    feasible : ndarray of bool, shape (worlds, packages)
    power : ndarray, shape (worlds,)
        Own bargaining power a, in [0, 1].

    Returns
    -------
    ndarray of int, shape (worlds,)
        Among ties (within a relative 1e-9) the package with the larger sum, then the lowest
        index; `NONE` where no feasible package leaves both at least as well off.

    Examples
    --------
    >>> own = np.array([[0.0, 1.0, 2.0, 3.0, 4.0]])
    >>> every = np.ones((1, 5), dtype=bool)
    >>> [int(weighted_nash_choice(own, 4 - own, every, np.array([a]))[0]) for a in (0, 0.5, 0.75)]
    [0, 2, 3]
    """
    rational = feasible & (surplus_own >= 0) & (surplus_other >= 0)
    own, other = np.maximum(surplus_own, 0.0), np.maximum(surplus_other, 0.0)
    weight = power[:, None]
    score = np.where(rational, own**weight * other ** (1.0 - weight), -np.inf)
    best = score.max(axis=1, keepdims=True)
    tied = rational & (score >= best - _TIE * np.abs(best))
    choice = np.where(tied, own + other, -np.inf).argmax(axis=1)
    return np.where(rational.any(axis=1), choice, NONE)


def nash_choice(surplus_own: Floats, surplus_other: Floats, feasible: Bools) -> Ints:
    """Return the feasible package with the largest product of surpluses.

    Parameters
    ----------
    surplus_own, surplus_other : ndarray, shape (..., packages)
        Gains over the disagreement point, in points.
    feasible : ndarray of bool, shape (..., packages)

    Returns
    -------
    ndarray of int, shape (...)
        Lowest index among ties; `NONE` where no feasible package leaves both at least as well
        off as disagreement.

    Examples
    --------
    >>> own, other = np.array([[3.0, 2.0, 0.0]]), np.array([[1.0, 2.0, 9.0]])
    >>> nash_choice(own, other, np.ones((1, 3), dtype=bool)).tolist()
    [1]
    """
    return _best(surplus_own * surplus_other, _rational(surplus_own, surplus_other, feasible))


def relative_gains(
    surplus_one: Floats, surplus_two: Floats, feasible: Bools
) -> tuple[Floats, Floats]:
    """Return each side's surplus as a share of the best it could have in the bargaining set.

    Parameters
    ----------
    surplus_one, surplus_two : ndarray, shape (..., packages)
        Points.
    feasible : ndarray of bool, shape (..., packages)

    Returns
    -------
    one, two : ndarray, shape (..., packages)
        1 for a side's ideal and 0 for disagreement. A side that can gain nothing has its ideal
        everywhere: 1. NaN where the bargaining set is empty.

    Examples
    --------
    >>> one, two = np.array([4.0, 2.0, -1.0]), np.array([0.0, 1.0, 9.0])
    >>> [gain.tolist() for gain in relative_gains(one, two, np.ones(3, dtype=bool))]
    [[1.0, 0.5, -0.25], [0.0, 1.0, 9.0]]
    """
    rational = _rational(surplus_one, surplus_two, feasible)
    gains = []
    for surplus in (surplus_one, surplus_two):
        ideal = np.where(rational, surplus, -np.inf).max(axis=-1, keepdims=True)
        scale = np.where(np.isfinite(ideal), ideal, np.nan)
        gains.append(np.where(ideal == 0, 1.0, surplus / np.where(ideal == 0, 1.0, scale)))
    return gains[0], gains[1]


def kalai_smorodinsky_choice(surplus_one: Floats, surplus_two: Floats, feasible: Bools) -> Ints:
    """Return the feasible package with the largest smaller relative gain; see `nash_choice`.

    Examples
    --------
    >>> one, two = np.array([4.0, 2.0, 0.0]), np.array([0.0, 3.0, 10.0])
    >>> int(kalai_smorodinsky_choice(one, two, np.ones(3, dtype=bool)))
    1
    """
    rational = _rational(surplus_one, surplus_two, feasible)
    gain_one, gain_two = relative_gains(surplus_one, surplus_two, feasible)
    return _leximin(gain_one, gain_two, rational)


def egalitarian_choice(surplus_one: Floats, surplus_two: Floats, feasible: Bools) -> Ints:
    """Return the feasible package with the largest smaller surplus; see `nash_choice`.

    Examples
    --------
    >>> one, two = np.array([4.0, 2.0, 2.0]), np.array([1.0, 3.0, 4.0])
    >>> int(egalitarian_choice(one, two, np.ones(3, dtype=bool)))
    2
    """
    return _leximin(surplus_one, surplus_two, _rational(surplus_one, surplus_two, feasible))


def utilitarian_choice(surplus_one: Floats, surplus_two: Floats, feasible: Bools) -> Ints:
    """Return the feasible package with the largest sum of surpluses; see `nash_choice`.

    Examples
    --------
    >>> one, two = np.array([4.0, 2.0, 2.0]), np.array([1.0, 2.0, 4.0])
    >>> int(utilitarian_choice(one, two, np.ones(3, dtype=bool)))
    2
    """
    return _best(surplus_one + surplus_two, _rational(surplus_one, surplus_two, feasible))


SOLUTIONS: dict[str, Callable[[Floats, Floats, Bools], Ints]] = {
    "nash": nash_choice,
    "kalai_smorodinsky": kalai_smorodinsky_choice,
    "egalitarian": egalitarian_choice,
    "utilitarian": utilitarian_choice,
}
"""The rules by name."""


def _rational(surplus_one: Floats, surplus_two: Floats, feasible: Bools) -> Bools:
    return np.asarray(feasible & (surplus_one >= 0) & (surplus_two >= 0))


def _best(score: Floats, among: Bools) -> Ints:
    tied = _tied(score, among)
    return np.where(tied.any(axis=-1), tied.argmax(axis=-1), NONE)


def _tied(score: Floats, among: Bools) -> Bools:
    """Return what scores as much as the best, give or take rounding."""
    ranked = np.where(among, score, -np.inf)
    best = ranked.max(axis=-1, keepdims=True)
    slack = np.where(np.isfinite(best), _TIE * np.abs(best), 0.0)
    return np.asarray(among & (ranked >= best - slack))


def _leximin(one: Floats, two: Floats, among: Bools) -> Ints:
    return _best(np.maximum(one, two), _tied(np.minimum(one, two), among))
