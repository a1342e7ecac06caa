"""Preconditions of one side in every world: which are absolute, and what the others cost."""

from __future__ import annotations

import numpy as np

from sim.agents.valuation import firsts, lasting_alike
from sim.domain.draws import Draws
from sim.domain.package import PackageTable
from sim.domain.side import Precondition, Side
from sim.equations.copula import one_factor
from sim.memo import memoize_by_identity
from sim.quantities import Bools, Floats, Ints


class Preconditions:
    """A side's preconditions on one table of packages.

    In a world a precondition is absolute with probability `firmness`, and it survives a legal
    form with its declared probability; both are settled by one draw per world each. These draws
    are independent, unless the scenario's calibration says that a side's preconditions go together.

    Parameters
    ----------
    side : Side
    table : PackageTable
    draws : Draws
    """

    def __init__(self, side: Side, table: PackageTable, draws: Draws) -> None:
        self._side = side
        self._worlds = draws.streams.worlds
        looks = _looks(table, side.preconditions)
        self._pattern = lasting_alike(looks)
        first = firsts(self._pattern)
        self._shape = (self._worlds, len(first))
        frames, blocked = table.facts["frame"][first], looks[first, 1:] > 0
        self._blocks = {
            name: blocked[:, place] & self._surviving(name, precondition, frames, draws)
            for place, (name, precondition) in enumerate(side.preconditions.items())
        }
        self._firm = {
            name: self._luck(f"{name}/absolute", draws) < draws.of(precondition.firmness)
            for name, precondition in side.preconditions.items()
        }
        self._price = {
            name: draws.of(precondition.penalty)
            for name, precondition in side.preconditions.items()
        }
        turns = {item.from_round for item in side.preconditions.values()}
        turns |= {item.until_round or 0 for item in side.preconditions.values()}
        self.turning_rounds = frozenset(turns)

    def _luck(self, what: str, draws: Draws) -> Floats:
        """Return the draw that settles something about a precondition; low is hard."""
        prefix = f"{self._side.stream}/preconditions"
        own = draws.streams.uniforms(f"{prefix}.{what}")[:, 0]
        calibration = draws.scenario.calibration
        if calibration is None or calibration.stance_correlation is None:
            return own
        common = draws.streams.normals(f"{prefix}/common")[:, 0]
        return one_factor(own, common, draws.of(calibration.stance_correlation))

    def _surviving(
        self, name: str, precondition: Precondition, frames: np.ndarray, draws: Draws
    ) -> Bools:
        survives = np.ones(self._shape, dtype=bool)
        luck = self._luck(f"{name}/survives", draws)
        for frame, quantity in precondition.survives.items():
            stands = luck < draws.of(quantity)
            survives[:, frames == frame] = stands[:, None]
        return survives

    def _in_force(self, round_: int) -> list[str]:
        return [
            name
            for name, item in self._side.preconditions.items()
            if item.from_round <= round_ and (item.until_round is None or round_ < item.until_round)
        ]

    def absolute(self, round_: int) -> dict[str, Bools]:
        """Return which packages each precondition forbids where it is absolute, by its name.

        Returns
        -------
        mapping of name to ndarray of bool, shape (worlds, packages)
        """
        return {
            name: np.take(blocked, self._pattern, axis=1)
            for name, blocked in self._absolute(round_).items()
        }

    def _absolute(self, round_: int) -> dict[str, Bools]:
        return {
            name: np.asarray(self._blocks[name] & self._firm[name][:, None])
            for name in self._in_force(round_)
        }

    def forbidden(self, round_: int) -> Bools:
        """Return which packages an absolute precondition forbids.

        Returns
        -------
        ndarray of bool, shape (worlds, packages)
        """
        result = np.zeros(self._shape, dtype=bool)
        for blocked in self._absolute(round_).values():
            result |= blocked
        return np.asarray(np.take(result, self._pattern, axis=1))

    def penalty(self, round_: int) -> Floats:
        """Return what packages cost by preconditions that are not absolute, in points.

        Returns
        -------
        ndarray, shape (worlds, packages)
        """
        result = np.zeros(self._shape)
        for name in self._in_force(round_):
            soft = self._blocks[name] & ~self._firm[name][:, None]
            result += soft * self._price[name][:, None]
        return np.asarray(np.take(result, self._pattern, axis=1))


@memoize_by_identity
def _looks(table: PackageTable, preconditions: dict[str, Precondition]) -> Ints:
    """Return what a side's preconditions see in packages: the frame, and what each blocks.

    Returns
    -------
    ndarray of int, shape (packages, 1 + preconditions)
    """
    frames = np.unique(table.facts["frame"], return_inverse=True)[1]
    blocked = [table.where(precondition.blocks) for precondition in preconditions.values()]
    return np.column_stack([frames.reshape(-1), *blocked])
