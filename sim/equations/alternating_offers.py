r"""Divide a surplus by alternating offers without end.

References
----------
A. Rubinstein (1982). Perfect equilibrium in a bargaining model.
https://doi.org/10.2307/1912531, main theorem.
"""

from __future__ import annotations

import numpy as np

from sim.quantities import Floats


def rubinstein_share(own_discount_factor: Floats, other_discount_factor: Floats) -> Floats:
    r"""Return the proposer's equilibrium share of a unit surplus.

    .. math:: x = (1 - \delta_o) / (1 - \delta_i \delta_o)

    Parameters
    ----------
    own_discount_factor, other_discount_factor : ndarray
        Per round, in [0, 1]; where both are 1 (no impatience at all) the share is one half, the
        limit of equal impatience.

    Examples
    --------
    >>> round(float(rubinstein_share(np.array(0.9), np.array(0.8))), 6)
    0.714286
    >>> round(float(rubinstein_share(np.array(0.99), np.array(0.95))), 6)
    0.840336
    """
    cost = 1.0 - own_discount_factor * other_discount_factor
    patient = cost <= 0
    return np.where(patient, 0.5, (1.0 - other_discount_factor) / np.where(patient, 1.0, cost))
