"""Declared distributions that stand for draws."""

import numpy as np
import pytest
from scipy.stats import wasserstein_distance

from sim.domain.quantity import Quantity
from sim.experiments.inference.fitting import fitted

SHARE = Quantity(
    distribution="uniform", low=0, high=1, unit="share", off=0, resolve="firmer", assumption="test"
)
PLACES = (np.arange(2_000) + 0.5) / 2_000


def quantity(**shape: object) -> Quantity:
    return Quantity.model_validate({"unit": "points", "assumption": "test", **shape})


@pytest.mark.parametrize(
    "drawn",
    [
        quantity(distribution="uniform", low=0.2, high=0.4),
        quantity(distribution="normal", mean=0.6, sd=0.05),
        quantity(distribution="beta", alpha=0.8, beta=3, low=0, high=1),
        quantity(distribution="triangular", low=0.1, mode=0.2, high=0.8),
    ],
)
def test_what_is_fitted_is_near_to_what_was_drawn(drawn: Quantity) -> None:
    values = drawn.quantile(PLACES)
    found = fitted(SHARE, values, np.full(2_000, 1 / 2_000), "seen")
    assert wasserstein_distance(values, found.quantile(PLACES)) < 0.03 * np.ptp(values)
    low, high = found.bounds
    assert 0 <= low < high <= 1 or found.distribution == "normal"
    assert (found.unit, found.off, found.resolve, found.assumption) == (
        "share",
        0,
        "firmer",
        "seen",
    )


def test_weights_count() -> None:
    values, weight = np.linspace(0, 1, 1_001), np.linspace(0, 1, 1_001) ** 4
    found = fitted(SHARE, values, weight / weight.sum(), "seen")
    assert found.point == pytest.approx(0.5**0.2, abs=0.02)


def test_a_lognormal_number_stays_one_within_its_ends() -> None:
    declared = quantity(distribution="lognormal", median=1, sigma=0.7, low=0.1, high=10)
    drawn = quantity(distribution="lognormal", median=2, sigma=0.3)
    found = fitted(declared, drawn.quantile(PLACES), np.full(2_000, 1 / 2_000), "seen")
    assert found.distribution == "lognormal"
    assert found.median == pytest.approx(2, rel=0.02)
    assert (found.low, found.high) == (0.1, 10)


@pytest.mark.parametrize("value", [0.0, 0.25, 1.0])
def test_draws_that_are_all_alike_fit(value: float) -> None:
    found = fitted(SHARE, np.full(30, value), np.full(30, 1 / 30), "seen")
    assert found.point == pytest.approx(value, abs=1e-6)
