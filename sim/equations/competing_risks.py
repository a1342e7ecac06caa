r"""Cumulative incidence of competing events: the estimator of Aalen and Johansen.

Each subject meets at most one of several events, or is last seen without any. The estimator is

.. math:: \hat F_k(t) = \sum_{t_j \le t} \hat S(t_j-) \, d_{kj} / n_j, \quad
    \hat S(t) = \prod_{t_j \le t} (1 - d_j / n_j)

with :math:`n_j` subjects at risk just before :math:`t_j`, of whom :math:`d_{kj}` meet event k and
:math:`d_j` any. One minus the Kaplan-Meier curve of a single event would overstate it: those who
met another event are not at risk for ever. Where nobody is censored before a time, it is the plain
share of subjects that have met the event by then.

References
----------
O. O. Aalen, S. Johansen (1978). An empirical transition matrix for non-homogeneous Markov chains
based on censored observations. Scandinavian Journal of Statistics 5, 141-150.
"""

from __future__ import annotations

import numpy as np

from sim.quantities import Floats, Ints

CENSORED = -1
"""Stands for "no event" among causes."""


def aalen_johansen(time: Ints, cause: Ints, causes: int, at: Ints) -> Floats:
    """Return the cumulative incidence of each event at some times.

    Parameters
    ----------
    time : ndarray, shape (subjects,)
        When a subject met its event, or was last seen.
    cause : ndarray of int, shape (subjects,)
        Which event, from 0, or `CENSORED`; who is last seen at the time of an event was at risk.
    causes : int
        How many events there are.
    at : ndarray, shape (times,)

    Returns
    -------
    ndarray, shape (causes, times)
        Shares.

    References
    ----------
    Aalen & Johansen (1978), eq. 3.1 for competing risks.

    Examples
    --------
    Five subjects: event 0 at 1, censored at 2, event 1 at 3, event 0 at 3, censored at 4. At 3
    there are three at risk, and the share without event is 4/5:

    >>> time, cause = np.array([1, 2, 3, 3, 4]), np.array([0, -1, 1, 0, -1])
    >>> aalen_johansen(time, cause, 2, np.array([0, 1, 3])).round(4).tolist()
    [[0.0, 0.2, 0.4667], [0.0, 0.0, 0.2667]]
    """
    steps, place = np.unique(time, return_inverse=True)
    met = np.zeros((causes, len(steps)))
    happened = cause != CENSORED
    np.add.at(met, (cause[happened], place[happened]), 1.0)
    left = np.bincount(place, minlength=len(steps))
    at_risk = len(time) - np.concatenate([[0], np.cumsum(left)[:-1]])
    without = np.cumprod(1.0 - met.sum(axis=0) / at_risk)
    before = np.concatenate([[1.0], without[:-1]])
    incidence = np.cumsum(before * met / at_risk, axis=1)
    known = np.searchsorted(steps, at, side="right")
    return np.concatenate([np.zeros((causes, 1)), incidence], axis=1)[:, known]
