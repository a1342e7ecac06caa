"""Hold the two ways to add weighted features up together, to the bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.equations.utility import adder, additive_utility, by_arrays, by_loops, utility_of_each


def _drawn(seed: int, rows: int, features: int, packages: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    sizes = 10.0 ** rng.integers(-12, 12, size=(rows, features))
    weights = rng.normal(size=(rows, features)) * sizes * rng.integers(0, 2, size=sizes.shape)
    return weights, rng.normal(size=(features, packages)) * rng.integers(0, 2, (features, packages))


@given(st.integers(0, 2**32), st.integers(1, 9), st.integers(0, 7), st.integers(1, 40))
def test_arrays_and_loops_give_the_same_bits(
    seed: int, rows: int, features: int, packages: int
) -> None:
    weights, looks = _drawn(seed, rows, features, packages)
    results = [np.full((rows, packages), np.nan) for _ in range(3)]  # written over
    for add, result in zip((by_arrays, by_loops, adder()), results, strict=True):
        add(weights, np.arange(features), looks, result)
    assert len({result.tobytes() for result in results}) == 1
    places = np.arange(rows) % packages
    each = utility_of_each(weights, looks.T[places])
    assert each.tobytes() == results[0][np.arange(rows), places].tobytes()


@pytest.mark.parametrize("packages", [1, 97, 20_000])
def test_rows_do_not_depend_on_the_rows_beside_them(packages: int) -> None:
    weights, looks = _drawn(7, 300, 5, packages)
    whole = np.zeros((300, packages))
    by_arrays(weights, np.arange(5), looks, whole)
    alone = np.zeros((1, packages))
    by_arrays(weights[211:212], np.arange(5), looks, alone)
    assert np.array_equal(alone[0], whole[211])


def test_order_of_addition_is_that_of_the_features() -> None:
    weights = np.array([[1e16, 1.0, -1e16]])
    assert additive_utility(weights, np.ones((1, 3))).tolist() == [[0.0]]
    assert additive_utility(weights[:, [0, 2, 1]], np.ones((1, 3))).tolist() == [[1.0]]


def test_arrays_do_it_where_numba_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.equations.utility.find_spec", lambda name: None)
    assert adder.__wrapped__() is by_arrays
