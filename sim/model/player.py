"""Player of one side of a world: choices that come from outside where a strategy would decide.

The other side, all publics and ratifiers are the engine, and meet the same shocks as without a
player. What a side sees is what its strategy looks at: its own values, and of the other side and
of both publics what it believes (`sim.agents.beliefs`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.domain.interest import Role
from sim.domain.move import MOVES, Move, Question
from sim.domain.outcome import ANSWERS, Answer, Phase
from sim.equations.offering import NONE
from sim.equations.utility import no_less
from sim.equations.zopa import surplus
from sim.model import round as model_of_round
from sim.model.negotiation import answer_of, offer_of
from sim.model.round import ACCEPTED
from sim.model.view import RoundContext, RoundView
from sim.quantities import Bools, Floats, Ints

if TYPE_CHECKING:
    from sim.model.talks import TalksModel

__all__ = ["PlayedRound", "Player", "Sight"]

_WORLD = np.zeros(1, dtype=np.int64)


@dataclass(frozen=True)
class Sight:
    """What a side sees when it is asked something; the last axis of arrays is the package.

    Parameters
    ----------
    question : Question
    round_ : int
    node : int
        The stage under negotiation, or at which the text in hand was agreed.
    package : int
        What is offered, voted on or in force; `NONE` on one's own turn.
    surplus : ndarray, shape (packages,)
        What signing is worth to oneself over never signing, in points.
    believed : ndarray, shape (packages,)
        What it is believed to be worth to the other side over never signing, in points.
    signable : ndarray of bool, shape (packages,)
        What one's own side could sign: the mechanism signs nothing else.
    against : mapping of precondition to ndarray of bool, shape (packages,)
        What each absolute precondition of one's own forbids.
    barred : ndarray of bool, shape (packages,)
        What is believed barred by the other side's red lines.
    passes : ndarray of bool, shape (2, packages)
        What is believed likely enough to pass at home, and abroad.
    support : ndarray, shape (2, packages)
        Believed support at home and abroad, as shares.
    approval : pair of float
        Of both leaders, one's own first, percent.
    preconditions : tuple of str
        One's own that are in force, and could be withdrawn.
    tables : tuple of str
        Structures that could be tabled instead of the present one.
    campaign : tuple of float
        On a vote: points of approval that a campaign costs, believed support without one, and with.
    advice : tuple of Move
        What one's own strategy would do.
    demanded : float
        In one's own turn: the least that one's own strategy asks for over never signing, points.
    """

    question: Question
    round_: int
    node: int
    package: int
    surplus: Floats
    believed: Floats
    signable: Bools
    against: dict[str, Bools]
    barred: Bools
    passes: Bools
    support: Floats
    approval: tuple[float, float]
    preconditions: tuple[str, ...]
    tables: tuple[str, ...] = ()
    campaign: tuple[float, ...] = ()
    advice: tuple[Move, ...] = ()
    demanded: float = 0.0


@dataclass(frozen=True)
class PlayedRound:
    """What talks of a round were in truth; the last axis of arrays is the package.

    Parameters
    ----------
    round_, node : int
    mover : int
        Place of the side whose turn it was.
    package : int
        What was offered, or `NONE`.
    answer : Answer
    surplus : ndarray, shape (2, packages)
        What signing was worth to each side over never signing, in points.
    believed : ndarray, shape (2, packages)
        What each side took it for to be worth to the other.
    signable, ratifiable : ndarray of bool, shape (packages,)
        What both sides could sign; what would have passed on both second levels.
    acceptable : ndarray of bool, shape (packages,)
        What the other side would have accepted, had the player offered it; nothing out of turn.
    named : tuple of str
        Preconditions that a refusal of the other side named.
    """

    round_: int
    node: int
    mover: int
    package: int
    answer: Answer
    surplus: Floats
    believed: Floats
    signable: Bools
    ratifiable: Bools
    acceptable: Bools
    named: tuple[str, ...] = ()


class Player:
    """A side of the one world of a model that asks somebody where its strategy would decide.

    Parameters
    ----------
    role : Role
    ask : callable
        Takes what the side sees, and returns a move that fits.

    Attributes
    ----------
    moves : list of Move
        What was done so far.
    rounds : list of PlayedRound
    offer : int
        What is offered in the present turn, or `NONE`.
    """

    def __init__(self, role: Role, ask: Callable[[Sight], Move]) -> None:
        self.role, self.side, self._ask = role, role.position, ask
        self.moves: list[Move] = []
        self.rounds: list[PlayedRound] = []
        self.offer = NONE
        self._hopes: str | None = None

    def hopes_of(self, tables: Sequence[str]) -> None:
        """Keep which table the side's strategy would now turn to, if to any."""
        self._hopes = next(iter(tables), None)

    def take_turn(self, model: TalksModel, context: RoundContext) -> None:
        """Ask what the side tables, withdraws and offers, in its turn.

        Parameters
        ----------
        model : TalksModel
            Of a single world, in which the sides talk.
        context : RoundContext
        """
        while True:
            view = RoundView(context, int(model.states.node[0]), _WORLD)
            move = self._asked(self._before_offer(model, view))
            if move.does == "table":
                self._table(model, str(move.what))
            elif move.does == "withdraw":
                self._withdraw(view, move)
            else:
                place = model.nodes[view.node].table.place_of(move.what)
                self.offer = NONE if place is None else place
                return

    def _before_offer(self, model: TalksModel, view: RoundView) -> Sight:
        position = view.position(self.side)
        government = view.context.parties[self.side].government
        demanded = model_of_round.demand(government.demand, position)
        place = int(offer_of(view, self.side, demanded)[0])
        table = model.nodes[view.node].table
        advised = self._move(view, "pass") if place == NONE else None
        advice = [advised or self._move(view, "offer", table.id_of(place))]
        if self._hopes is not None:
            advice = [self._move(view, "table", self._hopes)]
        sight = self._sight(view, Question.turn, NONE)
        asked = float(demanded[0] - view.reservation(self.side)[0])
        tables = _tables(model, view.node)
        return replace(sight, tables=tables, advice=tuple(advice), demanded=asked)

    def _table(self, model: TalksModel, name: str) -> None:
        model.agenda.put(name, model.round, self.side)
        model.note(0, Answer.tabled, side=self.role, structure=name)
        self._hopes = None

    def answer(self, view: RoundView, offers: Ints, answer: Ints) -> tuple[RoundView, Ints]:
        """Ask how the side answers an offer.

        Parameters
        ----------
        view : RoundView
        offers, answer : ndarray of int, shape (1,)
            What is offered, and how the side's strategy would answer.

        Returns
        -------
        (RoundView, ndarray of int)
            The view of what was offered as it is after the answer, and the answer.
        """
        advised = "accept" if answer[0] == ACCEPTED else "refuse"
        while True:
            sight = self._sight(view, Question.answer, int(offers[0]))
            move = self._asked(replace(sight, advice=(self._move(view, advised),)))
            if move.does != "withdraw":
                break
            self._withdraw(view, move)
            view = RoundView(view.context, view.node, _WORLD)
        if move.does == "accept":
            answer = np.array([ACCEPTED])
        elif answer[0] == ACCEPTED:
            answer = np.array([ANSWERS.index(Answer.declined)])
        return view.at(_WORLD, offers), answer

    def before_vote(self, at: RoundView) -> RoundView:
        """Ask whether the leader campaigns before a vote, where it may and could help.

        Parameters
        ----------
        at : RoundView
            Of the text that is voted on.

        Returns
        -------
        RoundView
            The same, with what was said.
        """
        party, would = at.context.parties[self.side], at.campaigns(self.side)
        cost = party.public.campaign_cost
        votes = party.government.package_values[at.node].features.votes
        counted = [
            place
            for place, name in enumerate(party.ratifiers.names)
            if not party.ratifiers.is_ally(name)
        ]
        if at.packages is None or would is None or cost is None:
            return at
        if not votes[counted][:, at.packages].any():
            return at
        both = [self._with_campaign(at, said) for said in (False, True)]
        support = [float(each.believed_support(self.side, self.side)[0]) for each in both]
        view = RoundView(at.context, at.node, _WORLD)
        sight = self._sight(view, Question.vote, int(at.packages[0]))
        advice = (self._move(at, "campaign" if would[0] else "no_campaign"),)
        sight = replace(sight, campaign=(float(cost[0]), *support), advice=advice)
        said = self._asked(sight).does == "campaign"
        return at if said == would[0] else both[said]

    def _with_campaign(self, at: RoundView, said: bool) -> RoundView:
        pair: list[bool | None] = [None, None]
        pair[self.side] = said
        context = replace(at.context, campaigns=(pair[0], pair[1]))
        return RoundView(context, at.node, _WORLD).at(_WORLD, _packages(at))

    def before_walk_back(self, view: RoundView, packages: Ints, gains: Floats) -> Floats:
        """Ask whether the side walks back from a text in force, where that would pay.

        Parameters
        ----------
        view : RoundView
        packages : ndarray of int, shape (1,)
            The text in force.
        gains : ndarray, shape (1, 2)
            What each side would gain, in points.

        Returns
        -------
        ndarray, shape (1, 2)
            The same; no gain where it keeps its word.
        """
        if gains[0, self.side] <= 0:
            return gains
        sight = self._sight(view, Question.walk_back, int(packages[0]))
        move = self._asked(replace(sight, advice=(self._move(view, "walk_back"),)))
        if move.does == "keep":
            gains = gains.copy()
            gains[0, self.side] = 0.0
        return gains

    def witness(
        self, view: RoundView, mover: int, offers: Ints, answer: Ints, waiting: Floats
    ) -> None:
        """Keep what a round of talks was in truth, when it was over.

        Parameters
        ----------
        view : RoundView
            As it began: what is withdrawn on the way no longer forbids anything.
        mover : int
        offers, answer : ndarray of int, shape (1,)
        waiting : ndarray, shape (1,)
            What refusing is worth to the responder.
        """
        view = RoundView(view.context, view.node, _WORLD)
        other, count = 1 - self.side, view.value(0).shape[1]
        acceptable = np.zeros(count, dtype=bool)
        if mover == self.side:
            each = view.at(np.zeros(count, dtype=np.int64), np.arange(count))
            acceptable = answer_of(each, other, np.repeat(waiting, count)) == ACCEPTED
        values = [surplus(view.value(side), view.reservation(side))[0] for side in (0, 1)]
        believed = [_believed(view, side) for side in (0, 1)]
        played = PlayedRound(
            round_=view.round_,
            node=view.node,
            mover=mover,
            package=int(offers[0]),
            answer=ANSWERS[int(answer[0])],
            surplus=np.stack(values),
            believed=np.stack(believed),
            signable=view.signable[0],
            ratifiable=view.ratifiable[0],
            acceptable=acceptable & view.signable[0],
            named=_named(view, 1 - mover, offers, answer),
        )
        self.rounds.append(played)

    def _asked(self, sight: Sight) -> Move:
        move = self._ask(sight)
        if move.does not in MOVES[sight.question]:
            raise ValueError(f"{move.does!r} is no answer to {sight.question.value!r}")
        self.moves.append(move)
        return move

    def _withdraw(self, view: RoundView, move: Move) -> None:
        """Withdraw a precondition; everybody sees it."""
        own, other = (view.context.parties[side].government for side in (self.side, 1 - self.side))
        own.withdraw(str(move.what), view.round_)
        if other.red_lines is not None:
            other.red_lines.look_again(_WORLD)

    def _move(self, view: RoundView, does: Any, what: str | None = None) -> Move:
        return Move(round=view.round_, does=does, what=what)

    def _sight(self, view: RoundView, question: Question, package: int) -> Sight:
        own, other = self.side, 1 - self.side
        conditions = view.context.conditions
        government = view.context.parties[own].government
        values = government.values_at(view.node, view.worlds, view.round_)
        absolute = values.preconditions.absolute(view.round_)
        barred = government.barred(view.node)
        count = view.value(own).shape[1]
        return Sight(
            question=question,
            round_=view.round_,
            node=view.node,
            package=package,
            surplus=surplus(view.value(own), view.reservation(own))[0],
            believed=_believed(view, own),
            signable=_worth(view, own) & ~view.forbidden(own)[0],
            against={name: blocked[0] for name, blocked in absolute.items() if blocked.any()},
            barred=np.zeros(count, dtype=bool) if barred is None else barred[0].copy(),
            passes=np.stack([view.believed_win_set(side, own)[0] for side in (own, other)]),
            support=np.stack([view.believed_support(side, own)[0] for side in (own, other)]),
            approval=(float(conditions[own].approval[0]), float(conditions[other].approval[0])),
            preconditions=tuple(values.preconditions.in_force(view.round_)),
        )


def _believed(view: RoundView, own: int) -> Floats:
    """Return what a side takes the other's gain from signing for, shape (packages,)."""
    return np.asarray(surplus(view.believed_value(own), view.believed_reservation(own))[0])


def _named(view: RoundView, responder: int, offers: Ints, answer: Ints) -> tuple[str, ...]:
    """Return the preconditions that a refusal names, if it is for one."""
    if ANSWERS[int(answer[0])] is not Answer.precondition:
        return ()
    values = view.context.parties[responder].government.package_values[view.node]
    naming = values.preconditions.naming(view.round_, _WORLD, offers)
    return tuple(name for name, named in naming.items() if named[0])


def _worth(view: RoundView, own: int) -> Bools:
    return np.asarray(no_less(view.value(own), view.reservation(own)[:, None])[0])


def _packages(at: RoundView) -> Ints:
    if at.packages is None:
        raise ValueError("expected the view of one package, got that of all")
    return at.packages


def _tables(model: TalksModel, node: int) -> tuple[str, ...]:
    """Return the structures to which talks could turn from a node."""
    roots = model.agenda.roots
    if len(roots) < 2 or node not in roots.values() or not model.states.in_phase(Phase.TALKS)[0]:
        return ()
    return tuple(name for name, root in roots.items() if root != node)
