"""Remember what a government has demanded and heard at the stage under negotiation."""

from __future__ import annotations

import numpy as np

from sim.quantities import Floats, Ints


class Memory:
    """A government's memory in every world of a block; values are its own, in points.

    Parameters
    ----------
    worlds : int
        How many worlds.

    Attributes
    ----------
    public_position : ndarray, shape (worlds,)
        Best value it has demanded; minus infinity before its first offer.
    first_heard, last_heard : ndarray, shape (worlds,)
        Value of the other's first and last offer; NaN before the first.
    """

    def __init__(self, worlds: int) -> None:
        self.public_position = np.full(worlds, -np.inf)
        self.first_heard = np.full(worlds, np.nan)
        self.last_heard = np.full(worlds, np.nan)

    def demanded(self, worlds: Ints, value: Floats) -> None:
        """Remember offers of its own."""
        self.public_position[worlds] = np.maximum(self.public_position[worlds], value)

    def heard(self, worlds: Ints, value: Floats) -> None:
        """Remember offers of the other side."""
        new = np.isnan(self.first_heard[worlds])
        self.first_heard[worlds] = np.where(new, value, self.first_heard[worlds])
        self.last_heard[worlds] = value

    def conceded_to_me(self, worlds: Ints) -> Floats:
        """Return by how much the other has improved its offer, NaN before its first."""
        return np.asarray(self.last_heard[worlds] - self.first_heard[worlds])

    def start_afresh(self, worlds: Ints) -> None:
        """Forget offers and demands of a finished stage."""
        self.public_position[worlds] = -np.inf
        self.first_heard[worlds] = np.nan
        self.last_heard[worlds] = np.nan
