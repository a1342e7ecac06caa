r"""Ratings at the table: what a text does to them, and they to what a leader may ask for.

The two levels of a negotiation move each other (Putnam 1988). A signature moves the approval of
who signs by

.. math:: \Delta = w\,g - l\,c

with g the share of what is disputed that the side gains, c the share that it gives, w and l the
approval won with all of it and lost by giving it all. A leader who foresees that adds
:math:`\lambda \Delta` to the value of signing.

Approval A above neutral n moves each segment of the public by some of its spreads, and so does a
campaign of level c (Guisinger & Saunders 2017): the shift of segment s is

.. math:: h_s = \sigma_s \bigl(a (A - n) / 10 + e\,c\bigr)

A leader campaigns for a text where it is worth more than never signing by more than what the
campaign costs in approval. And a leader whom polls bind asks for less support, the more popular:

.. math:: q_t = q_0 - b (A - n) / 10, \quad 0 \le q_t \le 1

References
----------
A. Guisinger, E. N. Saunders (2017). Mapping the boundaries of elite cues.
https://doi.org/10.1093/isq/sqx022
R. D. Putnam (1988). Diplomacy and domestic politics: the logic of two-level games.
https://doi.org/10.1017/S0020818300027697
"""

from __future__ import annotations

import numpy as np

from sim.quantities import Floats


def ratings_change(
    win_effect: Floats, loss_effect: Floats, gained: Floats, given: Floats
) -> Floats:
    """Return by how many points of approval a signature moves a leader's ratings.

    Parameters
    ----------
    win_effect, loss_effect : ndarray
        Points of approval gained with everything, lost by giving everything.
    gained, given : ndarray
        Shares of value, in [0, 1].

    Examples
    --------
    >>> ten, half = np.array(10.0), np.array(0.5)
    >>> float(ratings_change(ten, 2 * ten, half, 0 * half))
    5.0
    """
    return np.asarray(win_effect * gained - loss_effect * given)


def ratings_stake(approval_weight: Floats, change: Floats) -> Floats:
    """Return what a change of ratings is worth to a leader, in points of utility.

    Parameters
    ----------
    approval_weight : ndarray
        Points of utility per point of approval (lambda).
    change : ndarray
        Points of approval.
    """
    return np.asarray(approval_weight * change)


_TEN_POINTS = 10.0
"""Points of approval by which advocacy and quotas are measured."""


def push(
    advocacy: Floats, approval: Floats, neutral: Floats, effect: Floats, campaign: Floats
) -> Floats:
    """Return by how many of its spreads a leader moves each segment of the public.

    Parameters
    ----------
    advocacy : ndarray
        Spreads per ten points of approval (a).
    approval, neutral : ndarray
        The leader's approval, and that at which nobody is moved, in percent.
    effect : ndarray
        Spreads by which a full campaign moves (e).
    campaign : ndarray
        Level of the campaign (c), in [0, 1].

    Examples
    --------
    >>> half, forty = np.array(0.5), np.array(40.0)
    >>> float(push(half, forty + 10, forty, half, half))
    0.75
    """
    return np.asarray(advocacy * (approval - neutral) / _TEN_POINTS + effect * campaign)


def falling_quota(quota: Floats, fall: Floats, approval: Floats, neutral: Floats) -> Floats:
    """Return the support that a poll-bound leader of some approval asks for.

    Parameters
    ----------
    quota : ndarray
        What one of neutral approval asks for, a share.
    fall : ndarray
        Share by which ten points of approval lower it (b).
    approval, neutral : ndarray
        Percent.

    Returns
    -------
    ndarray
        Shares in [0, 1].

    Examples
    --------
    >>> half, fifty = np.array(0.5), np.array(50.0)
    >>> [float(falling_quota(half, half, fifty + more, fifty)) for more in (-20.0, 0.0, 5.0)]
    [1.0, 0.5, 0.25]
    """
    return np.clip(quota - fall * (approval - neutral) / _TEN_POINTS, 0.0, 1.0)
