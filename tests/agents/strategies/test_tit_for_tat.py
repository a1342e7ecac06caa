"""Transcripts: a hundred slices, the claimant moves first."""

from __future__ import annotations

import pytest

from tests.agents.strategies.harness import Harness, transcript
from tests.rules import both, rule


class TestTitForTat(Harness):
    kind = "tit_for_tat"
    variants = ({"measure": "relative", "intensity": 0.5}, {"initial_concession": 0.25})


def test_two_of_them_repeat_their_first_offers_for_ever() -> None:
    offers = transcript(both(rule("tit_for_tat", initial_concession=0.25)), 6)
    assert offers == [(0.75, "below_demand"), (0.25, "below_demand")] * 3


LINEAR = {"holder.leader.deadline_rounds": 10}


def test_a_concession_is_answered_in_kind() -> None:
    """The holder leaves .1, .3, .5 in rounds 1, 3, 5: the claimant lets go of .2 each time."""
    rules = both(rule("tit_for_tat"), rule("time_dependent"))
    offers = [offer for offer, _ in transcript({**rules, **LINEAR}, 6)]
    assert offers == [1.0, 0.1, 1.0, 0.3, 0.8, 0.5]


def test_relative_matches_the_share_of_the_gap_that_was_closed() -> None:
    """From .1 the gap to 1 is .9; .3 closes 2/9 of it: the claimant asks 7/9, in slices .78."""
    rules = both(rule("tit_for_tat", measure="relative"), rule("time_dependent"))
    offers = [offer for offer, _ in transcript({**rules, **LINEAR}, 5)]
    assert offers[4] == pytest.approx(0.78)


def test_intensity_multiplies() -> None:
    rules = both(rule("tit_for_tat", intensity=0.5), rule("time_dependent"))
    assert transcript({**rules, **LINEAR}, 5)[4][0] == pytest.approx(0.9)
