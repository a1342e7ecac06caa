r"""Preconditions of one side in every world: which are absolute, and what the others cost.

A precondition of firmness :math:`\phi` and penalty :math:`c` that is touched at a package to the
degree :math:`f` (`sim.domain.wording`) is absolute there in the worlds with :math:`u < \phi f`, and
costs :math:`c f` in the others. The one uniform number u belongs to the world and the precondition,
so what meets a demand further is blocked in a subset of the worlds.
"""

from __future__ import annotations

import numpy as np

from sim.agents.valuation import firsts, lasting_alike
from sim.domain.dispute import Dispute
from sim.domain.draws import Draws
from sim.domain.interest import Role
from sim.domain.package import PackageTable
from sim.domain.side import Precondition
from sim.domain.wording import Said, blocked_unaided, largest, presence, spoken
from sim.memo import memoize_by_identity
from sim.quantities import Bools, Floats, Ints


class Preconditions:
    """A side's preconditions on one table of packages.

    In a world a precondition is absolute with probability `firmness` times the degree to which a
    package touches it, and it survives a legal form with its declared probability; both are settled
    by one draw per world each. These draws are independent, unless the scenario says that a side's
    numbers go with its resolve: then more resolve makes more of its preconditions absolute.

    Parameters
    ----------
    role : Role
        Whose they are.
    table : PackageTable
    draws : Draws
    """

    def __init__(self, role: Role, table: PackageTable, draws: Draws) -> None:
        self._side = side = draws.scenario.side(role)
        self._worlds = draws.streams.worlds
        dispute = draws.scenario.dispute
        looks = _looks(table, side.preconditions, dispute, role)
        self._pattern = lasting_alike(looks)
        first = firsts(self._pattern)
        self._shape = (self._worlds, len(first))
        frames, seen = table.facts["frame"][first], looks[first, 1:] > 0
        unaided, present = np.split(seen, [len(side.preconditions)], axis=1)
        said = spoken(table, dispute), present
        self._degree = {
            name: _degree(unaided[:, place], name, role, said, draws)
            for place, name in enumerate(side.preconditions)
        }
        self._blocks = {
            name: (self._degree[name] > 0) & self._surviving(name, precondition, frames, draws)
            for name, precondition in side.preconditions.items()
        }
        self._firm = {
            name: self._luck(f"{name}/absolute", draws)[:, None]
            < draws.of(precondition.firmness)[:, None] * self._degree[name]
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
        return draws.luck(self._side, what, sign=-1.0)

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
            name: np.asarray(self._blocks[name] & self._firm[name])
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
            soft = self._blocks[name] & ~self._firm[name]
            result += soft * self._price[name][:, None] * self._degree[name]
        return np.asarray(np.take(result, self._pattern, axis=1))


def _degree(unaided: Bools, name: str, role: Role, said: Said, draws: Draws) -> Floats:
    """Return how far each package touches a precondition, in [0, 1], shape (worlds or 1, looks)."""
    breached = np.where(unaided, 1.0, largest("breaches", name, role, said, draws.of))
    return np.asarray(breached * (1.0 - largest("meets", name, role, said, draws.of)))


@memoize_by_identity
def _looks(
    table: PackageTable, preconditions: dict[str, Precondition], dispute: Dispute, role: Role
) -> Ints:
    """Return what a side's preconditions see in packages: frame, what each blocks, wordings.

    Returns
    -------
    ndarray of int, shape (packages, 1 + preconditions + levels that declare a degree)
    """
    frames = np.unique(table.facts["frame"], return_inverse=True)[1]
    blocked = [
        blocked_unaided(item.blocks, name, role, table, dispute)
        for name, item in preconditions.items()
    ]
    wordings = presence(table, spoken(table, dispute))
    return np.column_stack([frames.reshape(-1), *blocked, wordings])
