"""Votes on signed texts, the rounds they take, and the carrying out of ratified ones."""

from __future__ import annotations

import numpy as np

from sim.agents.party import Party, support_at
from sim.agents.valuation import WeightMultipliers
from sim.domain.interest import ROLES
from sim.domain.outcome import Answer, Phase
from sim.equations.commitment import share_done, unravelling, walk_back_gain
from sim.model.block import Block
from sim.model.course import NOBODY
from sim.model.table import RoundContext
from sim.quantities import Bools, Floats, Ints


def voting(model: Block, scene: RoundContext) -> None:
    """Put every text whose day has come to both sides' ratifiers, each in its order.

    A text on which nobody votes takes effect on its day.
    """
    course = model.course
    due = course.in_phase(Phase.VOTE) & (course.vote_round <= model.round)
    for node, worlds in course.by_node(due):
        texts = course.package[worlds]
        against = np.full(len(worlds), NOBODY)
        offset = 0
        for party in model.parties:
            side = party.role.position
            support = support_at(party, scene.conditions[side], node, worlds, texts)
            course.at_vote[worlds, side] = support
            first = _first_against(party, node, worlds, texts, course.at_vote, model)
            against = np.where((against == NOBODY) & (first >= 0), offset + first, against)
            offset += len(party.ratifiers.names)
        _conclude(model, node, worlds, texts, against)


def _first_against(
    party: Party, node: int, worlds: Ints, texts: Ints, at_vote: Floats, model: Block
) -> Ints:
    result = np.full(len(worlds), NOBODY)
    features = party.government.ledgers[node].features
    pressure = model.around.pressure[worlds]
    votes = features.votes[:, texts]
    for place, name in reversed(list(enumerate(party.ratifiers.names))):
        if party.ratifiers.is_ally(name):
            agreed = party.ratifiers.ally_agrees(name, features, worlds, pressure)
            passes = agreed[np.arange(len(texts)), texts]
        else:
            support = at_vote[worlds, party.role.position]
            passes = support >= party.ratifiers.needed[name][worlds]
        result = np.where(passes | ~votes[place], result, place)
    return result


def _conclude(model: Block, node: int, worlds: Ints, texts: Ints, against: Ints) -> None:
    course, protocol = model.course, model.scenario.protocol
    failed = against != NOBODY
    resume = model.round + protocol.resume_rounds
    course.reject(worlds[failed], against[failed], resume)
    passed = worlds[~failed]
    years = model.nodes[node].table.years[course.package[passed]]
    rounds = np.ceil(years / protocol.round_years - 1e-9).astype(np.int64)
    course.ratify(passed, model.round, model.round + rounds)
    if model.record is None:
        return
    voted = model.voted[node][texts]
    for world, ratifier, asked in zip(worlds, against, voted, strict=True):
        passed_as = Answer.ratified if asked else Answer.took_effect
        answer = passed_as if ratifier == NOBODY else Answer.rejected
        model.note(int(world), answer, node=node, ratifier=int(ratifier))


def carrying_out(model: Block, scene: RoundContext) -> None:
    """Let sides walk back from texts in force where that pays, and finish what is due.

    Where the readings of an ambiguous text collide, it ends as well, and by its own reading
    neither side is the one that walked back.
    """
    course = model.course
    for node, worlds in course.by_node(course.in_phase(Phase.CARRYING_OUT)):
        pending = worlds[course.due_round[worlds] > model.round]
        if len(pending):
            _walk_back(model, scene, node, pending)
    done = course.in_phase(Phase.CARRYING_OUT) & (course.due_round <= model.round)
    for node, worlds in course.by_node(done):
        course.carry_out(worlds, model.nodes[node], model.rungs[node], model.round + 1)
        for party in model.parties:
            party.government.memory.start_afresh(worlds)
        for world in worlds:
            model.note(int(world), Answer.carried_out, node=node)


def _walk_back(model: Block, scene: RoundContext, node: int, worlds: Ints) -> None:
    course = model.course
    gains = np.stack(
        [
            _gain(
                model,
                scene.parties[role.position],
                scene.conditions[role.position].multipliers,
                node,
                worlds,
            )
            for role in ROLES
        ],
        axis=1,
    )
    pays = gains.max(axis=1) > 0
    leaves = pays | _readings_collide(model, node, worlds)
    side = np.where(pays, gains.argmax(axis=1), NOBODY)
    resume = model.round + model.scenario.protocol.resume_rounds
    course.walk_back(worlds[leaves], side[leaves], resume)
    for world in worlds[leaves]:
        by = int(course.walked_back_by[world])
        who = {} if by == NOBODY else {"side": ROLES[by]}
        model.note(int(world), Answer.walked_back, node=node, **who)


def _readings_collide(model: Block, node: int, worlds: Ints) -> Bools:
    """Return in which worlds the two readings of the text in force collide in this round."""
    draws = model.around.draws
    yearly = model.parties[0].government.ledgers[node].collision_year
    shape = draws.streams.worlds, len(model.nodes[node].table)
    here = np.broadcast_to(yearly, shape)[worlds, model.course.package[worlds]]
    if not here.any():
        return np.zeros(len(worlds), dtype=bool)
    luck = draws.streams.uniforms("texts/readings_collide", round_=model.round)[worlds, 0]
    return np.asarray(luck < unravelling(here, np.asarray(model.scenario.protocol.round_years)))


def _gain(
    model: Block, party: Party, multipliers: WeightMultipliers, node: int, worlds: Ints
) -> Floats:
    course, government = model.course, party.government
    rows, texts = np.arange(len(worlds)), course.package[worlds]
    ledger = government.ledgers[node]
    value = government.value(node, worlds, multipliers.rows(worlds)) - ledger.penalty[worlds]
    surplus = value[rows, texts] - government.reservation(model.years, worlds, node)
    backlash = party.public.backlash[worlds] * ledger.features.concession[texts]
    length = np.maximum(course.due_round[worlds] - course.force_round[worlds], 1)
    elapsed = (model.round - course.force_round[worlds]) / length
    done = share_done(ledger.features.late[texts], elapsed)
    return walk_back_gain(
        surplus=surplus,
        backlash_cost=government.approval_weight[worlds] * backlash,
        reputation=government.reputation[worlds],
        kept=done * _money(party, multipliers, node, worlds, texts),
    )


def _money(
    party: Party, multipliers: WeightMultipliers, node: int, worlds: Ints, texts: Ints
) -> Floats:
    """Return what all the money of the texts in force is worth to a side, in points."""
    weights, money = party.government.weights, party.government.ledgers[node].features.money
    received, paid = weights.names.index("economy"), weights.names.index("payment")
    price = weights.values[worlds, received] * multipliers.economy[worlds]
    worth = price * money[texts, received] + weights.values[worlds, paid] * money[texts, paid]
    return np.asarray(worth)
