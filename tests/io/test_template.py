"""A new dispute is written whole, is sound and runs; nothing that exists is replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.cli.dispatch import main
from sim.errors import ScenarioError
from sim.experiments import ensemble
from sim.io.config import load_scenario
from sim.io.kinds import check_file
from sim.io.template import NAMED, write_dispute


@pytest.fixture
def scenario_file(tmp_path: Path) -> Path:
    return write_dispute("amber_coast", tmp_path)


def test_every_file_is_sound_by_itself(scenario_file: Path) -> None:
    files = sorted(scenario_file.parent.rglob("*.yaml"))
    assert len(files) == 8
    for path in files:
        assert check_file(path)
        assert NAMED not in path.read_text()
        assert NAMED not in path.name


def test_it_runs_and_has_something_to_show(scenario_file: Path) -> None:
    scenario = load_scenario(scenario_file)
    assert scenario.name == "amber_coast"
    result = ensemble.run(scenario, worlds=64, workers=1)
    settled = dict(zip(result.outcomes["deal"], result.outcomes["settled"], strict=True))
    assert settled["amber_coast_line"] > 0.2
    assert settled["status_quo"] == 0


def test_every_number_says_where_it_is_from(scenario_file: Path) -> None:
    for key, quantity in load_scenario(scenario_file).quantities():
        assert quantity.source or quantity.assumption, key


@pytest.mark.parametrize("name", ["../out", "a/b", "", "Amber", "1st", "a" * 61, "sea coast", "a."])
def test_names_stay_in_the_folder(name: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="small letters"):
        write_dispute(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_replaced(scenario_file: Path) -> None:
    scenario_file.write_text("mine")
    with pytest.raises(ScenarioError, match="a new folder"):
        write_dispute("amber_coast", scenario_file.parents[1])
    assert scenario_file.read_text() == "mine"


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "dispute", "amber_coast", f"in={tmp_path}"]) == 0
    assert "islands run scenario=" in capsys.readouterr().out
    assert main(["new", "dispute", "amber_coast", f"in={tmp_path}"]) == 2
    assert main(["new", "quarrel", "x"]) == 2
