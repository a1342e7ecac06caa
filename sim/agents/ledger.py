"""Keep what a government thinks of the packages of one node for as long as talks last."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.agents.features import Features
from sim.agents.preferences import Weights, lasting_utility
from sim.agents.stances import Stances
from sim.equations.commitment import anticipated_value
from sim.quantities import Bools, Floats


@dataclass
class Ledger:
    """A government's lasting view of the packages of one node.

    Parameters
    ----------
    features : Features
    moving_features : ndarray, shape (packages, moving features)
        Those whose weights move during talks.
    still : ndarray, shape (worlds, packages)
        The part of the value of signing that does not move during talks, in points.
    kept : ndarray, shape (worlds, packages)
        Probability that the text is not walked back before it is carried out.
    stances : Stances
    forbidden : ndarray of bool, shape (worlds, packages)
    penalty : ndarray, shape (worlds, packages)
        Points.
    """

    features: Features
    moving_features: Floats
    still: Floats
    kept: Floats
    stances: Stances
    forbidden: Bools
    penalty: Floats

    def turn_page(self, round_: int) -> None:
        """Bring dated preconditions up to a round."""
        if round_ in self.stances.turning_rounds:
            self.forbidden = self.stances.forbidden(round_)
            self.penalty = self.stances.penalty(round_)


def open_ledger(item: Features, weights: Weights, risk: Floats, stances: Stances) -> Ledger:
    """Return the view of a further node's packages, as of round 0.

    Parameters
    ----------
    item : Features
        What the side sees in the packages.
    weights : Weights
    risk : ndarray, shape (worlds, packages)
        Believed probability that the text is walked back before it is carried out.
    stances : Stances
    """
    sunk = lasting_utility(weights.values, item.sunk)
    return Ledger(
        features=item,
        moving_features=np.ascontiguousarray(item.values[:, list(weights.moving)]),
        still=anticipated_value(weights.still(item), sunk, risk),
        kept=1.0 - risk,
        stances=stances,
        forbidden=stances.forbidden(0),
        penalty=stances.penalty(0),
    )
