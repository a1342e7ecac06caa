r"""Degrees of wording: how far packages meet demands, breach positions and can be read in two ways.

A precondition is touched at a package to the degree

.. math:: f = b \, (1 - m)

* :math:`m` is the largest degree to which a level in force **meets** it. A demand is met as far as
  the best wording for it goes: two halves of an answer repeat each other more often than they add
  up to a whole one, and a level that is added never makes a demand less met.
* :math:`b` is 1 where the precondition blocks the package without the help of any level that
  declares how far it **breaches** it, else the largest degree so declared: the worst wording
  counts.

References
----------
S. E. Goddard (2006). Uncommon ground: indivisible territory and the politics of legitimacy.
https://doi.org/10.1017/S0020818306060024
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from sim.domain.clause import Level
from sim.domain.condition import Condition, holds
from sim.domain.dispute import Dispute
from sim.domain.interest import Role
from sim.domain.package import PackageTable, facts_before, facts_without
from sim.domain.quantity import Quantity
from sim.quantities import Bools, Floats

Values = Callable[[Quantity], Floats]
"""Takes a quantity and returns its value in each world."""
Spoken = tuple[tuple[str, str, Level], ...]
"""Levels that declare a degree, each with its clause and its name."""
Said = tuple[Spoken, Bools]
"""Such levels, and in which packages (rows) each of them (columns) is in force."""


def spoken(table: PackageTable, dispute: Dispute) -> Spoken:
    """Return the levels in force in some package of a table that declare a degree."""
    return tuple(
        (name, level, clause.levels[level])
        for name, clause in dispute.clauses.items()
        for level in sorted(set(table.facts[name].tolist()))
        if level and clause.levels[level].speaks_by_degree
    )


def presence(table: PackageTable, levels: Spoken) -> Bools:
    """Return in which packages each of some levels is in force.

    Returns
    -------
    ndarray of bool, shape (packages, levels)
    """
    columns = [table.facts[clause] == level for clause, level, _ in levels]
    return np.array(columns, dtype=bool).reshape(len(levels), len(table)).T


def blocked_unaided(
    blocks: tuple[Condition, ...],
    name: str,
    role: Role,
    table: PackageTable,
    dispute: Dispute,
) -> Bools:
    """Return which packages a precondition blocks, and would without levels that declare a breach.

    Parameters
    ----------
    blocks : tuple of Condition
        What it blocks.
    name : str
        Its name.
    role : Role
        Whose it is.
    table : PackageTable
    dispute : Dispute

    Returns
    -------
    ndarray of bool, shape (packages,)
    """
    declared = {
        (clause, level)
        for clause, level, item in spoken(table, dispute)
        if name in item.breaches.of(role)
    }
    if not declared:
        return table.where(blocks)
    facts = facts_without(table, dispute, frozenset(declared))
    alone = np.any([holds(condition, facts) for condition in blocks], axis=0)
    return np.asarray(table.where(blocks) & alone)


def lasting(
    table: PackageTable, states: tuple[Condition, ...], dispute: Dispute
) -> tuple[bool, Bools]:
    """Return whether one of some states is there before packages, and after each.

    Parameters
    ----------
    table : PackageTable
    states : tuple of Condition
        Such as those that lift a precondition, or end an urgency.
    dispute : Dispute

    Returns
    -------
    pair of bool and ndarray of bool, shape (packages,)
    """
    before = facts_before(table, dispute)
    there = any(bool(holds(condition, before)[0]) for condition in states)
    return there, table.where(states)


def largest(
    kind: Literal["meets", "breaches"], name: str, role: Role, said: Said, values: Values
) -> Floats:
    """Return the largest degree to which levels in force meet or breach a precondition.

    Parameters
    ----------
    kind : {"meets", "breaches"}
    name : str
        The precondition.
    role : Role
        Whose it is.
    said : pair of Spoken and ndarray of bool, shape (packages, levels)
        Levels, and in which packages each is in force.
    values : callable

    Returns
    -------
    ndarray, shape (worlds or 1, packages or 1)
        0 where no level declares a degree.
    """
    result = np.zeros((1, 1))
    for (_, _, item), at in zip(said[0], said[1].T, strict=True):
        declared = getattr(item, kind).of(role).get(name)
        if declared is not None:
            result = np.maximum(result, values(declared)[:, None] * at)
    return result


def collision_year(table: PackageTable, dispute: Dispute, values: Values) -> Floats:
    r"""Return the yearly probability that the two readings of a text collide.

    .. math:: h = 1 - \prod_l (1 - a_l)

    over the levels in force, each with its `ambiguity` a: one clause that is read in two ways is
    enough.

    Parameters
    ----------
    table : PackageTable
    dispute : Dispute
    values : callable

    Returns
    -------
    ndarray, shape (worlds or 1, packages or 1)
        0 where no level is ambiguous.

    References
    ----------
    I. Fischhendler (2008). When ambiguity in treaty design becomes destructive.
    https://doi.org/10.1162/glep.2008.8.1.111
    """
    peace = np.ones((1, 1))
    levels = spoken(table, dispute)
    for (_, _, item), at in zip(levels, presence(table, levels).T, strict=True):
        if item.ambiguity is not None:
            peace = peace * (1.0 - values(item.ambiguity)[:, None] * at)
    return np.asarray(1.0 - peace)
