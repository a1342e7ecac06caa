"""Setting of the page as a scenario, and the narration of its worlds."""

from pathlib import Path

import pytest

import sim
from sim.domain.outcome import Outcome
from sim.domain.scenario import Scenario
from sim.domain.strategy import Mediator
from sim.errors import ScenarioError
from sim.explorer.controls import controls
from sim.explorer.settings import (
    MOST_ROUNDS,
    NarrationRequest,
    Setting,
    moved,
    narrate,
    offered,
    setting_of,
)
from sim.io.dump import dump_scenario

KEY = "claimant.preferences.weights.standing"


def test_a_moved_number_is_a_point_until_it_is_let_go(setting: Setting) -> None:
    there = setting.moving(KEY, 40.0)
    number = dict(there.scenario().quantities())[KEY]
    assert (number.value, number.distribution, number.source) == (40.0, None, ("override",))
    assert there.moving(KEY, None) == setting
    assert there.moving("holder.beliefs.caution", 0.5).as_declared() == setting


def test_settings_are_equal_by_what_is_set_not_by_how(setting: Setting) -> None:
    one = setting.moving(KEY, 40.0).moving("holder.beliefs.caution", 0.5)
    other = setting.moving("holder.beliefs.caution", 0.5).moving(KEY, 1.0).moving(KEY, 40.0)
    assert one == other
    assert hash(one) == hash(other)
    assert one != setting


def test_the_game_is_chosen_and_what_is_moved_stays(setting: Setting) -> None:
    strategies = {"mediator": Mediator(kind="mediator", solution="nash")}
    there = setting.moving(KEY, 40.0).playing(("hans_line", "status_quo"))
    for name, value in (
        ("rounds", "12"),
        ("first_mover", "holder"),
        ("holder.strategy", "mediator"),
        ("rounds", "16"),
    ):
        there = there.choosing(name, value, strategies.__getitem__)
    chosen = there.scenario()
    assert (chosen.rounds, chosen.protocol.first_mover) == (16, "holder")
    assert chosen.holder.strategy == strategies["mediator"]
    assert chosen.claimant.strategy == setting.base.claimant.strategy
    assert (there.values, there.deals) == (((KEY, 40.0),), ("hans_line", "status_quo"))
    assert sim.Scenario.model_validate(chosen.model_dump(by_alias=True)) == chosen
    for name, _ in there.choices:
        there = there.choosing(name, "", strategies.__getitem__)
    assert there == setting.moving(KEY, 40.0).playing(("hans_line", "status_quo"))
    assert there.declared == setting.base
    assert there.choosing("rounds", "99999", strategies.__getitem__).base.rounds == MOST_ROUNDS


def test_one_table_for_all_structures_is_one_structure(setting: Setting) -> None:
    there = setting.choosing("agenda", "open", {}.__getitem__)
    assert there.deals == tuple(there.base.structures)
    assert len(there.deals) == 1
    assert there.choosing("agenda", "", {}.__getitem__).deals == setting.deals


def test_only_what_fits_the_scenario_is_offered(scenario: Scenario) -> None:
    changed = scenario.model_copy(update={"resolve": None})
    assert offered(changed, ())["dependence"] == ("independent",)
    found = offered(scenario, ("a", "b"))
    assert found["claimant.strategy"] == found["holder.strategy"] == ("a", "b")


def test_structures_keep_the_order_of_the_scenario(setting: Setting) -> None:
    some = setting.playing(("status_quo", "no_such", "hans_line"))
    assert some.deals == ("hans_line", "status_quo")
    assert tuple(some.scenario(64).deals) == some.deals
    assert some.scenario(64).worlds == 64
    with pytest.raises(ScenarioError, match="at least one structure"):
        setting.playing(()).scenario()


def test_workers_get_what_the_page_has(setting: Setting) -> None:
    there = setting.moving(KEY, 40.0)
    sent = moved(there.packed, there.values)
    assert list(sent.quantities()) == list(there.scenario().quantities())


def test_parts_without_a_moved_number_are_the_same_objects(
    setting: Setting, scenario: Scenario
) -> None:
    there = setting.moving(KEY, 40.0).scenario()
    assert there.holder is scenario.holder
    assert there.dispute is scenario.dispute
    assert there.claimant is not scenario.claimant


@pytest.mark.parametrize("name", ["canada_denmark_2018", "singapore_2018"])
@pytest.mark.parametrize("end", ["low", "high"])
def test_all_sliders_at_an_end_are_a_sound_scenario(name: str, end: str, tmp_path: Path) -> None:
    """What the page lets one set is what a file may say."""
    base = sim.load_scenario(name)
    there = setting_of(base)
    for item in controls(base):
        there = there.moving(item.key, getattr(item, end))
    path = tmp_path / "ends.yaml"
    path.write_text(dump_scenario(there.scenario()), encoding="utf-8")
    again = sim.load_scenario(path)
    assert list(again.quantities()) == list(there.scenario().quantities())


@pytest.mark.parametrize("deal", ["hans_line", "hans_statement"])
def test_the_narrated_world_is_the_world_played(setting: Setting, deal: str) -> None:
    run = sim.run(setting.scenario(), worlds=8, deals=[deal], workers=1)
    for row in run.worlds.to_dict("records"):
        narration = narrate(NarrationRequest(setting.packed, setting.values, deal, row["world"]))
        assert narration.ending == Outcome[row["outcome"]].value
        numbers = [number for number, _ in narration.rounds]
        assert numbers == sorted(set(numbers))
        traced = run.trace(deal, row["world"])
        assert numbers == sorted(set(traced["round"]))
        assert all(sentences for _, sentences in narration.rounds)


def test_a_moved_number_changes_the_narration(setting: Setting) -> None:
    key = "claimant.preferences.weights.closure"
    narrations = [
        narrate(NarrationRequest(setting.packed, there.values, "hans_line", 3)).rounds
        for there in (setting.moving(key, 10.0), setting.moving(key, 100.0))
    ]
    assert narrations[0] != narrations[1]
