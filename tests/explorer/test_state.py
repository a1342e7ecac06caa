"""What open pages share, and what they offer."""

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette", reason="needs the extra explore")

from starlette.requests import Request

import sim
from sim.errors import ScenarioError
from sim.explorer import state as shared
from sim.explorer.settings import Setting, setting_of
from sim.explorer.state import AppState, Offers


@pytest.fixture
def desk(setting: Setting, here: Any) -> AppState:
    return AppState(here, setting.name, setting)


def test_the_given_scenario_stands_first_as_it_was_given(here: Any) -> None:
    changed = setting_of(sim.load_scenario("canada_denmark_2018", ["seed=7"]))
    desk = AppState(here, changed.name, changed)
    assert desk.names[0] == "canada_denmark_2018"
    assert desk.names.count("canada_denmark_2018") == 1
    assert desk.setting("canada_denmark_2018").base.seed == 7


def test_others_are_loaded_by_name_and_only_those_on_offer(desk: AppState) -> None:
    there = desk.setting("norway_russia_2010")
    assert (there.name, there.base.name) == ("norway_russia_2010", "norway_russia_2010")
    assert desk.setting("norway_russia_2010") is there
    with pytest.raises(KeyError, match="to choose from"):
        desk.setting("/etc/passwd")


def test_a_broken_scenario_is_named_with_its_faults(
    desk: AppState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken.yaml").write_text("title: [\n")
    monkeypatch.setenv("ISLANDS_SCENARIOS", str(tmp_path))
    assert "broken" in desk.names
    with pytest.raises(ScenarioError, match=r"broken\.yaml: .*expected valid YAML"):
        desk.setting("broken")


def test_pages_find_what_was_put_up(desk: AppState, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "_PUT_UP", [])
    with pytest.raises(LookupError, match="put up a state"):
        shared.app_state()
    shared.put_up(desk)
    assert shared.app_state() is desk


def _fetch(offers: Offers, word: str) -> tuple[int, bytes]:
    path = {"word": word, "name": "a.yaml"}
    answer = offers.route().endpoint(Request({"type": "http", "path_params": path, "headers": []}))
    return answer.status_code, answer.body


def test_a_file_can_be_had_while_it_is_on_offer() -> None:
    offers = Offers()
    one, other = (offers.put(lambda text=text: text) for text in (b"one", b"other"))
    assert (_fetch(offers, one), _fetch(offers, other)) == ((200, b"one"), (200, b"other"))
    assert len(one) >= 20
    offers.withdraw(one)
    assert _fetch(offers, one)[0] == 404
    assert _fetch(offers, other)[0] == 200
    assert _fetch(offers, "")[0] == 404
