"""Pick points of a bargaining set.

References
----------
J. F. Nash (1950). The bargaining problem. https://doi.org/10.2307/1907266
E. Kalai, M. Smorodinsky (1975). Other solutions to Nash's bargaining problem.
https://doi.org/10.2307/1914280
"""

from __future__ import annotations

import numpy as np

from sim.equations.offering import NONE
from sim.quantities import Bools, Floats, Ints


def nash_choice(surplus_own: Floats, surplus_other: Floats, feasible: Bools) -> Ints:
    """Return the feasible package with the largest product of surpluses.

    Parameters
    ----------
    surplus_own, surplus_other : ndarray, shape (worlds, packages)
        Gains over the disagreement point, in points.
    feasible : ndarray of bool, shape (worlds, packages)

    Returns
    -------
    ndarray of int, shape (worlds,)
        Lowest index among ties; `NONE` where no feasible package leaves both at least as well
        off as disagreement.

    Examples
    --------
    >>> own, other = np.array([[3.0, 2.0, 0.0]]), np.array([[1.0, 2.0, 9.0]])
    >>> nash_choice(own, other, np.ones((1, 3), dtype=bool)).tolist()
    [1]
    """
    rational = feasible & (surplus_own >= 0) & (surplus_other >= 0)
    product = np.where(rational, surplus_own * surplus_other, -np.inf)
    return np.where(rational.any(axis=1), product.argmax(axis=1), NONE)
