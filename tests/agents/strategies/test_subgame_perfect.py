"""The equilibrium as a player; the formula is tested in tests/equations and tests/closed_forms."""

from __future__ import annotations

import pytest

from tests.agents.strategies.harness import Harness, transcript
from tests.rules import both, rule


class TestSubgamePerfect(Harness):
    kind = "subgame_perfect"
    variants = (
        {"horizon_rounds": 2, "breakdown": 0.25},
        {"horizon_rounds": 5, "outside_option": 0.25},
        {"office_weight": 1},
    )


def test_an_obstinate_side_is_waited_out_by_nobody() -> None:
    """Against a boulware clock the equilibrium's own demand never moves."""
    rules = both(rule("subgame_perfect"), rule("time_dependent", concession_exponent=0))
    offers = transcript({**rules, "holder.leader.deadline_rounds": 40}, 5)
    assert len({offer for offer, _ in offers[::2]}) == 1


@pytest.mark.parametrize(("first", "slices"), [("claimant", 0.75), ("holder", 0.25)])
def test_of_two_equilibria_both_play_the_one_best_for_the_first_mover(
    first: str, slices: float
) -> None:
    """A quarter or three quarters, and patient sides: either can be held out for."""
    few = {"deals.divide.stages.pie.negotiable": {"administration": ["0.25", "0.75"]}}
    grid = {"dispute.clauses.administration.grid.steps": 5, "protocol.first_mover": first}
    assert transcript({**both(rule("subgame_perfect")), **few, **grid}, 2) == [(slices, "accepted")]
