"""Government of one side in every world of a block: values, memory and terms of waiting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import mesa
import numpy as np

from sim.agents.beliefs import Beliefs
from sim.agents.preconditions import Preconditions, PreconditionStates
from sim.agents.red_lines import red_lines_of
from sim.agents.strategies import demand_of
from sim.agents.valuation import Features, Weights, alike, firsts, lasting_utility
from sim.domain.dispute import Dispute
from sim.domain.draws import Draws, probability_of_turn
from sim.domain.interest import Role
from sim.domain.package import PackageTable
from sim.domain.side import Side, Urgency
from sim.domain.tree import Node
from sim.domain.wording import collision_year, readings
from sim.equations.alternating_offers import discount_until_turn
from sim.equations.audience_cost import retreat
from sim.equations.commitment import anticipated_value, either, unravelling
from sim.equations.ratings import ratings_change, ratings_stake
from sim.equations.utility import per_round
from sim.equations.waiting import entrenchment, fading_urgency, urgency
from sim.memo import memoize_by_identity, the_same
from sim.quantities import Bools, Floats, Ints


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

    def resume(self, earlier: Memory) -> None:
        """Remember what the same government remembers in another model."""
        self.public_position[:] = earlier.public_position
        self.first_heard[:], self.last_heard[:] = earlier.first_heard, earlier.last_heard

    def start_afresh(self, worlds: Ints) -> None:
        """Forget offers and demands of a finished stage."""
        self.public_position[worlds] = -np.inf
        self.first_heard[worlds] = np.nan
        self.last_heard[worlds] = np.nan


class Waiting:
    """A side's terms of waiting in every world of a block.

    Parameters
    ----------
    side : Side
    draws : Draws
    """

    def __init__(self, side: Side, draws: Draws) -> None:
        hardening, ageing, draw = side.reservation.entrenchment, side.reservation.urgency, draws.of
        self._hardening = draw(hardening.initial), draw(hardening.gain), draw(hardening.speed)
        self._ageing = draw(ageing.initial), draw(ageing.growth)
        self._fading = _fading(ageing, draws) if draws.scenario.environment.fading.enabled else None
        self._nothing = np.zeros(draws.streams.worlds)
        self._known: tuple[float, tuple[Floats, Floats]] | None = None

    def seen_from(self, years: float) -> tuple[Floats, Floats]:
        """Return what waiting has brought and what it costs that any text ends, seen from a time.

        Parameters
        ----------
        years : float
            Since the start of the talks.

        Returns
        -------
        pair of ndarray, shape (worlds,)
        """
        if self._known is None or self._known[0] != years:
            entrenched, aged = _waited(*self._hardening, *self._ageing, (years,))
            self._known = years, (entrenched, self._nothing if self._fading else aged)
        return self._known[1]

    def fading(self, years: float) -> Floats | None:
        """Return what waiting costs that only some texts end; none where any text does.

        Parameters
        ----------
        years : float
            Since the start of the talks.

        Returns
        -------
        ndarray, shape (worlds,), or None
            Points.
        """
        return self._fading and fading_urgency(*self._ageing, *self._fading, years)


def _fading(ageing: Urgency, draws: Draws) -> tuple[Floats, Floats]:
    """Return when urgency is at its peak and its half-life from then on; infinity for never."""
    never = np.full(draws.streams.worlds, np.inf)
    asked = ageing.peak_years, ageing.half_life_years
    peak, half_life = (never if item is None else draws.of(item) for item in asked)
    return peak, half_life


@memoize_by_identity
def _waited(
    initial: Floats,
    gain: Floats,
    speed: Floats,
    urgent: Floats,
    growth: Floats,
    at: tuple[float],
) -> Floats:
    """Return `entrenchment` and `urgency` at a time, which all structures of a block share.

    Returns
    -------
    ndarray, shape (2, worlds)
    """
    return np.array([entrenchment(initial, gain, speed, at[0]), urgency(urgent, growth, at[0])])


@dataclass
class PackageValues:
    """A government's lasting view of the packages of one node.

    Parameters
    ----------
    features : Features
    moving_features : ndarray, shape (looks, moving features)
        Those whose weights move during talks, of packages that look different.
    moving_look : ndarray of int, shape (packages,)
        Which of these looks each package has.
    stake : ndarray, shape (worlds or 1, packages or 1)
        What the leader's ratings add to the value of signing, in points; it is had by signing, and
        walking back does not return it.
    static_value : ndarray, shape (worlds, packages)
        The part of the value of signing that does not move during talks, in points; the stake is
        in it.
    keep_probability : ndarray, shape (worlds, looks)
        Probability that packages of these looks are not walked back before they are carried out.
    collision_year : ndarray, shape (worlds or 1, packages or 1)
        Probability a year that the two readings of the package collide.
    preconditions : Preconditions
    forbidden : ndarray of bool, shape (worlds, looks to preconditions)
    penalty : ndarray, shape (worlds, looks to preconditions)
        Points.
    stale : ndarray of bool, shape (worlds,)
        Where positions have moved since these two were worked out.
    """

    features: Features
    moving_features: Floats
    moving_look: Ints
    stake: Floats
    static_value: Floats
    keep_probability: Floats
    collision_year: Floats
    preconditions: Preconditions
    forbidden: Bools
    penalty: Floats
    stale: Bools

    @property
    def precondition_look(self) -> Ints:
        """Return which look each package has to preconditions, shape (packages,)."""
        return self.preconditions.pattern

    def forbids(self, worlds: Ints, packages: Ints) -> Bools:
        """Return whether an absolute precondition forbids one package in each of some worlds."""
        return np.asarray(self.forbidden[worlds, self.precondition_look[packages]])

    def turn(self, round_: int) -> None:
        """Work out anew what preconditions forbid and cost, in all worlds."""
        self.preconditions.follow(np.flatnonzero(self.stale))
        self.forbidden = self.preconditions.forbidden(round_)
        self.penalty = self.preconditions.penalty(round_)
        self.stale[:] = False

    def follow(self, round_: int, worlds: Ints) -> None:
        """Let some worlds have positions as they are now, in place: loops have laid them out."""
        moved = worlds[self.stale[worlds]]
        if len(moved):
            self.preconditions.follow(moved)
            self.forbidden[moved] = self.preconditions.forbidden(round_, moved)
            self.penalty[moved] = self.preconditions.penalty(round_, moved)
            self.stale[moved] = False


class _Undoing(NamedTuple):
    """What may undo the packages of a table before they are carried out.

    Attributes
    ----------
    pattern : ndarray of int, shape (packages,)
        Which packages can be undone in the same way.
    risk : ndarray, shape (worlds, packages)
        Probability that a package is.
    collision_year : ndarray, shape (worlds or 1, packages or 1)
        Probability a year that the two readings of the package collide.
    """

    pattern: Ints
    risk: Floats
    collision_year: Floats


class _Moving(NamedTuple):
    """What packages that differ in anything that moves look like.

    Attributes
    ----------
    look : ndarray of int, shape (packages,)
        Which look each package has.
    first : ndarray of int, shape (looks,)
        The first package of each.
    features : ndarray, shape (looks, moving features)
    """

    look: Ints
    first: Ints
    features: Floats


@memoize_by_identity
def _moving_looks(undoing: Ints, features: Floats) -> _Moving:
    """Return which packages are alike in what may undo them and in the features that move."""
    look = alike(np.column_stack([undoing, features]))
    first = firsts(look)
    return _Moving(look, first, features[first])


def value_packages(
    item: Features,
    weights: Weights,
    undoing: _Undoing,
    preconditions: Preconditions,
    stake: Floats,
) -> PackageValues:
    """Return the view of a further node's packages, as of round 0.

    Blocks and cells that share what it is made of share its arrays: only what moves in a model of
    its own may be changed in place.

    Parameters
    ----------
    item : Features
        What the side sees in the packages.
    weights : Weights
    undoing : _Undoing
        What may undo the packages; tables alike share it.
    preconditions : Preconditions
    stake : ndarray, shape (worlds or 1, packages or 1)
        What the leader's ratings add to the value of signing, in points.
    """
    sunk = lasting_utility(weights.values, item.sunk)
    static = _anticipated(weights.still(item), sunk, undoing.risk)
    moving = _moving_looks(undoing.pattern, weights.moving_features(item))
    forbidden, penalty = preconditions.at_start()
    return PackageValues(
        features=item,
        moving_features=moving.features,
        moving_look=moving.look,
        stake=stake,
        static_value=static + stake if stake.any() else static,
        keep_probability=_kept(undoing.risk, moving.first),
        collision_year=undoing.collision_year,
        preconditions=preconditions,
        forbidden=forbidden,
        penalty=penalty,
        stale=np.zeros(len(static), dtype=bool),
    )


_anticipated = memoize_by_identity(anticipated_value)
"""`anticipated_value` of what does not change, worked out once for blocks and cells that share it.
"""


@memoize_by_identity
def _risk(walk_back_year: Floats, collisions: Floats, years: Floats, pattern: Ints) -> Floats:
    """Return the probability that packages are undone before they are carried out.

    Parameters
    ----------
    walk_back_year : ndarray, shape (worlds,)
        Believed probability of a walk-back, per year.
    collisions : ndarray, shape (worlds or 1, looks or 1)
        Probability that two readings collide, per year.
    years : ndarray, shape (looks,)
        Until they are carried out.
    pattern : ndarray of int, shape (packages,)
        Which look each package has.

    Returns
    -------
    ndarray, shape (worlds, packages)
    """
    walked_back = unravelling(walk_back_year[:, None], years[None, :])
    return np.take(either(walked_back, unravelling(collisions, years[None, :])), pattern, axis=1)


@memoize_by_identity
def _kept(risk: Floats, first: Ints) -> Floats:
    """Return the probability that packages of each look are not undone, shape (worlds, looks)."""
    return 1.0 - np.take(risk, first, axis=1)


class Government(mesa.Agent):
    """One side's government in every world of a block.

    It is composed: weights and preconditions say what it wants, a demand rule how much it asks for,
    beliefs what it thinks of the other side and of both second levels.

    Parameters
    ----------
    model : mesa.Model
    role : Role
    side : Side
    dispute : Dispute
    draws : Draws
    round_years : float
        Length of a round in years.

    Attributes
    ----------
    deadlines : pair of ndarray, shape (worlds,)
        Of the first leader, and of whoever follows, in rounds; infinity for none.
    """

    def __init__(
        self,
        model: mesa.Model,
        role: Role,
        side: Side,
        dispute: Dispute,
        draws: Draws,
        round_years: float,
    ) -> None:
        super().__init__(model)
        self.role, self.side = role, side
        self.own, self.other = role.position, role.other.position
        self.clauses = tuple(dispute.clauses)
        self._draws = draws
        self.weights = Weights(side, dispute, draws)
        self.demand = demand_of(side, draws)
        self.beliefs = Beliefs(side, draws)
        self.package_values: list[PackageValues] = []
        self.red_lines = red_lines_of(side, draws.scenario.side(role.other), draws)
        self.discount_year = draws.of(side.leader.discount_factor)
        self.discount = per_round(self.discount_year, round_years)
        self.audience_cost = draws.of(side.leader.audience_cost)
        self.approval_weight = draws.of(side.leader.approval_weight)
        self.foresees_audience = draws.scenario.protocol.audience_cost == "net"
        self.dialogue = draws.of(side.reservation.dialogue)
        self.reputation = draws.of(side.commitment.reputation)
        self._round_years = round_years
        self._turn = probability_of_turn(draws, role)
        self.deadlines = (
            draws.of(side.leader.deadline_rounds),
            draws.of(side.leader.successor.deadline_rounds),
        )
        self.positions = PreconditionStates(side, draws)
        self._known: dict[tuple[object, ...], _Undoing] = {}
        self.memory = Memory(draws.streams.worlds)
        self.waiting = Waiting(side, draws)

    @property
    def discount_until_turn(self) -> Floats:
        """Return what is left of a unit until the own next turn after a round, shape (worlds,)."""
        if self._turn is None:
            return self.discount
        return discount_until_turn(self.discount, self._turn)

    def add_packages(self, node: Node, item: Features) -> None:
        """Form a lasting view of the packages of a further node.

        Parameters
        ----------
        node : Node
        item : Features
            What the side sees in its packages.
        """
        preconditions = Preconditions(self.role, node.table, self._draws, self.positions)
        undoing, stake = self._undoing(node.table), self._stake(item)
        values = value_packages(item, self.weights, undoing, preconditions, stake)
        self.package_values.append(values)
        cost = self.side.commitment.linkage_cost
        if cost is not None and item.untied.any():
            price = self._draws.of(cost)[:, None] * item.untied
            values.static_value = values.static_value - price

    def _undoing(self, table: PackageTable) -> _Undoing:
        """Return what may undo the packages of a table, worked out once for tables alike."""
        pattern, years, said = readings(table, self._draws.scenario.dispute)
        words = tuple((clause, level) for clause, level, _ in said[0])
        key = words, *(each.tobytes() for each in (pattern, years, said[1]))
        if key not in self._known:
            collisions = the_same(collision_year(said, self._draws.of))
            walked_back = self.beliefs.walk_back_year
            risk = _risk(walked_back, collisions, the_same(years), the_same(pattern))
            if collisions.shape[1] > 1:
                collisions = np.take(collisions, pattern, axis=1)
            self._known[key] = _Undoing(pattern, risk, collisions)
        return self._known[key]

    def _stake(self, item: Features) -> Floats:
        """Return what the leader's ratings add to the value of signing packages."""
        environment = self._draws.scenario.environment
        if not (environment.ratings.enabled and environment.approval.enabled):
            return np.zeros((1, 1))
        process = self.side.leader.approval
        win, loss = self._draws.of(process.win_effect), self._draws.of(process.loss_effect)
        change = ratings_change(win[:, None], loss[:, None], item.gained, item.given)
        return ratings_stake(self.approval_weight[:, None], change)

    def add_continuation(self, node: int, later: Floats) -> None:
        """Add the discounted value of later stages to a node's packages, in points."""
        values = self.package_values[node]
        values.static_value = values.static_value + later

    def update_preconditions(self, round_: int, new: Bools, number: Ints) -> None:
        """Bring preconditions on all nodes up to a round: those with a date, and those that move.

        Parameters
        ----------
        round_ : int
        new : ndarray of bool, shape (worlds,)
            Where a leader has just taken office.
        number : ndarray of int, shape (worlds,)
            Under which successor's resolve positions are drawn anew.
        """
        if self.positions.lapsed:
            moved = self.positions.move(round_, new, number)
            for values in self.package_values:
                values.stale[moved] = True
        for values in self.package_values:
            if round_ in values.preconditions.turning_rounds:
                values.turn(round_)

    def foresee(self, node: int, on: bool) -> None:
        """Take states at the beginning of a stage for lasting, or no more, in all worlds.

        Parameters
        ----------
        node : int
        on : bool
        """
        values = self.package_values[node]
        if values.preconditions.lasting:
            values.preconditions.foresee(on)
            values.stale[:] = True
            values.turn(0)

    def let_last(self, name: str, there: Bools) -> Ints:
        """Let the state that lifts a precondition last for one more round, or end.

        Parameters
        ----------
        name : str
        there : ndarray of bool, shape (worlds,)
            Where it is there.

        Returns
        -------
        ndarray of int
            Worlds in which the precondition is lifted by now, or is so no more.
        """
        moved = self.positions.accumulate(name, there)
        for values in self.package_values:
            values.stale[moved] = True
        return moved

    def withdraw(self, name: str, round_: int) -> None:
        """Withdraw a precondition for good, in all worlds: it forbids and costs nothing any more.

        What was expected of later stages at the start of talks stays as it was.

        Parameters
        ----------
        name : str
        round_ : int
            The present one.
        """
        self.positions.withdrawn.add(name)
        for values in self.package_values:
            values.turn(round_)

    def values_at(self, node: int, worlds: Ints, round_: int) -> PackageValues:
        """Return the view of a node's packages, with positions as they are now in some worlds."""
        values = self.package_values[node]
        if self.positions.moving:
            values.follow(round_, worlds)
        if self.red_lines is not None:
            self.red_lines.follow(node, worlds, round_)
        return values

    def barred(self, node: int) -> Bools | None:
        """Return what of a node is believed barred by the other's red lines, where it matters.

        Returns
        -------
        ndarray of bool, shape (worlds, packages), or None
        """
        return None if self.red_lines is None else self.red_lines.barred[node]

    def succeed(self, new: Bools, number: Ints, round_: int) -> None:
        """Let successors who take office in this round want what they want.

        Parameters
        ----------
        new : ndarray of bool, shape (worlds,)
            Where one does.
        number : ndarray of int, shape (worlds,)
            How many have.
        round_ : int
            From which the deadline of the new ones counts.
        """
        if not new.any():
            return
        number, successor, draw = np.where(new, number, 0), self.side.leader.successor, self._draws
        deadline = round_ + draw.of_successors(successor.deadline_rounds, number)
        self.deadlines = self.deadlines[0], np.where(new, deadline, self.deadlines[1])
        if successor.discount_factor is not None:
            drawn = draw.of_successors(successor.discount_factor, number)
            self.discount_year = np.where(new, drawn, self.discount_year)
            self.discount = per_round(self.discount_year, self._round_years)
        if successor.audience_cost is not None:
            drawn = draw.of_successors(successor.audience_cost, number)
            self.audience_cost = np.where(new, drawn, self.audience_cost)
        self.weights.succeed(new, number)

    def resume(self, earlier: Government, followed: Bools, round_: int) -> None:
        """Go on from what has become of the same government in another model.

        Parameters
        ----------
        earlier : Government
        followed : ndarray of bool, shape (worlds,)
            Where successors who are drawn anew have taken office: what they want stays theirs.
        round_ : int
            The present one.
        """
        self.memory.resume(earlier.memory)
        self.beliefs.resume(earlier.beliefs)
        self.positions.resume(earlier.positions)
        if followed.any():
            for name in ("discount_year", "discount", "audience_cost"):
                kept = np.where(followed, getattr(earlier, name), getattr(self, name))
                setattr(self, name, kept)
            later = np.where(followed, earlier.deadlines[1], self.deadlines[1])
            self.deadlines = self.deadlines[0], later
            self.weights.resume(earlier.weights, followed)
        for values in self.package_values:
            values.stale[:] = True
            values.turn(round_)
        if self.red_lines is not None and earlier.red_lines is not None:
            self.red_lines.resume(earlier.red_lines)

    def observe_offer(self, worlds: Ints, value: Floats) -> None:
        """Remember what the other offers, by its own value of it, and learn from it."""
        self.memory.heard(worlds, value)
        self.beliefs.learn(worlds)

    def charge(self, worlds: Ints, value: Floats) -> Floats:
        """Return the approval that signing costs by retreat from a public position, in points.

        Parameters
        ----------
        worlds : ndarray of int, shape (signed,)
        value : ndarray, shape (signed,)
            Value of what is signed, in points.
        """
        return self.audience_cost[worlds] * retreat(self.memory.public_position[worlds], value)
