"""Ratifiers: the support each requires, by its own rule, to pass a signed package."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mesa
import numpy as np

from sim.agents.valuation import Features
from sim.domain.draws import Draws
from sim.domain.ratifier import Ally, Parliament, PollBoundLeader, Ratifier, Referendum, Region
from sim.domain.side import Side
from sim.equations.ratification import required_by_parliament, required_by_quota
from sim.equations.ratings import falling_quota
from sim.quantities import Bools, Cells, Floats, Ints, Rows

Rule = Callable[[Any, Draws, Floats], Floats]


def _quota(item: PollBoundLeader | Referendum, draws: Draws, probability: Floats) -> Floats:
    return required_by_quota(draws.of(item.quota), draws.of(item.noise), probability)


def _region(item: Region, draws: Draws, probability: Floats) -> Floats:
    quota = draws.of(item.quota) - draws.of(item.offset)
    return required_by_quota(quota, draws.of(item.noise), probability)


def _parliament(item: Parliament, draws: Draws, probability: Floats) -> Floats:
    return required_by_parliament(
        item.seats,
        item.votes_needed,
        draws.of(item.governing_share),
        draws.of(item.discipline),
        probability,
    )


_RULES: dict[type, Rule] = {
    PollBoundLeader: _quota,
    Referendum: _quota,
    Region: _region,
    Parliament: _parliament,
}


def required(item: Ratifier, draws: Draws, probability: Floats) -> Floats:
    """Return the support at which a ratifier passes a package with a probability.

    Parameters
    ----------
    item : Ratifier
        Of any kind but an ally, who looks at something else than support.
    draws : Draws
    probability : ndarray, shape (worlds,)
        In (0, 1).

    Returns
    -------
    ndarray, shape (worlds,)
        Shares; above 1 where no support is enough.
    """
    return _RULES[type(item)](item, draws, probability)


@dataclass(frozen=True)
class FallingQuota:
    """The support that a poll-bound leader asks for, which falls with approval.

    Parameters
    ----------
    quota, fall, neutral : ndarray, shape (worlds,)
        See `sim.equations.ratings.falling_quota`.
    noise, probability : ndarray, shape (worlds,)
        Error of what is read as support, and with which probability it is to pass.
    votes : tuple of bool
        In which voter sets the leader is; empty where that is not asked.
    """

    quota: Floats
    fall: Floats
    neutral: Floats
    noise: Floats
    probability: Floats
    votes: tuple[bool, ...] = ()

    def at(self, worlds: Rows, approval: Floats) -> Floats:
        """Return the support required in some worlds at an approval, shape (rows,).

        Parameters
        ----------
        worlds : ndarray of int, or slice
        approval : ndarray, shape (worlds,)
            Of all worlds, percent.
        """
        of_leader = (self.quota, self.fall, approval, self.neutral)
        quota = falling_quota(*(each[worlds] for each in of_leader))
        return required_by_quota(quota, self.noise[worlds], self.probability[worlds])


@dataclass(frozen=True)
class RequiredSupport:
    """The support that the ratifiers of a side require, package by package.

    Parameters
    ----------
    levels : ndarray, shape (worlds, voter sets)
        Support required by each voter set, the ratifiers that vote together on some packages;
        minus infinity where nobody's vote hangs on it.
    voter_set : ndarray of int, shape (packages,)
        Which voter set votes on each package.
    falling : tuple of FallingQuota
        Leaders who may require more, by their approval; what they require is not in `levels`.
    """

    levels: Floats
    voter_set: Ints
    falling: tuple[FallingQuota, ...] = ()

    def at(self, cells: Cells, approval: Floats) -> Floats:
        """Return what is required at some cells.

        Parameters
        ----------
        cells : Cells
        approval : ndarray, shape (worlds,)
            Of the side's leader, percent.
        """
        if self.falling:
            return self._as_of(cells.worlds, approval)._standing(cells)
        return self._standing(cells)

    def _as_of(self, worlds: Rows, approval: Floats) -> RequiredSupport:
        """Return the same with what leaders require in some worlds in the levels."""
        levels = self.levels.copy()
        for leader in self.falling:
            asked = leader.at(worlds, approval)[:, None]
            levels[worlds] = np.where(
                leader.votes, np.maximum(levels[worlds], asked), levels[worlds]
            )
        return RequiredSupport(levels, self.voter_set)

    def _standing(self, cells: Cells) -> Floats:
        if cells.packages is None:
            levels = self.levels[cells.worlds]
            if levels.shape[1] == 1:  # all vote together: nothing need be copied
                return np.broadcast_to(levels, (len(levels), len(self.voter_set)))
            return np.asarray(levels[:, self.voter_set])
        return np.asarray(self.levels[cells.worlds, self.voter_set[cells.packages]])


def _inside(probability: Floats) -> Floats:
    return np.clip(probability, 1e-12, 1.0 - 1e-12)


class Ratifiers(mesa.Agent):
    """All ratifiers of one side in every world of a block.

    Parameters
    ----------
    model : mesa.Model
    side : Side
    draws : Draws

    Attributes
    ----------
    names : tuple of str
        In the order of voting.
    required : mapping of name to ndarray, shape (worlds,)
        Support at which each but allies passes a package, in fact; by a leader whose quota falls
        with approval, at neutral approval (see `required_of`).
    """

    def __init__(self, model: mesa.Model, side: Side, draws: Draws) -> None:
        super().__init__(model)
        self._side, self._draws = side, draws
        self.names = tuple(side.ratifiers)
        self._allies = {n: r for n, r in side.ratifiers.items() if isinstance(r, Ally)}
        falls = draws.scenario.environment.quotas.enabled
        self._falling = {
            name: leader
            for name, leader in side.ratifiers.items()
            if falls and isinstance(leader, PollBoundLeader) and leader.quota_fall
        }
        luck = {
            name: draws.streams.uniforms(f"{side.stream}/ratifiers.{name}/vote")[:, 0]
            for name in self.names
        }
        self._luck = luck
        self._unpressed: dict[tuple[str, int], tuple[Floats | None, Floats]] = {}
        self._pressure = {name: draws.of(ally.pressure) for name, ally in self._allies.items()}
        self.required = {
            name: required(item, draws, luck[name])
            for name, item in side.ratifiers.items()
            if name not in self._allies
        }
        self._in_fact: dict[int, tuple[Features, RequiredSupport]] = {}
        self._judged: dict[tuple[str, int], tuple[Features, Floats]] = {}
        self._wanted: tuple[Floats, dict[str, Floats]] | None = None

    def required_of(self, name: str, worlds: Rows, approval: Floats) -> Floats:
        """Return the support at which one who is no ally passes a package now, in some worlds.

        Parameters
        ----------
        name : str
        worlds : ndarray of int, or slice
        approval : ndarray, shape (worlds,)
            Of the leader in office in all worlds, percent.
        """
        if name in self._falling:
            return self._falling_quota(name, self._luck[name]).at(worlds, approval)
        return np.asarray(self.required[name][worlds])

    def required_support(self, item: Features) -> RequiredSupport:
        """Return the support at which all who vote on each package pass it, worked out once."""
        if id(item) not in self._in_fact:
            luck = {name: self._luck[name] for name in self._falling}
            self._in_fact[id(item)] = (item, self._by_voter_set(item, self.required, luck))
        return self._in_fact[id(item)][1]

    def support_for_probability(self, item: Features, probability: Floats) -> RequiredSupport:
        """Return the support at which each who votes on a package passes it with a probability.

        Parameters
        ----------
        item : Features
            The packages, as the side sees them.
        probability : ndarray, shape (worlds,)
            Wanted of each ratifier.
        """
        wanted = dict.fromkeys(self._falling, _inside(probability))
        return self._by_voter_set(item, self._required_for(probability), wanted)

    def _required_for(self, probability: Floats) -> dict[str, Floats]:
        """Return the support at which each ratifier but allies passes with a probability."""
        if self._wanted is None or self._wanted[0] is not probability:
            p = _inside(probability)
            items = self._side.ratifiers.items()
            levels = {n: required(r, self._draws, p) for n, r in items if n not in self._allies}
            self._wanted = probability, levels
        return self._wanted[1]

    def _falling_quota(
        self, name: str, probability: Floats, votes: tuple[bool, ...] = ()
    ) -> FallingQuota:
        leader, draw = self._falling[name], self._draws.of
        neutral = draw(self._side.public.neutral_approval)
        fall = draw(leader.quota_fall) if leader.quota_fall else np.zeros_like(neutral)
        return FallingQuota(
            draw(leader.quota), fall, neutral, draw(leader.noise), probability, votes
        )

    def _by_voter_set(
        self, item: Features, of_each: dict[str, Floats], falling: dict[str, Floats]
    ) -> RequiredSupport:
        """Return what is required, given at which probability of each whose quota falls."""
        count = self._draws.streams.worlds
        places = [self.names.index(name) for name in of_each]
        voter_sets = [tuple(row) for row in item.votes[places].T.tolist()]
        distinct = sorted(set(voter_sets))
        levels = np.full((count, len(distinct)), -np.inf)
        for column, voter_set in enumerate(distinct):
            for votes, (name, level) in zip(voter_set, of_each.items(), strict=True):
                if votes and name not in falling:
                    levels[:, column] = np.maximum(levels[:, column], level)
        return RequiredSupport(
            levels,
            np.array([distinct.index(voter_set) for voter_set in voter_sets], dtype=np.int64),
            tuple(
                self._falling_quota(name, chance, tuple(each[place] for each in distinct))
                for place, name in enumerate(of_each)
                if (chance := falling.get(name)) is not None
            ),
        )

    def consent(
        self, item: Features, cells: Cells, pressure: Floats, probability: Floats | None = None
    ) -> Bools:
        """Return where no ally vetoes a package.

        Parameters
        ----------
        item : Features
            The packages, as the side sees them.
        cells : Cells
        pressure : ndarray, shape (worlds,)
            Outside pressure.
        probability : ndarray, shape (worlds,), optional
            If given: agree with at least this probability, instead of in fact.

        Returns
        -------
        ndarray of bool, shape (rows, packages) or (rows,)
        """
        several = (len(item.values),) if cells.packages is None else ()
        result = np.ones((len(pressure[cells.worlds]), *several), dtype=bool)
        for name in self._allies:
            result &= self.ally_consents(name, item, cells, pressure, probability)
        return result

    def ally_consents(
        self,
        name: str,
        item: Features,
        cells: Cells,
        pressure: Floats,
        probability: Floats | None = None,
    ) -> Bools:
        """Return where one ally does not veto a package; see `consent`."""
        least = self.least_for(name, cells.worlds, pressure[cells.worlds], probability)
        return np.asarray(cells.of_packages(self.judged(name, item)) >= cells.spread(least))

    def judged(self, name: str, item: Features) -> Floats:
        """Return what an ally looks at in each package, once; infinity where it has no say."""
        key = (name, id(item))
        if key not in self._judged:
            column = item.column(self._allies[name].interest)
            looked_at = np.where(item.votes[self.names.index(name)], column, np.inf)
            self._judged[key] = item, looked_at
        return self._judged[key][1]

    def least_for(
        self,
        name: str,
        worlds: Rows,
        pressure: Floats,
        probability: Floats | None = None,
    ) -> Floats:
        """Return the least value of its interest at which an ally agrees, in some worlds."""
        pressed = self._pressure[name][worlds] * pressure
        return np.asarray(self._least_unpressed(name, probability)[worlds] + pressed)

    def _least_unpressed(self, name: str, probability: Floats | None) -> Floats:
        """Return what an ally requires when nothing presses, worked out once."""
        key = (name, id(probability))
        if key not in self._unpressed:
            ally, draw = self._allies[name], self._draws.of
            luck = self._luck[name] if probability is None else _inside(probability)
            level = required_by_quota(-draw(ally.tolerance), draw(ally.noise), luck)
            self._unpressed[key] = (probability, level)
        return self._unpressed[key][1]

    @property
    def allies(self) -> tuple[str, ...]:
        """Return the names of those who are allies."""
        return tuple(self._allies)

    def is_ally(self, name: str) -> bool:
        """Tell whether a ratifier is an ally."""
        return name in self._allies
