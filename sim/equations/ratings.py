r"""Ratings at the table: what a text does to them, and they to what a leader may ask for.

The two levels of a negotiation move each other (Putnam 1988). A signature moves the approval of
who signs by

.. math:: \Delta = w\,g - l\,c

with g the share of what is disputed that the side gains, c the share that it gives, w and l the
approval won with all of it and lost by giving it all. A leader who foresees that adds
:math:`\lambda \Delta` to the value of signing.

References
----------
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
