"""The formula alone; play by the engine is tested in tests/closed_forms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.equations.alternating_offers import discount_until_turn
from sim.equations.subgame_perfect import OfferGame, value_of_proposing, values_by_draw

TABLE = st.lists(st.tuples(st.integers(-2, 8), st.integers(-2, 8)), min_size=1, max_size=9)
KEPT = st.sampled_from((0.5, 0.75, 0.875, 1.0))
NEVER = np.array([np.inf])


def game(
    packages: list[tuple[int, int]], kept: tuple[float, float], outside: float = -np.inf
) -> OfferGame:
    values = np.array(packages, dtype=float)
    return OfferGame(
        value=(values[None, :, 0], values[None, :, 1]),
        reservation=(np.zeros(1), np.zeros(1)),
        feasible=np.ones((1, len(values)), dtype=bool),
        kept=(np.full(1, kept[0]), np.full(1, kept[1])),
        outside=(np.full(1, -np.inf), np.full(1, outside)),
    )


def by_recursion(
    packages: list[tuple[int, int]], kept: tuple[float, float], rounds: int, mover: int
) -> float:
    """Return the mover's value by the definition, package by package."""
    if rounds == 0:
        return 0.0
    other = 1 - mover
    least = kept[other] * by_recursion(packages, kept, rounds - 1, other)
    worth = [pair[mover] for pair in packages if min(pair) >= 0 and pair[other] >= least]
    return max(worth, default=0.0)


@settings(max_examples=200)
@given(TABLE, st.tuples(KEPT, KEPT), st.integers(1, 7), st.sampled_from((0, 1)))
def test_the_ladder_agrees_with_the_recursion(
    packages: list[tuple[int, int]], kept: tuple[float, float], rounds: int, mover: int
) -> None:
    last = mover if rounds % 2 == 1 else 1 - mover
    got = value_of_proposing(game(packages, kept), mover, last, np.array([float(rounds)]))
    assert got[0] == by_recursion(packages, kept, rounds, mover)


@settings(max_examples=200)
@given(TABLE, st.tuples(KEPT, KEPT), st.sampled_from((0, 1)))
def test_without_end_the_values_are_a_fixed_point_and_the_limit_of_long_games(
    packages: list[tuple[int, int]], kept: tuple[float, float], mover: int
) -> None:
    table = game(packages, kept)
    own = value_of_proposing(table, mover, mover, NEVER)[0]
    other = value_of_proposing(table, 1 - mover, mover, NEVER)[0]
    values = {mover: own, 1 - mover: other}
    for side in (0, 1):
        taken = [
            pair[side]
            for pair in packages
            if min(pair) >= 0 and pair[1 - side] >= kept[1 - side] * values[1 - side]
        ]
        assert values[side] == max(taken, default=0.0)
    assert own == value_of_proposing(table, mover, mover, np.array([41.0]))[0]


def test_rows_may_have_different_horizons() -> None:
    share = np.tile(np.linspace(0, 1, 9), (3, 1))
    zero, half, none = np.zeros(3), np.full(3, 0.5), np.full(3, -np.inf)
    every = np.ones((3, 9), dtype=bool)
    pie = OfferGame((share, 1 - share), (zero, zero), every, (half, half), (none, none))
    values = value_of_proposing(pie, 0, 0, np.array([1.0, 3.0, np.inf]))
    assert values.tolist() == [1.0, 0.75, 0.625]


def test_nobody_accepts_less_than_leaving_brings() -> None:
    pie = [(k, 8 - k) for k in range(9)]
    assert value_of_proposing(game(pie, (0.5, 0.5), outside=6.0), 0, 0, NEVER)[0] == 2
    assert value_of_proposing(game(pie, (0.5, 0.5), outside=9.0), 0, 0, NEVER)[0] == 0


@pytest.mark.parametrize("mover", [0, 1])
def test_what_is_vetoed_is_not_there(mover: int) -> None:
    pie = game([(4, 4), (6, 2), (2, 6)], (0.5, 0.5))
    vetoed = OfferGame(
        pie.value, pie.reservation, np.array([[True, False, False]]), pie.kept, pie.outside
    )
    assert value_of_proposing(vetoed, mover, mover, NEVER)[0] == 4


Values = tuple[list[float], list[float]]


def drawn_by_recursion(
    packages: list[tuple[int, int]], kept: tuple[float, float], p: float, rounds: int
) -> Values:
    """Return what proposing is worth to each, and a round before it is drawn, by the definition."""
    if rounds == 0:
        return [0.0, 0.0], [0.0, 0.0]
    _, after = drawn_by_recursion(packages, kept, p, rounds - 1)
    waiting = [kept[side] * after[side] for side in (0, 1)]
    got = []
    for mover in (0, 1):
        other = 1 - mover
        among = [pair for pair in packages if all(pair[s] >= waiting[s] for s in (0, 1))]
        best = max(among, key=lambda pair: (pair[mover], pair[other]), default=tuple(waiting))
        got.append(best)
    before = [p * got[0][side] + (1 - p) * got[1][side] for side in (0, 1)]
    return [got[0][0], got[1][1]], before


@settings(max_examples=200)
@given(
    TABLE, st.tuples(KEPT, KEPT), st.sampled_from((0.0, 0.25, 0.5, 0.75, 1.0)), st.integers(0, 6)
)
def test_drawn_turns_agree_with_the_recursion(
    packages: list[tuple[int, int]], kept: tuple[float, float], p: float, rounds: int
) -> None:
    left, probability = np.array([float(rounds)]), np.array([p])
    proposing, before = values_by_draw(game(packages, kept), probability, left)
    expected = drawn_by_recursion(packages, kept, p, rounds)
    for found, wanted in zip((proposing, before), expected, strict=True):
        assert [each[0] for each in found] == pytest.approx(wanted)


def test_a_side_that_surely_proposes_takes_all_that_the_other_may_wait_for() -> None:
    pie = [(k, 8 - k) for k in range(9)]
    proposing, before = values_by_draw(game(pie, (0.5, 0.5)), np.ones(1), np.array([5.0]))
    assert (proposing[0][0], before[0][0], before[1][0]) == (8, 8, 0)


def test_where_nothing_is_accepted_a_proposer_passes() -> None:
    """Two packages, each for one side alone: to wait for a turn is worth more than to give in."""
    proposing, before = values_by_draw(
        game([(8, 0), (0, 8)], (0.5, 0.5)), np.full(1, 0.5), np.array([2.0])
    )
    assert [each[0] for each in (*proposing, *before)] == [2, 2, 2, 2]


def test_long_games_of_drawn_turns_come_to_the_one_without_end() -> None:
    size, kept, p = 2_000, (0.9, 0.8), 0.3
    pie = game([(k, size - k) for k in range(size + 1)], kept)
    proposing, _ = values_by_draw(pie, np.full(1, p), np.array([80.0]))
    until = tuple(
        discount_until_turn(each, np.array([chance]))
        for each, chance in zip(pie.kept, (p, 1 - p), strict=True)
    )
    endless = OfferGame(pie.value, pie.reservation, pie.feasible, (until[0], until[1]), pie.outside)
    for side in (0, 1):
        ever = value_of_proposing(endless, side, 0, NEVER)[0]
        assert proposing[side][0] == pytest.approx(ever, abs=size / 200)


def test_rows_of_drawn_turns_may_have_different_horizons() -> None:
    share = np.tile(np.linspace(0, 1, 9), (3, 1))
    zero, half, none = np.zeros(3), np.full(3, 0.5), np.full(3, -np.inf)
    every = np.ones((3, 9), dtype=bool)
    pie = OfferGame((share, 1 - share), (zero, zero), every, (half, half), (none, none))
    proposing, _ = values_by_draw(pie, half, np.array([0.0, 1.0, 2.0]))
    assert proposing[0].tolist() == [0.0, 1.0, 0.75]
