r"""Concession curves: how much a negotiator demands as time passes.

References
----------
P. Faratin, C. Sierra, N. R. Jennings (1998). Negotiation decision functions for autonomous
agents. https://doi.org/10.1016/S0921-8890(98)00029-3, equations 2 and 3.
"""

from __future__ import annotations

import numpy as np

from sim.quantities import Floats


def time_concession(
    round_: float | Floats, deadline: Floats, exponent: Floats, initial: Floats
) -> Floats:
    r"""Return the share of the span conceded by a round (polynomial decision function).

    .. math:: \alpha(t) = \kappa + (1 - \kappa) (\min(t, D) / D)^{1/\beta}

    It is exactly 1 at the deadline and stays there.

    Parameters
    ----------
    round_ : float or ndarray
        Rounds since the start of the talks, or since a leader took office.
    deadline : ndarray
        Deadline D in rounds; 0 concedes at once.
    exponent : ndarray
        beta > 0: below 1 boulware, 1 linear, above 1 conceder; 0 concedes only at the deadline.
    initial : ndarray
        kappa in [0, 1].

    Examples
    --------
    >>> D, one = np.array([4.0]), np.ones(1)
    >>> [float(time_concession(t, D, one, 0 * one)[0]) for t in (0, 1, 4, 9)]
    [0.0, 0.25, 1.0, 1.0]
    """
    late = round_ >= deadline
    elapsed = np.where(late, 1.0, round_ / np.where(late, 1.0, deadline))
    power = 1.0 / np.maximum(exponent, 1e-12)
    shape = np.where(exponent > 0, elapsed**power, 0.0)
    return np.where(late, 1.0, initial + (1.0 - initial) * shape)


def stationary_concession(share: Floats, reciprocity: Floats, conceded: Floats) -> Floats:
    r"""Return the share of the span conceded by who has no deadline, :math:`1 - x (1 - \rho c)`.

    Parameters
    ----------
    share : ndarray
        Stationary share x of the span, in [0, 1].
    reciprocity : ndarray
        Part rho of the other's concession that is answered in kind.
    conceded : ndarray
        What the other has conceded, a share c of the span in [0, 1].

    Examples
    --------
    >>> round(stationary_concession(0.75, 0.5, 0.4), 6)
    0.4
    """
    return 1.0 - share * (1.0 - reciprocity * conceded)


def aspiration(reservation_value: Floats, top: Floats, concession: Floats) -> Floats:
    r"""Return the least utility demanded, :math:`r + (1 - \alpha)(top - r)`.

    Where `concession` is 1 it is the reservation value exactly, and never less than it.

    Parameters
    ----------
    reservation_value, top : ndarray, shape (worlds,)
        Points; `top` is the best that is believed to be acceptable to the other side.
    concession : ndarray, shape (worlds,)
        Share of the span conceded, in [0, 1].

    Examples
    --------
    >>> aspiration(np.array([1.0]), np.array([3.0]), np.array([0.25])).tolist()
    [2.5]
    """
    span = np.maximum(top - reservation_value, 0.0)
    return reservation_value + (1.0 - concession) * span
