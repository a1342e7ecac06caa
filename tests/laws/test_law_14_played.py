"""Law 14: who does in each round what the strategy would do gets the world itself, bit for bit.

Tests `sim.model.player` and `sim.domain.move`.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.domain.scenario import Scenario
from sim.experiments.play import advised, play
from sim.model.talks import TalksModel
from tests.disputes import ENGINES, pie
from tests.laws.generator import Changes, disputes
from tests.laws.play import LAW, same
from tests.laws.test_law_13_branches import SWITCHED, isles

SIDES = ("claimant", "holder")


def gives_the_world_itself(scenario: Scenario, deal: str, world: int, side: str) -> set[str]:
    """Compare a world with its like in which one side is played; return what was done."""
    alone = TalksModel(scenario, deal, worlds=1, first=world).run()
    told = TalksModel(scenario, deal, worlds=1, first=world, record=True).run()
    game = play(scenario, deal, side=side, world=world, ask=advised)
    again = play(scenario, deal, side=side, world=world, moves=game.moves)
    for other in (game.result, again.result):
        assert other is not None
        same(alone.columns, other.columns)
        assert repr(other.record) == repr(told.record)
        if alone.agenda is not None and other.agenda is not None:
            same(alone.agenda.columns, other.agenda.columns)
    assert again.moves == game.moves
    return {move.does for move in game.moves}


@settings(LAW, max_examples=LAW.max_examples // 5)
@given(
    changes=disputes(),
    world=st.integers(0, 3),
    side=st.sampled_from(SIDES),
    engine=st.sampled_from(ENGINES),
)
def test_a_player_who_follows_the_strategy_gets_the_world_itself(
    changes: Changes, world: int, side: str, engine: str
) -> None:
    gives_the_world_itself(pie({**changes, "engine": engine}), "divide", world, side)


@pytest.mark.parametrize("name", SWITCHED)
def test_so_it_is_where_much_moves(name: str) -> None:
    side = SIDES[len(name) % 2]
    gives_the_world_itself(isles(name, "array"), "two_steps", 1, side)
