"""The least change of a ranking, against every other change and `stability` itself."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.equations.inverse_stability import least_change, sunk
from sim.equations.stability import CONCEPTS, stability
from sim.io.kinds import read_game
from tests.equations.test_stability import games

CHAINED = st.sampled_from(("joint", "single"))


def stable(moves: Any, payoff: Any, rank: Any, maker: int, sanctions: Any) -> dict[str, Any]:
    """Return where a decision maker with another ranking stays."""
    changed = payoff.copy()
    changed[maker] = rank
    found = stability(moves, changed, sanctions)
    return {concept: found[concept][maker] for concept in CONCEPTS}


@settings(max_examples=8)
@given(games(), CHAINED)
def test_the_change_makes_a_state_stable_and_no_smaller_one_does(
    game: tuple[np.ndarray, np.ndarray], sanctions: Any
) -> None:
    moves, (payoff, _) = game
    makers, states = payoff.shape
    for maker, state in np.ndindex(makers, states):
        better = [k for k in range(states) if payoff[maker, k] > payoff[maker, state]]
        # all that counts of a ranking is what it puts above the state: try every such set
        least = dict.fromkeys(CONCEPTS, states + 1)
        for size in range(states):
            for liked in combinations([k for k in range(states) if k != state], size):
                rank = np.isin(np.arange(states), liked).astype(float)
                lost = len({*better} - {*liked})
                for concept, kept in stable(moves, payoff, rank, maker, sanctions).items():
                    if kept[state]:
                        least[concept] = min(least[concept], lost)
        for concept in CONCEPTS:
            change, fewest = least_change(moves, payoff, maker, state, concept, sanctions)
            assert fewest
            assert {*change} <= {*better}
            assert len(change) == least[concept]
            rank = sunk(payoff[maker], state, change)
            assert stable(moves, payoff, rank, maker, sanctions)[concept][state]


@settings(max_examples=20)
@given(games(), CHAINED)
def test_all_changes_together_make_an_equilibrium(
    game: tuple[np.ndarray, np.ndarray], sanctions: Any
) -> None:
    moves, (payoff, _) = game
    for state in range(payoff.shape[1]):
        for concept in ("nash", "general", "symmetric"):  # others' improvements play no part
            changed = [
                sunk(rank, state, least_change(moves, payoff, maker, state, concept, sanctions)[0])
                for maker, rank in enumerate(payoff)
            ]
            found = stability(moves, np.stack(changed), sanctions)
            assert found[concept][:, state].all()


def test_of_equal_changes_the_one_that_sinks_least_is_taken() -> None:
    moves = np.zeros((2, 4, 4), dtype=bool)
    moves[0, 0, 1] = moves[1, 1, 2] = moves[1, 1, 3] = True
    for ranks, least in (((0, 3, 2, 1), (3,)), ((0, 3, 1, 2), (2,)), ((0, 1, 2, 3), (1,))):
        payoff = np.array([ranks, (0, 0, 1, 1)], dtype=float)
        assert least_change(moves, payoff, 0, 0, "sequential") == (least, True)


def test_one_answer_that_deters_several_moves_counts_once() -> None:
    moves = np.zeros((2, 6, 6), dtype=bool)
    moves[0, 0, [1, 2, 3]] = moves[1, [1, 2, 3], 4] = moves[0, 4, 5] = True
    payoff = np.array([(0, 2, 3, 4, 1, 5), (0, 0, 0, 0, 1, 0)], dtype=float)
    assert least_change(moves, payoff, 0, 0, "nash") == ((1, 2, 3), True)
    assert least_change(moves, payoff, 0, 0, "general") == ((4,), True)
    assert least_change(moves, payoff, 0, 0, "symmetric") == ((4, 5), True)


@pytest.mark.parametrize("concept", CONCEPTS)
def test_published_equilibria_take_no_change(concept: Any) -> None:
    for name in ("elmira", "garrison"):
        game = read_game(name)
        names = list(game.states)
        for state, maker in np.ndindex(len(names), len(game.makers)):
            change = least_change(game.moves, game.payoff, maker, state, concept, game.sanctions)
            if names[state] in game.equilibria[concept]:
                assert change == ((), True)


@pytest.mark.parametrize("seconds", [0.0, 5.0])
def test_a_search_that_takes_too_long_gives_what_is_enough(
    seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.equations.inverse_stability._SECONDS", seconds)
    random = np.random.default_rng(7)
    moves, payoff = random.random((3, 40, 40)) < 0.2, random.random((3, 40))
    worst = int(np.argmin(payoff[0]))
    change, fewest = least_change(moves, payoff, 0, worst, "symmetric", "single")
    assert fewest is bool(seconds)
    payoff[0] = sunk(payoff[0], worst, change)
    assert stability(moves, payoff, "single")["symmetric"][0, worst]
