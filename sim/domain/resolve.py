r"""Resolve of each side, the common factor of its uncertain numbers (Fearon 1995, Powell 2002).

Each side has a latent resolve :math:`z_i \sim N(0, 1)`, and
:math:`\mathrm{corr}(z_1, z_2) = \kappa`. A number of a side that declares a sign
:math:`s_j = \pm 1` (``resolve: firmer`` or ``softer``) and lies in group g is drawn at

.. math:: u_j = \Phi(\lambda_g s_j z_i + \sqrt{1 - \lambda_g^2}\,\Phi^{-1}(u)),

where u is the uniform number that it would have had alone: its distribution stays what it is, and
only what it goes together with changes. The normal scores of two such numbers of a side have the
correlation :math:`s_j s_k \lambda_g \lambda_h` (a one-factor Gaussian copula).

A new leader brings a new resolve, :math:`z_i \leftarrow a_i z_i + \sqrt{1 - a_i^2}\,\epsilon`: of
the same distribution, and like the old one as far as a country outlasts its leaders (`succeeded`).

References
----------
D. X. Li (2000). On default correlation: a copula function approach.
https://doi.org/10.3905/jfi.2000.319253
J. D. Fearon (1995). Rationalist explanations for war. https://doi.org/10.1017/S0020818300033324
R. Powell (2002). Bargaining theory and international conflict.
https://doi.org/10.1146/annurev.polisci.5.092601.141138
M. Mattes, B. A. Leeds, R. Carroll (2015). Leadership turnover and foreign policy change.
https://doi.org/10.1111/isqu.12175
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

import numpy as np
from scipy.special import ndtr, ndtri

from sim.domain.frozen import Frozen
from sim.domain.quantity import Quantity, Share, Sign, within
from sim.quantities import Floats

__all__ = [
    "DEPENDENCES",
    "GROUPS",
    "SIGNS",
    "STRONG",
    "Dependence",
    "Group",
    "Resolve",
    "correlated_pair",
    "group_of",
    "one_factor",
    "succeeded",
]

Dependence = Literal["independent", "declared", "strong"]
"""How a side's numbers hang together: not at all, by loadings as declared, or by `STRONG` ones."""
DEPENDENCES: tuple[Dependence, ...] = get_args(Dependence)
Group = Literal["government", "preconditions", "public", "ratifiers"]
"""Which of a side's numbers share a loading."""
GROUPS: tuple[Group, ...] = get_args(Group)
STRONG = 0.9
"""Loading of every group under ``dependence: strong``: the top of what is declared."""
SIGNS: dict[Sign, float] = {"firmer": 1.0, "softer": -1.0, "none": 0.0}
"""The sign s that each word stands for."""


class Resolve(Frozen):
    """How far the numbers of a side go with its resolve, and the two sides' resolve together.

    Parameters
    ----------
    loading : Quantity
        lambda in [0, 1], one draw for all groups: the correlation of a number's normal score with
        its side's resolve.
    loadings : mapping of group to Quantity
        A loading of its own for a group: ``government``, ``preconditions``, ``public`` or
        ``ratifiers``.
    kappa : Quantity
        Correlation of the two sides' resolve, in [-1, 1].
    """

    loading: Share
    loadings: dict[Group, Share] = {}
    kappa: Annotated[Quantity, within(-1.0, 1.0)]

    def loading_of(self, group: Group) -> Quantity:
        """Return the loading of a group."""
        return self.loadings.get(group, self.loading)


def group_of(key: str) -> Group:
    """Return the group of a number by its dotted key within the side.

    Examples
    --------
    >>> group_of("public.opposition"), group_of("leader.discount_factor")
    ('public', 'government')
    """
    first = key.partition(".")[0]
    return next((name for name in GROUPS if name == first), "government")


def one_factor(own: Floats, common: Floats, loading: Floats) -> Floats:
    r"""Return uniform numbers that share a common factor.

    Parameters
    ----------
    own : ndarray, shape (worlds,)
        Independent uniform numbers in (0, 1).
    common : ndarray, shape (worlds,)
        Standard normal numbers, the same for all that go together.
    loading : ndarray, shape (worlds,)
        lambda in [-1, 1]; where it is 0, `own` is returned to the bit.

    Examples
    --------
    >>> own, common = np.array([0.3, 0.3, 0.3]), np.array([0.0, 0.0, 1.0])
    >>> one_factor(own, common, np.array([0.0, 1.0, -1.0])).round(4).tolist()
    [0.3, 0.5, 0.1587]
    """
    mixed = ndtr(loading * common + np.sqrt(1.0 - loading**2) * ndtri(own))
    return np.asarray(np.where(loading == 0, own, mixed))


def succeeded(resolve: Floats, persistence: Floats, own: Floats) -> Floats:
    r"""Return the resolve of a side under its next leader, :math:`a z + \sqrt{1 - a^2}\,\epsilon`.

    Parameters
    ----------
    resolve : ndarray, shape (worlds,)
        z under the leader before, standard normal over worlds; so is the result.
    persistence : ndarray, shape (worlds,)
        a in [0, 1]: 1 keeps it, 0 forgets it.
    own : ndarray, shape (worlds,)
        epsilon, standard normal.

    Examples
    --------
    >>> succeeded(np.array([2.0]), np.array([0.6]), np.array([1.0])).tolist()
    [2.0]
    """
    return np.asarray(persistence * resolve + np.sqrt(1.0 - persistence**2) * own)


def correlated_pair(own: Floats, other: Floats, correlation: Floats) -> Floats:
    r"""Return the first of two standard normal numbers with a given correlation.

    The second is the same function with `own` and `other` exchanged: the two weights are the
    entries of the symmetric square root of the correlation matrix,

    .. math:: z = a\,\epsilon + b\,\epsilon', \qquad
              a, b = \tfrac{1}{2} (\sqrt{1 + \kappa} \pm \sqrt{1 - \kappa}),

    so that :math:`a^2 + b^2 = 1` and :math:`2ab = \kappa`, of whatever sign.

    Parameters
    ----------
    own, other : ndarray, shape (worlds,)
        Independent standard normal numbers.
    correlation : ndarray, shape (worlds,)
        kappa in [-1, 1]; where it is 0, `own` is returned to the bit.

    Examples
    --------
    >>> one, two = np.array([1.0, 1.0]), np.array([0.0, 2.0])
    >>> correlated_pair(one, two, np.array([0.0, 1.0])).round(4).tolist()
    [1.0, 2.1213]
    """
    plus, minus = np.sqrt(1.0 + correlation), np.sqrt(1.0 - correlation)
    return np.asarray((plus + minus) / 2.0 * own + (plus - minus) / 2.0 * other)
