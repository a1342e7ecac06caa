"""Say what varies in a sweep: numbers of a scenario, or choices between parts of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sim.domain.quantity import Quantity
from sim.quantities import Floats

__all__ = ["Axis", "point_of"]


@dataclass(frozen=True)
class Axis:
    """One thing that varies from cell to cell.

    A design places a cell on an axis by a number: the value of a number ("none" is infinity, as
    in the engine), the place among the values of a choice.

    Parameters
    ----------
    key : str
        Dotted key of the scenario, or a part such as ``strategy@claimant.strategy``.
    values : tuple
        What a grid takes; empty where `spread` says it.
    unit : str, optional
        Of a number; absent for a choice.
    spread : Quantity, optional
        The distribution of a number that takes any value.
    """

    key: str
    values: tuple[Any, ...] = ()
    unit: str | None = None
    spread: Quantity | None = None

    @property
    def is_number(self) -> bool:
        """Tell a number of the scenario from a choice."""
        return self.unit is not None

    @property
    def places(self) -> Floats:
        """Return where the values of a grid lie."""
        if self.is_number:
            return np.array([np.inf if value == "none" else float(value) for value in self.values])
        return np.arange(len(self.values), dtype=np.float64)

    def at(self, share: Floats) -> Floats:
        """Return where shares in [0, 1] of the way along the axis lie.

        Parameters
        ----------
        share : ndarray
            Quantiles of the spread; without one, every value has an equal part of the way.
        """
        if self.spread is not None:
            return self.spread.quantile(share)
        index = np.minimum((share * len(self.values)).astype(np.int64), len(self.values) - 1)
        return self.places[index]

    def named(self, places: Floats) -> Any:
        """Return the values that lie at some places: numbers, or the words of a choice."""
        if self.is_number:
            return places
        words = np.array([str(value) for value in self.values], dtype=object)
        return words[places.astype(np.int64)]


def point_of(place: float) -> float | Literal["none"]:
    """Return the point value of a number that lies at a place."""
    return "none" if np.isinf(place) else float(place)
