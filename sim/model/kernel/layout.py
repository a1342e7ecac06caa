"""Layout of both sides' arrays, and of what a round fills, for compiled loops.

Arrays of worlds cover the whole block, and are laid out as seldom as they change: `LastingArrays`
once, `PackageArrays` once a node and whenever dated preconditions turn, `RoundArrays` once a round.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

import numpy as np

from sim.agents.ratifiers import Expectation, RequiredSupport
from sim.agents.strategies.time_dependent import TimeDependentDemand
from sim.equations.alternating_offers import rubinstein_share
from sim.equations.public_support import steepness
from sim.model.view import Party, RoundContext, SideConditions
from sim.quantities import EVERYONE, Bools, Floats, Ints


class PackageArrays(NamedTuple):
    """The packages of a node, as one side sees them.

    Attributes
    ----------
    static_value, keep_probability, penalty, error : ndarray, shape (worlds, packages)
        Static value, probability of not being walked back, price of preconditions, and error
        about the other side's value.
    forbidden : ndarray of bool, shape (worlds, packages)
    learns : bool
        Whether the side believes anything barred by the other's red lines.
    barred : ndarray of bool, shape (worlds, packages)
        What it does; of shape (1, 1) where it believes nothing.
    moving_features : ndarray, shape (moving features, packages)
    opinion : ndarray, shape (worlds, segments, distinct packages)
    highest : ndarray, shape (worlds, segments)
        Highest `opinion` of any package.
    concession : ndarray, shape (distinct packages,)
    mildest : float
        Smallest `concession`.
    column : ndarray of int, shape (packages,)
        Which distinct package each looks like.
    ally_value : ndarray, shape (allies, packages)
        What each ally looks at.
    unframed : float
        Share of `dialogue` that hangs on these talks.
    required, required_home : ndarray, shape (worlds, voter sets)
        Support that the side's ratifiers require: in fact, and as the side expects of them; but
        leaders whose quota falls with approval.
    required_away : ndarray, shape (worlds, voter sets of the other side)
        As it expects of the other side's.
    led, led_away : ndarray of bool, shape (leaders, voter sets)
        In which voter sets those leaders are, at home and on the other side.
    voter_set : ndarray of int, shape (packages,)
        Which ratifiers vote on each package.
    last_support, last_shift, last_push : ndarray, shape (2, worlds, distinct packages)
        Support when last looked at, without and with a campaign, and what moved it then; loops
        fill them.
    """

    static_value: Floats
    keep_probability: Floats
    penalty: Floats
    error: Floats
    forbidden: Bools
    learns: bool
    barred: Bools
    moving_features: Floats
    opinion: Floats
    highest: Floats
    concession: Floats
    mildest: float
    column: Ints
    ally_value: Floats
    unframed: float
    required: Floats
    required_home: Floats
    required_away: Floats
    led: Bools
    led_away: Bools
    voter_set: Ints
    last_support: Floats
    last_shift: Floats
    last_push: Floats


class LastingArrays(NamedTuple):
    """What a side is in every world; memory is the government's own, not a copy.

    Attributes
    ----------
    shares, threshold, spread : ndarray, shape (worlds, segments)
    steepness : ndarray, shape (worlds,)
        The most by which support can change with a point of what moves all segments.
    dialogue, reservation_error : ndarray, shape (worlds,)
    share, reciprocity, discount : ndarray, shape (worlds,)
        Stationary share, what a concession is answered with, and discount until the next turn.
    audience_cost, approval_weight : ndarray, shape (worlds,)
    foresees_audience : bool
        Whether a next offer of its own is worth what it is net of audience cost.
    position, first_heard, last_heard, offers_heard : ndarray, shape (worlds,)
        Public position, offers heard, and their number.
    """

    shares: Floats
    threshold: Floats
    spread: Floats
    steepness: Floats
    dialogue: Floats
    reservation_error: Floats
    share: Floats
    reciprocity: Floats
    discount: Floats
    audience_cost: Floats
    approval_weight: Floats
    foresees_audience: bool
    position: Floats
    first_heard: Floats
    last_heard: Floats
    offers_heard: Floats


class RoundArrays(NamedTuple):
    """What a side meets in a round.

    Attributes
    ----------
    moving_weights : ndarray, shape (moving features, worlds)
    entrenched, urgent, shrinkage : ndarray, shape (worlds,)
        Terms of waiting, and the share of errors left.
    advocacy_shift, backlash, support_error_home, support_error_away : ndarray, shape (worlds,)
        What moves support; errors about support at home and abroad.
    push : ndarray, shape (2, worlds)
        Spreads by which the leader moves all segments, without a campaign and with one.
    kindest_push : ndarray, shape (worlds,)
        The larger of what the leader may come to.
    campaign_cost : ndarray, shape (worlds,)
        What a campaign costs in points; infinity where none is run.
    leaders, leaders_home : ndarray, shape (leaders, worlds)
        Support that leaders whose quota falls with approval require: in fact, and as expected.
    leaders_away : ndarray, shape (leaders of the other side, worlds)
    ally_least, least_home : ndarray, shape (allies, worlds)
        Least value at which each ally agrees: in fact, and as the side expects.
    least_away : ndarray, shape (allies of the other side, worlds)
    clocked : ndarray of bool, shape (worlds,)
        Whether the leader has a deadline.
    by_clock : ndarray, shape (worlds,)
        Concession by the clock where there is one.
    """

    moving_weights: Floats
    entrenched: Floats
    urgent: Floats
    shrinkage: Floats
    advocacy_shift: Floats
    backlash: Floats
    support_error_home: Floats
    support_error_away: Floats
    push: Floats
    kindest_push: Floats
    campaign_cost: Floats
    leaders: Floats
    leaders_home: Floats
    leaders_away: Floats
    ally_least: Floats
    least_home: Floats
    least_away: Floats
    clocked: Bools
    by_clock: Floats


class SideArrays(NamedTuple):
    """One side at one node in one round."""

    packages: PackageArrays
    lasting: LastingArrays
    present: RoundArrays


class Progress(NamedTuple):
    """What a round leaves behind in every world, filled in place.

    Attributes
    ----------
    deepest : ndarray of int, shape (worlds,)
    margin : ndarray, shape (worlds,)
    refused : ndarray of bool, shape (worlds,)
    """

    deepest: Ints
    margin: Floats
    refused: Bools


class Scratch(NamedTuple):
    """Space for one world's packages, one line a side; the mover's first.

    Attributes
    ----------
    picked : ndarray of int, shape (packages,)
    spare : ndarray, shape (packages,)
    open, value, believed : ndarray, shape (2, packages)
        Value of signing before and after preconditions, and what the side takes the other's for.
    least : ndarray, shape (2,)
        Value of never signing.
    """

    picked: Ints
    spare: Floats
    open: Floats
    value: Floats
    believed: Floats
    least: Floats


Parts = TypeVar("Parts", PackageArrays, LastingArrays, RoundArrays)


def plain(parts: Parts) -> Parts:
    """Return arrays that all have the one layout for which loops are compiled."""
    return type(parts)(*(_plain(part) for part in parts))


def _plain(part: Any) -> Any:
    if not isinstance(part, np.ndarray) or (part.flags.c_contiguous and part.flags.writeable):
        return part
    return np.array(part, order="C")


class RoundOutcome(NamedTuple):
    """What came of a round in each row, filled in place; the mover's first in pairs.

    Attributes
    ----------
    package : ndarray of int, shape (rows,)
        What was offered, or `NONE`.
    accepted, lawful : ndarray of bool, shape (rows,)
    value, reservation : ndarray, shape (2, rows)
        Of what was offered, in points.
    """

    package: Ints
    accepted: Bools
    lawful: Bools
    value: Floats
    reservation: Floats

    def at(self, rows: Ints) -> RoundOutcome:
        """Return what came of a round in some rows."""
        lawful, value, reservation = (
            self.lawful[rows],
            self.value[:, rows],
            self.reservation[:, rows],
        )
        return RoundOutcome(self.package[rows], self.accepted[rows], lawful, value, reservation)


def blank_outcome(rows: int) -> RoundOutcome:
    """Return space for what comes of a round in some rows."""
    accepted, lawful = np.empty(rows, dtype=bool), np.empty(rows, dtype=bool)
    return RoundOutcome(
        np.empty(rows, dtype=np.int64), accepted, lawful, np.empty((2, rows)), np.empty((2, rows))
    )


def scratch_for(packages: int) -> Scratch:
    """Return space for one world's packages."""
    open_, value, believed = (np.empty((2, packages)) for _ in range(3))
    picked, spare = np.empty(packages, dtype=np.int64), np.empty(packages)
    return Scratch(picked, spare, open_, value, believed, np.empty(2))


class ArrayPacker:
    """Arrays of both sides of a block, packed when they are first needed.

    Parameters
    ----------
    parties : pair of Party
        Of the block.

    Attributes
    ----------
    possible : bool
        Whether compiled loops know both publics' formula and both sides' strategies.
    """

    def __init__(self, parties: tuple[Party, Party]) -> None:
        self._parties = parties
        self.possible = all(map(_is_known, parties))
        known = parties if self.possible else ()
        self._lasting = tuple(_lasting_arrays(party, _other(parties, party)) for party in known)
        self._leaders = _leaders(parties)
        self._packages: dict[tuple[int, int], tuple[Bools, PackageArrays]] = {}
        self._present: tuple[RoundContext | None, dict[tuple[int, int], RoundArrays]] = (None, {})

    def pack_arrays(self, context: RoundContext, node: int, side: int, mover: int) -> SideArrays:
        """Return a side at a node in a round.

        Parameters
        ----------
        context : RoundContext
        node, side : int
        mover : int
            Place of the side whose turn it is.
        """
        if self._present[0] is not context:
            self._follow_successions()
            self._present = (context, {})
        known = self._present[1]
        if (side, mover) not in known:
            known[side, mover] = _round_arrays(context, side, ahead=int(side != mover))
        return SideArrays(self._packages_at(node, side), self._lasting[side], known[side, mover])

    def _follow_successions(self) -> None:
        """Lay out anew what governments are, where their leaders have changed."""
        leaders = _leaders(self._parties)
        if any(one is not two for one, two in zip(leaders, self._leaders, strict=True)):
            self._leaders = leaders
            pairs = [(party, _other(self._parties, party)) for party in self._parties]
            self._lasting = tuple(_lasting_arrays(*pair) for pair in pairs)

    def _packages_at(self, node: int, side: int) -> PackageArrays:
        """Return a node's packages; positions that move do so in these arrays."""
        forbidden = self._parties[side].government.package_values[node].forbidden
        known = self._packages.get((node, side))
        if known is None or known[0] is not forbidden:
            known = forbidden, _package_arrays(self._parties, node, side)
            self._packages[node, side] = known
        return known[1]


def _is_known(party: Party) -> bool:
    return party.public.is_segmented and isinstance(party.government.demand, TimeDependentDemand)


def _clock_of(party: Party) -> TimeDependentDemand:
    demand = party.government.demand
    if not isinstance(demand, TimeDependentDemand):
        raise TypeError("loops know only sides that concede by the clock")
    return demand


def _leaders(parties: tuple[Party, Party]) -> tuple[Floats, ...]:
    """Return the arrays of both governments that a succession replaces."""
    governments = [party.government for party in parties]
    return tuple(each for one in governments for each in (one.discount, one.audience_cost))


def _other(parties: tuple[Party, Party], party: Party) -> Party:
    return parties[party.role.other.position]


def _package_arrays(parties: tuple[Party, Party], node: int, side: int) -> PackageArrays:
    party, government = parties[side], parties[side].government
    values, opinions = government.package_values[node], party.opinions[node]
    beliefs, barred = government.beliefs, government.barred(node)
    looked_at = 2, opinions.values.shape[0], opinions.values.shape[2]
    in_fact = party.ratifiers.required_support(values.features)
    home, away = beliefs.required(node, side), beliefs.required(node, 1 - side)
    return plain(
        PackageArrays(
            static_value=values.static_value,
            keep_probability=values.keep_probability,
            penalty=values.penalty,
            error=beliefs.value_error(node),
            forbidden=values.forbidden,
            learns=barred is not None,
            barred=np.zeros((1, 1), dtype=bool) if barred is None else barred,
            moving_features=values.moving_features.T,
            opinion=opinions.values,
            highest=opinions.highest,
            concession=opinions.concession,
            mildest=float(opinions.concession.min()),
            column=opinions.column,
            ally_value=_judged_by_allies(party, node),
            unframed=1.0 - values.features.framed,
            required=in_fact.levels,
            required_home=home.levels,
            required_away=away.levels,
            led=_led(home),
            led_away=_led(away),
            voter_set=home.voter_set,
            last_support=np.full(looked_at, np.nan),
            last_shift=np.full(looked_at, np.nan),
            last_push=np.full(looked_at, np.nan),
        )
    )


def _lasting_arrays(party: Party, other: Party) -> LastingArrays:
    government, public = party.government, party.public
    memory, demand = government.memory, _clock_of(party)
    return plain(
        LastingArrays(
            shares=public.shares,
            threshold=public.threshold,
            spread=public.spread,
            steepness=steepness(public.shares, public.spread),
            dialogue=government.dialogue,
            reservation_error=government.beliefs.reservation_error,
            share=rubinstein_share(
                government.discount_until_turn, other.government.discount_until_turn
            ),
            reciprocity=demand.reciprocity,
            discount=government.discount_until_turn,
            audience_cost=government.audience_cost,
            approval_weight=government.approval_weight,
            foresees_audience=government.foresees_audience,
            position=memory.public_position,
            first_heard=memory.first_heard,
            last_heard=memory.last_heard,
            offers_heard=government.beliefs.heard,
        )
    )


def _round_arrays(context: RoundContext, side: int, ahead: int) -> RoundArrays:
    party, conditions = context.parties[side], context.conditions[side]
    government, beliefs = party.government, party.government.beliefs
    entrenched, urgent = government.waiting.seen_from(context.years)
    away = context.parties[1 - side], context.conditions[1 - side]
    push = [party.public.push(EVERYONE, conditions.approval, full) for full in (False, True)]
    cost, never = party.campaign_cost, np.full(len(push[0]), np.inf)
    expected = [beliefs.required(0, place) for place in (side, 1 - side)]
    return plain(
        RoundArrays(
            moving_weights=government.weights.moved(conditions.multipliers, EVERYONE),
            entrenched=entrenched,
            urgent=urgent,
            shrinkage=beliefs.shrinkage(EVERYONE),
            advocacy_shift=party.public.advocacy_shift(EVERYONE, conditions.approval),
            backlash=party.public.backlash,
            support_error_home=beliefs.support_error(context.round_, EVERYONE, home=True),
            support_error_away=beliefs.support_error(context.round_, EVERYONE, home=False),
            push=np.array(push),
            kindest_push=push[0] if cost is None else np.maximum(*push),
            campaign_cost=never if cost is None else cost,
            leaders=_leaders_require(_in_fact(party), conditions),
            leaders_home=_leaders_require(expected[0], conditions),
            leaders_away=_leaders_require(expected[1], away[1]),
            ally_least=_ally_requires(party, conditions),
            least_home=_ally_requires(party, conditions, beliefs.expectations[side]),
            least_away=_ally_requires(*away, beliefs.expectations[1 - side]),
            clocked=np.isfinite(conditions.deadline),
            by_clock=_clock_of(party).by_clock(
                context.round_ + ahead, conditions.deadline, conditions.since, EVERYONE
            ),
        )
    )


def _in_fact(party: Party) -> RequiredSupport:
    """Return what a side's ratifiers require of the first node's packages."""
    return party.ratifiers.required_support(party.government.package_values[0].features)


def _led(required: RequiredSupport) -> Bools:
    """Return in which voter sets leaders are whose quota falls, shape (leaders, voter sets)."""
    votes = [leader.votes for leader in required.falling]
    return np.array(votes, dtype=bool).reshape(len(votes), required.levels.shape[1])


def _leaders_require(required: RequiredSupport, conditions: SideConditions) -> Floats:
    """Return what leaders whose quota falls require now; it is the same at all nodes."""
    asked = [leader.at(EVERYONE, conditions.approval) for leader in required.falling]
    return np.array(asked).reshape(len(asked), len(conditions.approval))


def _judged_by_allies(party: Party, node: int) -> Floats:
    features = party.government.package_values[node].features
    columns = [party.ratifiers.judged(name, features) for name in party.ratifiers.allies]
    return np.array(columns).reshape(len(columns), len(features.values))


def _ally_requires(
    party: Party, conditions: SideConditions, expectation: Expectation | None = None
) -> Floats:
    least = [
        party.ratifiers.least_for(name, EVERYONE, conditions.pressure, expectation)
        for name in party.ratifiers.allies
    ]
    return np.array(least).reshape(len(least), len(conditions.pressure))
