"""Competing risks: the estimator by hand, and its limits."""

import numpy as np
import pytest

from sim.equations.competing_risks import CENSORED, aalen_johansen
from sim.equations.statistics import kaplan_meier


def test_by_hand() -> None:
    """Ten subjects, two events, three censored.

    At 2: 10 at risk, one meets a: S = 9/10, F_a = 1/10. At 3: 9 at risk, two meet b:
    F_b = 9/10 * 2/9 = 1/5, S = 7/10. One is censored at 4. At 5: 6 at risk, one meets each:
    F_a = 1/10 + 7/10 / 6 = 13/60, F_b = 1/5 + 7/60 = 19/60, S = 7/10 * 4/6 = 7/15. One is censored
    at 6. At 8: 3 at risk, one meets a: F_a = 13/60 + 7/45 = 67/180, S = 14/45.
    """
    time = np.array([2, 3, 3, 4, 5, 5, 6, 8, 9, 9])
    cause = np.array([0, 1, 1, CENSORED, 0, 1, CENSORED, 0, CENSORED, CENSORED])
    found = aalen_johansen(time, cause, 2, np.array([1, 2, 3, 4, 5, 7, 8, 20]))
    a = [0, 1 / 10, 1 / 10, 1 / 10, 13 / 60, 13 / 60, 67 / 180, 67 / 180]
    b = [0, 0, 1 / 5, 1 / 5, 19 / 60, 19 / 60, 19 / 60, 19 / 60]
    np.testing.assert_allclose(found, [a, b], rtol=1e-14)


def test_with_one_event_it_is_kaplan_and_meiers_complement() -> None:
    rng = np.random.default_rng(1)
    time, met = rng.integers(1, 20, 200), rng.random(200) < 0.6
    curve = kaplan_meier(time.astype(float), met)
    found = aalen_johansen(time, np.where(met, 0, CENSORED), 1, curve.times.astype(int))
    np.testing.assert_allclose(found[0], 1 - curve.survival, rtol=1e-12)


@pytest.mark.parametrize("end", [0, 5, 39, 40])
def test_without_censoring_it_is_the_share(end: int) -> None:
    rng = np.random.default_rng(2)
    time, cause = rng.integers(0, 40, 300), rng.integers(-1, 3, 300)
    time[cause == CENSORED] = 40
    found = aalen_johansen(time, cause, 3, np.array([end]))[:, 0]
    shares = [np.mean((cause == k) & (time <= end)) for k in range(3)]
    np.testing.assert_allclose(found, shares, rtol=1e-12)
