"""A government in every world of a block: what it wants, remembers and expects of waiting."""

from __future__ import annotations

from dataclasses import dataclass

import mesa
import numpy as np

from sim.agents.beliefs import Beliefs
from sim.agents.preconditions import Preconditions
from sim.agents.strategies import Position, demand_of
from sim.agents.valuation import Features, WeightMultipliers, Weights, lasting_utility
from sim.agents.view import Chosen, Offer, RoundView
from sim.domain.dispute import Dispute
from sim.domain.draws import Draws
from sim.domain.interest import Role
from sim.domain.outcome import ANSWERS, Answer
from sim.domain.side import Side
from sim.domain.tree import Node
from sim.domain.wording import collision_year
from sim.equations.audience_cost import retreat, value_after_audience
from sim.equations.commitment import anticipated_value, either, unravelling
from sim.equations.offering import NONE
from sim.equations.utility import additive_utility, per_round
from sim.equations.waiting import entrenchment, reservation_value, urgency
from sim.memo import memoize_by_identity
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
        self._known: tuple[float, Floats, Floats] | None = None

    def seen_from(self, years: float) -> tuple[Floats, Floats]:
        """Return what waiting has brought and what it costs, in points, seen from a time.

        Parameters
        ----------
        years : float
            Since the start of the talks.

        Returns
        -------
        pair of ndarray, shape (worlds,)
        """
        if self._known is None or self._known[0] != years:
            urgent = urgency(*self._ageing, years)
            self._known = (years, _entrenched(*self._hardening, (years,)), urgent)
        return self._known[1:]


@memoize_by_identity
def _entrenched(initial: Floats, gain: Floats, speed: Floats, at: tuple[float]) -> Floats:
    """Return `entrenchment`, which all structures of a block share."""
    return entrenchment(initial, gain, speed, at[0])


@dataclass
class PackageValues:
    """A government's lasting view of the packages of one node.

    Parameters
    ----------
    features : Features
    moving_features : ndarray, shape (packages, moving features)
        Those whose weights move during talks.
    still : ndarray, shape (worlds, packages)
        The part of the value of signing that does not move during talks, in points.
    kept : ndarray, shape (worlds, packages)
        Probability that the text is not walked back before it is carried out.
    collision_year : ndarray, shape (worlds or 1, packages or 1)
        Probability a year that the two readings of the text collide.
    stances : Preconditions
    forbidden : ndarray of bool, shape (worlds, packages)
    penalty : ndarray, shape (worlds, packages)
        Points.
    """

    features: Features
    moving_features: Floats
    still: Floats
    kept: Floats
    collision_year: Floats
    preconditions: Preconditions
    forbidden: Bools
    penalty: Floats

    def update_preconditions(self, round_: int) -> None:
        """Bring dated preconditions up to a round."""
        if round_ in self.preconditions.turning_rounds:
            self.forbidden = self.preconditions.forbidden(round_)
            self.penalty = self.preconditions.penalty(round_)


def value_packages(
    item: Features,
    weights: Weights,
    risk: Floats,
    collision_year: Floats,
    preconditions: Preconditions,
) -> PackageValues:
    """Return the view of a further node's packages, as of round 0.

    Parameters
    ----------
    item : Features
        What the side sees in the packages.
    weights : Weights
    risk : ndarray, shape (worlds, packages)
        Believed probability that the text is walked back before it is carried out.
    collision_year : ndarray, shape (worlds or 1, packages or 1)
        Probability a year that its readings collide.
    stances : Preconditions
    """
    sunk = lasting_utility(weights.values, item.sunk)
    return PackageValues(
        features=item,
        moving_features=np.ascontiguousarray(item.values[:, list(weights.moving)]),
        still=anticipated_value(weights.still(item), sunk, risk),
        kept=1.0 - risk,
        collision_year=collision_year,
        preconditions=preconditions,
        forbidden=preconditions.forbidden(0),
        penalty=preconditions.penalty(0),
    )


class Government(mesa.Agent):
    """One side's government in every world of a block.

    It is composed: weights and stances say what it wants, a demand rule how much it asks for,
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
        self._draws = draws
        self.weights = Weights(side, dispute, draws)
        self.demand = demand_of(side, draws)
        self.beliefs = Beliefs(side, draws)
        self.ledgers: list[PackageValues] = []
        self.discount_year = draws.of(side.leader.discount_factor)
        self.discount = per_round(self.discount_year, round_years)
        self.audience_cost = draws.of(side.leader.audience_cost)
        self.approval_weight = draws.of(side.leader.approval_weight)
        self.dialogue = draws.of(side.reservation.dialogue)
        self.reputation = draws.of(side.commitment.reputation)
        self._deadlines = (
            draws.of(side.leader.deadline_rounds),
            draws.of(side.leader.successor.deadline_rounds),
        )
        self.memory = Memory(draws.streams.worlds)
        self.waiting = Waiting(side, draws)
        self._stands: Position  # where it stood when it last said what it demands

    # -- what it wants ---------------------------------------------------------------------

    def add_packages(self, node: Node, item: Features) -> None:
        """Form a lasting view of the packages of a further node.

        Parameters
        ----------
        node : Node
        item : Features
            What the side sees in its packages.
        """
        table, years = node.table, node.table.years[None, :]
        collisions = collision_year(table, self._draws.scenario.dispute, self._draws.of)
        walked_back = unravelling(self.beliefs.walk_back_year[:, None], years)
        risk = either(walked_back, unravelling(collisions, years))
        preconditions = Preconditions(self.role, table, self._draws)
        ledger = value_packages(item, self.weights, risk, collisions, preconditions)
        self.ledgers.append(ledger)

    def add_continuation(self, node: int, later: Floats) -> None:
        """Add the discounted value of later stages to a node's packages, in points."""
        self.ledgers[node].still += later

    def value(self, node: int, worlds: Ints, multipliers: WeightMultipliers) -> Floats:
        """Return the value of signing each package, before preconditions.

        Parameters
        ----------
        node : int
        worlds : ndarray of int, shape (rows,)
        climate : WeightMultipliers
            Of those worlds.

        Returns
        -------
        ndarray, shape (rows, packages)
            Points.
        """
        ledger = self.ledgers[node]
        moved = additive_utility(self.weights.moved(multipliers, worlds).T, ledger.moving_features)
        return np.asarray(ledger.still[worlds] + ledger.kept[worlds] * moved)

    def reservation(self, years: float, worlds: Ints, node: int) -> Floats:
        """Return the value of never signing a node's packages, seen from a time, in points.

        Parameters
        ----------
        years : float
            Years since the start of the talks.
        worlds : ndarray of int, shape (rows,)
            Where talks are alive.
        node : int
            What earlier texts frame already is not drawn from these talks again.
        """
        entrenched, urgent = self.waiting.seen_from(years)
        unframed = 1.0 - self.ledgers[node].features.framed
        return reservation_value(
            self.dialogue[worlds], entrenched[worlds], urgent[worlds], unframed
        )

    def deadline(self, leader_sits: Bools) -> Floats:
        """Return the deadline of the leader in office, in rounds; infinity for none."""
        return np.where(leader_sits, *self._deadlines)

    # -- what it does ----------------------------------------------------------------------

    def aspire(
        self, talk: RoundView, top: Floats, deadline: Floats, other_discount: Floats, ahead: int = 0
    ) -> Floats:
        """Return the least value it demands.

        Parameters
        ----------
        talk : RoundView
        top : ndarray, shape (rows,)
            Its best value among packages believed acceptable to the other.
        deadline : ndarray, shape (rows,)
        other_discount : ndarray, shape (rows,)
            The other's discount factor per round.
        ahead : int
            0 for an offer made now, 1 for the one it would make next round.

        Returns
        -------
        ndarray, shape (rows,)
            Points.
        """
        reservation = talk.reservation[self.own]
        top = np.maximum(top, reservation)
        span = np.where(top > reservation, top - reservation, 1.0)
        heard = self.memory.conceded_to_me(talk.worlds) / span
        position = Position(
            talk=talk,
            own=self.own,
            other=self.other,
            ahead=ahead,
            beliefs=self.beliefs,
            top=top,
            deadline=deadline,
            own_discount=self.discount[talk.worlds],
            other_discount=other_discount,
            other_concession=np.clip(np.nan_to_num(heard), 0.0, 1.0),
            first_heard=self.memory.first_heard[talk.worlds],
        )
        self._stands = position
        return self.demand.aspiration(position)

    def answer(self, talk: RoundView, chosen: Chosen, own_next: Offer) -> Ints:
        """Answer the other's offer.

        Parameters
        ----------
        talk : RoundView
        chosen : Chosen
            The offers.
        own_next : Offer
            What it would itself offer next.

        Returns
        -------
        ndarray of int, shape (rows,)
            Places in `sim.domain.outcome.ANSWERS`.
        """
        value, reservation = chosen.value[self.own], talk.reservation[self.own]
        rows = np.arange(len(value))
        counter = talk.value[self.own][rows, np.maximum(own_next.package, 0)]
        future = np.where(own_next.package == NONE, own_next.aspiration, counter)
        least = self.demand.worth_waiting(self._stands, future)
        believed = self.beliefs
        tests = (
            (~chosen.made, Answer.passed),
            (value < reservation, Answer.below_reservation),
            (chosen.forbidden[self.own], Answer.precondition),
            (self._net(talk.worlds, value) < least, Answer.below_demand),
            (~believed.passes_at(talk, chosen, self.own, self.own), Answer.doubts_own),
            (~believed.passes_at(talk, chosen, self.other, self.own), Answer.doubts_other),
        )
        result = np.full(len(value), ANSWERS.index(Answer.accepted))
        for failed, answer in reversed(tests):
            result[failed] = ANSWERS.index(answer)
        return result

    def observe_offer(self, worlds: Ints, value: Floats) -> None:
        """Remember what the other offers, by its own value of it, and learn from it."""
        self.memory.heard(worlds, value)
        self.beliefs.learn(worlds)

    def release(self) -> None:
        """Forget where it stood; it holds the table, and the table holds it."""
        self.__dict__.pop("_stands", None)

    def charge(self, worlds: Ints, value: Floats) -> Floats:
        """Return the approval that signing costs by retreat from a public position, in points.

        Parameters
        ----------
        worlds : ndarray of int, shape (signed,)
        value : ndarray, shape (signed,)
            Value of what is signed, in points.
        """
        return self.audience_cost[worlds] * retreat(self.memory.public_position[worlds], value)

    def _net(self, worlds: Ints, value: Floats) -> Floats:
        return value_after_audience(
            value,
            self.memory.public_position[worlds],
            self.audience_cost[worlds],
            self.approval_weight[worlds],
        )
