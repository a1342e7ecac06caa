"""Let both sides foresee later stages, by backward induction on each side's own beliefs.

At each node a side expects the Nash (1950) solution among the packages that it believes worth
signing to both, clear of its own absolute preconditions and ratifiable on both sides; where it
sees none, it expects nothing beyond waiting. The surplus over waiting, discounted by the time it
takes to ratify and carry out the stage before, is added to that stage's packages.
"""

from __future__ import annotations

import numpy as np

from sim.agents.government import Government
from sim.agents.talk import Talk
from sim.domain.tree import END, Node
from sim.equations.solutions import nash_choice
from sim.quantities import Floats


def expected_surplus(government: Government, talk: Talk) -> Floats:
    """Return what a government expects of a stage, over never signing it.

    Parameters
    ----------
    government : Government
    talk : Talk
        The stage as seen at the start, all worlds.

    Returns
    -------
    ndarray, shape (worlds,)
        Points, not negative.
    """
    own, other = government.own, government.other
    mine = talk.value[own] - talk.reservation[own][:, None]
    believed = government.beliefs.value_of_other(talk, other)
    theirs = believed - government.beliefs.reservation_of_other(talk, other)[:, None]
    feasible = ~talk.forbidden[own]
    feasible &= government.beliefs.passes(talk, own, own)
    feasible &= government.beliefs.passes(talk, other, own)
    choice = nash_choice(mine, theirs, feasible)
    rows = np.arange(len(choice))
    return np.where(choice >= 0, np.maximum(mine[rows, np.maximum(choice, 0)], 0.0), 0.0)


def continuation(
    node: Node, surplus: dict[int, Floats], discount_year: Floats, lag_years: float
) -> Floats:
    """Return the discounted value of what follows each package of a node.

    Parameters
    ----------
    node : Node
    surplus : mapping of node to ndarray, shape (worlds,)
        What later nodes are expected to bring.
    discount_year : ndarray, shape (worlds,)
        Discount factor per year.
    lag_years : float
        Mean years from signature to force.

    Returns
    -------
    ndarray, shape (worlds, packages)
        Points.
    """
    result = np.zeros((len(discount_year), len(node.table)))
    for package, following in enumerate(node.next_nodes):
        if following != END:
            delay = lag_years + node.table.years[package]
            result[:, package] = discount_year**delay * surplus[int(following)]
    return result
