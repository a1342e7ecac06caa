"""A mediator's text, on a pie of a hundred slices."""

from __future__ import annotations

import pytest

from tests.agents.strategies.harness import Harness, transcript
from tests.rules import both, rule


class TestMediator(Harness):
    kind = "mediator"
    variants = ({"solution": "kalai_smorodinsky"},)


@pytest.mark.parametrize("solution", ["nash", "kalai_smorodinsky"])
def test_both_sign_the_text_at_once(solution: str) -> None:
    assert transcript(both(rule("mediator", solution=solution)), 2) == [(0.5, "accepted")]


def test_values_of_never_signing_shift_the_text() -> None:
    """With .2 for never signing the claimant gets .2 and half of the .8 that is left."""
    points = {"claimant.reservation.dialogue": 0.2}
    assert transcript({**both(rule("mediator")), **points}, 2) == [(0.6, "accepted")]


def test_a_side_that_bargains_is_held_to_the_text_by_one_that_follows_it() -> None:
    rules = both(rule("mediator"), rule("time_dependent"))
    offers = transcript({**rules, "holder.leader.deadline_rounds": 6}, 8)
    assert offers[0] == (0.5, "below_demand")
    assert offers[-1] == (0.5, "accepted")
