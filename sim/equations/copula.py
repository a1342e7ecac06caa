r"""Gaussian copula of the uniform numbers of one world.

One-factor Gaussian copula: with a common standard normal Z and an own one
:math:`\epsilon_j = \Phi^{-1}(u_j)`,

.. math:: u_j' = \Phi(\sqrt{\rho}\,Z + \sqrt{1 - \rho}\,\epsilon_j),

so that any two of the normal scores have correlation rho.

References
----------
O. A. Vasicek (2002). The distribution of loan portfolio value. Risk 15(12).
D. X. Li (2000). On default correlation: a copula function approach.
https://doi.org/10.3905/jfi.2000.319253
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from sim.quantities import Floats


def one_factor(own: Floats, common: Floats, correlation: Floats) -> Floats:
    r"""Return uniform numbers that share a common factor.

    Parameters
    ----------
    own : ndarray, shape (worlds,)
        Independent uniform numbers in (0, 1).
    common : ndarray, shape (worlds,)
        Standard normal numbers, the same for all that go together.
    correlation : ndarray, shape (worlds,)
        rho in [0, 1]; where it is 0, `own` is returned to the bit.

    Examples
    --------
    >>> own, common = np.array([0.3, 0.3]), np.array([0.0, 0.0])
    >>> one_factor(own, common, np.array([0.0, 1.0])).tolist()
    [0.3, 0.5]
    """
    mixed = ndtr(np.sqrt(correlation) * common + np.sqrt(1.0 - correlation) * ndtri(own))
    return np.asarray(np.where(correlation > 0, mixed, own))
