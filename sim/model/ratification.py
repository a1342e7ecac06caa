"""Ratification of signed packages: the lag before it, the votes, and the carrying out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.domain.draws import Draws
from sim.domain.interest import ROLES
from sim.domain.outcome import Answer, Milestone, Phase
from sim.domain.quantity import Quantity
from sim.domain.ratifier import Amendment
from sim.domain.scenario import Scenario
from sim.equations.commitment import share_done, unravelling, walk_back_gain
from sim.model.amendments import amend, texts_at
from sim.model.view import Party, RoundContext, RoundView
from sim.model.worlds import NOBODY
from sim.quantities import Bools, Floats, Ints, weighted_sum

if TYPE_CHECKING:
    from sim.model.talks import TalksModel


@dataclass(frozen=True)
class Lags:
    """Rounds from signature to vote or, where nobody votes, into force.

    Parameters
    ----------
    voted, unvoted : ndarray of int, shape (worlds, stages)
        Of packages on which any ratifier votes, and of the others; at least one round.
    mean_voted, mean_unvoted : float
        Their means in years.
    """

    voted: Ints
    unvoted: Ints
    mean_voted: float
    mean_unvoted: float

    def of(self, worlds: Ints, stage: int, voted: Bools) -> Ints:
        """Return the lag of one package in each of some worlds, in rounds."""
        here = np.where(voted, self.voted[worlds, stage], self.unvoted[worlds, stage])
        return np.asarray(here)

    def years(self, voted: Bools) -> Floats:
        """Return the mean lag of packages, in years."""
        return np.asarray(np.where(voted, self.mean_voted, self.mean_unvoted))

    def mean_years(self, voted: float) -> float:
        """Return the mean lag in years of packages of which a share is voted on."""
        return voted * self.mean_voted + (1.0 - voted) * self.mean_unvoted


def draw_lags(scenario: Scenario, draws: Draws, stages: int) -> Lags:
    """Return the lags of a structure's packages; each stage has a lag of its own.

    A world that is quick to vote is quick to bring into force what needs no vote: both lags come
    from the same number.

    Parameters
    ----------
    scenario : Scenario
    draws : Draws
    stages : int
    """
    protocol = scenario.protocol
    luck = draws.streams.uniforms("protocol/ratification_lag", slots=stages)
    unvoted = protocol.effect_years or protocol.ratification_years
    voted_rounds, voted_mean = _lag(protocol.ratification_years, luck, protocol.round_years)
    rounds, mean = _lag(unvoted, luck, protocol.round_years)
    return Lags(voted_rounds, rounds, voted_mean, mean)


def _lag(table: dict[str, Quantity], luck: Floats, round_years: float) -> tuple[Ints, float]:
    years = np.array([float(name) for name in table])
    chances = np.array([quantity.point for quantity in table.values()])
    chances = chances / chances.sum()
    place = np.searchsorted(np.cumsum(chances), luck, side="right").clip(0, len(years) - 1)
    rounds = np.maximum(np.rint(years[place] / round_years), 1).astype(np.int64)
    return rounds, float(weighted_sum(chances, years))


def hold_votes(model: TalksModel, context: RoundContext) -> None:
    """Put every package whose day has come to both sides' ratifiers, each in its order.

    A package on which nobody votes takes effect on its day.
    """
    states = model.states
    due = states.in_phase(Phase.VOTE) & (states.vote_round <= model.round)
    for node, worlds in states.by_node(due):
        packages = states.package[worlds]
        view = RoundView(context, node, worlds).at(np.arange(len(worlds)), packages)
        if model.player is not None:
            view = model.player.before_vote(view)
        against = lost = _against(view, packages)
        if model.case.environment.amendments.enabled:
            against = _amended(model, view, packages, against)
            packages = states.package[worlds]
            view = texts_at(view, packages)
        for party in model.parties:
            side = party.role.position
            states.at_vote[worlds, side] = view.support(side)
        if model.case.environment.ratifier_errors.enabled:
            _learn(view, packages, np.where(against == lost, lost, NOBODY))
        for party in model.parties:
            _campaign(party, view, model)
        _conclude(model, node, worlds, packages, against)


def _against(view: RoundView, packages: Ints) -> Ints:
    """Return the first ratifier, counted over both sides, to vote each text down, or `NOBODY`."""
    against, offset = np.full(len(packages), NOBODY), 0
    for party, met in zip(view.context.parties, view.context.conditions, strict=True):
        support = view.support(party.role.position)
        item = party.government.package_values[view.node].features
        at = view.worlds, packages
        first = party.ratifiers.first_against(item, at, support, met.approval, met.pressure)
        against = np.where((against == NOBODY) & (first >= 0), offset + first, against)
        offset += len(party.ratifiers.names)
    return against


def _amended(model: TalksModel, view: RoundView, packages: Ints, against: Ints) -> Ints:
    """Let parliaments change texts, and return who is against what has become of them.

    A text that is changed and not accepted again, by both governments and all ratifiers, is lost by
    who has changed it.
    """
    draws = model.environment.draws

    def willing(party: Party, name: str, amends: Amendment) -> Bools:
        purpose = f"{party.government.side.stream}/ratifiers.{name}/amends"
        luck = draws.streams.uniforms(purpose, round_=model.round)[view.worlds, 0]
        return np.asarray(luck < draws.of(amends.probability)[view.worlds])

    table = model.nodes[view.node].table
    changed, by = amend(view, packages, table, against, willing)
    if (by == NOBODY).all():
        return against
    again = texts_at(view, changed)
    accepted = (by != NOBODY) & again.signable & (_against(again, changed) == NOBODY)
    model.states.amend(view.worlds[accepted], changed[accepted])
    return np.where(by == NOBODY, against, np.where(accepted, NOBODY, by))


def _learn(view: RoundView, packages: Ints, lost: Ints) -> None:
    """Let both governments learn from votes that were lost for want of support or consent."""
    owners = [(party, name) for party in view.context.parties for name in party.ratifiers.names]
    for place in np.unique(lost[lost != NOBODY]):
        owner, name = owners[place]
        rows, side = np.flatnonzero(lost == place), owner.role.position
        worlds, seen = view.worlds[rows], view.support(side)[rows]
        for party in view.context.parties:
            beliefs = party.government.beliefs
            if owner.ratifiers.is_ally(name):
                features = owner.government.package_values[view.node].features
                shown = owner.ratifiers.judged(name, features)[packages[rows]]
            else:
                error = beliefs.support_error(view.round_, worlds, home=party is owner)
                shown = seen + np.maximum(error, 0.0)
            beliefs.learn_vote(side, name, worlds, shown)


def _campaign(party: Party, view: RoundView, model: TalksModel) -> None:
    """Let leaders pay for the campaigns that they have run before a vote on support."""
    cost = party.public.campaign_cost
    campaigns = None if cost is None else view.campaigns(party.role.position)
    if campaigns is None or cost is None:
        return
    packages = model.states.package[view.worlds]
    votes = party.government.package_values[view.node].features.votes[:, packages]
    counted = [place for place, n in enumerate(party.ratifiers.names) if n in _by_support(party)]
    run = view.worlds[campaigns & votes[counted].any(axis=0)]
    points = np.zeros(model.states.worlds)
    points[run] = -cost[run]
    model.environment.offices[party.role].shift(points)
    party.public.campaign[run] = 1.0


def _by_support(party: Party) -> tuple[str, ...]:
    """Return the names of a side's ratifiers who look at support."""
    return tuple(name for name in party.ratifiers.names if not party.ratifiers.is_ally(name))


def _conclude(model: TalksModel, node: int, worlds: Ints, packages: Ints, against: Ints) -> None:
    states, protocol = model.states, model.case.protocol
    failed = against != NOBODY
    if failed.any():
        resume = model.round + protocol.resume_rounds
        states.reject(worlds[failed], against[failed], resume)
        model.agenda.note(Milestone.rejected, model.round, worlds[failed], node)
    passed = worlds[~failed]
    if len(passed):
        model.agenda.note(Milestone.in_force, model.round, passed, node)
        years = model.nodes[node].table.years[states.package[passed]]
        rounds = np.ceil(years / protocol.round_years - 1e-9).astype(np.int64)
        states.ratify(passed, model.round, model.round + rounds)
    if model.record is None:
        return
    voted = model.voted[node][packages]
    for world, ratifier, asked in zip(worlds, against, voted, strict=True):
        passed_as = Answer.ratified if asked else Answer.took_effect
        answer = passed_as if ratifier == NOBODY else Answer.rejected
        model.note(int(world), answer, node=node, ratifier=int(ratifier))


def carry_out(model: TalksModel, context: RoundContext) -> None:
    """Let sides walk back from packages in force where that pays, and finish what is due.

    Where the readings of an ambiguous package collide, it ends as well, and by its own reading
    neither side is the one that walked back.
    """
    states = model.states
    in_force = states.in_phase(Phase.CARRYING_OUT)
    if not in_force.any():
        return
    due = states.due_round <= model.round
    for node, worlds in states.by_node(in_force & ~due):
        _walk_back(model, context, node, worlds)
    for node, worlds in states.by_node(in_force & due):
        model.agenda.note(Milestone.carried_out, model.round, worlds, node)
        rung = model.ladder.carry_out(node, worlds, states.package[worlds])
        states.carry_out(worlds, model.nodes[node], rung, model.round + 1)
        for party in model.parties:
            party.government.memory.start_afresh(worlds)
        for world in worlds if model.record is not None else ():
            model.note(int(world), Answer.carried_out, node=node)


def _walk_back(model: TalksModel, context: RoundContext, node: int, worlds: Ints) -> None:
    states, packages = model.states, model.states.package[worlds]
    gains = np.stack(
        [_gain(model, context, party, node, worlds) for party in context.parties], axis=1
    )
    if model.player is not None:
        gains = model.player.before_walk_back(RoundView(context, node, worlds), packages, gains)
    pays = gains.max(axis=1) > 0
    leaves = pays | _readings_collide(model, node, worlds)
    side = np.where(pays, gains.argmax(axis=1), NOBODY)
    resume = model.round + model.case.protocol.resume_rounds
    states.walk_back(worlds[leaves], side[leaves], resume)
    model.agenda.note(Milestone.walked_back, model.round, worlds[leaves], node, side[leaves])
    for world in worlds[leaves] if model.record is not None else ():
        by = int(states.walked_back_by[world])
        who = {} if by == NOBODY else {"side": ROLES[by]}
        model.note(int(world), Answer.walked_back, node=node, **who)


def _readings_collide(model: TalksModel, node: int, worlds: Ints) -> Bools:
    """Return in which worlds the two readings of the package in force collide in this round."""
    draws = model.environment.draws
    yearly = model.parties[0].government.package_values[node].collision_year
    shape = draws.streams.worlds, len(model.nodes[node].table)
    here = np.broadcast_to(yearly, shape)[worlds, model.states.package[worlds]]
    if not here.any():
        return np.zeros(len(worlds), dtype=bool)
    luck = draws.streams.uniforms("packages/readings_collide", round_=model.round)[worlds, 0]
    return np.asarray(luck < unravelling(here, np.asarray(model.case.protocol.round_years)))


def _gain(
    model: TalksModel, context: RoundContext, party: Party, node: int, worlds: Ints
) -> Floats:
    states, government = model.states, party.government
    side, features = party.role.position, government.package_values[node].features
    rows, packages = np.arange(len(worlds)), states.package[worlds]
    view = RoundView(context, node, worlds).at(rows, packages)
    stake = government.package_values[node].stake
    had = np.broadcast_to(stake, (states.worlds, len(features.given)))[worlds, packages]
    surplus = view.value(side) - view.reservation(side) - had
    backlash = party.public.backlash[worlds] * features.concession[packages]
    length = np.maximum(states.due_round[worlds] - states.force_round[worlds], 1)
    elapsed = (model.round - states.force_round[worlds]) / length
    done = share_done(features.late[packages], elapsed)
    multipliers = context.conditions[side].multipliers
    money = government.weights.money_value(features, multipliers, worlds, packages)
    return walk_back_gain(
        surplus=surplus,
        backlash_cost=government.approval_weight[worlds] * backlash,
        reputation=government.reputation[worlds],
        kept=done * money,
    )
