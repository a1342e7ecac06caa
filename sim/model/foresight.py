r"""Value of later stages to each side, by backward induction on its own beliefs.

On reaching a later stage a side has its value of never signing that stage, and what it expects to
gain by signing it:

.. math:: E = r_0 + \ell + s

* :math:`r_0`, the value of never signing as seen at the start. It is not lost by signing an
  earlier stage: talks about the next one go on.
* :math:`\ell`, the power that packages in force have shifted by then (Powell 2006): the sum of
  their levels' `leverage`, at the side's `commitment.leverage`. What never signing is worth has
  moved by it, so at that stage it is taken off the value of every package, which is the same as
  adding it to the reservation value.
* :math:`s`, the surplus of the (generalised) Nash solution among the packages that the side
  believes worth signing to both, clear of its own absolute preconditions, not barred by the
  other's as far as it believes, and ratifiable on both sides; nothing where it sees none.

E, discounted by the time it takes to ratify and carry out the stage before, is added to that
stage's packages. What a stage takes from a side's power is so part of that stage's own price.

References
----------
R. Powell (2006). War as a commitment problem. https://doi.org/10.1017/S0020818306060061
J. D. Fearon (1998). Bargaining, enforcement, and international cooperation.
https://doi.org/10.1162/002081898753162820
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.agents.government import Government
from sim.domain.dispute import Dispute
from sim.domain.draws import Draws
from sim.domain.interest import Role
from sim.domain.tree import END, Node
from sim.equations.solutions import nash_choice, weighted_nash_choice
from sim.equations.zopa import may_gain, surplus
from sim.model.view import RoundView
from sim.quantities import Bools, Floats, Ints


def expected_surplus(
    governments: Sequence[Government], view: RoundView, draws: Draws
) -> list[Floats]:
    """Return what governments expect of a stage, over never signing it.

    Parameters
    ----------
    governments : sequence of Government
    view : RoundView
        The stage as seen at the start or, where a table is chosen, in a round.
    draws : Draws

    Returns
    -------
    list of ndarray, shape (rows,)
        What each expects, in points, not negative.
    """
    hopeful = np.any([_hopeful(view, government.own) for government in governments], axis=0)
    rows, packages = np.nonzero(hopeful)  # few are worth it to both: only they are looked at
    chosen, result = view.at(rows, packages), np.zeros((len(governments), len(hopeful)))
    for expected, government in zip(result, governments, strict=True):
        mine, theirs = _surpluses(chosen, government.own)
        kept = np.flatnonzero((mine >= 0) & (theirs >= 0) & _feasible(chosen, government.own))
        share = government.side.beliefs.expected_share
        power = None if share is None else draws.of(share)[chosen.worlds[kept]]
        at = rows[kept], packages[kept]
        expected[rows[kept]] = _at_nash(at, mine[kept], theirs[kept], power)
    return list(result)


def _hopeful(view: RoundView, own: int) -> Bools:
    """Return what may be worth signing to both, as far as a side believes, and not forbidden."""
    hopeful = may_gain(view.value(own), view.reservation(own)) & ~view.forbidden(own)
    hopeful &= may_gain(view.believed_value(own), view.believed_reservation(own))
    return hopeful


def _surpluses(chosen: RoundView, own: int) -> tuple[Floats, Floats]:
    """Return a side's surplus of one package in each row, and the other's as far as it believes."""
    mine = surplus(chosen.value(own)[:, None], chosen.reservation(own))
    theirs = surplus(chosen.believed_value(own)[:, None], chosen.believed_reservation(own))
    return mine[:, 0], theirs[:, 0]


def _feasible(chosen: RoundView, own: int) -> Bools:
    return chosen.unbarred(own, chosen.believed_lawful(own, chosen.forbidden(own)))


def _at_nash(at: tuple[Ints, Ints], mine: Floats, theirs: Floats, power: Floats | None) -> Floats:
    """Return a side's surplus at the Nash solution of each row, once for each of its packages.

    Parameters
    ----------
    at : pair of ndarray of int, shape (feasible,)
        Rows and packages of what is feasible.
    mine, theirs : ndarray, shape (feasible,)
        Surpluses, not negative.
    power : ndarray, shape (feasible,), optional
        Own bargaining power; absent, one half.
    """
    rows, first, row = np.unique(at[0], return_index=True, return_inverse=True)
    cells, shape = (row, at[1]), (len(rows), int(at[1].max(initial=0)) + 1)
    own, other, feasible = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=bool)
    own[cells], other[cells], feasible[cells] = mine, theirs, True
    if power is None:
        choice = nash_choice(own, other, feasible)
    else:
        choice = weighted_nash_choice(own, other, feasible, power[first])
    return np.asarray(own[row, choice[row]])


def power_shifted(government: Government, node: Node, dispute: Dispute, draws: Draws) -> Floats:
    """Return by how much packages in force have moved a side's value of never signing a stage.

    Parameters
    ----------
    government : Government
    node : Node
        The stage, in the state that earlier stages have made.
    dispute : Dispute
    draws : Draws

    Returns
    -------
    ndarray, shape (worlds,)
        Points.
    """
    price = government.side.commitment.leverage
    if price is None:
        return np.zeros(draws.streams.worlds)
    levels, start = node.table.before.levels, node.table.start.levels
    shift = _leverage(levels, dispute, government.role) - _leverage(start, dispute, government.role)
    return draws.of(price) * shift


def _leverage(levels: dict[str, str], dispute: Dispute, role: Role) -> float:
    clauses = dispute.clauses
    return sum(clauses[name].levels[level].leverage.of(role) for name, level in levels.items())


def continuation(
    node: Node, arrival: dict[int, Floats], discount_year: Floats, lag_years: Floats
) -> Floats:
    """Return the discounted value of what follows each package of a node.

    Parameters
    ----------
    node : Node
    arrival : mapping of node to ndarray, shape (worlds,)
        What a side has and expects on reaching later nodes, E of the module.
    discount_year : ndarray, shape (worlds,)
        Discount factor per year.
    lag_years : ndarray, shape (packages,)
        Mean years from signature to force.

    Returns
    -------
    ndarray, shape (worlds, packages)
        Points.
    """
    result = np.zeros((len(node.table), len(discount_year)))
    delays, delay = np.unique(lag_years + node.table.years, return_inverse=True)
    discounts = [discount_year**years for years in delays]
    for package, following in enumerate(node.next_nodes):
        if following != END:
            result[package] = discounts[delay[package]] * arrival[int(following)]
    return result.T
