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

import numpy as np

from sim.agents.government import Government
from sim.domain.dispute import Dispute
from sim.domain.draws import Draws
from sim.domain.interest import Role
from sim.domain.tree import END, Node
from sim.equations.solutions import nash_choice, weighted_nash_choice
from sim.equations.zopa import may_gain, surplus
from sim.model.view import RoundView
from sim.quantities import Floats, Ints


def expected_surplus(government: Government, view: RoundView, draws: Draws) -> Floats:
    """Return what a government expects of a stage, over never signing it.

    Parameters
    ----------
    government : Government
    view : RoundView
        The stage as seen at the start or, where a table is chosen, in a round.
    draws : Draws

    Returns
    -------
    ndarray, shape (rows,)
        Points, not negative.
    """
    own, other = government.own, government.other
    worth = may_gain(view.value(own), view.reservation(own))
    worth &= may_gain(view.believed_value(own), view.believed_reservation(own))
    rows, packages = np.nonzero(view.unbarred(own, worth & ~view.forbidden(own)))
    chosen = view.at(rows, packages)
    mine = _surplus_at(chosen.value(own), chosen.reservation(own))
    theirs = _surplus_at(chosen.believed_value(own), chosen.believed_reservation(own))
    feasible = (mine >= 0) & (theirs >= 0)
    for side in (own, other):
        passing = view.at(rows[feasible], packages[feasible]).believed_win_set(side, own)
        feasible[feasible] = passing
    at = rows[feasible], packages[feasible]
    share = government.side.beliefs.expected_share
    power = None if share is None else draws.of(share)[view.worlds]
    return _at_nash(view.value(own).shape, at, mine[feasible], theirs[feasible], power)


def _surplus_at(value: Floats, reservation: Floats) -> Floats:
    """Return `surplus` of one package in each row."""
    return surplus(value[:, None], reservation)[:, 0]


def _at_nash(
    shape: tuple[int, ...],
    at: tuple[Ints, Ints],
    mine: Floats,
    theirs: Floats,
    power: Floats | None,
) -> Floats:
    """Return the own surplus at the Nash solution in each row, 0 where nothing is feasible.

    Few packages are: only they are looked at, in the rows that have any.

    Parameters
    ----------
    shape : pair of int
        Rows and packages.
    at : pair of ndarray of int, shape (feasible,)
        Rows and packages of what is feasible.
    mine, theirs : ndarray, shape (feasible,)
        Surpluses, not negative.
    power : ndarray, shape (rows,), optional
        Own bargaining power; absent, Nash's one half.
    """
    lines, line = np.unique(at[0], return_inverse=True)
    feasible = np.zeros((len(lines), shape[1]), dtype=bool)
    own, other = np.zeros(feasible.shape), np.zeros(feasible.shape)
    places = line, at[1]
    feasible[places], own[places], other[places] = True, mine, theirs
    if power is None:
        choice = nash_choice(own, other, feasible)
    else:
        choice = weighted_nash_choice(own, other, feasible, power[lines])
    result = np.zeros(shape[0])
    result[lines] = own[np.arange(len(lines)), choice]
    return result


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
    result = np.zeros((len(discount_year), len(node.table)))
    delays, delay = np.unique(lag_years + node.table.years, return_inverse=True)
    discounts = [discount_year**years for years in delays]
    for package, following in enumerate(node.next_nodes):
        if following != END:
            result[:, package] = discounts[delay[package]] * arrival[int(following)]
    return result
