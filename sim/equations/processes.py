"""Mean-reverting processes and hazards, by the round.

References
----------
J. D. Hamilton (1994). Time Series Analysis. Princeton, section 3.4 (AR(1) at lower frequency).
"""

from __future__ import annotations

import numpy as np

from sim.quantities import MONTHS_PER_YEAR, Floats


def round_persistence(persistence_month: Floats, round_years: float) -> Floats:
    """Return the AR(1) coefficient of a round from that of a month.

    Parameters
    ----------
    persistence_month : ndarray
        In [0, 1].
    round_years : float
        Length of a round in years; a quarter takes the coefficient to the third power.

    Examples
    --------
    >>> round(float(round_persistence(np.array(0.84), 0.25)), 4)
    0.5927
    """
    return np.asarray(persistence_month ** (MONTHS_PER_YEAR * round_years))


def innovation_sd(sd: Floats, persistence: Floats) -> Floats:
    r"""Return the standard deviation of a round's shocks, :math:`sd \sqrt{1 - \rho^2}`.

    Parameters
    ----------
    sd : ndarray
        Stationary standard deviation of the process.
    persistence : ndarray
        rho of one round, in [0, 1].
    """
    return np.asarray(sd * np.sqrt(np.maximum(1.0 - persistence**2, 0.0)))


def mean_reverting(
    level: Floats, mean: Floats, persistence: Floats, innovation: Floats, shock: Floats
) -> Floats:
    r"""Return the next level of a stationary AR(1) process.

    .. math:: x' = m + \rho (x - m) + sd \sqrt{1 - \rho^2}\, \epsilon

    Parameters
    ----------
    level, mean : ndarray
        Present level and long-run mean.
    persistence, innovation : ndarray
        rho of one round, and `innovation_sd`.
    shock : ndarray
        Standard normal epsilon.
    """
    return mean + persistence * (level - mean) + innovation * shock


def hazard_probability(hazard_year: Floats, round_years: float) -> Floats:
    """Return the probability that an event with a yearly hazard happens in a round.

    Parameters
    ----------
    hazard_year : ndarray
        Events a year, not negative.
    round_years : float
        Length of a round in years.

    Examples
    --------
    >>> round(float(hazard_probability(np.array(1.0), 0.25)), 4)
    0.2212
    """
    return -np.expm1(-hazard_year * round_years)


def removal_hazard(
    hazard_year: Floats, sensitivity: Floats, approval: Floats, mean: Floats, sd: Floats
) -> Floats:
    r"""Return a leader's yearly hazard of removal, log-linear in standardised approval.

    .. math:: h = h_0 \exp(-b (a - m) / sd)

    Parameters
    ----------
    hazard_year : ndarray
        h_0, removals a year at mean approval.
    sensitivity : ndarray
        b, per standard deviation.
    approval, mean, sd : ndarray
        Percent.
    """
    score = (approval - mean) / np.where(sd > 0, sd, 1.0)
    return hazard_year * np.exp(-sensitivity * score)
