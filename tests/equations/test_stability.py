"""Stability in the sense of the graph model: published games, and the definitions spelt out."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sim.equations.stability import CONCEPTS, reachable, stability

GAMES = sorted((Path(__file__).parents[1] / "data" / "games").glob("*.yaml"))


def arrays(game: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    place = {state: number for number, state in enumerate(game["states"])}
    moves = np.zeros((len(game["makers"]), len(place), len(place)), dtype=bool)
    payoff = np.zeros(moves.shape[:2])
    for number, maker in enumerate(game["makers"].values()):
        for start, ends in maker["moves"].items():
            moves[number, place[start], [place[end] for end in ends]] = True
        for rank, tied in enumerate(maker["prefers"]):
            payoff[number, [place[state] for state in tied]] = -rank
    return moves, payoff


@pytest.mark.parametrize("path", GAMES, ids=lambda path: path.stem)
def test_a_published_game_has_its_published_equilibria(path: Path) -> None:
    game = yaml.safe_load(path.read_text(encoding="utf-8"))
    moves, payoff = arrays(game)
    assert len(np.unique(payoff, axis=-1)[0]) == len(game["states"])  # every state is ranked
    stable = stability(moves, payoff)
    found = {
        concept: [game["states"][k] for k in np.flatnonzero(stable[concept].all(axis=0))]
        for concept in CONCEPTS
    }
    assert found == game["equilibria"]


Moves = list[dict[int, set[int]]]


def joint(moves: Moves, makers: list[int], start: int) -> set[int]:
    """Follow legal sequences one by one, remembering who moved last."""
    seen: set[tuple[int, int]] = set()
    queue = [(end, maker) for maker in makers for end in moves[maker][start]]
    while queue:
        state, last = queue.pop()
        if (state, last) not in seen:
            seen.add((state, last))
            queue += [(end, m) for m in makers if m != last for end in moves[m][state]]
    return {state for state, _ in seen}


def spelt_out(moves: Moves, rank: np.ndarray, maker: int, state: int) -> dict[str, bool]:
    """Fang, Hipel & Kilgour (1993), definitions 3.2 to 3.5 and 4.2 to 4.5, word by word."""
    others = [m for m in range(len(moves)) if m != maker]
    willing = [
        {s: {e for e in ends if rank[m, e] > rank[m, s]} for s, ends in moves[m].items()}
        for m in range(len(moves))
    ]
    mine = rank[maker]
    improvements = willing[maker][state]

    def sanctioned(steps: Moves, to: int, escape: bool) -> bool:
        return any(
            mine[answer] <= mine[state]
            and (escape or all(mine[end] <= mine[state] for end in moves[maker][answer]))
            for answer in joint(steps, others, to)
        )

    return {
        "nash": not improvements,
        "general": all(sanctioned(moves, to, True) for to in improvements),
        "symmetric": all(sanctioned(moves, to, False) for to in improvements),
        "sequential": all(sanctioned(willing, to, True) for to in improvements),
    }


@st.composite
def games(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    makers, states = draw(st.integers(2, 3)), draw(st.integers(2, 5))
    moves = draw(hnp.arrays(bool, (makers, states, states)))
    moves[:, np.arange(states), np.arange(states)] = False
    payoff = draw(hnp.arrays(np.int64, (2, makers, states), elements=st.integers(0, 3)))
    return moves, payoff.astype(float)


@given(games())
def test_arrays_agree_with_the_definitions_in_every_world(
    game: tuple[np.ndarray, np.ndarray],
) -> None:
    moves, payoff = game
    graph = [
        {s: set(np.flatnonzero(maker[s]).tolist()) for s in range(len(maker))} for maker in moves
    ]
    found = stability(moves, payoff)
    for world, maker, state in np.ndindex(payoff.shape):
        expected = spelt_out(graph, payoff[world], maker, state)
        assert {name: bool(found[name][world, maker, state]) for name in CONCEPTS} == expected


@given(games())
def test_weaker_concepts_hold_wherever_stronger_ones_do(
    game: tuple[np.ndarray, np.ndarray],
) -> None:
    found = stability(*game)
    for strong, weak in (*pairwise(("nash", "symmetric", "general")), ("sequential", "general")):
        assert not (found[strong] & ~found[weak]).any()


def test_nobody_moves_twice_in_a_row() -> None:
    step = np.zeros((1, 3, 3), dtype=bool)
    step[0, 0, 1] = step[0, 1, 2] = True
    assert not reachable(step)[0, 2]
    assert reachable(np.concatenate([step, step]))[0, 2]
