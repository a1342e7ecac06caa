"""Hold a government's weights and turn features into utilities, world by world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.agents.features import Features
from sim.domain.dispute import Dispute
from sim.domain.draws import Draws
from sim.domain.interest import STANDING_DELIMITATION, features, interest_of
from sim.domain.quantity import Quantity
from sim.domain.side import Side
from sim.equations.utility import additive_utility
from sim.memo import kept
from sim.quantities import Bools, Floats, Rows

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


lasting_utility = kept(additive_utility)
"""`additive_utility` of weights and features that do not change, worked out once for all blocks
and cells that share them."""


def weights_on(
    names: tuple[str, ...], quantities: Mapping[str, Quantity], phi: Floats, draws: Draws
) -> Floats:
    """Return weights on features, from quantities named by interest.

    Parameters
    ----------
    names : tuple of str
        The features.
    quantities : mapping of interest to Quantity
        Interests that are left out have no weight.
    phi : ndarray, shape (worlds,)
        Frame factor on standing under a delimitation.
    draws : Draws

    Returns
    -------
    ndarray, shape (worlds, features)
        Points; the same array for the same draws, so nobody may change it in place.
    """
    asked = [(c, quantities.get(interest_of(name))) for c, name in enumerate(names)]
    found = [(c, draws.of(quantity)) for c, quantity in asked if quantity is not None]
    framed = tuple(name == STANDING_DELIMITATION for name in names)
    return _table(framed, tuple(c for c, _ in found), phi, *(values for _, values in found))


@kept
def _table(
    framed: tuple[bool, ...], columns: tuple[int, ...], phi: Floats, *drawn: Floats
) -> Floats:
    values = np.zeros((len(phi), len(framed)))
    for column, weight in zip(columns, drawn, strict=True):
        values[:, column] = weight * (phi if framed[column] else 1.0)
    return values


@kept
def _without(values: Floats, columns: tuple[int, ...]) -> Floats:
    still = values.copy()
    still[:, list(columns)] = 0.0
    return still


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
        phi = draws.of(side.preferences.frame_factor)
        self.values = weights_on(self.names, side.preferences.weights, phi, draws)
        self._successor = {
            self.names.index(name): draws.of(quantity)
            for interest, quantity in side.leader.successor.weights.items()
            for name in self.names
            if interest_of(name) == interest
        }
        moving = {self.names.index(name) for name in MOVING}
        self.moving = tuple(sorted(moving | set(self._successor)))
        self._moving_values = np.ascontiguousarray(self.values[:, list(self.moving)].T)
        self._still_values = _without(self.values, self.moving)

    def still(self, item: Features) -> Floats:
        """Return the part of utility that does not move during talks.

        Returns
        -------
        ndarray, shape (worlds, packages)
        """
        return lasting_utility(self._still_values, item.values)

    def moved(self, climate: Climate, worlds: Rows) -> Floats:
        """Return the weights of the moving features in some worlds, in the present climate.

        Parameters
        ----------
        climate : Climate
            Of the same worlds, row by row.
        worlds : ndarray of int, or slice
            Which worlds.

        Returns
        -------
        ndarray, shape (moving features, worlds)
        """
        lines: Floats = np.array(self._moving_values[:, worlds], order="C")
        for line, column in zip(lines, self.moving, strict=True):
            if column in self._successor:
                line *= np.where(climate.leader_sits, 1.0, self._successor[column][worlds])
            if self.names[column] in MOVING:
                line *= self._factor(self.names[column], climate)
        return lines

    @staticmethod
    def _factor(name: str, climate: Climate) -> Floats | Bools:
        factors: dict[str, Floats | Bools] = {
            "economy": climate.economy,
            "alliance": climate.alliance,
            "legacy": climate.legacy_alive,
        }
        return factors[name]
