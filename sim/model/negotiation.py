"""Play one round of talks in all worlds that talk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.agents.preferences import Climate
from sim.agents.talk import Offer, Talk
from sim.domain.interest import ROLES, Role
from sim.domain.outcome import ANSWERS, Answer, Phase
from sim.equations.offering import NONE
from sim.model.course import BARGAIN, PASSABLE, SIGNABLE
from sim.model.table import Party, look
from sim.quantities import Bools, Floats, Ints

if TYPE_CHECKING:
    from sim.model.talks import TalksModel

_ACCEPTED = ANSWERS.index(Answer.accepted)


class Negotiation:
    """One round of talks.

    Parameters
    ----------
    model : TalksModel
    climates : pair of Climate
        What multiplies both sides' moving weights now.
    """

    def __init__(self, model: TalksModel, climates: tuple[Climate, Climate]) -> None:
        self._model, self._climates = model, climates
        self._proposer = model.protocol.proposer(model.round)
        self.concession = np.zeros((model.course.worlds, 2))

    def play(self) -> Floats:
        """Let both sides talk wherever they do.

        Returns
        -------
        ndarray, shape (worlds, 2)
            How much of a concession by each side is on the table.
        """
        model = self._model
        course = model.course
        free = course.in_phase(Phase.TALKS) & (course.resume_at <= model.round)
        calm = model.around.talking(model.round)
        for world in np.flatnonzero(free & ~calm) if model.record is not None else ():
            model.note(int(world), Answer.suspended)
        talking = free & calm
        for node in range(len(model.nodes)):
            worlds = np.flatnonzero(talking & (course.node == node))
            if len(worlds):
                self._at_node(node, worlds)
        return self.concession

    def _at_node(self, node: int, worlds: Ints) -> None:
        model = self._model
        talk = look(
            model.parties,
            model.around,
            self._climates,
            node,
            worlds,
            model.round,
            model.years,
        )
        signable = talk.signable
        self._observe(talk, signable)
        offers = self._offers(talk)
        mover = model.parties[self._proposer.position]
        responder = model.parties[self._proposer.other.position]
        package = offers[mover.role.position].package
        model.protocol.admit(package, len(model.nodes[node].table))
        answer = responder.government.answer(talk, package, offers[responder.role.position])
        signed = model.protocol.sign(answer == _ACCEPTED, signable, package)
        self._remember(talk, mover, responder, package)
        self._note_refusals(talk, signable, package, signed)
        if model.record is not None:
            self._record(talk, offers, package, answer)
        self._sign(talk, package, signed)

    def _offers(self, talk: Talk) -> tuple[Offer, Offer]:
        offers = []
        for role in ROLES:
            government = self._model.parties[role.position].government
            other = self._model.parties[role.other.position].government
            sits = self._climates[role.position].leader_sits[talk.worlds]
            deadline = government.deadline(talk.worlds, sits)
            ahead = 0 if role is self._proposer else 1
            other_discount = other.discount[talk.worlds]
            offers.append(government.offer(talk, deadline, other_discount, ahead))
        return offers[0], offers[1]

    def _observe(self, talk: Talk, signable: Bools) -> None:
        bargain = talk.bargain
        level = np.where(bargain.any(axis=1), BARGAIN, 0)
        level = np.where((bargain & signable).any(axis=1), SIGNABLE, level)
        passable = bargain & signable & talk.ratifiable
        level = np.where(passable.any(axis=1), PASSABLE, level)
        gaps = [
            talk.open_value[side] - talk.reservation[side][:, None] for side in range(len(ROLES))
        ]
        margin = np.minimum(gaps[0], gaps[1]).max(axis=1)
        self._model.course.observe(talk.worlds, level, margin)

    def _remember(self, talk: Talk, mover: Party, responder: Party, package: Ints) -> None:
        mover.government.remember_own(talk, package)
        responder.government.remember_heard(talk, package)
        rows = np.flatnonzero(package != NONE)
        for role in ROLES:
            features = self._model.parties[role.position].government.ledgers[talk.node].features
            self.concession[talk.worlds[rows], role.position] = features.concession[package[rows]]

    def _note_refusals(self, talk: Talk, signable: Bools, package: Ints, signed: Bools) -> None:
        rows = np.flatnonzero((package != NONE) & ~signed)
        offered = package[rows]
        could = signable[rows, offered] & talk.ratifiable[rows, offered]
        self._model.course.refused[talk.worlds[rows[could]]] = True

    def _sign(self, talk: Talk, package: Ints, signed: Bools) -> None:
        model, course = self._model, self._model.course
        rows = np.flatnonzero(signed)
        if not len(rows):
            return
        worlds, texts = talk.worlds[rows], package[rows]
        stage = model.nodes[talk.node].stage
        course.sign(worlds, texts, model.round, model.round + model.lags[worlds, stage])
        for role in ROLES:
            side = role.position
            course.at_signature[worlds, side] = talk.value[side][rows, texts]
            course.at_signature[worlds, 2 + side] = talk.reservation[side][rows]
            self._approve(role, talk, worlds, texts)

    def _approve(self, role: Role, talk: Talk, worlds: Ints, texts: Ints) -> None:
        model = self._model
        government = model.parties[role.position].government
        office = model.around.offices[role]
        features = government.ledgers[talk.node].features
        points = np.zeros(model.course.worlds)
        points[worlds] = (
            office.win_effect[worlds] * features.gained[texts]
            - office.loss_effect[worlds] * features.given[texts]
            - government.charge(talk, worlds, texts)
        )
        office.shift(points)

    def _record(self, talk: Talk, offers: tuple[Offer, Offer], package: Ints, answer: Ints) -> None:
        for row, world in enumerate(talk.worlds):
            made = int(package[row])
            facts = {
                "node": talk.node,
                "proposer": self._proposer,
                "package": made,
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
                facts[f"approval_{name}"] = float(self._model.around.offices[role].approval[world])
                if made != NONE:
                    facts[f"value_{name}"] = float(talk.value[side][row, made])
                    facts[f"support_{name}"] = float(talk.support[side][row, made])
            self._model.note(int(world), ANSWERS[int(answer[row])], **facts)
