"""Hold a government's weights and turn features into utilities, world by world."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.agents.features import Features
from sim.domain.dispute import Dispute
from sim.domain.draws import Draws
from sim.domain.interest import STANDING_DELIMITATION, features, interest_of
from sim.domain.side import Side
from sim.equations.utility import additive_utility
from sim.quantities import Bools, Floats

MOVING = ("economy", "alliance", "legacy")
"""Features whose weights move with the surroundings or the leader in office."""


@dataclass(frozen=True)
class Climate:
    """What multiplies a side's moving weights in one round.

    Parameters
    ----------
    economy, alliance : ndarray, shape (worlds,)
        Factors.
    leader_sits : ndarray of bool, shape (worlds,)
        Whether the first leader is in office.
    legacy_alive : ndarray of bool, shape (worlds,)
        Whether the leader in office can still hope for a legacy.
    """

    economy: Floats
    alliance: Floats
    leader_sits: Bools
    legacy_alive: Bools

    def rows(self, worlds: np.ndarray) -> Climate:
        """Return the climate of some worlds."""
        return Climate(
            self.economy[worlds],
            self.alliance[worlds],
            self.leader_sits[worlds],
            self.legacy_alive[worlds],
        )


class Weights:
    """A government's weights on features.

    Parameters
    ----------
    side : Side
    dispute : Dispute
    draws : Draws
    """

    def __init__(self, side: Side, dispute: Dispute, draws: Draws) -> None:
        self.names = features(tuple(dispute.interests))
        worlds = draws.streams.worlds
        self.values = np.zeros((worlds, len(self.names)))
        phi = draws.of(side.preferences.frame_factor)
        for column, name in enumerate(self.names):
            quantity = side.preferences.weights.get(interest_of(name))
            if quantity is not None:
                factor = phi if name == STANDING_DELIMITATION else 1.0
                self.values[:, column] = draws.of(quantity) * factor
        self._successor = {
            self.names.index(name): draws.of(quantity)
            for interest, quantity in side.leader.successor.weights.items()
            for name in self.names
            if interest_of(name) == interest
        }
        moving = {self.names.index(name) for name in MOVING}
        self.moving = tuple(sorted(moving | set(self._successor)))
        self._moving_values = self.values[:, list(self.moving)]

    def still(self, item: Features) -> Floats:
        """Return the part of utility that does not move during talks.

        Returns
        -------
        ndarray, shape (worlds, packages)
        """
        weights = self.values.copy()
        weights[:, list(self.moving)] = 0.0
        return additive_utility(weights, item.values)

    def moved(self, climate: Climate, worlds: np.ndarray) -> Floats:
        """Return the weights of the moving features in some worlds, in the present climate.

        Parameters
        ----------
        climate : Climate
            Of the same worlds, row by row.
        worlds : ndarray of int
            Which worlds.

        Returns
        -------
        ndarray, shape (worlds, moving features)
        """
        rows: Floats = self._moving_values[worlds]
        for place, column in enumerate(self.moving):
            if column in self._successor:
                factor = np.where(climate.leader_sits, 1.0, self._successor[column][worlds])
                rows[:, place] *= factor
            if self.names[column] in MOVING:
                rows[:, place] *= self._factor(self.names[column], climate)
        return rows

    @staticmethod
    def _factor(name: str, climate: Climate) -> Floats | Bools:
        factors: dict[str, Floats | Bools] = {
            "economy": climate.economy,
            "alliance": climate.alliance,
            "legacy": climate.legacy_alive,
        }
        return factors[name]
