"""Numbers at the edge, through a small dispute and both engines: a result, or a clear refusal.

What is refused is refused when the scenario is loaded: numbers above 1e100 in size, a round of less
than an hour, a text that is voted on after a thousand years. Everything else works, without a
warning (warnings are errors here), and both engines agree to the bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from sim.domain.checks import faults_of
from sim.domain.outcome import OUTCOMES, Outcome
from sim.domain.scenario import Scenario
from sim.model.talks import TalksModel
from tests.disputes import ENGINES, pie, q, uniform

FEW = {"dispute.clauses.administration.grid.steps": 11, "rounds": 6}
WORLDS = 8
TINY, HUGE = 5e-324, 1e100
NUMBERS = (
    "preferences.weights.territory",
    "reservation.dialogue",
    "reservation.urgency.growth",
    "reservation.entrenchment.gain",
    "reservation.entrenchment.speed",
    "commitment.reputation",
    "leader.audience_cost",
    "leader.approval_weight",
    "beliefs.interest_error",
    "beliefs.reservation_error",
    "beliefs.learning",
    "public.backlash.growth",
    "public.goodwill.gain",
    "public.advocacy",
    "public.segments.all.threshold",
    "public.segments.all.spread",
    "strategy.concession_exponent",
)


def played(changes: dict[str, Any], deal: str = "divide") -> dict[str, np.ndarray]:
    """Return the worlds of a dispute, the same in both engines, all of whose numbers are finite."""
    scenario = pie({**FEW, **changes})
    assert faults_of(scenario) == []
    found = []
    for engine in ENGINES:
        model = TalksModel(scenario.model_copy(update={"engine": engine}), deal, worlds=WORLDS)
        found.append(model.run().columns)
    for name, values in found[0].items():
        np.testing.assert_array_equal(values, found[-1][name], err_msg=name)
        assert not np.isinf(values).any(), name
    assert np.isfinite(found[0]["zopa_margin"]).all()
    return found[0]


def outcome(changes: dict[str, Any], deal: str = "divide") -> Outcome:
    """Return how all worlds end, which must be alike."""
    (code,) = set(played(changes, deal)["outcome"].tolist())
    return OUTCOMES[code]


def both(key: str, value: Any) -> dict[str, Any]:
    return {f"{side}.{key}": value for side in ("claimant", "holder")}


def refusal(changes: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as caught:
        pie({**FEW, **changes})
    return str(caught.value)


@pytest.mark.parametrize("value", [TINY, 1e-300, HUGE])
@pytest.mark.parametrize("key", NUMBERS)
def test_any_number_may_be_next_to_nothing_or_huge(key: str, value: float) -> None:
    active = {"claimant.leader.deadline_rounds": 4, "claimant.reservation.entrenchment.gain": 1}
    assert len(played({**active, f"claimant.{key}": value})["world"]) == WORLDS
    assert len(played(both(key, value))["world"]) == WORLDS


@pytest.mark.parametrize("value", [1e300, -1e300, 1.7e308])
@pytest.mark.parametrize("key", NUMBERS[:2])
def test_a_number_too_large_to_mean_anything_is_refused(key: str, value: float) -> None:
    assert "expected a number of at most 1e+100 in size, got" in refusal({f"holder.{key}": value})


@pytest.mark.parametrize(
    "shape",
    [
        {"distribution": "uniform", "low": 0, "high": 1.7e308},
        {"distribution": "normal", "mean": 0, "sd": 1e300, "low": 0},
        {"distribution": "lognormal", "median": 1, "sigma": 1000},
        {"distribution": "lognormal", "median": 1e99, "sigma": 1},
    ],
)
def test_a_distribution_that_can_draw_such_a_number_is_refused(shape: dict[str, Any]) -> None:
    quantity = {**shape, "unit": "points", "assumption": "test"}
    assert "at most 1e+100 in size" in refusal({"holder.reservation.dialogue": quantity})


@pytest.mark.parametrize(
    "shape",
    [
        {"distribution": "uniform", "low": 0.3, "high": 0.3},
        {"distribution": "triangular", "low": 0.3, "mode": 0.3, "high": 0.3},
        {"distribution": "normal", "mean": 0.3, "sd": 1e-300, "low": 0.3, "high": 0.3},
        {"distribution": "normal", "mean": 0, "sd": 1e-300, "low": 0.3, "high": 0.3},
        {"distribution": "lognormal", "median": 0.3, "sigma": 1e-300},
        {"distribution": "beta", "alpha": 1e90, "beta": 1e90, "low": 0.3, "high": 0.3},
        {"distribution": "beta", "alpha": 1e90, "beta": 1e90, "low": 0.2, "high": 0.4},
        {"distribution": "beta", "alpha": 2, "beta": 1e99, "low": 0.3, "high": 0.4},
    ],
)
def test_a_distribution_without_width_is_its_value(shape: dict[str, Any]) -> None:
    quantity = {**shape, "unit": "points", "assumption": "test"}
    margin = played({"claimant.reservation.dialogue": quantity})["zopa_margin"]
    np.testing.assert_allclose(margin, 0.3, rtol=1e-12)


@pytest.mark.parametrize("factor", [0.0, TINY, 1e-16, 1 - 1e-16, 1.0])
def test_discount_factors_next_to_0_and_1(factor: float) -> None:
    one = played({"claimant.leader.discount_factor": factor})
    two = played(both("leader.discount_factor", factor))
    assert len(one["world"]) == len(two["world"]) == WORLDS


def test_the_patient_and_the_impatient_share_as_rubinstein_says() -> None:
    # Next to 1 both share alike; a side next to 0 takes whatever the other leaves it.
    patient = played(both("leader.discount_factor", 1 - 1e-16))
    assert patient["value_claimant"].tolist() == [0.5] * WORLDS
    hasty = played({"claimant.leader.discount_factor": 0.0})
    assert hasty["value_claimant"].max() <= 0.1


def test_a_level_that_pays_every_year_needs_a_discount_factor_below_one() -> None:
    effect = {"claimant": {"territory": 1}}
    level = {"label": "rent", "yearly": effect, "assumption": "test"}
    clause = {"label": "rent", "baseline": "none"}
    levels = {"none": {"label": "no rent"}, "rent": level}
    changes = {"dispute.clauses.rent": {**clause, "levels": levels}}
    stuck = pie({**FEW, **changes, "claimant.leader.discount_factor": 1})
    assert [str(fault) for fault in faults_of(stuck)] == [
        "claimant.leader.discount_factor: expected below 1, since a level brings something every "
        "year, got 1"
    ]


def ratified(quota: float, spread: float, threshold: float) -> dict[str, Any]:
    """Return changes: the claimant's public wants a share, and must agree in a vote."""
    voter = {"kind": "referendum", "label": "all", "quota": q(quota), "noise": q(0)}
    people = "claimant.public.segments.all"
    return {
        **both("leader.deadline_rounds", 3),
        "claimant.ratifiers": {"vote": voter},
        f"{people}.weights": {"territory": q(1)},
        f"{people}.spread": spread,
        f"{people}.threshold": threshold,
    }


@pytest.mark.parametrize("spread", [0.0, TINY, 1e-300])
def test_a_public_of_one_mind(spread: float) -> None:
    # All or nothing: at the threshold itself everybody is in favour, above it nobody.
    assert outcome(ratified(1.0, spread, 0.0)) is Outcome.settled
    assert outcome(ratified(1.0, spread, 2.0)) is Outcome.publics


def test_a_public_that_the_text_does_not_move() -> None:
    # A spread beyond all values: half are in favour of anything.
    assert outcome(ratified(0.4, HUGE, 0.0)) is Outcome.settled
    assert outcome(ratified(0.6, HUGE, 0.0)) is Outcome.publics


@pytest.mark.parametrize("threshold", [0.0, 2.0])
def test_quotas_of_0_and_1(threshold: float) -> None:
    assert outcome(ratified(0.0, 1.0, threshold)) is Outcome.settled  # none is needed
    assert outcome(ratified(1.0, 1.0, threshold)) is Outcome.publics  # never all of a spread


def test_nothing_matters_to_anybody() -> None:
    assert outcome(both("preferences.weights.territory", 0)) is Outcome.settled
    assert outcome(both("preferences.weights", {})) is Outcome.settled


def test_a_single_package() -> None:
    stage = {"label": "halves", "fixed": {"title": "shared", "administration": "0.500"}}
    changes = {"deals.divide.stages.pie": stage}
    worlds = played(changes)
    assert outcome(changes) is Outcome.settled
    assert worlds["value_claimant"].tolist() == [0.5] * WORLDS


def test_identical_packages_take_the_lowest_index() -> None:
    # Wording and form change nothing for anybody: twice six texts of the same worth.
    stage = {"negotiable": {"wording": "all", "form": "all"}, "fixed": {"title": "shared"}}
    changes = {"deals.divide.stages.pie": {"label": "words", **stage}}
    worlds = played({**changes, **both("leader.deadline_rounds", 2)})
    assert set(worlds["outcome"].tolist()) == {0}
    assert set(worlds["package"].tolist()) == {0}


def test_one_round_and_one_world() -> None:
    # Whoever moves first proposes once; nothing signed now is carried out within the window.
    one = pie({**FEW, "rounds": 1, "worlds": 1})
    result = TalksModel(one, "divide", worlds=1).run()
    assert result.columns["world"].tolist() == [0]
    assert OUTCOMES[int(result.columns["outcome"][0])] is Outcome.not_reached


def test_a_reservation_exactly_at_a_value_is_worth_signing() -> None:
    half = both("reservation.dialogue", 0.5)
    worlds = played({**half, **both("leader.deadline_rounds", 3)})
    assert worlds["zopa_margin"].tolist() == [0.0] * WORLDS
    assert set(worlds["outcome"].tolist()) == {0}
    for above, ends in ((np.nextafter(0.5, 1), Outcome.settled), (0.5 + 1e-9, Outcome.no_bargain)):
        assert outcome({**half, "claimant.reservation.dialogue": above}) is ends


def test_deadlines_at_once_and_never() -> None:
    assert outcome(both("leader.deadline_rounds", 0)) is Outcome.settled
    assert outcome(both("leader.deadline_rounds", HUGE)) is outcome({})


def test_lags_beyond_the_window() -> None:
    soon = both("leader.deadline_rounds", 0)
    lag = {"protocol.ratification_years": {"1000": q(1, "probability")}}
    worlds = played({**soon, **lag})
    assert OUTCOMES[int(worlds["outcome"][0])] is Outcome.not_reached
    assert worlds["unvoted"].all()


@pytest.mark.parametrize("years", ["1001", "1e300", "inf", "nan", "-1", "x"])
def test_a_lag_that_is_none(years: str) -> None:
    lag = {"protocol.ratification_years": {years: q(1, "probability")}}
    (fault,) = faults_of(pie({**FEW, **lag}))
    assert str(fault).startswith(f"protocol.ratification_years.{years}: expected a number of years")


def test_rounds_shorter_than_an_hour() -> None:
    (fault,) = faults_of(pie({**FEW, "protocol.round_years": 1e-300}))
    assert str(fault).startswith("protocol.round_years: expected at least 0.0001")
    assert len(played({"protocol.round_years": 1e-4})["world"]) == WORLDS


@pytest.mark.parametrize("value", [0.0, TINY, HUGE])
def test_an_object_without_area_or_worth(value: float) -> None:
    for key in ("area", "value.claimant", "value.holder"):
        assert len(played({f"dispute.objects.pie.{key}": value})["world"]) == WORLDS


def test_uncertainty_without_bounds_is_no_surprise() -> None:
    worlds = played({"claimant.reservation.dialogue": uniform(0.0, 1e100)})
    assert isinstance(pie(FEW), Scenario)
    assert set(worlds["outcome"].tolist()) == {OUTCOMES.index(Outcome.no_bargain)}
