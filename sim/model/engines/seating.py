"""Seat both sides of a block at a table; see `sim.model.engines.seats`."""

from __future__ import annotations

import numpy as np

from sim.agents.party import Party, SideConditions, asked_of
from sim.agents.strategies.time_dependent import TimeDependentDemand
from sim.equations.alternating_offers import rubinstein_share
from sim.equations.public_support import steepness
from sim.model.engines.seats import Lasting, Present, SideArrays, Texts, plain
from sim.model.table import RoundContext
from sim.quantities import EVERYONE, Bools, Floats

Pair = tuple[SideArrays, SideArrays]


class Seating:
    """The seats of a block, laid out when they are first asked for.

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
        self._lasting = tuple(_lasting(party, _other(parties, party)) for party in known)
        self._texts: dict[tuple[int, int], tuple[Bools, Texts]] = {}
        self._present: tuple[RoundContext | None, tuple[Present, ...]] = (None, ())

    def seat(self, scene: RoundContext, node: int, side: int, mover: int) -> SideArrays:
        """Return a side at a node in a round.

        Parameters
        ----------
        scene : RoundContext
        node, side : int
        mover : int
            Place of the side whose turn it is.
        """
        if self._present[0] is not scene:
            found = [_present(scene, place, ahead=int(place != mover)) for place in (0, 1)]
            self._present = (scene, tuple(found))
        return SideArrays(self._texts_at(node, side), self._lasting[side], self._present[1][side])

    def _texts_at(self, node: int, side: int) -> Texts:
        forbidden = self._parties[side].government.ledgers[node].forbidden
        known = self._texts.get((node, side))
        if known is None or known[0] is not forbidden:
            known = forbidden, _texts(self._parties, node, side)
            self._texts[node, side] = known
        return known[1]


def _is_known(party: Party) -> bool:
    return party.public.is_segmented and isinstance(party.government.demand, TimeDependentDemand)


def _clock_of(party: Party) -> TimeDependentDemand:
    demand = party.government.demand
    if not isinstance(demand, TimeDependentDemand):
        raise TypeError("loops know only sides that concede by the clock")
    return demand


def _other(parties: tuple[Party, Party], party: Party) -> Party:
    return parties[party.role.other.position]


def _texts(parties: tuple[Party, Party], node: int, side: int) -> Texts:
    party, government = parties[side], parties[side].government
    ledger, opinions = government.ledgers[node], party.opinions[node]
    beliefs = government.beliefs
    looked_at = opinions.values.shape[0], opinions.values.shape[2]
    home, away = beliefs.asked(node, side), beliefs.asked(node, 1 - side)
    return plain(
        Texts(
            still=ledger.still,
            kept=ledger.kept,
            penalty=ledger.penalty,
            error=beliefs.error_about_other(node),
            forbidden=ledger.forbidden,
            moving_features=ledger.moving_features.T,
            opinion=opinions.values,
            highest=opinions.highest,
            concession=opinions.concession,
            mildest=float(opinions.concession.min()),
            column=opinions.column,
            judged=_judged_by_allies(party, node),
            alive=1.0 - ledger.features.framed,
            asked=asked_of(party, node).levels,
            asked_home=home.levels,
            asked_away=away.levels,
            least_home=home.levels.min(axis=1),
            least_away=away.levels.min(axis=1),
            voter_set=home.voter_set,
            last_support=np.full(looked_at, np.nan),
            last_shift=np.full(looked_at, np.nan),
        )
    )


def _lasting(party: Party, other: Party) -> Lasting:
    government, public = party.government, party.public
    memory, demand = government.memory, _clock_of(party)
    return plain(
        Lasting(
            shares=public.shares,
            threshold=public.threshold,
            spread=public.spread,
            steepness=steepness(public.shares, public.spread),
            dialogue=government.dialogue,
            reservation_error=government.beliefs.reservation_error,
            share=rubinstein_share(government.discount, other.government.discount),
            reciprocity=demand.reciprocity,
            discount=government.discount,
            audience_cost=government.audience_cost,
            approval_weight=government.approval_weight,
            position=memory.public_position,
            first_heard=memory.first_heard,
            last_heard=memory.last_heard,
            offers_heard=government.beliefs.heard,
        )
    )


def _present(scene: RoundContext, side: int, ahead: int) -> Present:
    party, mood = scene.parties[side], scene.conditions[side]
    government, beliefs = party.government, party.government.beliefs
    entrenched, urgent = government.waiting.seen_from(scene.years)
    away = scene.parties[1 - side], scene.conditions[1 - side]
    return plain(
        Present(
            moving_weights=government.weights.moved(mood.multipliers, EVERYONE),
            entrenched=entrenched,
            urgent=urgent,
            shrinkage=beliefs.shrinkage(EVERYONE),
            advocacy_shift=party.public.advocacy_shift(EVERYONE, mood.approval),
            backlash=party.public.backlash,
            support_error_home=beliefs.support_error(scene.round_, EVERYONE, home=True),
            support_error_away=beliefs.support_error(scene.round_, EVERYONE, home=False),
            ally_least=_allies_want(party, mood),
            least_home=_allies_want(party, mood, beliefs.caution),
            least_away=_allies_want(*away, beliefs.caution),
            clocked=np.isfinite(mood.deadline),
            by_clock=_clock_of(party).by_clock(scene.round_ + ahead, mood.deadline, EVERYONE),
        )
    )


def _judged_by_allies(party: Party, node: int) -> Floats:
    features = party.government.ledgers[node].features
    columns = [party.ratifiers.judged(name, features) for name in party.ratifiers.allies]
    return np.array(columns).reshape(len(columns), len(features.values))


def _allies_want(party: Party, mood: SideConditions, probability: Floats | None = None) -> Floats:
    least = [
        party.ratifiers.least_for(name, EVERYONE, mood.pressure, probability)
        for name in party.ratifiers.allies
    ]
    return np.array(least).reshape(len(least), len(mood.pressure))
