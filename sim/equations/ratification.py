r"""Required support of each ratifier at a given pass probability.

Every rule passes a text with a probability that rises in the public's support S. So each rule is
inverted once: the least S at which it passes with a given probability. A world's ratifier draws
one uniform number u and passes a text exactly where S reaches the level required at u; a
government that wants probability p of passing asks for the level required at p.

References
----------
R. D. Putnam (1988). Diplomacy and domestic politics: the logic of two-level games.
https://doi.org/10.1017/S0020818300027697
"""

from __future__ import annotations

import numpy as np
from scipy.special import bdtrc, betaincinv, ndtri

from sim.memo import memoize_by_value
from sim.quantities import Floats


def misjudged(value: Floats, error: Floats | None, most: float = 1.0) -> Floats:
    r"""Return what a number that decides a vote is taken for, :math:`\hat\theta`.

    .. math:: \hat\theta = \min(\max(\theta + e, 0), \theta_{max})

    Parameters
    ----------
    value : ndarray
        A quota or discipline in [0, 1], or an ally's tolerance, not negative.
    error : ndarray, optional
        In the same unit; absent, the number is known.
    most : float
        The highest that it can be taken for.

    References
    ----------
    K. Iida (1993). When and how do domestic constraints matter? Two-level games with uncertainty.
    https://doi.org/10.1177/0022002793037003001

    Examples
    --------
    >>> misjudged(np.array([0.5, 0.9]), np.array([0.1, 0.2])).round(3).tolist()
    [0.6, 1.0]
    """
    return value if error is None else np.clip(value + error, 0.0, most)


def required_by_quota(quota: Floats, noise: Floats, probability: Floats) -> Floats:
    r"""Return the support at which a noisy quota passes with a probability.

    Passing means :math:`S + noise \cdot \epsilon \ge quota` with standard normal epsilon.

    Parameters
    ----------
    quota, noise : ndarray
        Shares; noise 0 makes a sharp quota.
    probability : ndarray
        In (0, 1).

    Examples
    --------
    >>> float(required_by_quota(np.array(0.5), np.array(0.0), np.array(0.9)))
    0.5
    """
    return np.where(noise > 0, quota + noise * ndtri(probability), quota)


def yes_probability(support: Floats, governing_share: Floats, discipline: Floats) -> Floats:
    """Return a member's probability of voting yes, averaged over both camps.

    Parameters
    ----------
    support, governing_share, discipline : ndarray
        Shares in [0, 1].
    """
    return governing_share * discipline + (1.0 - governing_share * discipline) * support


def passing_probability(yes: Floats, seats: int, votes_needed: int) -> Floats:
    """Return the probability that enough members say yes (binomial tail).

    Parameters
    ----------
    yes : ndarray
        Each member's independent probability of voting yes.
    seats, votes_needed : int
        Members, and how many must say yes.

    Examples
    --------
    >>> [round(float(passing_probability(np.array(0.6), 100, q)), 6) for q in (51, 60, 67)]
    [0.972901, 0.543294, 0.091254]
    """
    if votes_needed <= 0:
        return np.ones_like(yes)
    return np.asarray(bdtrc(votes_needed - 1, seats, yes))


@memoize_by_value
def required_by_parliament(
    seats: int, votes_needed: int, governing_share: Floats, discipline: Floats, probability: Floats
) -> Floats:
    """Return the support at which a parliament passes with a probability.

    Parameters
    ----------
    seats, votes_needed : int
        Members, and how many must say yes.
    governing_share, discipline : ndarray
        Shares in [0, 1].
    probability : ndarray
        In (0, 1).

    Returns
    -------
    ndarray
        Support; minus infinity where the text passes with any, plus infinity where with none.

    Examples
    --------
    >>> none = np.array(0.0)
    >>> level = required_by_parliament(100, 60, none, none, np.array(0.543294))
    >>> round(float(level), 4)
    0.6
    """
    if votes_needed <= 0:
        return np.full_like(probability, -np.inf)
    yes = betaincinv(votes_needed, seats - votes_needed + 1, probability)
    whipped = governing_share * discipline
    free = 1.0 - whipped
    level = (yes - whipped) / np.where(free > 0, free, 1.0)
    bound = np.where(yes <= whipped, -np.inf, np.inf)
    return np.where(free > 0, level, bound)
