"""Stability in the sense of the graph model: published games, and the definitions spelt out."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sim.equations.stability import (
    CONCEPTS,
    hypergame,
    improvements,
    reachable,
    shortest_routes,
    stability,
)
from sim.io.kinds import read_game
from sim.paths import configs_dir

GAMES = [
    *(Path(__file__).parents[1] / "data" / "games").glob("*.yaml"),
    *configs_dir().glob("game/*.yaml"),
]


@pytest.mark.parametrize("path", sorted(GAMES), ids=lambda path: path.stem)
def test_a_published_game_has_its_published_equilibria(path: Path) -> None:
    game = read_game(str(path))
    stable = stability(game.moves, game.payoff, game.sanctions)
    states = list(game.states)
    found = {
        concept: tuple(states[k] for k in np.flatnonzero(stable[concept].all(axis=0)))
        for concept in CONCEPTS
    }
    assert found == game.equilibria


def test_chains_of_sanctions_hold_three_more_states_of_garrison() -> None:
    game = read_game("garrison")
    stable = stability(game.moves, game.payoff)
    more = {"general": ["s4", "s6", "s10"], "symmetric": ["s4", "s6", "s10"]}
    for concept in CONCEPTS:
        found = {f"s{k + 1}" for k in np.flatnonzero(stable[concept].all(axis=0))}
        assert found == {*game.equilibria[concept], *more.get(concept, [])}


def test_it_makes_no_difference_to_elmira_how_sanctions_are_chained() -> None:
    game = read_game("elmira")
    joint, single = (stability(game.moves, game.payoff, how) for how in ("joint", "single"))
    for concept in CONCEPTS:
        assert joint[concept].all(axis=0).tolist() == single[concept].all(axis=0).tolist()


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


def one_step(moves: Moves, makers: list[int], start: int) -> set[int]:
    return {end for maker in makers for end in moves[maker][start]}


ANSWERS = {"joint": joint, "single": one_step}


def spelt_out(
    moves: Moves, rank: np.ndarray, maker: int, state: int, sanctions: str
) -> dict[str, bool]:
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
            for answer in ANSWERS[sanctions](steps, others, to)
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


@given(games(), st.sampled_from(("joint", "single")))
def test_arrays_agree_with_the_definitions_in_every_world(
    game: tuple[np.ndarray, np.ndarray], sanctions: Any
) -> None:
    moves, payoff = game
    graph = [
        {s: set(np.flatnonzero(maker[s]).tolist()) for s in range(len(maker))} for maker in moves
    ]
    found = stability(moves, payoff, sanctions)
    for world, maker, state in np.ndindex(payoff.shape):
        expected = spelt_out(graph, payoff[world], maker, state, sanctions)
        assert {name: bool(found[name][world, maker, state]) for name in CONCEPTS} == expected


@given(games())
def test_weaker_concepts_hold_wherever_stronger_ones_do(
    game: tuple[np.ndarray, np.ndarray],
) -> None:
    found = stability(*game)
    for strong, weak in (*pairwise(("nash", "symmetric", "general")), ("sequential", "general")):
        assert not (found[strong] & ~found[weak]).any()


@given(games())
def test_chains_only_add_sanctions(game: tuple[np.ndarray, np.ndarray]) -> None:
    joint_, single = stability(*game, "joint"), stability(*game, "single")
    for concept in CONCEPTS:
        assert not (single[concept] & ~joint_[concept]).any()


def test_nobody_moves_twice_in_a_row() -> None:
    step = np.zeros((1, 3, 3), dtype=bool)
    step[0, 0, 1] = step[0, 1, 2] = True
    assert not reachable(step)[0, 2]
    assert reachable(np.concatenate([step, step]))[0, 2]


@given(games(), st.booleans())
def test_routes_are_legal_shortest_and_lead_wherever_chains_do(
    game: tuple[np.ndarray, np.ndarray], willing: bool
) -> None:
    moves, payoff = game
    allowed = improvements(moves, payoff[0]) if willing else moves
    graph = [
        {s: set(np.flatnonzero(maker[s]).tolist()) for s in range(len(maker))} for maker in allowed
    ]
    for start in range(moves.shape[1]):
        routes = shortest_routes(allowed, start)
        assert {*routes} == joint(graph, [*range(len(moves))], start) | {start}
        assert {*routes} - {start} == {*np.flatnonzero(reachable(allowed)[start])} - {start}
        for end, route in routes.items():
            assert all(one[0] != two[0] for one, two in pairwise(route))
            stops = [start, *(state for _, state in route)]
            assert stops[-1] == end
            assert all(
                allowed[who, here, there] for (who, there), here in zip(route, stops, strict=False)
            )
            assert len(route) == fewest(graph, start, end)


def fewest(graph: Moves, start: int, end: int) -> int:
    """Count moves by taking them all at once, level by level."""
    now, count = {(start, -1)}, 0
    while end not in {state for state, _ in now}:
        now = {
            (to, who)
            for state, last in now
            for who in range(len(graph))
            if who != last
            for to in graph[who][state]
        }
        count += 1
    return count


def test_the_town_takes_elmira_from_the_status_quo_to_a_dead_end() -> None:
    game = read_game("elmira")
    names = list(game.states)
    routes = shortest_routes(improvements(game.moves, game.payoff), names.index("s1"))
    assert {names[end]: len(route) for end, route in routes.items()} == {"s1": 0, "s5": 1}


@given(games(), st.booleans())
def test_a_hypergame_is_each_game_in_the_eyes_of_who_plays_it(
    game: tuple[np.ndarray, np.ndarray], mistaken: bool
) -> None:
    moves, (true, other) = game
    pictures = np.array([true] * len(moves))
    if mistaken:
        pictures[0, 1:] = other[1:]
    own, seen = hypergame(moves, pictures)
    apart = [stability(moves, picture) for picture in pictures]
    for concept in CONCEPTS:
        for maker, found in enumerate(apart):
            assert own[concept][maker].tolist() == found[concept][maker].tolist()
            assert seen[concept][maker].tolist() == found[concept].tolist()
        if not mistaken:
            assert own[concept].tolist() == stability(moves, true)[concept].tolist()
