r"""War of attrition between sides who may be obstinate (Abreu & Gul 2000).

Each of two sides has made a demand and waits for the other to give in. Side i is obstinate, and
never does, with probability :math:`\mu_i`. When j gives in, i gets :math:`a_i`; when it gives in
itself, :math:`b_i < a_i`; while it waits, a flow worth :math:`s_i < b_i` for ever; it discounts at
:math:`r_i`. In equilibrium a side that may give in does so at the hazard that keeps the other
indifferent between giving in now and a moment later,

.. math:: \lambda_i = r_j \frac{b_j - s_j}{a_j - b_j},

so that :math:`F_i(t) = 1 - c_i e^{-\lambda_i t}` is the probability that i has given in by t. Both
are known for obstinate at the same time :math:`T = \min_i (-\ln \mu_i / \lambda_i)`, after which
nobody gives in. Hence :math:`c_i = \mu_i e^{\lambda_i T}`: the side that would take longer to show
itself obstinate gives in at once with probability :math:`1 - c_i`, the other never does so.

References
----------
D. Abreu, F. Gul (2000). Bargaining and reputation. Econometrica 68, 85-117, proposition 1.
https://doi.org/10.1111/1468-0262.00094
"""

from __future__ import annotations

import numpy as np

from sim.quantities import Floats

__all__ = ["conceded_by", "concession_hazard", "interest_rate", "known_obstinate_by"]

_LEAST = 1e-12
"""The least probability of being obstinate: without any there are many equilibria."""


def interest_rate(discount: Floats) -> Floats:
    """Return the interest rate of a discount factor, per the same length of time.

    Examples
    --------
    >>> interest_rate(np.array([np.exp(-0.1)])).round(6).tolist()
    [0.1]
    """
    return np.asarray(-np.log(np.maximum(discount, _LEAST)))


def concession_hazard(interest: Floats, wins: Floats, gives_in: Floats, waits: Floats) -> Floats:
    """Return the hazard at which a side gives in, which keeps the other one indifferent.

    Parameters
    ----------
    interest : ndarray
        r of the other side, per unit of time.
    wins, gives_in, waits : ndarray
        What the other side gets, in its points: a when this one gives in, b when it gives in
        itself, s by waiting for ever.

    Returns
    -------
    ndarray
        Per unit of time; 0 where the other would rather wait for ever than give in, infinity where
        it gets no less by giving in.

    Examples
    --------
    The pie of Abreu and Gul, demands .7 and .6 of it: the first gives in at r (1 - .7) / (.7 + .6
    - 1).

    >>> r, a, b, s = np.array([0.1]), np.array([0.6]), np.array([1 - 0.7]), np.zeros(1)
    >>> concession_hazard(r, a, b, s).round(6).tolist()
    [0.1]
    """
    loses, gains = np.maximum(gives_in - waits, 0.0), wins - gives_in
    hazard = interest * loses / np.where(gains > 0, gains, 1.0)
    return np.asarray(np.where(gains > 0, hazard, np.inf))


def known_obstinate_by(obstinate: Floats, hazard: Floats) -> Floats:
    """Return when a side that has not given in is known to be obstinate, did it begin at once.

    Parameters
    ----------
    obstinate : ndarray
        mu in [0, 1].
    hazard : ndarray
        lambda, per unit of time.

    Examples
    --------
    >>> known_obstinate_by(np.exp(np.array([-2.0, -2.0])), np.array([0.5, 0.0])).tolist()
    [4.0, inf]
    """
    lasts = -np.log(np.clip(obstinate, _LEAST, 1.0))
    return np.asarray(np.where(hazard > 0, lasts / np.where(hazard > 0, hazard, 1.0), np.inf))


def conceded_by(
    time: Floats,
    obstinate: tuple[Floats, Floats],
    hazard: tuple[Floats, Floats],
) -> Floats:
    """Return the probability that a side has given in by some time, F of the module.

    Parameters
    ----------
    time : ndarray
        Since the demands were made, not negative.
    obstinate, hazard : pair of ndarray
        mu and lambda, the side's own first.

    Returns
    -------
    ndarray
        At most 1 - mu.

    Examples
    --------
    Equal sides: nobody gives in at once, and in the end all do who may.

    >>> mu, rate = np.array([0.1]), np.array([0.5])
    >>> [round(float(conceded_by(np.array([t]), (mu, mu), (rate, rate))[0]), 6) for t in (0, 99)]
    [0.0, 0.9]
    """
    mu = np.clip(obstinate[0], _LEAST, 1.0)
    both = [known_obstinate_by(*pair) for pair in zip(obstinate, hazard, strict=True)]
    end = np.minimum(both[0], both[1])
    left = np.maximum(end - np.maximum(time, 0.0), 0.0)
    running = (hazard[0] > 0) & np.isfinite(left) & np.isfinite(hazard[0])
    exponent = np.where(
        running, np.where(running, hazard[0], 0.0) * np.where(running, left, 0.0), 0.0
    )
    nobody = np.isinf(end)
    return np.asarray(np.where(nobody, 0.0, 1.0 - np.minimum(mu * np.exp(exponent), 1.0)))
