"""Reputation for obstinacy: what every strategy inherits, and who gives in to whom."""

from __future__ import annotations

from tests.agents.strategies.harness import Harness, transcript
from tests.rules import both, rule


class TestReputational(Harness):
    kind = "reputational"
    variants = ({"demanded_share": 0.5}, {"obstinate": 1, "believed_obstinate": 0.5})


def test_who_never_gives_in_holds_its_demand_for_ever() -> None:
    stubborn = rule("reputational", demanded_share=0.7, obstinate=1, believed_obstinate=1)
    offers = transcript(both(stubborn), 6)
    assert [offer for offer, _ in offers] == [0.7, 0.3] * 3
    assert {answer for _, answer in offers} == {"below_demand"}


def test_who_faces_an_obstinate_side_gives_in_at_once() -> None:
    stubborn = rule("reputational", demanded_share=0.7, obstinate=1, believed_obstinate=0.001)
    weak = rule("reputational", demanded_share=0.7, obstinate=0.001, believed_obstinate=1)
    assert transcript(both(stubborn, weak), 3) == [(0.7, "accepted")]
    assert transcript(both(weak, stubborn), 3) == [(0.3, "accepted")]


def test_who_demands_no_more_than_is_left_agrees_at_once() -> None:
    modest = rule("reputational", demanded_share=0.5)
    assert transcript(both(modest), 3) == [(0.5, "accepted")]
