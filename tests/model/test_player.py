"""A side that somebody plays: what it sees, and what of its choices the engine carries.

Tests `sim.model.player` and `sim.domain.move`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from scipy.special import ndtr

from sim.domain.move import Move, Question
from sim.domain.outcome import Answer
from sim.domain.scenario import Scenario
from sim.errors import ScenarioError
from sim.experiments.play import PlayedWorld, advised, play
from sim.model.player import Sight
from sim.model.talks import TalksModel
from tests.disputes import DEADLINES, ONE, TWO, pie, q, stance
from tests.model.test_ambiguity import texts
from tests.model.test_campaigns import LED

HALF = {
    **DEADLINES,
    "deals.divide.stages.pie.negotiable": {"administration": ["0.4000", "0.5000", "0.6000"]},
    "engine": "array",
}
"""Three divisions of a pie, each worth signing to both."""


def following(scenario: Scenario, side: str, **otherwise: str) -> PlayedWorld:
    """Play by the strategy, but for what is said otherwise where something is asked."""

    def ask(sight: Sight, game: PlayedWorld) -> Move:
        does: Any = otherwise.get(sight.question.name)
        return advised(sight, game) if does is None else Move(round=sight.round_, does=does)

    return play(scenario, "divide", side=side, ask=ask)


def told(game: PlayedWorld) -> list[Answer]:
    return [line["answer"] for line in game.record]


def test_a_side_sees_its_own_values_and_believes_the_others() -> None:
    unsure = {"claimant.beliefs.interest_error": 0.3, "claimant.beliefs.reservation_error": 0.2}
    scenario = pie({**HALF, **unsure, TWO: 0.3})
    sight = play(scenario, "divide", side="claimant").sight
    assert sight is not None
    np.testing.assert_allclose(sight.surplus, [0.4, 0.5, 0.6])
    truth = np.array([0.6, 0.5, 0.4]) - 0.3
    assert np.abs(sight.believed - truth).min() > 0.01
    surely = play(pie({**HALF, TWO: 0.3}), "divide", side="claimant").sight
    assert surely is not None
    np.testing.assert_allclose(surely.believed, truth)


def test_what_is_offered_is_answered_by_the_engine_and_signed() -> None:
    game = play(pie(HALF), "divide", side="claimant")
    asked = game.sight
    assert asked is not None
    assert (asked.question, asked.round_, asked.package) == (Question.turn, 0, -1)
    table = game.nodes[0].table
    refused = game.move("offer", table.id_of(2))
    assert refused.rounds[0].answer is Answer.below_demand
    assert refused.sight is not None
    assert refused.sight.question is Question.answer
    later = refused.move("refuse").move("offer", table.id_of(0))
    assert later.over
    assert later.rounds[-1].answer is Answer.accepted
    assert later.rounds[-1].package == 0


def test_a_refusal_of_what_the_strategy_would_take_is_no_reason_of_its_own() -> None:
    game = play(pie(HALF), "divide", side="holder")
    while game.sight is not None and game.sight.advice[0].does != "accept":
        game = game.move("refuse") if game.sight.question is Question.answer else game.move("pass")
    refused = game.move("refuse")
    assert refused.rounds[-1].answer is Answer.declined


def test_what_is_worth_less_than_never_signing_cannot_be_signed_or_offered() -> None:
    game = play(pie({**HALF, ONE: 0.55}), "divide", side="claimant")
    assert game.sight is not None
    assert game.sight.signable.tolist() == [False, False, True]
    with pytest.raises(ScenarioError, match=r"this one is 0.05 points short of never signing"):
        game.move("offer", game.nodes[0].table.id_of(1))


def test_a_precondition_that_is_withdrawn_binds_no_more() -> None:
    holds = {"claimant.preconditions.no_shares": stance(1.0, 1.0)}
    game = play(pie({**HALF, **holds}), "divide", side="claimant")
    assert game.sight is not None
    assert not game.sight.signable.any()
    assert game.sight.preconditions == ("no_shares",)
    text = game.nodes[0].table.id_of(0)
    with pytest.raises(ScenarioError, match=r"absolute preconditions \(here no_shares"):
        game.move("offer", text)
    free = game.move("withdraw", "no_shares")
    assert free.sight is not None
    assert free.sight.signable.all()
    assert (free.sight.round_, free.sight.preconditions) == (0, ())
    with pytest.raises(ScenarioError, match="one of none"):
        free.move("withdraw", "no_shares")


def test_withdrawn_before_an_answer_it_lets_the_text_be_signed() -> None:
    holds = {"holder.preconditions.no_shares": stance(1.0, 1.0), **HALF}
    game = play(pie(holds), "divide", side="holder")
    while game.sight is not None and game.sight.question is not Question.answer:
        game = game.move("pass")
    with pytest.raises(ScenarioError, match="no_shares"):
        game.move("accept")
    assert game.move("withdraw", "no_shares").move("accept").over


@pytest.mark.parametrize(("says", "points"), [(None, 0.5), ("campaign", 0.5), ("no_campaign", 0.0)])
def test_a_leader_campaigns_as_is_said(says: str | None, points: float) -> None:
    seen: list[Sight] = []

    def ask(sight: Sight, game: PlayedWorld) -> Move:
        seen.append(sight)
        does: Any = says if sight.question is Question.vote else None
        return advised(sight, game) if does is None else Move(round=sight.round_, does=does)

    game = play(pie({**LED, "rounds": 3}), "divide", side="claimant", ask=ask)
    vote = next(each for each in seen if each.question is Question.vote)
    assert vote.campaign == pytest.approx((4.0, 0.5, float(ndtr(0.5))))
    assert game.result is not None
    assert game.result.columns["support_claimant"][0] == pytest.approx(float(ndtr(points)))
    assert (Answer.ratified in told(game)) is (points > 0)


SOURS = {
    **texts(None),
    "claimant.reservation.entrenchment": {"initial": q(0), "gain": q(1), "speed": q(1)},
    "protocol.resume_rounds": 100,
}
"""A text in halves, after which never signing becomes worth more and more to the claimant."""


def test_who_plays_a_side_keeps_its_word_or_walks_back_where_that_pays() -> None:
    walks, keeps = (
        following(pie(SOURS), "claimant"),
        following(pie(SOURS), "claimant", walk_back="keep"),
    )
    assert [move.does for move in walks.moves][-1] == "walk_back"
    assert Answer.walked_back in told(walks)
    assert Answer.walked_back not in told(keeps)
    assert Answer.carried_out in told(keeps)
    alone = TalksModel(pie(SOURS), "divide", worlds=1, record=True).run()
    assert repr(alone.record) == repr(walks.record)


def two_tables() -> Scenario:
    stage = {"label": "x", "fixed": {"title": "shared"}, "negotiable": {"administration": "all"}}
    bad = {"label": "y", "fixed": {"title": "shared", "administration": "0.0000"}}
    deals = {
        "other": {"name": "other", "label": "other", "assumption": "test", "stages": {"one": bad}},
        "divide": {"name": "divide", "label": "it", "assumption": "test", "stages": {"pie": stage}},
    }
    tabled = {"agenda": "tabled", "on_the_table": {"other": 1}, "protocol.patience": q(2, "rounds")}
    return pie({**DEADLINES, ONE: 0.2, TWO: 0.2, "deals": deals, **tabled, "rounds": 12})


def moves_of(scenario: Scenario, **how: Any) -> Iterator[str]:
    game = play(scenario, next(iter(scenario.structures)), side="claimant", **how)
    yield from (move.does for move in game.moves)


def test_who_plays_a_side_tables_structures() -> None:
    scenario = two_tables()
    deal = next(iter(scenario.structures))
    game = play(scenario, deal, side="claimant")
    assert game.sight is not None
    assert game.sight.tables == ("divide",)
    assert len(game.sight.surplus) == 1
    tabled = game.move("table", "divide")
    assert tabled.sight is not None
    assert (tabled.sight.round_, tabled.sight.tables) == (0, ("other",))
    assert len(tabled.sight.surplus) == 101
    agenda = tabled.move("offer", tabled.nodes[tabled.sight.node].table.id_of(50))
    assert agenda.result is not None or agenda.sight is not None
    assert "table" in [*moves_of(scenario, ask=advised)]
    alone = TalksModel(scenario, deal, worlds=1, record=True).run()
    followed = play(scenario, deal, side="claimant", ask=advised)
    assert followed.result is not None
    assert repr(alone.record) == repr(followed.record)
    assert alone.agenda is not None
    assert followed.result.agenda is not None
    for name, column in alone.agenda.columns.items():
        np.testing.assert_array_equal(column, followed.result.agenda.columns[name])
