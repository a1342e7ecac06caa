"""The frontier against the definition, and its speed on a large table."""

import time
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sim.equations.pareto import dominating, frontier

points = st.integers(-3, 3).map(float)
tables = st.integers(1, 9).flatmap(
    lambda packages: st.tuples(
        hnp.arrays(float, (2, 3, packages), elements=points),
        hnp.arrays(bool, (3, packages)),
    )
)
Table = tuple[np.ndarray, np.ndarray]


def dominated(one: np.ndarray, two: np.ndarray, counts: np.ndarray, k: int) -> bool:
    return any(
        one[j] >= one[k] and two[j] >= two[k] and (one[j] > one[k] or two[j] > two[k])
        for j in np.flatnonzero(counts)
    )


@given(tables)
def test_the_frontier_is_what_nothing_dominates(table: Table) -> None:
    (one, two), counts = table
    found = frontier(one, two, counts)
    for world, k in np.ndindex(*one.shape):
        out = dominated(one[world], two[world], counts[world], k)
        assert found[world, k] == (counts[world, k] and not out)


@given(tables)
def test_what_dominates_is_counted(table: Table) -> None:
    (one, two), counts = table
    for k in range(one.shape[1]):
        found = dominating(one, two, np.full(3, k), counts)
        for world in range(3):
            out = dominated(one[world], two[world], counts[world], k)
            assert found[world].any() == out
    assert not dominating(one, two, np.full(3, -1)).any()


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_packages_does_not_matter(table: Table, random: Random) -> None:
    (one, two), counts = table
    order = np.random.default_rng(random.randint(0, 99)).permutation(one.shape[1])
    shuffled = frontier(one[:, order], two[:, order], counts[:, order])
    np.testing.assert_array_equal(shuffled, frontier(one, two, counts)[:, order])


def test_a_hundred_thousand_packages_take_no_time() -> None:
    one, two = np.random.default_rng(1).normal(size=(2, 100_000))
    start = time.perf_counter()
    efficient = frontier(one, two)
    assert time.perf_counter() - start < 2.0
    best_two = np.maximum.accumulate(two[np.argsort(-one)])
    assert efficient.sum() == 1 + np.count_nonzero(np.diff(best_two))
