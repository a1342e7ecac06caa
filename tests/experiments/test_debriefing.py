"""Debriefings against planted cases: what was signable, what was left, what was believed."""

from __future__ import annotations

from typing import Any

import pytest

from sim.domain.move import Move, Question
from sim.domain.narration import signed_points
from sim.errors import ScenarioError
from sim.experiments.debriefing import debrief
from sim.experiments.play import PlayedWorld, advised, play
from sim.model.player import Sight
from sim.report.play import LEFT, debriefing_words
from tests.disputes import DEADLINES, ONE, TWO, pie, stance

PLANTED = {
    **DEADLINES,
    "deals.divide.stages.pie.negotiable": {
        "administration": ["0.1000", "0.4000", "0.5000", "0.6000", "0.9000"]
    },
    ONE: 0.2,
    TWO: 0.3,
    "rounds": 4,
    "engine": "array",
}
"""To the claimant texts are worth -0.1, 0.2, 0.3, 0.4, 0.7; to the holder 0.6, 0.3, 0.2, 0.1, -0.2:
both could sign the three in the middle in every round, and nobody votes."""


def stubborn(changes: dict[str, Any] | None = None) -> PlayedWorld:
    """Return a game in which the claimant neither offers nor accepts anything."""

    def ask(sight: Sight, _: PlayedWorld) -> Move:
        does: Any = "pass" if sight.question is Question.turn else "refuse"
        return Move(round=sight.round_, does=does)

    return play(pie({**PLANTED, **(changes or {})}), side="claimant", ask=ask)


def test_what_could_have_been_signed_is_found_with_its_values() -> None:
    game = stubborn()
    found = debrief(game)
    assert found.table["place"].tolist() == [3, 2, 1]
    assert found.table["own"].tolist() == pytest.approx([0.4, 0.3, 0.2])
    assert found.table["other"].tolist() == pytest.approx([0.1, 0.2, 0.3])
    assert found.table["rounds"].tolist() == found.table["passing"].tolist() == [4, 4, 4]
    offered = {each.package for each in game.rounds} - {-1}
    assert offered
    assert found.never_offered["place"].tolist() == [k for k in (3, 2, 1) if k not in offered]
    assert found.signed == ()
    assert found.points == 0.0
    told = debriefing_words(found)["What came of it"][-1]
    assert told == "Your points: +0.0: nothing is in force in the end."
    assert found.best is not None
    assert (found.best.package, found.best.own) == (3, pytest.approx(0.4))
    assert found.left == pytest.approx(0.4)


def until_an_answer() -> PlayedWorld:
    """Return a game of a holder whose precondition forbids the text that it is offered."""
    holds = {"holder.preconditions.no_shares": stance(1.0, 1.0)}
    game = play(pie({**PLANTED, **holds}), side="holder")
    while game.sight is not None and game.sight.question is not Question.answer:
        game = game.move("pass")
    return game


def test_what_a_precondition_forbids_is_said_to_be_forbidden_until_it_is_withdrawn() -> None:
    game = until_an_answer()
    refused = game.move("refuse")
    while not refused.over:
        assert refused.sight is not None
        refused = refused.move("pass" if refused.sight.question is Question.turn else "refuse")
    found = debrief(refused)
    assert found.turned_down is not None
    assert found.turned_down_barred
    assert "absolute precondition forbade it" in " ".join(debriefing_words(found)[LEFT])
    signed = debrief(game.move("withdraw", "no_shares").move("accept"))
    assert signed.table["offered"].sum() == 1
    (agreed,) = signed.signed
    told = debriefing_words(signed)["What came of it"][-1]
    assert told.startswith(f"Your points: {signed_points(agreed.own)}: what is in force was worth")
    assert told.endswith(f"in round {agreed.round_}, when it was agreed.")
    assert len(signed.table) == 3, "all that both could have signed, what was signed among them"


def test_what_was_turned_down_is_the_best_offer_of_the_other() -> None:
    game = stubborn()
    theirs = [each.package for each in game.rounds if each.mover == 1 and each.package >= 0]
    down = debrief(game).turned_down
    assert theirs
    assert down is not None
    assert down.package == max(theirs)
    assert down.own == pytest.approx([-0.1, 0.2, 0.3, 0.4, 0.7][max(theirs)])


def test_what_would_have_been_accepted_is_what_is_when_it_is_offered() -> None:
    game = stubborn()
    found, table = debrief(game), game.nodes[0].table
    taken = dict.fromkeys(range(len(table)), 0)
    for turn, each in enumerate(game.rounds):
        if each.mover == 0:
            before = play(game.scenario, side="claimant", moves=game.moves[:turn])
            assert before.sight is not None
            for place in range(len(table)):
                if before.sight.signable[place]:
                    accepted = before.move("offer", table.id_of(place)).rounds[turn].answer
                    taken[place] += accepted.name == "accepted"
    assert sum(taken.values()) > 0
    shown = dict(zip(found.table["place"], found.table["accepted"], strict=True))
    assert shown == {place: count for place, count in taken.items() if place in shown}
    assert found.best_accepted is not None
    assert found.best_accepted.package == max(k for k, count in taken.items() if count)


def test_what_was_signed_counts_and_what_was_left_is_the_rest() -> None:
    game = play(pie(PLANTED), side="claimant", ask=advised)
    found = debrief(game)
    [signed] = found.signed
    assert signed.in_force
    assert found.points == signed.own > 0
    assert found.left == pytest.approx(0.4 - signed.own)
    assert found.parted is None
    assert debrief(stubborn()).automatic.points == found.points
    assert debrief(stubborn()).parted == 0


def test_what_would_be_voted_down_is_no_best() -> None:
    against = {"kind": "referendum", "label": "a vote", "quota": 0.5, "noise": 0.0}
    quantity = {"unit": "share", "assumption": "test"}
    vote = {
        **against,
        "quota": {"value": 1.0, **quantity},
        "noise": {"value": 0.0, **quantity},
    }
    hostile = {
        "holder.ratifiers": {"vote": vote},
        "holder.public.segments": {
            "all": {
                "label": "everybody",
                "share": "rest",
                "weights": {},
                "threshold": {"value": 1.0, "unit": "points", "assumption": "test"},
                "spread": {"value": 0.0, "unit": "points", "assumption": "test"},
            }
        },
    }

    def ask(sight: Sight, game: PlayedWorld) -> Move:
        does: Any = "accept" if sight.question is Question.answer else "pass"
        return Move(round=sight.round_, does=does)

    unaware = {"holder.beliefs.own_support_error": 0.0}
    found = debrief(play(pie({**PLANTED, **hostile, **unaware}), side="claimant", ask=ask))
    assert found.points == 0.0
    assert found.best is None
    assert (found.table["passing"] == 0).all()


def test_what_was_believed_is_told_with_its_error() -> None:
    sure = debrief(stubborn()).beliefs
    assert sure["who"].tolist() == ["own", "other"] * 2
    assert sure["round"].tolist() == [0, 0, 3, 3]
    assert sure["mean"].tolist() == pytest.approx([0.0] * 4)
    assert (sure[["missed", "fancied"]] == 0).all().all()
    game = stubborn({"holder.beliefs.reservation_error": 0.5, "holder.beliefs.learning": 0.0})
    wrong = debrief(game).beliefs
    error = wrong[wrong["who"] == "other"]["mean"]
    assert abs(error.iloc[0]) > 0.01
    assert error.iloc[0] == pytest.approx(error.iloc[1])  # it heard no offer to learn from
    assert wrong[wrong["who"] == "own"]["mean"].tolist() == pytest.approx([0.0, 0.0])
    told = debrief(game).believed_of_last
    assert told is not None
    played, believed, true = told
    assert believed - true == pytest.approx(error.iloc[0])
    assert true == pytest.approx(played.surplus[0, played.package])


def test_a_game_that_goes_on_has_no_debriefing() -> None:
    with pytest.raises(ScenarioError, match="one that is over"):
        debrief(play(pie(PLANTED), side="claimant"))
