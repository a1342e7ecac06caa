r"""Reciprocity: answers to the other side's concessions, in kind or by a higher price.

A concession is a share of the own span between the reservation value and the best that is believed
acceptable to the other. Offers are observed in own value, as Faratin et al. observe the opponent's
issues; the window of their rule is all that was heard, so their steps add up (telescope) to the
difference between the last offer and the first.

References
----------
P. Faratin, C. Sierra, N. R. Jennings (1998). Negotiation decision functions for autonomous
agents. https://doi.org/10.1016/S0921-8890(98)00029-3, section 4.3 (behaviour-dependent tactics:
relative and absolute tit-for-tat).
B. Klein, R. G. Crawford, A. A. Alchian (1978). Vertical integration, appropriable rents, and the
competitive contracting process. https://doi.org/10.1086/466922 (hold-up).
"""

from __future__ import annotations

import numpy as np

from sim.quantities import Floats


def gap_closed(first: Floats, conceded: Floats, top: Floats) -> Floats:
    """Return the share that the other has closed of the gap between its first offer and `top`.

    The relative measure: the ratio of successive offers in Faratin et al. needs values bounded
    away from zero, the share of a gap does not.

    Parameters
    ----------
    first : ndarray
        Own value of the first offer heard, in points; NaN where none was.
    conceded : ndarray
        By how many points the last offer heard is better than the first.
    top : ndarray
        Own best hope, in points.

    Returns
    -------
    ndarray
        In [0, 1]; 0 where nothing was heard or no gap was ever open.

    Examples
    --------
    >>> gap_closed(np.array([2.0, np.nan]), np.array([1.0, 0.0]), np.array([6.0, 6.0])).tolist()
    [0.25, 0.0]
    """
    gap = np.nan_to_num(top - first)
    open_ = gap > 0
    gap = np.where(open_, gap, 1.0)
    return np.where(open_, np.clip(conceded, 0.0, gap) / gap, 0.0)


def matched(initial: Floats, intensity: Floats, conceded: Floats) -> Floats:
    """Return the concession of who answers in kind.

    Parameters
    ----------
    initial : ndarray
        Share of the span conceded at once.
    intensity : ndarray
        Concession per concession, not negative.
    conceded : ndarray
        What the other has conceded, a share in [0, 1].

    Examples
    --------
    >>> matched(np.array([0.1, 0.1]), np.array([1.0, 9.0]), np.array([0.5, 0.5])).round(2).tolist()
    [0.6, 1.0]
    """
    return np.minimum(initial + intensity * conceded, 1.0)


def raised(initial: Floats, intensity: Floats, conceded: Floats) -> Floats:
    """Return the concession of who takes a concession for weakness and asks for more.

    Parameters
    ----------
    initial, intensity, conceded : ndarray
        As in `matched`.

    Examples
    --------
    >>> raised(np.array([0.4, 0.4]), np.array([0.5, 2.0]), np.array([0.5, 0.5])).round(2).tolist()
    [0.15, 0.0]
    """
    return np.maximum(initial - intensity * conceded, 0.0)
