"""Ratifiers: the support each requires, by its own rule, to pass a signed package."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import mesa
import numpy as np

from sim.agents.valuation import Features
from sim.domain.draws import Draws
from sim.domain.ratifier import Ally, Parliament, PollBoundLeader, Ratifier, Referendum, Region
from sim.domain.side import Side
from sim.equations.ratification import misjudged, required_by_parliament, required_by_quota
from sim.equations.ratings import falling_quota
from sim.quantities import EVERYONE, Bools, Cells, Floats, Ints, Rows

Rule = Callable[[Any, Draws, Floats, Floats | None], Floats]


def _quota(
    item: PollBoundLeader | Referendum, draws: Draws, probability: Floats, error: Floats | None
) -> Floats:
    quota = misjudged(draws.of(item.quota), error)
    return required_by_quota(quota, draws.of(item.noise), probability)


def _region(item: Region, draws: Draws, probability: Floats, error: Floats | None) -> Floats:
    quota = misjudged(draws.of(item.quota), error) - draws.of(item.offset)
    return required_by_quota(quota, draws.of(item.noise), probability)


def _parliament(
    item: Parliament, draws: Draws, probability: Floats, error: Floats | None
) -> Floats:
    return required_by_parliament(
        item.seats,
        item.votes_needed,
        draws.of(item.governing_share),
        misjudged(draws.of(item.discipline), error),
        probability,
    )


_RULES: dict[type, Rule] = {
    PollBoundLeader: _quota,
    Referendum: _quota,
    Region: _region,
    Parliament: _parliament,
}


def required(
    item: Ratifier, draws: Draws, probability: Floats, error: Floats | None = None
) -> Floats:
    """Return the support at which a ratifier passes a package with a probability.

    Parameters
    ----------
    item : Ratifier
        Of any kind but an ally, who looks at something else than support.
    draws : Draws
    probability : ndarray, shape (worlds,)
        In (0, 1).
    error : ndarray, shape (worlds,), optional
        What is erred by about its quota or discipline; absent, in fact.

    Returns
    -------
    ndarray, shape (worlds,)
        Shares; above 1 where no support is enough.
    """
    return _RULES[type(item)](item, draws, probability, error)


@dataclass(frozen=True, eq=False)
class Expectation:
    """What a government expects of a side's ratifiers.

    Parameters
    ----------
    probability : ndarray, shape (worlds,)
        With which each is wanted to pass a package.
    errors : mapping of name to ndarray, shape (worlds,)
        What the government errs by about their quota, discipline or tolerance; it knows those that
        are not named.
    refused : mapping of name to ndarray, shape (worlds,)
        Of allies, the most that was not enough for them so far.
    """

    probability: Floats
    errors: Mapping[str, Floats] = field(default_factory=dict)
    refused: Mapping[str, Floats] = field(default_factory=dict)


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
    members : mapping of name to tuple of bool
        In which voter sets each ratifier is.
    falling : tuple of FallingQuota
        Leaders who may require more, by their approval; what they require is not in `levels`.
    """

    levels: Floats
    voter_set: Ints
    members: Mapping[str, tuple[bool, ...]] = field(default_factory=dict)
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

    def learn(self, name: str, worlds: Ints, level: Floats) -> None:
        """Take a ratifier in some worlds to require no less than a level from now on."""
        for column in np.flatnonzero(self.members[name]):
            self.levels[worlds, column] = np.maximum(self.levels[worlds, column], level)

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


_Voting = tuple[int, bytes]
"""Who votes on which packages of a table."""


def _voting(item: Features) -> _Voting:
    return item.votes.shape[1], item.votes.tobytes()


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
    names, allies : tuple of str
        In the order of voting; those of them who are allies.
    required : mapping of name to ndarray, shape (worlds,)
        Support at which each but allies passes a package, in fact; by a leader whose quota falls
        with approval, at neutral approval (see `required_of`).
    """

    def __init__(self, model: mesa.Model, side: Side, draws: Draws) -> None:
        super().__init__(model)
        self._side, self._draws = side, draws
        self.names = tuple(side.ratifiers)
        self._allies = {n: r for n, r in side.ratifiers.items() if isinstance(r, Ally)}
        self.allies = tuple(self._allies)
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
        self._unpressed: dict[tuple[str, int], tuple[Expectation | None, Floats]] = {}
        self._pressure = {name: draws.of(ally.pressure) for name, ally in self._allies.items()}
        self.required = {
            name: required(item, draws, luck[name])
            for name, item in side.ratifiers.items()
            if name not in self._allies
        }
        self._in_fact: dict[_Voting, RequiredSupport] = {}
        self._believed: dict[tuple[int, _Voting], tuple[Expectation, RequiredSupport]] = {}
        self._judged: dict[tuple[str, int], tuple[Features, Floats]] = {}
        self._wanted: tuple[Expectation, dict[str, Floats]] | None = None

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
            return self._falling_quota(name, self._luck[name], None).at(worlds, approval)
        return np.asarray(self.required[name][worlds])

    def first_against(
        self,
        item: Features,
        at: tuple[Ints, Ints],
        support: Floats,
        approval: Floats,
        pressure: Floats,
    ) -> Ints:
        """Return the first, in the order of voting, to vote down one text in each of some worlds.

        Parameters
        ----------
        item : Features
            The packages, as the side sees them.
        at : pair of ndarray of int, shape (rows,)
            Which worlds, and the package voted on in each.
        support : ndarray, shape (rows,)
            Present support of that package in the side's public, a share.
        approval, pressure : ndarray, shape (worlds,)
            Approval of the leader in office, percent, and outside pressure.

        Returns
        -------
        ndarray of int, shape (rows,)
            Places in `names`; -1 where nobody is against.
        """
        worlds, packages = at
        cells = Cells(worlds, packages)
        votes, result = item.votes[:, packages], np.full(len(support), -1)
        for place, name in reversed(list(enumerate(self.names))):
            if name in self._allies:
                passes = self.ally_consents(name, item, cells, pressure)
            else:
                passes = support >= self.required_of(name, worlds, approval)
            result = np.where(passes | ~votes[place], result, place)
        return result

    def required_by(
        self, names: Sequence[str], item: Features, worlds: Rows, approval: Floats
    ) -> Floats:
        """Return the support at which some of those who are no allies all pass a package now.

        Parameters
        ----------
        names : sequence of str
        item : Features
            The packages, as the side sees them.
        worlds : ndarray of int, or slice
        approval : ndarray, shape (worlds,)
            Of the leader in office in all worlds, percent.

        Returns
        -------
        ndarray, shape (rows, packages), or (rows, 1) where they vote on every package
            Minus infinity where none of them votes.
        """
        result = np.full((len(approval[worlds]), 1), -np.inf)
        for name in names:
            votes = item.votes[self.names.index(name)]
            asked = self.required_of(name, worlds, approval)[:, None]
            asked = asked if votes.all() else np.where(votes, asked, -np.inf)
            result = np.maximum(result, asked)
        return result

    def required_support(self, item: Features) -> RequiredSupport:
        """Return the support at which all who vote on each package pass it, worked out once."""
        key = _voting(item)
        if key not in self._in_fact:
            falling = {
                name: self._falling_quota(name, self._luck[name], None) for name in self._falling
            }
            self._in_fact[key] = self._by_voter_set(item, self.required, falling)
        return self._in_fact[key]

    def expected_support(self, item: Features, expectation: Expectation) -> RequiredSupport:
        """Return the support at which each who votes on a package is expected to pass it.

        Parameters
        ----------
        item : Features
            The packages, as the side sees them.
        expectation : Expectation

        Returns
        -------
        RequiredSupport
            The very same for tables on which the same ratifiers vote: what is learnt of one is
            learnt of all.
        """
        key = id(expectation), _voting(item)
        if key not in self._believed:
            chance, errors = _inside(expectation.probability), expectation.errors
            falling = {n: self._falling_quota(n, chance, errors.get(n)) for n in self._falling}
            found = self._by_voter_set(item, self._expected(expectation), falling)
            self._believed[key] = expectation, found
        return self._believed[key][1]

    def _expected(self, expectation: Expectation) -> dict[str, Floats]:
        """Return the support at which each ratifier but allies is expected to pass a package."""
        if self._wanted is None or self._wanted[0] is not expectation:
            p, errors = _inside(expectation.probability), expectation.errors
            levels = {
                name: required(item, self._draws, p, errors.get(name))
                for name, item in self._side.ratifiers.items()
                if name not in self._allies
            }
            self._wanted = expectation, levels
        return self._wanted[1]

    def _falling_quota(self, name: str, probability: Floats, error: Floats | None) -> FallingQuota:
        leader, draw = self._falling[name], self._draws.of
        neutral = draw(self._side.public.neutral_approval)
        fall = draw(leader.quota_fall) if leader.quota_fall else np.zeros_like(neutral)
        quota = misjudged(draw(leader.quota), error)
        return FallingQuota(quota, fall, neutral, draw(leader.noise), probability)

    def _by_voter_set(
        self, item: Features, of_each: dict[str, Floats], falling: dict[str, FallingQuota]
    ) -> RequiredSupport:
        """Return what is required, given what those ask for whose quota falls."""
        count = self._draws.streams.worlds
        places = [self.names.index(name) for name in of_each]
        voter_sets = [tuple(row) for row in item.votes[places].T.tolist()]
        distinct = sorted(set(voter_sets))
        levels = np.full((count, len(distinct)), -np.inf)
        for column, voter_set in enumerate(distinct):
            for votes, (name, level) in zip(voter_set, of_each.items(), strict=True):
                if votes and name not in falling:
                    levels[:, column] = np.maximum(levels[:, column], level)
        members = {
            name: tuple(each[place] for each in distinct) for place, name in enumerate(of_each)
        }
        return RequiredSupport(
            levels,
            np.array([distinct.index(voter_set) for voter_set in voter_sets], dtype=np.int64),
            members,
            tuple(replace(asked, votes=members[name]) for name, asked in falling.items()),
        )

    def consent(
        self,
        item: Features,
        cells: Cells,
        pressure: Floats,
        expectation: Expectation | None = None,
    ) -> Bools:
        """Return where no ally vetoes a package.

        Parameters
        ----------
        item : Features
            The packages, as the side sees them.
        cells : Cells
        pressure : ndarray, shape (worlds,)
            Outside pressure.
        expectation : Expectation, optional
            If given: are expected to agree, instead of agreeing in fact.

        Returns
        -------
        ndarray of bool, shape (rows, packages) or (rows,)
        """
        several = (len(item.values),) if cells.packages is None else ()
        result = np.ones((len(pressure[cells.worlds]), *several), dtype=bool)
        for name in self._allies:
            result &= self.ally_consents(name, item, cells, pressure, expectation)
        return result

    def ally_consents(
        self,
        name: str,
        item: Features,
        cells: Cells,
        pressure: Floats,
        expectation: Expectation | None = None,
    ) -> Bools:
        """Return where one ally does not veto a package; see `consent`."""
        least = self.least_for(name, cells.worlds, pressure[cells.worlds], expectation)
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
        expectation: Expectation | None = None,
    ) -> Floats:
        """Return the least value of its interest at which an ally agrees, in some worlds."""
        pressed = self._pressure[name][worlds] * pressure
        least = np.asarray(self._least_unpressed(name, expectation)[worlds] + pressed)
        refused = expectation.refused.get(name) if expectation else None
        if refused is None:
            return least
        return np.maximum(least, np.nextafter(refused[worlds], np.inf))

    def least(self, pressure: Floats, expectation: Expectation | None = None) -> Floats:
        """Return `least_for` each ally in all worlds, shape (allies, worlds)."""
        found = [self.least_for(name, EVERYONE, pressure, expectation) for name in self._allies]
        return np.array(found).reshape(len(found), len(pressure))

    def _least_unpressed(self, name: str, expectation: Expectation | None) -> Floats:
        """Return what an ally requires when nothing presses, worked out once."""
        key = (name, id(expectation))
        if key not in self._unpressed:
            ally, draw = self._allies[name], self._draws.of
            luck, tolerance = self._luck[name], draw(ally.tolerance)
            if expectation is not None:
                luck = _inside(expectation.probability)
                tolerance = misjudged(tolerance, expectation.errors.get(name), np.inf)
            level = required_by_quota(-tolerance, draw(ally.noise), luck)
            self._unpressed[key] = (expectation, level)
        return self._unpressed[key][1]

    @property
    def parliaments(self) -> tuple[str, ...]:
        """Return the names of those who are parliaments."""
        return tuple(n for n, r in self._side.ratifiers.items() if isinstance(r, Parliament))

    @property
    def by_public(self) -> tuple[str, ...]:
        """Return the names of those who follow the public: neither parliaments nor allies."""
        others = {*self._allies, *self.parliaments}
        return tuple(name for name in self.names if name not in others)

    def is_ally(self, name: str) -> bool:
        """Tell whether a ratifier is an ally."""
        return name in self._allies
