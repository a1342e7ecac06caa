"""Audience cost: approval lost by falling short of a public position.

References
----------
J. D. Fearon (1994). Domestic political audiences and the escalation of international disputes.
https://doi.org/10.2307/2944796
"""

from __future__ import annotations

import numpy as np

from sim.quantities import Floats


def retreat(position: Floats, value: Floats) -> Floats:
    """Return by how many points a value falls short of a public position.

    Parameters
    ----------
    position : ndarray
        Best value publicly demanded so far; minus infinity where none was.
    value : ndarray
        Value of what would be signed.

    Examples
    --------
    >>> retreat(np.array([3.0, -np.inf]), np.array([1.0, 1.0])).tolist()
    [2.0, 0.0]
    """
    return np.maximum(position - value, 0.0)


def value_after_audience(
    value: Floats, position: Floats, audience_cost: Floats, approval_weight: Floats
) -> Floats:
    """Return the value of signing net of what the leader's audience charges for the retreat.

    Parameters
    ----------
    value, position : ndarray
        Points of utility.
    audience_cost : ndarray
        Points of approval per point of utility of retreat.
    approval_weight : ndarray
        Points of utility per point of approval (lambda).

    Examples
    --------
    >>> one = np.array([1.0])
    >>> value_after_audience(one, 3 * one, one, 0.5 * one).tolist()
    [0.0]
    """
    return value - approval_weight * audience_cost * np.maximum(position - value, 0.0)
