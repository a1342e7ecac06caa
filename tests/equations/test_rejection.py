"""Rejection and its regression, against a posterior in closed form."""

import numpy as np
import pytest
from scipy.special import ndtri

from sim.equations.rejection import beyond, effective, local_linear, regressed, weights


def test_within_a_tolerance_nothing_is_amiss() -> None:
    values = np.array([[0.0, 5.0], [3.0, 1.5]])
    found = beyond(values, np.array([1.0, 2.0]), np.array([0.5, 1.0]))
    np.testing.assert_allclose(found, [[-0.5, 2.0], [1.5, 0.0]])


def test_a_regression_gives_the_posterior_of_two_normals() -> None:
    """Prior N(0, 1), reading with error N(0, 0.5²): the posterior given y is N(0.8 y, 0.2)."""
    rng = np.random.default_rng(5)
    drawn = rng.normal(size=(20_000, 1))
    read = drawn + 0.5 * rng.normal(size=drawn.shape)
    misfits = beyond(read, np.array([1.5]), np.array([0.0]))
    weight = weights(np.abs(misfits[:, 0]), 0.2)
    kept = weight > 0
    found = regressed(drawn[kept], misfits[kept], weight[kept])[:, 0]
    mean = found @ weight[kept]
    assert mean == pytest.approx(1.2, abs=0.03)
    assert np.sqrt((found - mean) ** 2 @ weight[kept]) == pytest.approx(0.2**0.5, abs=0.02)
    assert drawn[kept, 0] @ weight[kept] < 1.15, "without the regression it lags behind"


def test_few_draws_are_worth_less_where_a_regression_reaches_far() -> None:
    weight, near = np.full(20, 0.05), np.linspace(-1.0, 1.0, 20)[:, None]
    assert effective(local_linear(near, weight)[0]) == pytest.approx(20.0)
    assert effective(local_linear(near + 2.0, weight)[0]) < 2.0


@pytest.mark.parametrize("reach", [0.0, 1.0])
def test_intervals_after_a_regression_of_few_draws_hold_what_they_should(reach: float) -> None:
    """A prediction interval: without the factor, 90 % of 12 draws would hold some 80 %."""
    rng, held = np.random.default_rng(3), []
    weight, reads = np.full(12, 1 / 12), np.linspace(-1.0, 1.0, 12)[:, None] + reach
    for _ in range(2_000):
        drawn = 0.7 * reads + rng.normal(size=reads.shape)
        found = regressed(drawn, reads, weight)[:, 0]
        middle, spread = found @ weight, np.sqrt(np.square(found - found @ weight) @ weight)
        held.append(abs(rng.normal() - middle) <= ndtri(0.95) * spread)
    assert 0.86 < np.mean(held) < 0.91


def test_as_many_marks_as_draws_leave_no_residuals() -> None:
    misfits = np.eye(3)
    found = regressed(np.array([[1.0], [2.0], [3.0]]), misfits, np.full(3, 1 / 3))
    assert np.isfinite(found).all()
