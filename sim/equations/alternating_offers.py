r"""Division of a surplus by offers without end, made in turn or by whoever is drawn.

References
----------
A. Rubinstein (1982). Perfect equilibrium in a bargaining model.
https://doi.org/10.2307/1912531, main theorem.
K. Binmore (1987). Perfect equilibria in bargaining models. In: K. Binmore, P. Dasgupta (eds.), The
Economics of Bargaining, 77-105. Blackwell (who proposes is drawn).
D. P. Baron, J. A. Ferejohn (1989). Bargaining in legislatures. https://doi.org/10.2307/1961664
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


def discount_until_turn(discount_factor: Floats, probability: Floats) -> Floats:
    r"""Return the expected discount until one's own next turn, where turns are drawn.

    .. math:: \hat\delta = \mathrm E\,\delta^T = \frac{p \delta}{1 - (1 - p) \delta}, \qquad
        \Pr(T = n) = p (1 - p)^{n - 1}

    A responder who is held, in the other's turns, to what waiting is worth, accepts from
    :math:`\delta (p x + (1 - p) a) = a = \hat\delta x`, with x its share when it proposes. So
    whatever holds of sides who take turns holds of drawn turns with :math:`\hat\delta` in place of
    :math:`\delta`; for two alike and p = 1/2 the proposer gets :math:`1 - \delta / 2`
    (Binmore 1987; two members of whom both must agree in Baron & Ferejohn 1989).

    Parameters
    ----------
    discount_factor : ndarray
        Own, per round, in [0, 1].
    probability : ndarray
        Of proposing in a round, in [0, 1]; 1 leaves the factor as it is, 0 makes it 0.

    Examples
    --------
    >>> expected = discount_until_turn(np.array(0.9), np.array(0.5))
    >>> round(float(rubinstein_share(expected, expected)), 9)
    0.55
    """
    drawn = probability > 0
    left = np.where(drawn, 1.0 - (1.0 - probability) * discount_factor, 1.0)
    return np.where(drawn, probability * discount_factor / left, 0.0)
