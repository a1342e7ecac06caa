"""Lay out one side's arrays for compiled loops."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.agents.party import Mood, Party, asked_of
from sim.model.table import Scene
from sim.quantities import Bools, Floats, Ints


class Beheld(NamedTuple):
    """One side at one node in one round.

    Arrays named with (worlds, …) cover the whole block and are read at a row's world; the others
    have one entry per row of the talk.

    Attributes
    ----------
    still, kept, penalty, error : ndarray, shape (worlds, packages)
        Lasting value, probability of being kept, price of preconditions, and error about the
        other side's value.
    forbidden : ndarray of bool, shape (worlds, packages)
    moving_features : ndarray, shape (packages, moving features)
    moving_weights : ndarray, shape (rows, moving features)
    reservation, believed_reservation, shrinkage : ndarray, shape (rows,)
        Own reservation value, what is believed of the other's, and the share of errors left.
    position, audience_cost, approval_weight : ndarray, shape (worlds,)
    opinion : ndarray, shape (worlds, segments, distinct packages)
    highest, lowest : ndarray, shape (worlds, segments)
        Extremes of `opinion` over packages.
    concession : ndarray, shape (distinct packages,)
    mildest, harshest : float
        Extremes of `concession`.
    column : ndarray of int, shape (packages,)
    shares, threshold, spread : ndarray, shape (worlds, segments)
    push : ndarray, shape (rows,)
    backlash : ndarray, shape (worlds,)
    needed : ndarray, shape (worlds, slates)
        Support asked by each slate of ratifiers.
    slate : ndarray of int, shape (packages,)
        Which slate votes on each package.
    ally_feature : ndarray, shape (allies, packages)
    ally_least, expects_home, expects_away : ndarray, shape (allies, rows)
        Least value of its interest at which each ally agrees: in fact; as the side expects of
        its own allies; as it expects of the other side's.
    support : ndarray, shape (rows, distinct packages)
        Support where it has been worked out, NaN elsewhere.
    segmented : bool
        Whether support is the segments' formula.
    value : ndarray, shape (rows, packages)
        Value of signing, filled by the survey.
    """

    still: Floats
    kept: Floats
    penalty: Floats
    error: Floats
    forbidden: Bools
    moving_features: Floats
    moving_weights: Floats
    reservation: Floats
    believed_reservation: Floats
    shrinkage: Floats
    position: Floats
    audience_cost: Floats
    approval_weight: Floats
    opinion: Floats
    highest: Floats
    lowest: Floats
    concession: Floats
    mildest: float
    harshest: float
    column: Ints
    shares: Floats
    threshold: Floats
    spread: Floats
    push: Floats
    backlash: Floats
    needed: Floats
    slate: Ints
    ally_feature: Floats
    ally_least: Floats
    expects_home: Floats
    expects_away: Floats
    support: Floats
    segmented: bool
    value: Floats


def behold(scene: Scene, node: int, worlds: Ints, side: int) -> Beheld:
    """Return one side's arrays at a node in some worlds.

    Parameters
    ----------
    scene : Scene
    node : int
    worlds : ndarray of int, shape (rows,)
    side : int
        Place of the side.
    """
    party, mood = scene.parties[side], scene.moods[side]
    government, public = party.government, party.public
    ledger, opinions = government.ledgers[node], party.opinions[node]
    climate = mood.climate.rows(worlds)
    theirs = scene.parties[1 - side].government.reservation(scene.years, worlds, node)
    other = scene.parties[1 - side]
    wanted = government.beliefs.caution
    asked = asked_of(party, node)
    return Beheld(
        still=ledger.still,
        kept=ledger.kept,
        penalty=ledger.penalty,
        error=government.beliefs.error_about_other(node),
        forbidden=ledger.forbidden,
        moving_features=ledger.moving_features,
        moving_weights=government.weights.moved(climate, worlds),
        reservation=government.reservation(scene.years, worlds, node),
        believed_reservation=government.beliefs.reservation_seen(theirs, worlds),
        shrinkage=government.beliefs.shrinkage(worlds),
        position=government.memory.public_position,
        audience_cost=government.audience_cost,
        approval_weight=government.approval_weight,
        opinion=opinions.values,
        highest=opinions.highest,
        lowest=opinions.lowest,
        concession=opinions.concession,
        mildest=float(opinions.concession.min()),
        harshest=float(opinions.concession.max()),
        column=opinions.column,
        shares=public.shares,
        threshold=public.threshold,
        spread=public.spread,
        push=public.push(worlds, mood.approval[worlds]),
        backlash=public.backlash,
        needed=asked.levels,
        slate=asked.slate,
        ally_feature=_judged_by_allies(party, node),
        ally_least=_allies_want(party, mood, worlds),
        expects_home=_allies_want(party, mood, worlds, wanted),
        expects_away=_allies_want(other, scene.moods[1 - side], worlds, wanted),
        support=_support(party, mood, node, worlds),
        segmented=party.public.is_segmented,
        value=np.empty((len(worlds), len(ledger.moving_features))),
    )


def _support(party: Party, mood: Mood, node: int, worlds: Ints) -> Floats:
    opinions = party.opinions[node]
    if party.public.is_segmented:
        return np.full((len(worlds), len(opinions.concession)), np.nan)
    return party.public.support(opinions, worlds, mood.approval[worlds])


def _judged_by_allies(party: Party, node: int) -> Floats:
    features = party.government.ledgers[node].features
    columns = [party.ratifiers.judged(name, features) for name in party.ratifiers.allies]
    return np.array(columns).reshape(len(columns), len(features.values))


def _allies_want(
    party: Party, mood: Mood, worlds: Ints, probability: Floats | None = None
) -> Floats:
    pressure = mood.pressure[worlds]
    least = [
        party.ratifiers.least_for(name, worlds, pressure, probability)
        for name in party.ratifiers.allies
    ]
    return np.array(least).reshape(len(least), len(worlds))
