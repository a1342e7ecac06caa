"""Put both sides at one table: what a round of talks looks like from above."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.agents.party import Party, SideConditions, asked_of, consent_of, support_at, support_for
from sim.agents.valuation import WeightMultipliers
from sim.agents.view import Glance, Pair, RoundView
from sim.domain.interest import ROLES
from sim.model.environment import EnvironmentState
from sim.quantities import Bools, Floats, Ints


@dataclass(frozen=True)
class RoundContext:
    """Both sides in one round.

    Parameters
    ----------
    parties : pair of Party
    moods : pair of SideConditions
        What each side meets in this round, all worlds.
    round_ : int
    years : float
        Years since the start, at which reservation values are seen.
    """

    parties: tuple[Party, Party]
    conditions: tuple[SideConditions, SideConditions]
    round_: int
    years: float


def round_context(
    parties: tuple[Party, Party], around: EnvironmentState, round_: int, years: float
) -> RoundContext:
    """Return both sides as the surroundings make them in a round."""
    conditions = [_side_conditions(parties[role.position], around, round_) for role in ROLES]
    return RoundContext(parties, (conditions[0], conditions[1]), round_, years)


def _side_conditions(party: Party, around: EnvironmentState, round_: int) -> SideConditions:
    office = around.offices[party.role]
    deadline = party.government.deadline(office.sits)
    multipliers = WeightMultipliers(
        factors=around.weight_factors(party.role),
        leader_sits=office.sits,
        leader_in_time=office.sits & (round_ <= deadline),
    )
    return SideConditions(multipliers, office.approval, around.pressure, deadline)


def look(scene: RoundContext, node: int, worlds: Ints, value: Pair | None = None) -> RoundView:
    """Return one round at one node, for some worlds.

    Parameters
    ----------
    scene : RoundContext
    node : int
    worlds : ndarray of int
        Which worlds.
    value : pair of ndarray, shape (len(worlds), packages), optional
        Values of signing, where an engine has worked them out.
    """
    glance = _glance(scene, node, worlds)
    values = value or _values(scene, node, worlds, glance)
    reservation = [
        party.government.reservation(scene.years, worlds, node) for party in scene.parties
    ]
    return RoundView(
        round_=scene.round_,
        node=node,
        worlds=worlds,
        value=values,
        reservation=(reservation[0], reservation[1]),
        glance=glance,
    )


def _values(scene: RoundContext, node: int, worlds: Ints, glance: Glance) -> Pair:
    values = [
        glance.open_value(side) - party.government.ledgers[node].penalty[worlds]
        for side, party in enumerate(scene.parties)
    ]
    return values[0], values[1]


def _glance(scene: RoundContext, node: int, worlds: Ints) -> Glance:
    parties, conditions = scene.parties, scene.conditions

    def open_value(side: int) -> Floats:
        multipliers = conditions[side].multipliers.rows(worlds)
        return parties[side].government.value(node, worlds, multipliers)

    def forbidden(side: int) -> Bools:
        return np.asarray(parties[side].government.ledgers[node].forbidden[worlds])

    def support(side: int) -> Floats:
        return support_for(parties[side], conditions[side], node, worlds)

    def allies(side: int) -> Bools:
        return consent_of(parties[side], conditions[side], node, worlds)

    def support_of(side: int, rows: Ints, package: Ints) -> Floats:
        return support_at(parties[side], conditions[side], node, worlds[rows], package)

    def allies_at(side: int, rows: Ints, package: Ints) -> Bools:
        return agreed_at(side, rows, package, None)

    def agreed_at(side: int, rows: Ints, package: Ints, wanted: Floats | None) -> Bools:
        features = parties[side].government.ledgers[node].features
        some = worlds[rows]
        pressure = conditions[side].pressure[some]
        return parties[side].ratifiers.allies_agree_at(features, some, pressure, package, wanted)

    def forbidden_at(side: int, rows: Ints, package: Ints) -> Bools:
        return np.asarray(parties[side].government.ledgers[node].forbidden[worlds[rows], package])

    def needed(side: int) -> Floats:
        return asked_of(parties[side], node).of(worlds)

    def needed_at(side: int, rows: Ints, package: Ints) -> Floats:
        return asked_of(parties[side], node).at(worlds[rows], package)

    def consent(side: int, own: int) -> Bools:
        wanted = parties[own].government.beliefs.caution
        return consent_of(parties[side], conditions[side], node, worlds, wanted)

    def consent_at(side: int, own: int, rows: Ints, package: Ints) -> Bools:
        return agreed_at(side, rows, package, parties[own].government.beliefs.caution)

    return Glance(
        open_value=open_value,
        forbidden=forbidden,
        support=support,
        allies=allies,
        support_at=support_of,
        allies_at=allies_at,
        forbidden_at=forbidden_at,
        needed=needed,
        needed_at=needed_at,
        consent=consent,
        consent_at=consent_at,
    )
