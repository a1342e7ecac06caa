"""Transcripts: a hundred slices, the claimant moves first."""

from __future__ import annotations

from tests.agents.strategies.harness import Harness, transcript
from tests.rules import both, rule


class TestHoldUp(Harness):
    kind = "hold_up"
    variants = ({"initial_concession": 0.2, "intensity": 0.25}, {"intensity": 4})


def test_the_price_rises_as_the_other_concedes() -> None:
    """The holder leaves .1, .3 in rounds 1, 3; the claimant asks .5, then .7 instead of .5."""
    rules = both(rule("hold_up", initial_concession=0.5, intensity=1), rule("time_dependent"))
    offers = transcript({**rules, "holder.leader.deadline_rounds": 10}, 5)
    assert [offer for offer, _ in offers] == [0.5, 0.1, 0.5, 0.3, 0.7]


def test_an_impatient_holder_who_meets_the_first_price_ends_the_game() -> None:
    rules = both(rule("hold_up", initial_concession=0.5, intensity=1), rule("time_dependent"))
    assert transcript({**rules, "holder.leader.deadline_rounds": 1}, 3)[0] == (0.5, "accepted")
