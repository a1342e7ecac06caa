r"""Pick the point of a bargaining set that sides of unequal bargaining power expect.

.. math:: \max_k \; s_i(k)^a \, s_o(k)^{1 - a}

over packages that leave both at least as well off as disagreement, with surpluses s and the own
bargaining power a: one half is Nash's solution, 1 takes all for oneself, 0 leaves all to the other.

References
----------
E. Kalai (1977). Nonsymmetric Nash solutions. https://doi.org/10.1007/BF01774658
K. Binmore, A. Rubinstein, A. Wolinsky (1986). The Nash bargaining solution in economic modelling.
https://doi.org/10.2307/2555382
"""

from __future__ import annotations

import numpy as np

from sim.equations.offering import NONE
from sim.quantities import Bools, Floats, Ints

_TIE = 1e-9


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
