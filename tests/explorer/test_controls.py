"""A slider for every declared uncertainty, in words."""

import numpy as np
import pytest

import sim
from sim.domain.scenario import Scenario
from sim.explorer.controls import Control, controls, game, matching
from sim.explorer.settings import setting_of

NAMES = ["canada_denmark_2018", "singapore_2018", "declaration_1956"]


@pytest.fixture(scope="module", params=NAMES)
def case(request: pytest.FixtureRequest) -> Scenario:
    return sim.load_scenario(request.param)


def test_every_declared_uncertainty_has_one(case: Scenario) -> None:
    declared = [key for key, quantity in case.quantities() if quantity.is_uncertain]
    found = [item.key for item in controls(case)]
    assert found == [key for key in declared if key in found]
    still = set(declared) - set(found)
    assert all(np.ptp(dict(case.quantities())[key].bounds) == 0 for key in still)
    assert len(found) > 90


def test_a_slider_stays_within_what_is_declared(case: Scenario) -> None:
    known = dict(case.quantities())
    for item in controls(case):
        low, high = known[item.key].bounds
        assert low - 1e-9 <= item.low < item.high <= high + 1e-9, item.key
        assert item.low <= item.start <= item.high
        steps = np.array([item.low, item.high, item.start]) / item.step
        assert np.allclose(steps, np.round(steps), atol=1e-6), item.key
        assert 15 <= (item.high - item.low) / item.step <= 101, item.key


def test_every_slider_says_what_it_is_and_where_it_comes_from(case: Scenario) -> None:
    for item in controls(case):
        assert item.label, item.key
        assert item.unit, item.key
        assert item.declared, item.key
        assert " · " in item.group, item.key
        assert "_" not in item.label, item.key
        assert ": " in item.origin, item.key


def test_sources_are_told_in_the_words_of_the_register() -> None:
    case = sim.load_scenario("singapore_2018")
    known = dict(case.quantities())
    sourced = next(item for item in controls(case) if known[item.key].source)
    fact = case.evidence[known[sourced.key].source[0]]
    assert fact.says in sourced.origin
    assert str(fact.source) in sourced.origin


def _one(low: float, high: float, step: float) -> Control:
    words = {"key": "a.b", "group": "A · b", "label": "b", "unit": "points"}
    return Control(
        **words, declared="", origin="assumed: so", low=low, high=high, step=step, start=low
    )


@pytest.mark.parametrize(
    ("value", "expected"), [(0.30000000000000004, 0.3), (-4.0, 0.1), (9.0, 0.7), (0.349, 0.3)]
)
def test_values_fall_on_steps_within_the_ends(value: float, expected: float) -> None:
    assert _one(0.1, 0.7, 0.1).on_step(value) == expected


def test_search_wants_every_word_somewhere(scenario: Scenario) -> None:
    items = controls(scenario)
    found = matching(items, "ottawa STANDING weights")
    assert [item.key for item in found] == ["claimant.preferences.weights.standing"]
    assert matching(items, "") == items
    assert matching(items, "standing nowhere") == ()


def test_the_game_is_offered_in_words_with_what_is_declared(scenario: Scenario) -> None:
    setting = setting_of(scenario).choosing("rounds", "8", {}.__getitem__)
    shown = {item["name"]: item for item in game(setting, ("hold_up",))}
    assert shown["rounds"]["value"] == "8"
    assert shown["rounds"]["declared"] == str(scenario.rounds)
    assert shown["holder.strategy"]["options"] == [{"name": "hold_up", "label": "hold up"}]
    assert scenario.holder.label in shown["holder.strategy"]["label"]
