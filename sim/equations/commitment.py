r"""Commitment to a ratified text while it is being carried out.

References
----------
J. D. Fearon (1998). Bargaining, enforcement, and international cooperation.
https://doi.org/10.1162/002081898753162820
R. Powell (2006). War as a commitment problem. https://doi.org/10.1017/S0020818306060061
"""

from __future__ import annotations

import numpy as np

from sim.quantities import Floats


def unravelling(hazard_year: Floats, years: Floats) -> Floats:
    """Return the probability that a text is walked back before it is carried out.

    Parameters
    ----------
    hazard_year : ndarray
        Yearly probability of a walk-back.
    years : ndarray
        Years until all is carried out.

    Examples
    --------
    >>> round(float(unravelling(np.array(0.1), np.array(2.0))), 2)
    0.19
    """
    return np.asarray(1.0 - (1.0 - hazard_year) ** years)


def either(first: Floats, second: Floats) -> Floats:
    r"""Return the probability of at least one of two independent events, :math:`p + (1 - p) q`.

    Parameters
    ----------
    first, second : ndarray
        Probabilities p and q; where q is 0 the result is p to the bit.

    Examples
    --------
    >>> float(either(np.array(0.5), np.array(0.2)))
    0.6
    """
    return np.asarray(first + (1.0 - first) * second)


def anticipated_value(utility: Floats, sunk: Floats, risk: Floats) -> Floats:
    r"""Return the expected value of signing, :math:`(1 - p) U + p \cdot sunk`.

    Parameters
    ----------
    utility : ndarray
        Value if all is carried out, in points.
    sunk : ndarray
        Value of what stays done after a walk-back (payments made until then), in points.
    risk : ndarray
        Probability p of a walk-back.
    """
    value = 1.0 - risk
    value *= utility
    value += risk * sunk
    return value


def walk_back_gain(
    surplus: Floats, backlash_cost: Floats, reputation: Floats, kept: Floats
) -> Floats:
    r"""Return what walking back brings, :math:`kept + r + b - V - reputation`.

    A side walks back where this is positive. It compares the whole text with what is done so far:
    a payee that has its money has less to lose, a payer that has paid has less to save.

    Parameters
    ----------
    surplus : ndarray
        Present value of the text less the present reservation value, in points.
    backlash_cost : ndarray
        Loss b of approval by backlash, in points of utility, that walking back would end.
    reputation : ndarray
        Points lost by walking back.
    kept : ndarray
        Value of what is done and stays done: money received (positive) or paid (negative).

    Examples
    --------
    >>> zero, one = np.array(0.0), np.array(1.0)
    >>> float(walk_back_gain(-2 * one, zero, one, zero))
    1.0
    >>> [float(walk_back_gain(one, zero, zero, paid * one)) for paid in (2.0, -2.0)]
    [1.0, -3.0]
    """
    return backlash_cost + kept - surplus - reputation


def perpetuity(discount_factor: float) -> float:
    r"""Return what one unit a year is worth that begins next year and never ends.

    .. math:: \sum_{t \ge 1} \delta^t = \delta / (1 - \delta)

    Parameters
    ----------
    discount_factor : float
        Per year, in [0, 1).

    Raises
    ------
    ValueError
        If the discount factor is not below 1: the sum has no end.

    Examples
    --------
    >>> [round(perpetuity(d), 6) for d in (0.0, 0.8, 0.95)]
    [0.0, 4.0, 19.0]
    """
    if not 0 <= discount_factor < 1:
        raise ValueError(f"discount_factor must lie in [0, 1) per year, got {discount_factor}")
    return discount_factor / (1.0 - discount_factor)


def share_done(late: Floats, elapsed: Floats) -> Floats:
    """Return the share of a text's money that has flowed.

    Parameters
    ----------
    late : ndarray
        When it flows: 0 all up front, 0.5 evenly, 1 all at the end; in between, after a first
        (below 0.5) or before a last instalment (above).
    elapsed : ndarray
        Share of the carrying out that has passed, in [0, 1].

    Examples
    --------
    >>> quarter = np.array(0.25)
    >>> [float(share_done(np.array(late), quarter)) for late in (0.0, 0.5, 1.0)]
    [1.0, 0.25, 0.0]
    """
    first = np.maximum(1.0 - 2.0 * late, 0.0)
    evenly = 1.0 - np.abs(1.0 - 2.0 * late)
    return np.where(elapsed >= 1.0, 1.0, first + evenly * elapsed)
