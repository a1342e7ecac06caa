"""State of open pages, and their downloads."""

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette", reason="needs the extra explore")

from starlette.requests import Request

import sim
from sim.domain.strategy import TimeDependent
from sim.errors import ScenarioError
from sim.explorer import state as module
from sim.explorer.settings import Setting, setting_of
from sim.explorer.state import AppState, Downloads


@pytest.fixture
def state(setting: Setting, serial_pool: Any) -> AppState:
    return AppState(serial_pool, setting.name, setting)


def test_the_given_scenario_stands_first_as_it_was_given(serial_pool: Any) -> None:
    changed = setting_of(sim.load_scenario("canada_denmark_2018", ["seed=7"]))
    state = AppState(serial_pool, changed.name, changed)
    assert state.names[0] == "canada_denmark_2018"
    assert state.names.count("canada_denmark_2018") == 1
    assert state.setting("canada_denmark_2018").base.seed == 7


def test_others_are_loaded_by_name_and_only_those_on_offer(state: AppState) -> None:
    there = state.setting("norway_russia_2010")
    assert (there.name, there.base.name) == ("norway_russia_2010", "norway_russia_2010")
    assert state.setting("norway_russia_2010") is there
    with pytest.raises(KeyError, match="to choose from"):
        state.setting("/etc/passwd")


def test_strategies_are_composed_as_their_files_say(state: AppState) -> None:
    assert {"boulware", "mediator"} < set(state.strategies)
    assert state.strategy("mediator").kind == "mediator"
    late = state.strategy("boulware")
    assert isinstance(late, TimeDependent)
    assert late.concession_exponent.high == 0.4


def test_a_broken_scenario_is_named_with_its_faults(
    state: AppState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken.yaml").write_text("title: [\n")
    monkeypatch.setenv("ISLANDS_SCENARIOS", str(tmp_path))
    assert "broken" in state.names
    with pytest.raises(ScenarioError, match=r"broken\.yaml: .*expected valid YAML"):
        state.setting("broken")


def test_pages_find_the_state_that_was_set(
    state: AppState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SHARED", [])
    with pytest.raises(LookupError, match="set the state"):
        module.app_state()
    module.set_app_state(state)
    assert module.app_state() is state


def _fetch(downloads: Downloads, token: str) -> tuple[int, bytes]:
    path = {"token": token, "name": "a.yaml"}
    answer = downloads.route().endpoint(
        Request({"type": "http", "path_params": path, "headers": []})
    )
    return answer.status_code, answer.body


def test_a_file_can_be_had_while_it_is_on_offer() -> None:
    downloads = Downloads()
    one, other = (downloads.add(lambda text=text: text) for text in (b"one", b"other"))
    assert (_fetch(downloads, one), _fetch(downloads, other)) == ((200, b"one"), (200, b"other"))
    assert len(one) >= 20
    downloads.remove(one)
    assert _fetch(downloads, one)[0] == 404
    assert _fetch(downloads, other)[0] == 200
    assert _fetch(downloads, "")[0] == 404
