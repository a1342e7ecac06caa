"""Layout of both sides' arrays, and of what a round fills, for compiled loops.

Arrays of worlds cover the whole block, and are laid out as seldom as they change: `LastingArrays`
once, `PackageArrays` once a node and whenever dated preconditions turn, `RoundArrays` once a round.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

import numpy as np

from sim.agents.ratifiers import Expectation, FallingQuota, RequiredSupport
from sim.agents.strategies.time_dependent import TimeDependentDemand
from sim.equations.alternating_offers import rubinstein_share
from sim.equations.public_support import steepness
from sim.model.view import Party, RoundContext, SideConditions
from sim.model.worlds import WorldStates
from sim.quantities import EVERYONE, Bools, Floats, Ints


class PackageArrays(NamedTuple):
    """The packages of a node, as one side sees them.

    Attributes
    ----------
    static_value, error : ndarray, shape (worlds, packages)
        Static value, and error about the other side's value.
    keep_probability : ndarray, shape (worlds, looks)
        Probability of not being walked back.
    moving_features : ndarray, shape (moving features, looks)
    moving_look : ndarray of int, shape (packages,)
        Which of these looks each package has: few differ in what moves.
    penalty : ndarray, shape (worlds, looks to preconditions)
        Price of preconditions.
    forbidden : ndarray of bool, shape (worlds, looks to preconditions)
    precondition_look : ndarray of int, shape (packages,)
    learns : bool
        Whether the side believes anything barred by the other's red lines.
    barred : ndarray of bool, shape (worlds, packages)
        What it does; of shape (1, 1) where it believes nothing.
    opinion : ndarray, shape (worlds, segments, distinct packages)
    met : ndarray of bool, shape (worlds,)
        Whether talks have come to these packages yet; loops then fill what is remembered of them.
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
    last_support, last_shift, last_push : ndarray, shape (1 or 2, worlds, distinct packages)
        Support when last looked at, without and (where one may be run) with a campaign, and what
        moved it then.
    """

    static_value: Floats
    error: Floats
    keep_probability: Floats
    moving_features: Floats
    moving_look: Ints
    penalty: Floats
    forbidden: Bools
    precondition_look: Ints
    learns: bool
    barred: Bools
    opinion: Floats
    met: Bools
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
    campaign_cost : ndarray, shape (worlds,)
        What a campaign costs in points; infinity where none is run.
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
    campaign_cost: Floats
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


class RoundArguments(NamedTuple):
    """What loops are called with."""

    worlds: Ints
    mover: SideArrays
    responder: SideArrays
    progress: Progress
    outcome: RoundOutcome
    scratch: Scratch


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
        self._led = tuple(_Led.of(party) for party in known)
        self._clocks = [(party.government.deadlines, _clocks(party)) for party in known]
        self._leaders = _leaders(parties)
        self._packages: dict[tuple[int, int], tuple[Bools, PackageArrays]] = {}
        self._present: tuple[RoundContext | None, dict[tuple[int, int], RoundArrays]] = (None, {})

    def pack(
        self, context: RoundContext, node: int, worlds: Ints, mover: int, states: WorldStates
    ) -> RoundArguments:
        """Return what a round at a node is played with; see `Engine`."""
        for party in self._parties:
            party.government.values_at(node, worlds, context.round_)
        one, two = (self.pack_arrays(context, node, side, mover) for side in (mover, 1 - mover))
        progress = Progress(states.deepest, states.margin, states.refused)
        scratch = scratch_for(one.packages.static_value.shape[1])
        return RoundArguments(worlds, one, two, progress, blank_outcome(len(worlds)), scratch)

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
            known[side, mover] = self._round_arrays(context, side, ahead=int(side != mover))
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

    def _round_arrays(self, context: RoundContext, side: int, ahead: int) -> RoundArrays:
        party, conditions = context.parties[side], context.conditions[side]
        government, beliefs = party.government, party.government.beliefs
        entrenched, urgent = government.waiting.seen_from(context.years)
        away = context.parties[1 - side], context.conditions[1 - side]
        points, push = party.public.moved_by(conditions.approval)
        shrinkage, *errors = beliefs.errors_left(context.round_)
        can_campaign, led = party.public.campaign_cost is not None, self._led[side]
        return plain(
            RoundArrays(
                moving_weights=government.weights.moved(conditions.multipliers, EVERYONE),
                entrenched=entrenched,
                urgent=urgent,
                shrinkage=shrinkage,
                advocacy_shift=points,
                backlash=party.public.backlash,
                support_error_home=errors[0],
                support_error_away=errors[1],
                push=push,
                kindest_push=np.maximum(*push) if can_campaign else push[0],
                leaders=_leaders_require(led.in_fact, conditions),
                leaders_home=_leaders_require(led.home, conditions),
                leaders_away=_leaders_require(led.away, away[1]),
                ally_least=_allies_require(party, conditions),
                least_home=_allies_require(party, conditions, beliefs.expectations[side]),
                least_away=_allies_require(*away, beliefs.expectations[1 - side]),
                clocked=np.isfinite(conditions.deadline),
                by_clock=self._by_clock(party, conditions, context.round_ + ahead),
            )
        )

    def _by_clock(self, party: Party, conditions: SideConditions, round_: int) -> Floats:
        """Return the concession by the clock; all clocks run from the first round on, or some."""
        side, since, deadlines = party.role.position, conditions.since, party.government.deadlines
        if since.any():
            return _clock_of(party).by_clock(round_, conditions.deadline, since, EVERYONE)
        if self._clocks[side][0] is not deadlines:
            self._clocks[side] = deadlines, _clocks(party)
        first, successor = self._clocks[side][1]
        sits = conditions.multipliers.leader_sits
        return np.asarray(np.where(sits, first[round_], successor[round_]))


class _Led(NamedTuple):
    """Leaders whose quota falls with approval: a side's own, and as it expects of both sides'."""

    in_fact: tuple[FallingQuota, ...]
    home: tuple[FallingQuota, ...]
    away: tuple[FallingQuota, ...]

    @classmethod
    def of(cls, party: Party) -> _Led:
        """Return those of a side: they ask for the same at all nodes."""
        side, government = party.role.position, party.government
        in_fact = party.ratifiers.required_support(government.package_values[0].features)
        home, away = (government.beliefs.required(0, place) for place in (side, 1 - side))
        return cls(in_fact.falling, home.falling, away.falling)


def _clocks(party: Party) -> tuple[Floats, Floats]:
    """Return the concession by the clock in each round of the first leader and of a successor."""
    first, successor = map(_clock_of(party).clock, party.government.deadlines)
    return first, successor


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
    lines = 1 if party.campaign_cost is None else 2
    worlds, segments, distinct = opinions.values.shape
    support, shift, push = np.empty((3, lines, worlds, distinct))
    in_fact = party.ratifiers.required_support(values.features)
    home, away = beliefs.required(node, side), beliefs.required(node, 1 - side)
    return plain(
        PackageArrays(
            static_value=values.static_value,
            error=beliefs.value_error(node),
            keep_probability=values.keep_probability,
            moving_features=values.moving_features.T,
            moving_look=values.moving_look,
            penalty=values.penalty,
            forbidden=values.forbidden,
            precondition_look=values.precondition_look,
            learns=barred is not None,
            barred=np.zeros((1, 1), dtype=bool) if barred is None else barred,
            opinion=opinions.values,
            met=np.zeros(worlds, dtype=bool),
            highest=np.empty((worlds, segments)),
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
            last_support=support,
            last_shift=shift,
            last_push=push,
        )
    )


def _lasting_arrays(party: Party, other: Party) -> LastingArrays:
    government, public = party.government, party.public
    memory, demand, cost = government.memory, _clock_of(party), party.campaign_cost
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
            campaign_cost=np.full_like(public.backlash, np.inf) if cost is None else cost,
            foresees_audience=government.foresees_audience,
            position=memory.public_position,
            first_heard=memory.first_heard,
            last_heard=memory.last_heard,
            offers_heard=government.beliefs.heard,
        )
    )


def _led(required: RequiredSupport) -> Bools:
    """Return in which voter sets leaders are whose quota falls, shape (leaders, voter sets)."""
    votes = [leader.votes for leader in required.falling]
    return np.array(votes, dtype=bool).reshape(len(votes), required.levels.shape[1])


def _leaders_require(leaders: tuple[FallingQuota, ...], conditions: SideConditions) -> Floats:
    """Return what leaders whose quota falls require now."""
    asked = [leader.at(EVERYONE, conditions.approval) for leader in leaders]
    return np.array(asked).reshape(len(asked), len(conditions.approval))


def _judged_by_allies(party: Party, node: int) -> Floats:
    features = party.government.package_values[node].features
    columns = [party.ratifiers.judged(name, features) for name in party.ratifiers.allies]
    return np.array(columns).reshape(len(columns), len(features.values))


def _allies_require(
    party: Party, conditions: SideConditions, expectation: Expectation | None = None
) -> Floats:
    if not party.ratifiers.allies:
        return np.zeros((0, len(conditions.pressure)))
    return party.ratifiers.least(conditions.pressure, expectation)
