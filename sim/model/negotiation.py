"""Round of talks in all worlds that talk: from offer and answer to signature."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.domain.interest import ROLES, Role
from sim.domain.outcome import ANSWERS, Answer, Milestone, Phase
from sim.equations.ratings import ratings_change
from sim.equations.utility import no_less
from sim.model import round as model_of_round
from sim.model.drafting import begin_drafting, drafts, leave_or_sign
from sim.model.kernel import RoundOutcome, blank_outcome
from sim.model.round import ACCEPTED
from sim.model.view import Party, RoundContext, RoundView
from sim.quantities import Bools, Floats, Ints

if TYPE_CHECKING:
    from sim.model.talks import TalksModel


def negotiate(model: TalksModel, context: RoundContext) -> Floats:
    """Let both sides talk wherever they do.

    Parameters
    ----------
    model : TalksModel
    context : RoundContext
        Both sides as the environment makes them now.

    Returns
    -------
    ndarray, shape (worlds, 2)
        How much of a concession by each side is on the table.
    """
    concession = np.zeros((model.states.worlds, 2))
    movers = model.protocol.movers(model.round)
    for role in ROLES:
        here = movers == role.position
        if here.any():
            Negotiation(model, context, role, here, concession).play()
    model.instead = None
    return concession


class Negotiation:
    """One round of talks in the worlds in which it is one side's turn.

    Parameters
    ----------
    model : TalksModel
    context : RoundContext
        Both sides as the environment makes them now.
    proposer : Role
        Whose turn it is.
    here : ndarray of bool, shape (worlds,)
        In which worlds.
    concession : ndarray, shape (worlds, 2)
        How much of a concession by each side is on the table; filled for those worlds.
    """

    def __init__(
        self,
        model: TalksModel,
        context: RoundContext,
        proposer: Role,
        here: Bools,
        concession: Floats,
    ) -> None:
        self._model, self._context = model, context
        self._proposer, self._mover = proposer, proposer.position
        self._here, self.concession = here, concession

    def play(self) -> None:
        """Let both sides talk, and sign what is ready."""
        model, states = self._model, self._model.states
        free = self._here & states.in_phase(Phase.TALKS) & (states.resume_at <= model.round)
        calm = model.environment.talking(model.round)
        for world in np.flatnonzero(free & ~calm) if model.record is not None else ():
            model.note(int(world), Answer.suspended)
        player, talking = model.player, free & calm
        if player is not None and player.side == self._mover and talking.any():
            player.take_turn(model, self._context)
        for node, worlds in states.by_node(talking):
            plain = model.record is None and model.instead is None and player is None
            outcome = self._by_engine(node, worlds) if plain else None
            if outcome is None:
                outcome = self._by_arrays(node, worlds)
            self._conclude(node, worlds, outcome)
        if model.drafts_texts:
            self._finish_drafts()

    def _by_engine(self, node: int, worlds: Ints) -> RoundOutcome | None:
        model = self._model
        return model.engine.play(self._context, node, worlds, self._mover, model.states)

    def _by_arrays(self, node: int, worlds: Ints) -> RoundOutcome:
        """Play a round at a node in whole arrays, in the order of `sim.model.round`."""
        view, mover = RoundView(self._context, node, worlds), self._mover
        self._model.states.observe(worlds, view.depth, view.margin)
        before, self._model.last_view = self._model.last_view, view
        governments = [party.government for party in self._context.parties]
        positions = [view.position(side, ahead=int(side != mover)) for side in (0, 1)]
        demands = [
            model_of_round.demand(governments[side].demand, positions[side]) for side in (0, 1)
        ]
        offers = [offer_of(view, side, demands[side]) for side in (0, 1)]
        offers[mover] = self._instead(node, offers[mover])
        self._model.protocol.admit(offers[mover], len(self._model.nodes[node].table))
        rows = np.flatnonzero(offers[mover] >= 0)
        offered = view.at(rows, offers[mover][rows])
        own = 1 - mover
        foreseen = view.foreseen_value(own)
        future = model_of_round.value_of_next_offer(foreseen, offers[own], demands[own])
        waiting = governments[own].demand.worth_waiting(positions[own], future)
        answer = np.full(len(worlds), ANSWERS.index(Answer.passed))
        answer[rows] = answer_of(offered, own, waiting[rows])
        player = self._model.player
        if player is not None:
            if player.side == own and len(rows):
                offered, answer = player.answer(view, offers[mover], answer)
            player.witness(view, mover, offers[mover], answer, waiting)
        self._record(view, offered, (demands[0], demands[1]), (offers[0], offers[1]), answer)
        del before  # only now: its pages keep those of this round from going back and forth
        return self._outcome(offered, offers[mover], answer)

    def _instead(self, node: int, offers: Ints) -> Ints:
        """Return offers, or the package that is to be offered instead of any at its node."""
        player = self._model.player
        if player is not None and player.side == self._mover:
            return np.full_like(offers, player.offer)
        side, name = self._model.instead or (None, None)
        place = self._model.nodes[node].table.place_of(name)
        if place is None or side is not self._proposer:
            return offers
        return np.full_like(offers, place)

    def _outcome(self, offered: RoundView, package: Ints, answer: Ints) -> RoundOutcome:
        """Let both sides remember the offers, and return what came of them."""
        rows, pair = offered.rows, [self._mover, 1 - self._mover]
        outcome = blank_outcome(len(package))
        outcome.package[:], outcome.accepted[:] = package, answer == ACCEPTED
        outcome.lawful[:] = False
        outcome.lawful[rows] = offered.signable
        for line, side in enumerate(pair):
            outcome.value[line, rows] = offered.value(side)
            outcome.reservation[line, rows] = offered.reservation(side)
        mover, responder = (self._context.parties[side].government for side in pair)
        mover.memory.demanded(offered.worlds, offered.value(pair[0]))
        responder.observe_offer(offered.worlds, offered.value(pair[1]))
        could = outcome.lawful[rows] & ~outcome.accepted[rows] & offered.ratifiable
        self._model.states.refused[offered.worlds[could]] = True
        return outcome

    def _conclude(self, node: int, worlds: Ints, outcome: RoundOutcome) -> None:
        """Put what was offered on the table, and sign what was lawfully accepted."""
        protocol, agenda = self._model.protocol, self._model.agenda
        protocol.admit(outcome.package, len(self._model.nodes[node].table))
        if len(agenda.tables) > 1:
            agenda.offered(worlds, outcome.package, self._mover)
        made = np.flatnonzero(outcome.package >= 0)
        where, offered = worlds[made], outcome.package[made]
        for side, party in enumerate(self._context.parties):
            conceded = party.government.package_values[node].features.concession
            self.concession[where, side] = conceded[offered]
        if any(party.government.red_lines for party in self._context.parties):
            self._learn_red_lines(node, where, outcome.at(made))
        signed = np.flatnonzero(protocol.sign(outcome.accepted, outcome.lawful))
        if not len(signed):
            return
        agenda.agreed(self._context, node, worlds[signed], outcome.package[signed])
        if self._model.drafts_texts:
            begin_drafting(self._model, node, worlds[signed], outcome.package[signed])
        else:
            self._sign(node, worlds[signed], outcome.at(signed))

    def _finish_drafts(self) -> None:
        """Sign texts that are ready, unless a side would rather leave."""
        for node, worlds in drafts(self._model, self._here):
            view, rows = leave_or_sign(self._model, self._context, node, worlds)
            if len(rows):
                pair = (self._mover, 1 - self._mover)
                signed = blank_outcome(len(rows))
                signed.package[:] = self._model.states.package[worlds[rows]]
                for line, side in enumerate(pair):
                    signed.value[line] = view.value(side)[rows]
                    signed.reservation[line] = view.reservation(side)[rows]
                self._sign(node, worlds[rows], signed)
                for world in worlds[rows]:
                    self._model.note(int(world), Answer.text_ready, node=node)

    def _learn_red_lines(self, node: int, worlds: Ints, offered: RoundOutcome) -> None:
        """Let both sides see what the other offers, accepts, and refuses by a precondition."""
        mover, responder = (
            self._context.parties[side].government for side in (self._mover, 1 - self._mover)
        )
        packages, round_ = offered.package, self._model.round
        if responder.red_lines is not None:
            responder.red_lines.conceded(node, worlds, packages, round_)
        if mover.red_lines is not None:
            forbidden = responder.package_values[node].forbids(worlds, packages)
            named = (
                ~offered.accepted & forbidden & no_less(offered.value[1], offered.reservation[1])
            )
            mover.red_lines.refused(node, worlds[named], packages[named], round_)
            taken = offered.accepted
            mover.red_lines.conceded(node, worlds[taken], packages[taken], round_)

    def _sign(self, node: int, worlds: Ints, signed: RoundOutcome) -> None:
        model, states, packages = self._model, self._model.states, signed.package
        lags = model.lags.of(worlds, model.nodes[node].stage, model.voted[node][packages])
        states.sign(worlds, packages, model.round, model.round + lags)
        model.agenda.note(Milestone.signed, model.round, worlds, node, self._mover)
        for line, side in enumerate((self._mover, 1 - self._mover)):
            states.at_signature[worlds, side] = signed.value[line]
            states.at_signature[worlds, 2 + side] = signed.reservation[line]
            self._approve(self._context.parties[side], node, worlds, packages, signed.value[line])

    def _approve(
        self, party: Party, node: int, worlds: Ints, packages: Ints, value: Floats
    ) -> None:
        """Let what is signed move the approval of who signs."""
        government, office = party.government, self._model.environment.offices[party.role]
        features = government.package_values[node].features
        points = np.zeros(self._model.states.worlds)
        effects = office.win_effect[worlds], office.loss_effect[worlds]
        moved = ratings_change(*effects, features.gained[packages], features.given[packages])
        points[worlds] = moved - government.charge(worlds, value)
        office.shift(points)

    def _record(
        self,
        view: RoundView,
        offered: RoundView,
        demands: tuple[Floats, Floats],
        offers: tuple[Ints, Ints],
        answer: Ints,
    ) -> None:
        if self._model.record is None:
            return
        place = np.cumsum(offers[self._mover] >= 0) - 1
        for row, world in enumerate(view.worlds):
            package = int(offers[self._mover][row])
            facts = {
                "node": view.node,
                "proposer": self._proposer,
                "package": package,
                "next_claimant": int(offers[0][row]),
                "next_holder": int(offers[1][row]),
                "zopa": int(view.zopa[row].sum()),
                "signable": int(view.signable[row].sum()),
                "passable": int((view.signable & view.ratifiable)[row].sum()),
            }
            for side, role in enumerate(ROLES):
                name = role.value
                facts[f"aspiration_{name}"] = float(demands[side][row])
                facts[f"reservation_{name}"] = float(view.reservation(side)[row])
                facts[f"approval_{name}"] = float(self._context.conditions[side].approval[world])
                if package >= 0:
                    facts[f"value_{name}"] = float(offered.value(side)[place[row]])
                    facts[f"support_{name}"] = float(offered.support(side)[place[row]])
            self._model.note(int(world), ANSWERS[int(answer[row])], **facts)


def offer_of(view: RoundView, own: int, demanded: Floats) -> Ints:
    """Return what a side offers where it demands so much; `NONE` where there is nothing."""
    lawful = view.unbarred(own, view.believed_lawful(own, view.forbidden(own)))
    net, believed = view.net_value(own), view.believed_value(own)
    return model_of_round.offer(demanded, net, lawful, believed, view.value(own))


def answer_of(offered: RoundView, own: int, worth_waiting: Floats) -> Ints:
    """Return how a side answers what is offered, as places in `ANSWERS`."""
    return model_of_round.answer(
        offered.value(own),
        offered.reservation(own),
        offered.forbidden(own),
        offered.net_value(own),
        worth_waiting,
        (offered.believed_win_set(own, own), offered.believed_win_set(1 - own, own)),
    )
