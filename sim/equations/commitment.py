r"""Say what is left of a ratified text while it is being carried out.

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


def anticipated_value(utility: Floats, sunk: Floats, risk: Floats) -> Floats:
    r"""Return the expected value of signing, :math:`(1 - p) U + p \cdot sunk`.

    Parameters
    ----------
    utility : ndarray
        Value if all is carried out, in points.
    sunk : ndarray
        Value of what stays done after a walk-back (payments made up front), in points.
    risk : ndarray
        Probability p of a walk-back.
    """
    return (1.0 - risk) * utility + risk * sunk


def walk_back_gain(surplus: Floats, pain: Floats, reputation: Floats, flow_left: Floats) -> Floats:
    """Return what walking back brings; a side walks back where this is positive.

    Parameters
    ----------
    surplus : ndarray
        Present value of the text less the present reservation value, in points.
    pain : ndarray
        Loss of approval by backlash, in points of utility, that walking back would end.
    reputation : ndarray
        Points lost by walking back.
    flow_left : ndarray
        Value of the flow still to come, which walking back would forfeit.

    Examples
    --------
    >>> zero, one = np.array(0.0), np.array(1.0)
    >>> float(walk_back_gain(-2 * one, zero, one, zero))
    1.0
    """
    return pain - surplus - reputation - flow_left


def share_left(profile: int, elapsed: Floats) -> Floats:
    """Return the share of a flow still to be paid.

    Parameters
    ----------
    profile : int
        -1 front-loaded (all at once), 0 even, 1 back-loaded (all at the end).
    elapsed : ndarray
        Share of the carrying out that has passed, in [0, 1].

    Examples
    --------
    >>> [float(share_left(p, np.array(0.25))) for p in (-1, 0, 1)]
    [0.0, 0.75, 1.0]
    """
    if profile < 0:
        return np.zeros_like(elapsed)
    if profile > 0:
        return (elapsed < 1.0).astype(np.float64)
    return 1.0 - elapsed
