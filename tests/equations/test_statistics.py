"""Intervals, survival curves and paired tests against figures published or computed by hand."""

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, binomtest, ecdf

from sim.equations.statistics import (
    censored_median,
    kaplan_meier,
    paired_change,
    sign_test,
    wilson_interval,
)

# Remission in weeks under 6-mercaptopurine: Freireich et al. (1963), the data on which survival
# curves are taught (Kleinbaum & Klein 2012, table 2.1). True: relapsed; False: still in remission.
RELAPSED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
CENSORED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]


def freireich() -> tuple[np.ndarray, np.ndarray]:
    time = np.array(RELAPSED + CENSORED, dtype=float)
    return time, np.array([True] * len(RELAPSED) + [False] * len(CENSORED))


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [  # Newcombe (1998), https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_intervals(
    successes: int, trials: int, low: float, high: float
) -> None:
    got = wilson_interval(np.array(successes), np.array(trials))
    assert [round(float(end), 4) for end in got] == [low, high]


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_wilson_holds_the_share_and_mirrors(trials: int, share: float) -> None:
    successes = round(share * trials)
    low, high = wilson_interval(np.array(successes), np.array(trials))
    assert 0 <= low <= successes / trials <= high <= 1
    mirrored = wilson_interval(np.array(trials - successes), np.array(trials))
    np.testing.assert_allclose((low, high), (1 - mirrored[1], 1 - mirrored[0]), atol=1e-12)


def test_kaplan_meier_gives_the_published_curve() -> None:
    curve = kaplan_meier(*freireich())
    assert curve.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    published = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    np.testing.assert_allclose(curve.survival, published, atol=5e-4)
    assert curve.subjects == 21


def test_the_bands_are_log_log_with_greenwoods_variance() -> None:
    curve = kaplan_meier(*freireich())
    # R 4: summary(survfit(Surv(t, d) ~ 1, conf.type = "log-log"))
    np.testing.assert_allclose(curve.low[[0, -1]], [0.620, 0.188], atol=5e-4)
    np.testing.assert_allclose(curve.high[[0, -1]], [0.952, 0.680], atol=5e-4)


def test_without_censoring_before_the_end_survival_is_one_less_the_settled_share() -> None:
    time = np.array([3.0, 3, 5, 40, 40, 40])
    curve = kaplan_meier(time, time < 40)
    np.testing.assert_allclose(curve.survival, [4 / 6, 3 / 6])
    assert censored_median(time[time < 40], 6) == 5


def test_a_curve_without_events_has_no_steps() -> None:
    curve = kaplan_meier(np.full(5, 40.0), np.zeros(5, dtype=bool))
    assert len(curve.times) == 0


def test_when_everybody_is_gone_the_band_still_has_width() -> None:
    curve = kaplan_meier(np.array([1.0, 2.0, 2.0]), np.ones(3, dtype=bool))
    assert curve.survival[-1] == 0
    assert curve.low[-1] == 0
    assert 0 < curve.high[-1] < 1


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=60))
def test_the_band_holds_the_curve_and_the_curve_falls(subjects: list[tuple[int, bool]]) -> None:
    time, event = np.array(subjects, dtype=float).T
    curve = kaplan_meier(time, event.astype(bool))
    assert np.all(curve.low <= curve.survival + 1e-12)
    assert np.all(curve.survival <= curve.high + 1e-12)
    assert np.all(np.diff(curve.survival) < 0)
    assert np.all((curve.low >= 0) & (curve.high <= 1))


@given(st.lists(st.integers(0, 9), min_size=1, max_size=60), st.integers(0, 60))
def test_the_median_is_that_of_the_survival_curve(events: list[int], open_at_the_end: int) -> None:
    time = np.array([*events, *[10] * open_at_the_end], dtype=float)
    curve = ecdf(CensoredData.right_censored(time, time == 10)).sf
    halved = curve.quantiles[(curve.probabilities <= 0.5 + 1e-12) & (curve.quantiles < 10)]
    expected = halved[0] if len(halved) else np.nan
    np.testing.assert_equal(censored_median(time[time < 10], len(time)), expected)


@given(st.integers(0, 1000), st.integers(1, 1000), st.floats(0.5, 0.999))
def test_wilson_is_that_of_scipy(successes: int, others: int, confidence: float) -> None:
    trials = successes + others
    expected = binomtest(successes, trials).proportion_ci(confidence, method="wilson")
    got = wilson_interval(np.array(successes), np.array(trials), confidence)
    np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-15)


@given(st.integers(0, 400), st.integers(1, 400))
def test_the_sign_test_is_scipys_binomial_test(ahead: int, behind: int) -> None:
    expected = binomtest(ahead, ahead + behind, 0.5, alternative="greater").pvalue
    assert float(sign_test(np.array(ahead), np.array(behind))) == pytest.approx(expected)


@given(st.integers(0, 40), st.integers(0, 40))
def test_the_sign_test_adds_up_binomial_chances(ahead: int, behind: int) -> None:
    n = ahead + behind
    expected = sum(comb(n, k) for k in range(ahead, n + 1)) / 2**n
    assert float(sign_test(np.array(ahead), np.array(behind))) == pytest.approx(expected)


def test_pairing_takes_out_what_pairs_share() -> None:
    rng = np.random.default_rng(0)
    world = rng.normal(size=1000)
    change, error = paired_change(world, world + 0.1)
    assert change == pytest.approx(0.1)
    assert error < 1e-12
