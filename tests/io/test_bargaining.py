"""Profiles as scenarios: packages are worth what the formula says, and talks are everybody's."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.domain.bargaining import Constant, Domain, Figures, Issue, Line, Profile, Triangle
from sim.domain.checks import faults_of
from sim.errors import ScenarioError
from sim.io.bargaining import DEAL, Terms, contributions, scenario_of, values_of
from sim.io.config import load_scenario
from sim.io.dump import dump_scenario
from sim.model import TalksModel
from sim.model.plain import plain_plan
from sim.model.round import reservation
from tests.tobacco import ENGLAND, ZIMBABWE

MIXED = Domain(
    "mixed",
    (
        Issue(1, "colour", "discrete", ("red", "blue", "green")),
        Issue(2, "price", "integer", low=10.0, high=13.0),
        Issue(3, "days", "real", low=0.0, high=4.0),
        Issue(4, "fixed", "real", low=2.0, high=2.0),
    ),
)
BUYER = Profile(
    "buyer",
    MIXED,
    (0.4, 0.3, 0.2, 0.1),
    (Figures((1.0, 4.0, 2.0)), Line(-0.4, 1.0, start=10.0), Triangle(0.0, 4.0, 1.0), Constant(0.5)),
    reservation_value=0.25,
    discount_factor=0.81,
)
SELLER = Profile(
    "seller",
    MIXED,
    (0.1, 0.6, 0.3, 0.0),
    (Figures((3.0, 0.0, 1.0)), Line(0.1, -1.0), Line(0.25, 0.0), Constant(1.0)),
    reservation_value=0.1,
)


def test_contributions_by_hand() -> None:
    one = contributions(BUYER, steps=5)
    assert one[0] == pytest.approx([0.1, 0.4, 0.2])
    assert one[1] == pytest.approx([0.3, 0.18, 0.06, 0.0])
    assert one[2] == pytest.approx([0.0, 0.2, 0.4 / 3, 0.2 / 3, 0.0])
    assert one[3] == pytest.approx([0.05])
    two = contributions(SELLER, steps=5)
    assert two[1] == pytest.approx([0.0, 0.06, 0.12, 0.18])
    assert two[2] == pytest.approx([0.0, 0.075, 0.15, 0.225, 0.3])


def test_values_in_words() -> None:
    issues = MIXED.issues
    assert values_of(issues[1], 5) == ("10", "11", "12", "13")
    assert values_of(issues[2], 5) == ("0", "1", "2", "3", "4")
    assert values_of(issues[3], 5) == ("2",)
    assert MIXED.packages(5) == 3 * 4 * 5


def test_the_engine_values_packages_as_the_profiles_do() -> None:
    scenario = scenario_of(BUYER, SELLER, Terms(rounds=5, steps=5))
    model = TalksModel(scenario, DEAL, worlds=1)
    for side, profile in enumerate((BUYER, SELLER)):
        rows = itertools.product(*contributions(profile, 5))
        expected = [sum(row) for row in rows]
        government = model.parties[side].government
        assert government.package_values[0].static_value[0] == pytest.approx(expected)
        reserved = reservation(government, 0, np.zeros(1, dtype=int), 3.0)
        assert reserved[0] == profile.reservation_value
        assert government.discount[0] ** 4 == pytest.approx(profile.discount_factor)


def test_the_scenario_is_sound_and_one_file() -> None:
    terms = Terms(
        settings=[
            (("claimant", "strategy", "reciprocity"), 0),
            (("holder", "strategy", "reciprocity"), 0),
        ]
    )
    scenario = scenario_of(ENGLAND, ZIMBABWE, terms)
    assert faults_of(scenario) == []
    assert scenario.rounds == 20
    assert len(scenario.deals) == 1


def test_a_dumped_scenario_loads_again(tmp_path: Path) -> None:
    terms = Terms(
        settings=[((side, "strategy", "reciprocity"), 0) for side in ("claimant", "holder")]
    )
    scenario = scenario_of(ENGLAND, ZIMBABWE, terms)
    path = tmp_path / "tobacco.yaml"
    path.write_text(dump_scenario(scenario), encoding="utf-8")
    assert load_scenario(path) == scenario


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (Terms(strategies=("lineal", "linear")), "claimant.strategy: expected one of boulware"),
        (
            Terms(strategies=("linear", "./none.yaml")),
            "holder.strategy: expected a file that exists",
        ),
        (Terms(settings=[(("holder", "publik"), 1)]), "unknown key 'holder.publik'"),
        (Terms(settings=[(("protocol", "first_mover"), "A")]), "first_mover: expected one of"),
        (
            Terms(settings=[(("holder", "beliefs", "caution"), 2)]),
            "caution: expected a value in [0",
        ),
    ],
)
def test_faults_of_terms(terms: Terms, said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario_of(ENGLAND, ZIMBABWE, terms)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("values", "issues", "said"),
    [
        (2**40, 2, "issue.0: expected at most 5,001 values to negotiate, got 1,099,511,627,777"),
        (5000, 5, r"issue: expected at most 400,000 packages, got more than 10^15"),
        (100, 4, "issue: expected at most 400,000 packages, got 104,060,401"),
    ],
)
def test_too_many_packages_are_refused_before_any_is_made(
    values: int, issues: int, said: str
) -> None:
    numbered = (
        Issue(n, f"issue {n}", "integer", low=0.0, high=float(values)) for n in range(issues)
    )
    huge = Domain("huge", tuple(numbered))
    profile = Profile("huge", huge, (1.0,) + (0.0,) * (issues - 1), (Line(0, 0),) * issues)
    with pytest.raises(ScenarioError) as caught:
        scenario_of(profile, profile, Terms())
    assert str(caught.value) == said


def test_a_hundred_issues_with_one_value_each_are_no_trouble() -> None:
    issues = (Issue(n, f"issue {n}", "discrete", ("only",)) for n in range(100))
    one = Profile("one", Domain("long", tuple(issues)), (0.01,) * 100, (Figures((1.0,)),) * 100)
    scenario = scenario_of(one, one, Terms(rounds=2))
    model = TalksModel(scenario, DEAL, worlds=1, plan=plain_plan(scenario, scenario.deals[DEAL]))
    assert model.run().columns["value_claimant"] == pytest.approx([1.0])


@settings(max_examples=25)
@given(st.integers(2, 40), st.floats(1e-6, 1))
def test_a_unit_is_worth_the_discount_factor_at_the_last_round(rounds: int, factor: float) -> None:
    patient = Profile("p", ENGLAND.domain, ENGLAND.weights, ENGLAND.evaluations, 0.0, factor)
    scenario = scenario_of(patient, ZIMBABWE, Terms(rounds=rounds))
    each = scenario.claimant.leader.discount_factor.point
    assert each ** (rounds - 1) == pytest.approx(factor)
    assert scenario.claimant.leader.deadline_rounds.point == rounds - 1
