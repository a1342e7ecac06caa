"""Play one round of talks in all worlds that talk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.agents.party import Party
from sim.agents.view import Chosen, Offer, RoundView
from sim.domain.interest import ROLES
from sim.domain.outcome import ANSWERS, Answer, Phase
from sim.equations.offering import NONE
from sim.model.engines import RoundOutcome, Survey
from sim.model.table import RoundContext
from sim.quantities import Floats, Ints

if TYPE_CHECKING:
    from sim.model.talks import TalksModel

_ACCEPTED = ANSWERS.index(Answer.accepted)


class Negotiation:
    """One round of talks.

    Parameters
    ----------
    model : TalksModel
    scene : RoundContext
        Both sides as the surroundings make them now.
    """

    def __init__(self, model: TalksModel, scene: RoundContext) -> None:
        self._model, self._scene = model, scene
        self._proposer = model.protocol.proposer(model.round)
        self.concession = np.zeros((model.states.worlds, 2))

    def play(self) -> Floats:
        """Let both sides talk wherever they do.

        Returns
        -------
        ndarray, shape (worlds, 2)
            How much of a concession by each side is on the table.
        """
        model = self._model
        course = model.states
        free = course.in_phase(Phase.TALKS) & (course.resume_at <= model.round)
        calm = model.environment.talking(model.round)
        for world in np.flatnonzero(free & ~calm) if model.record is not None else ():
            model.note(int(world), Answer.suspended)
        talking = free & calm
        for node, worlds in course.by_node(talking):
            self._at_node(node, worlds)
        return self.concession

    def _at_node(self, node: int, worlds: Ints) -> None:
        model, scene = self._model, self._scene
        dealt = self._dealt(node, worlds) if model.record is None else None
        if dealt is not None:
            self._conclude(node, worlds, dealt)
            return
        survey = model.engine.survey(scene, node, worlds)
        talk = survey.talk
        model.states.observe(worlds, survey.level, survey.margin)
        offers = self._offers(survey)
        mover = scene.parties[self._proposer.position]
        responder = scene.parties[self._proposer.other.position]
        package = offers[mover.role.position].package
        model.protocol.admit(package, len(model.nodes[node].table))
        chosen = talk.chosen(package)
        answer = responder.government.answer(talk, chosen, offers[responder.role.position])
        lawful = chosen.signable(talk.reservation)
        signed = model.protocol.sign(answer == _ACCEPTED, lawful)
        self._remember(talk, chosen, mover, responder)
        could = lawful & ~signed & chosen.ratifiable()
        model.states.refused[worlds[could]] = True
        if model.record is not None:
            self._record(talk, offers, chosen, answer)
        rows = np.flatnonzero(signed)
        if len(rows):
            value = np.stack(chosen.value)[:, rows]
            reservation = np.stack(talk.reservation)[:, rows]
            self._sign(node, worlds[rows], chosen.package[rows], value, reservation)

    def _dealt(self, node: int, worlds: Ints) -> RoundOutcome | None:
        model, mover = self._model, self._proposer.position
        return model.engine.play(self._scene, node, worlds, mover, model.states)

    def _conclude(self, node: int, worlds: Ints, dealt: RoundOutcome) -> None:
        model, scene = self._model, self._scene
        model.protocol.admit(dealt.package, len(model.nodes[node].table))
        made = np.flatnonzero(dealt.package != NONE)
        for party in scene.parties:
            conceded = party.government.ledgers[node].features.concession
            self.concession[worlds[made], party.role.position] = conceded[dealt.package[made]]
        signed = np.flatnonzero(model.protocol.sign(dealt.accepted, dealt.lawful))
        if len(signed):
            pair = [self._proposer.position, self._proposer.other.position]
            line = np.argsort(pair)
            self._sign(
                node,
                worlds[signed],
                dealt.package[signed],
                dealt.value[line][:, signed],
                dealt.reservation[line][:, signed],
            )

    def _offers(self, survey: Survey) -> tuple[Offer, Offer]:
        offers, talk = [], survey.talk
        for role in ROLES:
            government = self._scene.parties[role.position].government
            other = self._scene.parties[role.other.position].government
            aspiration = government.aspire(
                talk,
                survey.top[role.position],
                self._scene.conditions[role.position].deadline[talk.worlds],
                other.discount[talk.worlds],
                ahead=0 if role is self._proposer else 1,
            )
            engine = self._model.engine
            package = engine.offer(self._scene, survey, role.position, aspiration)
            offers.append(Offer(package, aspiration))
        return offers[0], offers[1]

    def _remember(self, talk: RoundView, chosen: Chosen, mover: Party, responder: Party) -> None:
        rows = np.flatnonzero(chosen.made)
        worlds = talk.worlds[rows]
        mover.government.memory.demanded(worlds, chosen.value[mover.role.position][rows])
        responder.government.observe_offer(worlds, chosen.value[responder.role.position][rows])
        for party in self._scene.parties:
            conceded = party.government.ledgers[talk.node].features.concession
            self.concession[worlds, party.role.position] = conceded[chosen.package[rows]]

    def _sign(
        self, node: int, worlds: Ints, texts: Ints, value: Floats, reservation: Floats
    ) -> None:
        model, course = self._model, self._model.states
        stage = model.nodes[node].stage
        lags = model.lags.of(worlds, stage, model.voted[node][texts])
        course.sign(worlds, texts, model.round, model.round + lags)
        for party in self._scene.parties:
            side = party.role.position
            course.at_signature[worlds, side] = value[side]
            course.at_signature[worlds, 2 + side] = reservation[side]
            self._approve(party, node, worlds, texts, value[side])

    def _approve(self, party: Party, node: int, worlds: Ints, texts: Ints, value: Floats) -> None:
        model, government = self._model, party.government
        office = model.environment.offices[party.role]
        features = government.ledgers[node].features
        points = np.zeros(model.states.worlds)
        points[worlds] = (
            office.win_effect[worlds] * features.gained[texts]
            - office.loss_effect[worlds] * features.given[texts]
            - government.charge(worlds, value)
        )
        office.shift(points)

    def _record(
        self, talk: RoundView, offers: tuple[Offer, Offer], chosen: Chosen, answer: Ints
    ) -> None:
        for row, world in enumerate(talk.worlds):
            made = bool(chosen.made[row])
            facts = {
                "node": talk.node,
                "proposer": self._proposer,
                "package": int(chosen.package[row]) if made else -1,
                "next_claimant": int(offers[0].package[row]),
                "next_holder": int(offers[1].package[row]),
                "zopa": int(talk.bargain[row].sum()),
                "signable": int(talk.signable[row].sum()),
                "passable": int((talk.signable & talk.ratifiable)[row].sum()),
            }
            for role in ROLES:
                side, name = role.position, role.value
                facts[f"aspiration_{name}"] = float(offers[side].aspiration[row])
                facts[f"reservation_{name}"] = float(talk.reservation[side][row])
                facts[f"approval_{name}"] = float(self._scene.conditions[side].approval[world])
                if made:
                    facts[f"value_{name}"] = float(chosen.value[side][row])
                    facts[f"support_{name}"] = float(chosen.support[side][row])
            self._model.note(int(world), ANSWERS[int(answer[row])], **facts)
