"""Points of bargaining sets: curves with known answers, and the axioms that name the rules."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sim.equations.pareto import frontier
from sim.equations.solutions import SOLUTIONS, relative_gains
from sim.equations.zopa import margin, surplus, zopa

STEPS = 20_001
X = np.linspace(0.0, 1.0, STEPS)
EVERY = np.ones(STEPS, dtype=bool)
GOLDEN = (math.sqrt(5) - 1) / 2

finite = st.integers(-20, 20).map(lambda number: number / 4)
tables = st.integers(1, 12).flatmap(
    lambda packages: hnp.arrays(float, (2, 4, packages), elements=finite)
)


@pytest.mark.parametrize(
    ("rule", "disagreement", "expected"),
    [  # on (x, sqrt(1 - x)); the grid is off by at most 1/20,000
        ("nash", (0.0, 0.0), 2 / 3),
        ("kalai_smorodinsky", (0.0, 0.0), GOLDEN),
        ("egalitarian", (0.0, 0.0), GOLDEN),
        ("utilitarian", (0.0, 0.0), 3 / 4),
        # x - a = 2 (sqrt(1-x) - b) sqrt(1-x): with u = sqrt(1-x), 3u^2 - 2bu - (1 - a) = 0
        ("nash", (0.2, 0.0), 1 - 0.8 / 3),
        ("nash", (0.0, 0.3), 1 - ((0.6 + math.sqrt(0.36 + 12)) / 6) ** 2),
        # (x - a)/(1 - b^2 - a) = (sqrt(1-x) - b)/(sqrt(1-a) - b)
        ("kalai_smorodinsky", (0.2, 0.0), 0.2 + 0.8 * GOLDEN),
    ],
)
def test_the_rules_on_a_curve(
    rule: str, disagreement: tuple[float, float], expected: float
) -> None:
    one, two = X - disagreement[0], np.sqrt(1 - X) - disagreement[1]
    chosen = SOLUTIONS[rule](one, two, EVERY)
    assert X[chosen] == pytest.approx(expected, abs=1 / (STEPS - 1))


@given(tables)
def test_every_rule_picks_an_efficient_package_or_none(table: np.ndarray) -> None:
    one, two = table
    every = np.ones(one.shape, dtype=bool)
    both = zopa(one, two)
    efficient = frontier(one, two, both)
    for name, rule in SOLUTIONS.items():
        chosen = rule(one, two, every)
        np.testing.assert_array_equal(chosen >= 0, both.any(axis=1))
        for world in np.flatnonzero(chosen >= 0):
            product = (one * two)[world][both[world]].max()
            if name != "nash" or product > 0:  # nothing tells products of zero apart
                assert efficient[world, chosen[world]]


@given(tables)
def test_the_rules_do_what_they_are_named_for(table: np.ndarray) -> None:
    one, two = table
    every = np.ones(one.shape, dtype=bool)
    scores = {
        "nash": one * two,
        "kalai_smorodinsky": np.minimum(*relative_gains(one, two, every)),
        "egalitarian": np.minimum(one, two),
        "utilitarian": one + two,
    }
    both = zopa(one, two)
    for name, rule in SOLUTIONS.items():
        for world, chosen in enumerate(rule(one, two, every)):
            if chosen >= 0:
                best = scores[name][world][both[world]].max()
                assert scores[name][world, chosen] == best


@given(tables, st.integers(-3, 3), st.integers(-3, 3))
def test_nash_and_kalai_smorodinsky_ignore_the_sides_units(
    table: np.ndarray, power_one: int, power_two: int
) -> None:
    one, two = table
    every = np.ones(one.shape, dtype=bool)
    for name in ("nash", "kalai_smorodinsky"):
        before = SOLUTIONS[name](one, two, every)
        after = SOLUTIONS[name](one * 2.0**power_one, two * 2.0**power_two, every)
        np.testing.assert_array_equal(before, after)


@given(tables, st.integers(-3, 3), st.integers(-3, 3))
def test_the_disagreement_point_is_the_reservation_value(
    table: np.ndarray, first: int, second: int
) -> None:
    """Adding to a side's values and to its reservation value changes nothing."""
    one, two = table
    every = np.ones(one.shape, dtype=bool)
    zero = np.zeros(len(one))
    moved = surplus(one + first, zero + first), surplus(two + second, zero + second)
    for rule in SOLUTIONS.values():
        np.testing.assert_array_equal(rule(one, two, every), rule(*moved, every))


@given(tables)
def test_nash_ignores_what_it_would_not_pick(table: np.ndarray) -> None:
    one, two = table
    chosen = SOLUTIONS["nash"](one, two, np.ones(one.shape, dtype=bool))
    for world in np.flatnonzero(chosen >= 0):
        fewer = np.arange(one.shape[1]) <= chosen[world]
        assert SOLUTIONS["nash"](one[world], two[world], fewer) == chosen[world]


@given(tables)
def test_the_margin_tells_whether_there_is_a_zopa(table: np.ndarray) -> None:
    one, two = table
    np.testing.assert_array_equal(margin(one, two) >= 0, zopa(one, two).any(axis=1))


def test_rules_that_compare_points_depend_on_their_unit() -> None:
    one, two = np.array([4.0, 2.0, 0.5]), np.array([1.0, 3.5, 4.0])
    every = np.ones(3, dtype=bool)
    for name in ("egalitarian", "utilitarian"):
        assert SOLUTIONS[name](one, two, every) != SOLUTIONS[name](10 * one, two, every)


@given(tables)
def test_an_ideal_lies_in_the_bargaining_set(table: np.ndarray) -> None:
    one, two = table
    both = zopa(one, two)
    assume(both.any())
    gains = relative_gains(one, two, np.ones(one.shape, dtype=bool))
    for gain in gains:
        inside = np.where(both, gain, -np.inf).max(axis=1)[both.any(axis=1)]
        np.testing.assert_array_equal(inside, 1.0)
