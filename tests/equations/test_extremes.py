"""Each formula at the edge of its range: a defined value, and no warning (warnings are errors).

Tests `sim.equations.opinion_dynamics`, `sim.equations.public_support`, `sim.equations.processes`,
`sim.equations.commitment` and `sim.equations.zopa`.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.equations import (
    alternating_offers,
    audience_cost,
    commitment,
    concession,
    offering,
    opinion_dynamics,
    processes,
    public_support,
    ratification,
    reciprocity,
    rejection,
    solutions,
    statistics,
    subgame_perfect,
    utility,
    waiting,
    zopa,
)

TINY, NEXT, HUGE = 5e-324, np.nextafter(1.0, 0.0), 1e100
numbers = st.floats(-HUGE, HUGE, allow_subnormal=True)
shares = st.floats(0, 1, allow_subnormal=True)
one = np.array(1.0)


def array(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


@given(shares, shares)
def test_rubinstein_stays_a_share(own: float, other: float) -> None:
    if own * other < 1:
        assert 0 <= alternating_offers.rubinstein_share(array(own), array(other))[0] <= 1


def test_rubinstein_next_to_1_and_0() -> None:
    share = alternating_offers.rubinstein_share
    assert share(array(NEXT), array(NEXT)) == pytest.approx(0.5)
    assert share(array(0.0), array(0.0)) == 1.0
    assert share(array(0.0), array(NEXT)) == pytest.approx(1 - NEXT)
    assert alternating_offers.worth_waiting_for(array(1.0), array(HUGE), array(0.0)) == 1.0


@pytest.mark.parametrize("factor", [0.0, TINY, 0.5, NEXT])
def test_perpetuity_is_finite_below_one(factor: float) -> None:
    assert np.isfinite(commitment.perpetuity(factor))


@pytest.mark.parametrize("factor", [1.0, -0.1, np.nan, np.inf])
def test_perpetuity_has_no_end_at_one(factor: float) -> None:
    with pytest.raises(ValueError, match=r"discount_factor must lie in \[0, 1\) per year, got"):
        commitment.perpetuity(factor)


def test_walk_backs_that_are_certain_or_impossible() -> None:
    sure, never = array(1.0), array(0.0)
    assert commitment.unravelling(sure, array(2.0)) == 1.0
    assert commitment.unravelling(sure, array(0.0)) == 0.0
    assert commitment.unravelling(never, array(HUGE)) == 0.0
    assert commitment.anticipated_value(array(HUGE), array(3.0), sure) == 3.0
    assert commitment.anticipated_value(array(-HUGE), array(3.0), never) == -HUGE


def test_flows_of_nothing_and_of_everything() -> None:
    assert utility.saturating(array(0.0, HUGE), 0.0).tolist() == [0.0, 0.0]
    assert utility.saturating(array(0.0, HUGE), -1.0).tolist() == [0.0, 0.0]
    assert utility.saturating(array(0.0, HUGE), 1e-100).tolist() == [0.0, 1.0]
    assert utility.per_round(array(0.0, TINY, NEXT, 1.0), 0.25)[[0, 3]].tolist() == [0.0, 1.0]


@given(numbers, numbers, st.floats(0, HUGE, allow_subnormal=True))
def test_agreement_is_a_share(value: float, threshold: float, spread: float) -> None:
    agreed = float(public_support.agreement(array(value), array(threshold), array(spread))[0])
    assert 0 <= agreed <= 1
    if spread == 0:
        assert agreed == (value >= threshold)


@pytest.mark.parametrize("spread", [0.0, TINY, 1e-300])
def test_support_without_spread_is_infinitely_steep(spread: float) -> None:
    slopes = public_support.steepness(np.array([[0.0, 1.0]]), np.array([[1.0, spread]]))
    assert slopes[0] > 1e299


def test_agreement_of_mixed_spreads() -> None:
    agreed = public_support.agreement(array(1, 1, 1), array(1, 1, 2), array(0, TINY, TINY))
    np.testing.assert_allclose(agreed, [1.0, 0.5, 0.0], atol=1e-15)


def test_support_adds_segments() -> None:
    segments = np.array([[0.25, 0.75]])
    value = np.array([[[1.0, -HUGE], [HUGE, -1.0]]])
    got = public_support.support(
        segments, value, np.zeros((1, 2)), np.zeros((1, 2)), np.array([[0.0, TINY]])
    )
    np.testing.assert_allclose(got, [[1.0, 0.0]], atol=1e-15)


def test_a_half_life_of_nothing_forgets_at_once() -> None:
    factor = public_support.half_life_factor(array(0.0, 1e-300, 1.0, HUGE), 0.25)
    np.testing.assert_allclose(factor, [0.0, 0.0, 0.5**0.25, 1.0])


@pytest.mark.parametrize("quota", [0.0, 1.0])
@pytest.mark.parametrize("noise", [0.0, TINY, HUGE])
def test_quotas_of_0_and_1(quota: float, noise: float) -> None:
    required = ratification.required_by_quota(array(quota), array(noise), array(0.5))
    np.testing.assert_allclose(required, quota)


def test_parliaments_at_the_edge() -> None:
    assert ratification.passing_probability(array(0.0, 1.0), 1, 1).tolist() == [0.0, 1.0]
    assert ratification.passing_probability(array(0.0), 1, 0).tolist() == [1.0]
    yes = ratification.yes_probability(array(0.0, 1.0), array(1.0), array(1.0))
    assert ((yes >= 0) & (yes <= 1)).all()


def test_no_opinion_moves_without_a_step() -> None:
    opinions, target = array(0.0, HUGE)[None], array(1.0, -HUGE)[None]
    still = opinion_dynamics.moved_towards(opinions, target, array(0.0))
    assert still.tolist() == opinions.tolist()
    there = opinion_dynamics.moved_towards(array(0.0)[None], array(1.0)[None], array(1.0))
    assert there.tolist() == [[1.0]]
    assert opinion_dynamics.step_of(array(0.0, 1.0), 1e-4).tolist() == [0.0, 1.0]
    alone = opinion_dynamics.mean_of_all_near(array(-HUGE, HUGE)[None], array(0.0))
    assert alone.tolist() == [[-HUGE, HUGE]]


def test_processes_that_never_move_or_forget_at_once() -> None:
    for sd, persistence, shock, expected in (
        (0.0, 1.0, 37.0, 5.0),
        (0.0, 0.0, 37.0, 1.0),
        (HUGE, 1.0, 1.0, 5.0),
    ):
        innovation = processes.innovation_sd(array(sd), array(persistence))
        terms = array(1.0), array(persistence), innovation, array(shock)
        assert processes.mean_reverting(array(5.0), *terms) == expected
    hazard = processes.hazard_probability(array(0.0, TINY, HUGE), 0.25)
    assert hazard.tolist() == [0.0, 0.0, 1.0]


def test_removal_without_spread_of_approval() -> None:
    hazard = processes.removal_hazard(
        array(0.1, 0.1, 0.0),
        array(0.0, 1.0, 1.0),
        array(50, 50, 9),
        array(50, 50, 9),
        array(0, 0, 1),
    )
    np.testing.assert_allclose(hazard, [0.1, 0.1, 0.0])


def test_draws_that_all_fit_count_alike() -> None:
    np.testing.assert_allclose(rejection.weights(np.zeros(4), 0.25), np.full(4, 0.25))
    assert rejection.effective(np.full(4, 0.25)) == 4.0


def test_deadlines_at_once_and_never() -> None:
    rounds = array(0.0, np.inf)
    zero, full = (concession.time_concession(n, rounds, one * 1.0, one * 0.0) for n in (0, 10**4))
    assert zero.tolist() == [1.0, 0.0]
    assert full.tolist() == [1.0, 0.0]
    for exponent in (TINY, 1e-300, HUGE):
        share = concession.time_concession(1, array(2.0), array(exponent), array(0.0))
        assert 0 <= share[0] <= 1
    assert concession.aspiration(array(1.0), array(1.0), array(0.5)) == 1.0


@given(numbers, st.floats(0, HUGE), numbers)
def test_a_gap_is_closed_by_a_share(first: float, conceded: float, top: float) -> None:
    share = reciprocity.gap_closed(array(first), array(conceded), array(top))[0]
    assert 0 <= share <= 1


def test_values_at_the_edge_of_waiting_and_of_words() -> None:
    assert waiting.entrenchment(array(1.0), array(2.0), array(HUGE), 10.0) == 3.0
    assert waiting.entrenchment(array(1.0), array(2.0), array(0.0), 10.0) == 1.0
    assert waiting.urgency(array(1.0), array(0.0), HUGE) == 1.0
    assert audience_cost.retreat(array(HUGE), array(-HUGE)) == 2 * HUGE
    assert zopa.surplus(array(TINY), array(TINY)) == 0.0


@pytest.mark.parametrize("scale", [1e-150, 1.0, 1e100])
def test_solutions_do_not_depend_on_the_scale(scale: float) -> None:
    shares = np.linspace(0, 1, 9)[None]
    every = np.ones_like(shares, dtype=bool)
    for choose in (solutions.nash_choice, solutions.kalai_smorodinsky_choice):
        assert choose(scale * shares, scale * (1 - shares), every).tolist() == [4]
    power = array(0.5)
    found = solutions.weighted_nash_choice(scale * shares, scale * (1 - shares), every, power)
    assert found.tolist() == [4]


def test_solutions_of_a_single_package_and_of_none() -> None:
    lone, every = np.array([[0.0]]), np.array([[True]])
    for choose in (
        solutions.nash_choice,
        solutions.kalai_smorodinsky_choice,
        solutions.egalitarian_choice,
        solutions.utilitarian_choice,
    ):
        assert choose(lone, lone, every).tolist() == [0]
        assert choose(lone - 1, lone, every).tolist() == [-1]
        assert choose(lone, lone, ~every).tolist() == [-1]


def test_identical_packages_take_the_lowest_index() -> None:
    same, every = np.full((1, 5), 0.5), np.ones((1, 5), dtype=bool)
    assert solutions.nash_choice(same, same, every).tolist() == [0]
    assert solutions.utilitarian_choice(same, same, every).tolist() == [0]
    assert offering.best_for_other(every, same, same).tolist() == [0]


@pytest.mark.parametrize("factor", [0.0, TINY, NEXT, 1.0])
def test_a_game_of_one_round_goes_to_who_proposes(factor: float) -> None:
    share = np.linspace(0, 1, 9)[None]
    zero, patience, none = np.zeros(1), np.full(1, factor), np.full(1, -np.inf)
    game = subgame_perfect.OfferGame(
        (share, 1 - share), (zero, zero), share >= 0, (patience, patience), (none, none)
    )
    assert subgame_perfect.value_of_proposing(game, 0, 0, np.array([1.0])).tolist() == [1.0]


def test_one_world_tells_little() -> None:
    low, high = statistics.wilson_interval(np.array([0, 1]), np.array([1, 1]))
    assert ((low >= 0) & (high <= 1) & (high - low > 0.7)).all()
    curve = statistics.kaplan_meier(np.array([5.0]), np.array([False]))
    assert (curve.survival == 1.0).all()
