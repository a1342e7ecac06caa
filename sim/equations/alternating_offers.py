r"""Division of a surplus by alternating offers without end.

References
----------
A. Rubinstein (1982). Perfect equilibrium in a bargaining model.
https://doi.org/10.2307/1912531, main theorem.
"""

from __future__ import annotations

import numpy as np

from sim.quantities import Floats


def worth_waiting_for(
    reservation_value: Floats, next_value: Floats, discount_factor: Floats
) -> Floats:
    r"""Return what one's own next offer is worth now, :math:`r + \delta (v - r)`.

    A responder accepts at or above it: refusing costs a round (Rubinstein 1982, equation of the
    stationary equilibrium, :math:`1 - x_1 = \delta_2 x_2`).

    Parameters
    ----------
    reservation_value, next_value : ndarray
        Value of never signing, and of one's own next offer, in points.
    discount_factor : ndarray
        Own, per round.

    Examples
    --------
    >>> float(worth_waiting_for(np.array(0.0), np.array(0.5), np.array(0.8)))
    0.4
    """
    surplus = np.maximum(next_value - reservation_value, 0.0)
    return reservation_value + discount_factor * surplus


def rubinstein_share(own_discount_factor: Floats, other_discount_factor: Floats) -> Floats:
    r"""Return the proposer's equilibrium share of a unit surplus.

    .. math:: x = (1 - \delta_o) / (1 - \delta_i \delta_o)

    Parameters
    ----------
    own_discount_factor, other_discount_factor : ndarray
        Per round, in [0, 1]; where both are 1 (no impatience at all) the share is one half, the
        limit of equal impatience.

    Examples
    --------
    >>> round(float(rubinstein_share(np.array(0.9), np.array(0.8))), 6)
    0.714286
    >>> round(float(rubinstein_share(np.array(0.99), np.array(0.95))), 6)
    0.840336
    """
    cost = 1.0 - own_discount_factor * other_discount_factor
    patient = cost <= 0
    return np.where(patient, 0.5, (1.0 - other_discount_factor) / np.where(patient, 1.0, cost))
