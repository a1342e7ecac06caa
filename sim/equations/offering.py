"""Choice among packages, with one tie rule for all strategies."""

from __future__ import annotations

import numpy as np

from sim.equations.utility import no_less
from sim.quantities import Bools, Floats, Ints

NONE = -1
"""Stands for "no package"."""


def best_for_other(candidates: Bools, believed_other: Floats, own: Floats) -> Ints:
    """Return the candidate believed best for the other side.

    Ties go to the package that is better for oneself, then to the lowest index.

    Parameters
    ----------
    candidates : ndarray of bool, shape (worlds, packages)
    believed_other, own : ndarray, shape (worlds, packages)
        Believed value for the other side and value for oneself, in points.

    Returns
    -------
    ndarray of int, shape (worlds,)
        Package index, or `NONE` where there is no candidate.

    Examples
    --------
    >>> yes = np.array([[True, True, True]])
    >>> best_for_other(yes, np.array([[1.0, 2.0, 2.0]]), np.array([[9.0, 1.0, 3.0]])).tolist()
    [2]
    """
    score = np.where(candidates, believed_other, -np.inf)
    best = score.max(axis=1, keepdims=True)
    tied = candidates & (score == best)
    choice = np.where(tied, own, -np.inf).argmax(axis=1)
    return np.where(candidates.any(axis=1), choice, NONE)


def best_acceptable(own: Floats, believed_other: Floats, believed_reservation: Floats) -> Floats:
    """Return one's best value among packages believed acceptable to the other side.

    Parameters
    ----------
    own, believed_other : ndarray, shape (worlds, packages)
        Points.
    believed_reservation : ndarray, shape (worlds,)
        Believed reservation value of the other side.

    Returns
    -------
    ndarray, shape (worlds,)
        Minus infinity where nothing is believed acceptable to the other.

    Examples
    --------
    >>> own, other = np.array([[5.0, 2.0]]), np.array([[-1.0, 1.0]])
    >>> best_acceptable(own, other, np.array([0.0])).tolist()
    [2.0]
    """
    acceptable = no_less(believed_other, believed_reservation[:, None])
    return np.asarray(np.where(acceptable, own, -np.inf).max(axis=1))
