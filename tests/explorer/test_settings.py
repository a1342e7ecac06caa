"""What is set on the page, as a scenario."""

from pathlib import Path

import pytest

import sim
from sim.domain.scenario import Scenario
from sim.errors import ScenarioError
from sim.explorer.controls import controls
from sim.explorer.settings import Setting, moved, setting_of
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
