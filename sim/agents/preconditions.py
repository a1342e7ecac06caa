r"""Preconditions of one side in every world: which are absolute, and what the others cost.

A precondition of firmness :math:`\phi` and penalty :math:`c` that is touched at a package to the
degree :math:`f` (`sim.domain.wording`) is absolute there in the worlds with :math:`u < \phi f`, and
costs :math:`c f` in the others. The one uniform number u belongs to the world and the precondition,
so what meets a demand further is blocked in a subset of the worlds.

A position that moves is a state: absolute, priced or lapsed. It is drawn anew, u with the resolve
of the leader in office, at each succession and at the hazard :math:`h` of a change of line in
between,

.. math:: p = 1 - \exp(-h q)

in a round of q years (Mattes, Leeds & Carroll 2015); where it then is not absolute, it has lapsed
with its declared probability, and costs nothing.

References
----------
M. Mattes, B. A. Leeds, R. Carroll (2015). Leadership turnover and foreign policy change.
https://doi.org/10.1111/isqu.12175
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.agents.valuation import alike, firsts
from sim.domain.clause import Frame
from sim.domain.dispute import Dispute
from sim.domain.draws import Draws
from sim.domain.interest import Role
from sim.domain.package import PackageTable
from sim.domain.side import Precondition, Side
from sim.domain.wording import Said, blocked_unaided, largest, lasting, presence, spoken
from sim.equations.processes import hazard_probability
from sim.memo import memoize_by_identity
from sim.quantities import EVERYONE, Bools, Floats, Ints, Rows

FRAMES = tuple(frame.value for frame in Frame)
"""Legal forms, in the order of their places."""
_LOW_IS_HARD = -1.0
"""Sign of the luck of a precondition: more resolve makes it lower, and more of them absolute."""


def _luck(side: Side, draws: Draws, name: str) -> Floats:
    return draws.luck(side, f"{name}/absolute", _LOW_IS_HARD)


def absolute_at_start(side: Side, draws: Draws) -> dict[str, Bools]:
    """Return where each precondition of a side is drawn as absolute, before anything moves it.

    Parameters
    ----------
    side : Side
    draws : Draws

    Returns
    -------
    mapping of name to ndarray of bool, shape (worlds,)
    """
    return {
        name: np.asarray(_luck(side, draws, name) < draws.of(item.firmness))
        for name, item in side.preconditions.items()
    }


@dataclass(frozen=True)
class _Looks:
    """Distinct looks of a table's packages to a side's preconditions.

    Parameters
    ----------
    pattern : ndarray of int, shape (packages,)
        Which look each package has.
    frames : ndarray of int, shape (looks,)
        Place of each look's legal form in `FRAMES`.
    unaided : ndarray of bool, shape (looks, preconditions)
        What each precondition blocks without levels that declare a breach.
    said : Said
        Levels that declare a degree, and in which looks they are in force.
    key : tuple
        The same for tables with the same looks, such as a stage's in many states.
    """

    pattern: Ints
    frames: Ints
    unaided: Bools
    said: Said
    key: tuple[object, ...]


_Touched = tuple[dict[str, Floats], dict[str, Bools], dict[str, Bools]]
"""By precondition: how far looks touch it, where it could block them, and where it is firm."""


class PreconditionStates:
    """The state of a side's preconditions in every world, whatever is on the table.

    Parameters
    ----------
    side : Side
    draws : Draws

    Attributes
    ----------
    luck : mapping of name to ndarray, shape (worlds,)
        The uniform number that says where a precondition is absolute; low is hard.
    lapsed : mapping of name to ndarray of bool, shape (worlds,)
        Where it asks for nothing unless it is absolute; of those that move.
    accumulations : mapping of name to Accumulation
        What lifts those that a state may lift.
    lifted : mapping of name to ndarray of bool, shape (worlds,)
        Where it has.
    withdrawn : set of str
        Those that a side which somebody plays has withdrawn, in all worlds.
    moving : frozenset of str
        Those that may be something else than at the start: what is lapsed or lifted.
    firmness : mapping of name to ndarray, shape (worlds, 1)
        Probability that it is absolute where a package touches it fully.
    price : mapping of name to ndarray, shape (worlds,)
        What it costs where it is not absolute, in points.
    turning_rounds : frozenset of int
        Rounds in which dated ones come or go.
    known, known_at_start : mapping of key to tuple
        What looks come to at the start, which the states of a stage mostly share.
    """

    def __init__(self, side: Side, draws: Draws) -> None:
        self._side, self._draws = side, draws
        self.known: dict[tuple[object, ...], _Touched] = {}
        self.known_at_start: dict[tuple[object, ...], tuple[Bools, Floats]] = {}
        own = side.preconditions
        self.luck = {name: _luck(side, draws, name) for name in own}
        self.firmness = {name: draws.of(item.firmness)[:, None] for name, item in own.items()}
        self.price = {name: draws.of(item.penalty) for name, item in own.items()}
        turns = {item.from_round for item in own.values()}
        self.turning_rounds = frozenset(turns | {item.until_round or 0 for item in own.values()})
        moving = draws.scenario.environment.positions.enabled
        years = draws.scenario.protocol.round_years
        self._moves = {
            name: movement
            for name in side.preconditions
            if moving and (movement := side.movement_of(name))
        }
        self._chance = {
            name: hazard_probability(draws.of(moves.hazard_year), years)
            for name, moves in self._moves.items()
        }
        self.lapsed = {name: np.zeros(draws.streams.worlds, dtype=bool) for name in self._moves}
        accumulating = draws.scenario.environment.accumulation.enabled
        self.accumulations = {
            name: item.lifted_by
            for name, item in side.preconditions.items()
            if accumulating and item.lifted_by
        }
        nowhere = np.zeros(draws.streams.worlds, dtype=bool)
        self.lifted = dict.fromkeys(self.accumulations, nowhere)
        self.moving = frozenset({*self.lapsed, *self.lifted})
        self._lasted = dict.fromkeys(self.accumulations, np.zeros(draws.streams.worlds))
        self._round_years = years
        self.withdrawn: set[str] = set()

    def resume(self, earlier: PreconditionStates) -> None:
        """Go on from the same preconditions as they are in another model."""
        self.luck, self.lapsed = dict(earlier.luck), dict(earlier.lapsed)
        self.lifted, self._lasted = dict(earlier.lifted), dict(earlier._lasted)
        self.withdrawn = {*earlier.withdrawn}

    def accumulate(self, name: str, there: Bools) -> Ints:
        """Let the state that lifts a precondition last for one more round, or end.

        Parameters
        ----------
        name : str
        there : ndarray of bool, shape (worlds,)
            Where it is there in this round.

        Returns
        -------
        ndarray of int
            Worlds in which the precondition is lifted by now or is so no more.
        """
        before, asked = self.lifted[name], self._draws.of(self.accumulations[name].years)
        self._lasted[name] = np.where(there, self._lasted[name] + 1.0, 0.0)
        years = (self._lasted[name] - 1.0) * self._round_years
        self.lifted[name] = there & (years >= asked - 1e-9)
        return np.flatnonzero(self.lifted[name] ^ before)

    def move(self, round_: int, new: Bools, number: Ints) -> Ints:
        """Draw positions anew where leaders or lines change.

        Parameters
        ----------
        round_ : int
        new : ndarray of bool, shape (worlds,)
            Where a leader has just taken office.
        number : ndarray of int, shape (worlds,)
            Under which successor's resolve.

        Returns
        -------
        ndarray of int
            Worlds in which any was drawn.
        """
        drawn = np.zeros(len(new), dtype=bool)
        for name, moves in self._moves.items():
            purpose = f"{self._side.stream}/preconditions.{name}/moves"
            chance, absolute, lapse = self._draws.streams.uniforms(
                purpose, round_=round_, slots=3
            ).T
            here = new | (chance < self._chance[name])
            luck = self._draws.luck_under(self._side, absolute, _LOW_IS_HARD, number)
            self.luck[name] = np.where(here, luck, self.luck[name])
            lapsed = lapse < self._draws.of(moves.lapses)
            self.lapsed[name] = np.where(here, lapsed, self.lapsed[name])
            drawn |= here
        return np.flatnonzero(drawn)


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
    positions : PreconditionStates, optional
        The state of all of them; absent, that at the start.

    Attributes
    ----------
    pattern : ndarray of int, shape (packages,)
        Which distinct look each package has to these preconditions.
    frames : ndarray of int, shape (looks,)
        Place of each look's legal form in `FRAMES`.
    turning_rounds : frozenset of int
        Rounds in which dated ones come or go.
    """

    def __init__(
        self,
        role: Role,
        table: PackageTable,
        draws: Draws,
        positions: PreconditionStates | None = None,
    ) -> None:
        self._side = side = draws.scenario.side(role)
        self._positions = positions or PreconditionStates(side, draws)
        self._worlds = draws.streams.worlds
        dispute = draws.scenario.dispute
        looks = _distinct(table, draws.scenario.preconditions(role), dispute, role)
        self.pattern, self.frames = looks.pattern, looks.frames
        self._shape = (self._worlds, len(looks.frames))
        self._firmness, self._price = self._positions.firmness, self._positions.price
        self.turning_rounds = self._positions.turning_rounds
        known = self._positions.known
        if looks.key not in known:
            known[looks.key] = self._touched(looks, role, draws)
        self._degree, self._blocks, firm = known[looks.key]
        moving = self._positions.moving
        self._firm = {name: each.copy() if name in moving else each for name, each in firm.items()}
        self.lasting = {
            name: lasting(table, accumulation, dispute)
            for name, accumulation in self._positions.accumulations.items()
        }
        self._foreseen, self._key = False, looks.key

    def _touched(self, looks: _Looks, role: Role, draws: Draws) -> _Touched:
        """Return how far looks touch each precondition, and where it could block them."""
        degrees = {
            name: _degree(looks.unaided[:, place], name, role, looks.said, draws)
            for place, name in enumerate(self._side.preconditions)
        }
        blocks = {
            name: (degrees[name] > 0) & self._surviving(name, precondition, looks.frames, draws)
            for name, precondition in self._side.preconditions.items()
        }
        luck = self._positions.luck
        firm = {name: luck[name][:, None] < self._firmness[name] * degrees[name] for name in luck}
        return degrees, blocks, firm

    def _is_firm(self, name: str, worlds: Rows) -> Bools:
        """Return where a precondition would be absolute, had it survived."""
        luck = self._positions.luck[name][worlds, None]
        return np.asarray(luck < self._firmness[name][worlds] * self.degree(name, worlds))

    def degree(self, name: str, worlds: Rows) -> Floats:
        """Return how far each look touches a precondition, shape (rows or 1, looks)."""
        degree = self._degree[name]
        here = degree[worlds] if len(degree) == self._worlds else degree
        return here if name not in self.lasting else here * self._stands(name, worlds)[:, None]

    def _stands(self, name: str, worlds: Rows) -> Bools:
        """Return where a precondition that a state may lift is not lifted."""
        foreseen = self._foreseen and self.lasting[name][0]
        return np.asarray(~(self._positions.lifted[name][worlds] | foreseen))

    def foresee(self, on: bool) -> None:
        """Take what is there when a stage begins for lasting, or no more: foresight does.

        Parameters
        ----------
        on : bool
        """
        self._foreseen = on

    def degree_at(self, name: str, worlds: Ints, packages: Ints) -> Floats:
        """Return how far one package in each of some worlds touches a precondition."""
        shape = self._worlds, self._shape[1]
        degree = np.broadcast_to(self._degree[name], shape)[worlds, self.pattern[packages]]
        return degree if name not in self.lasting else degree * self._stands(name, worlds)

    def frame_at(self, packages: Ints) -> Ints:
        """Return the places of some packages' legal forms in `FRAMES`."""
        return np.asarray(self.frames[self.pattern[packages]])

    def naming(self, round_: int, worlds: Ints, packages: Ints) -> dict[str, Bools]:
        """Return which preconditions a refusal of some packages names, by their name.

        Parameters
        ----------
        round_ : int
        worlds, packages : ndarray of int, shape (refused,)

        Returns
        -------
        mapping of name to ndarray of bool, shape (refused,)
        """
        at = worlds, self.pattern[packages]
        return {
            name: np.asarray(self._blocks[name][at] & self._firm[name][at])
            for name in self.in_force(round_)
        }

    def follow(self, worlds: Ints) -> None:
        """Let some worlds have the positions as they are now."""
        for name in self._positions.moving:
            self._firm[name][worlds] = self._is_firm(name, worlds)

    def _surviving(
        self, name: str, precondition: Precondition, frames: Ints, draws: Draws
    ) -> Bools:
        survives = np.ones(self._shape, dtype=bool)
        luck = draws.luck(self._side, f"{name}/survives", _LOW_IS_HARD)
        for frame, quantity in precondition.survives.items():
            stands = luck < draws.of(quantity)
            survives[:, frames == FRAMES.index(frame)] = stands[:, None]
        return survives

    def in_force(self, round_: int) -> list[str]:
        """Return the names of the preconditions that are in force in a round."""
        withdrawn = self._positions.withdrawn
        return [
            name
            for name, item in self._side.preconditions.items()
            if item.from_round <= round_ and (item.until_round is None or round_ < item.until_round)
            if name not in withdrawn
        ]

    def absolute(self, round_: int) -> dict[str, Bools]:
        """Return which packages each precondition forbids where it is absolute, by its name.

        Returns
        -------
        mapping of name to ndarray of bool, shape (worlds, packages)
        """
        return {
            name: np.take(blocked, self.pattern, axis=1)
            for name, blocked in self._absolute(round_).items()
        }

    def _rows(self, worlds: Rows) -> tuple[int, int]:
        rows = self._worlds if isinstance(worlds, slice) else len(worlds)
        return rows, self._shape[1]

    def _absolute(self, round_: int, worlds: Rows = EVERYONE) -> dict[str, Bools]:
        return {
            name: np.asarray(self._blocks[name][worlds] & self._firm[name][worlds])
            for name in self.in_force(round_)
        }

    def at_start(self) -> tuple[Bools, Floats]:
        """Return what is `forbidden` and its `penalty` before any position has moved.

        Tables with the same looks share what these come to; where positions move, each has a copy.
        """
        known = self._positions.known_at_start
        if self._key not in known:
            known[self._key] = self.forbidden(0), self.penalty(0)
        forbidden, penalty = known[self._key]
        return (
            (forbidden.copy(), penalty.copy()) if self._positions.moving else (forbidden, penalty)
        )

    def forbidden(self, round_: int, worlds: Rows = EVERYONE) -> Bools:
        """Return which looks an absolute precondition forbids in some worlds.

        Returns
        -------
        ndarray of bool, shape (rows, looks)
        """
        result = np.zeros(self._rows(worlds), dtype=bool)
        for blocked in self._absolute(round_, worlds).values():
            result |= blocked
        return result

    def penalty(self, round_: int, worlds: Rows = EVERYONE) -> Floats:
        """Return what looks cost by preconditions that are not absolute, in points.

        Returns
        -------
        ndarray, shape (rows, looks)
        """
        result = np.zeros(self._rows(worlds))
        for name in self.in_force(round_):
            soft = self._blocks[name][worlds] & ~self._firm[name][worlds]
            if name in self._positions.lapsed:
                soft &= ~self._positions.lapsed[name][worlds, None]
            result += soft * self._price[name][worlds, None] * self.degree(name, worlds)
        return result


def _degree(unaided: Bools, name: str, role: Role, said: Said, draws: Draws) -> Floats:
    """Return how far each package touches a precondition, in [0, 1], shape (worlds or 1, looks)."""
    breached = np.where(unaided, 1.0, largest("breaches", name, role, said, draws.of))
    return np.asarray(breached * (1.0 - largest("meets", name, role, said, draws.of)))


@memoize_by_identity
def _distinct(
    table: PackageTable, preconditions: dict[str, Precondition], dispute: Dispute, role: Role
) -> _Looks:
    """Return the distinct looks of a table's packages to a side's preconditions."""
    looks, levels = _looks(table, preconditions, dispute, role), spoken(table, dispute)
    pattern = alike(looks)
    first = firsts(pattern)
    frames = np.array([FRAMES.index(frame) for frame in table.facts["frame"][first]], dtype=int)
    unaided, present = np.split(looks[first, 1:] > 0, [len(preconditions)], axis=1)
    words = tuple((clause, level) for clause, level, _ in levels)
    key = (words, *(each.tobytes() for each in (frames, unaided, present)))
    return _Looks(pattern, frames, unaided, (levels, present), key)


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
        blocked_unaided(item, name, role, table, dispute) for name, item in preconditions.items()
    ]
    wordings = presence(table, spoken(table, dispute))
    return np.column_stack([frames.reshape(-1), *blocked, wordings])
