"""Every episode of the record is a scenario: sourced, of its date, and judged by one engine."""

from __future__ import annotations

import json

import pytest

from sim.domain.scenario import Scenario
from sim.experiments import ensemble
from sim.io.config import load_scenario
from sim.io.history import load_history

HISTORY = load_history()
EPISODES = list(HISTORY.episodes)
CONTROLS = list(HISTORY.controls)


@pytest.fixture(scope="module", params=[*EPISODES, *CONTROLS])
def scenario(request: pytest.FixtureRequest) -> Scenario:
    return load_scenario(request.param)


def test_what_was_tabled_is_listed_and_sourced(scenario: Scenario) -> None:
    assert scenario.on_the_table
    for name in scenario.on_the_table:
        deal = scenario.deals[name]
        assert deal.source, name
        assert set(deal.source) <= set(scenario.evidence)


def test_the_null_is_always_played_too(scenario: Scenario) -> None:
    assert "status_quo" in scenario.deals


def test_nothing_but_yaml_tells_one_episode_from_another(scenario: Scenario) -> None:
    """The process of bargaining and the protocol are those of the flagship: no switch for one."""
    flagship = load_scenario("singapore_2018")
    assert scenario.protocol == flagship.protocol
    for side, other in ((scenario.claimant, flagship.claimant), (scenario.holder, flagship.holder)):
        assert side.strategy == other.strategy
        assert side.beliefs.learning.bounds == other.beliefs.learning.bounds
        assert side.beliefs.caution.bounds == other.beliefs.caution.bounds
        assert side.commitment.reputation.bounds == other.commitment.reputation.bounds
    assert scenario.calibration is None


def test_episodes_follow_each_other() -> None:
    starts = [load_scenario(name).start for name in EPISODES]
    assert starts == sorted(starts)
    assert starts[0] == "1955-06"


def test_no_episode_knows_what_came_of_it(scenario: Scenario) -> None:
    """No number rests on how its own episode, or a later one, ended, unless it says why."""
    year = int(scenario.start[:4])
    for key, quantity in scenario.quantities():
        for name in quantity.source:
            fact = scenario.evidence[name]
            later = name.endswith("_result") and int(fact.date[:4]) >= year
            assert not later or quantity.assumption, (key, name)


def test_publics_answer_the_polls_of_their_time() -> None:
    public = load_scenario("sovereignty_for_aid_1991").holder.public
    assert public.opposition is not None
    assert public.opposition.source == ("levada_1991_against_transfer",)
    assert public.opposition.point == pytest.approx(0.67)


@pytest.mark.parametrize("name", CONTROLS)
def test_borders_that_settled_settle_in_most_worlds(name: str) -> None:
    scenario = load_scenario(name)
    tabled = list(scenario.on_the_table)
    weights = scenario.on_the_table
    outcomes = ensemble.run(scenario, worlds=256, deals=tabled, workers=1).outcomes
    settled = dict(zip(outcomes["deal"], outcomes["settled"], strict=True))
    share = sum(weights[deal] * settled[deal] for deal in tabled) / sum(weights.values())
    assert share > 0.5


@pytest.mark.parametrize("name", EPISODES)
def test_the_islands_hardly_ever_settle(name: str) -> None:
    scenario = load_scenario(name)
    result = ensemble.run(scenario, worlds=64, deals=scenario.on_the_table, workers=1)
    assert result.outcomes["settled"].max() < 0.1


def test_a_scenario_may_leave_out_what_was_tabled() -> None:
    scenario = load_scenario("singapore_2018", ["deals=[four_at_once]"])
    assert json.loads(scenario.model_dump_json())["on_the_table"]
