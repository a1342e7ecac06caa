"""What is taken along runs again, with the same numbers."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from pandas.testing import assert_frame_equal

import sim
from sim.experiments.result import load_result
from sim.explorer.files import results_zip, scenario_yaml
from sim.explorer.pool import PartialResult


def test_the_scenario_gives_the_numbers_on_screen(other: PartialResult, tmp_path: Path) -> None:
    path = tmp_path / "screen.yaml"
    path.write_bytes(scenario_yaml(other))
    outcomes = sim.run(sim.load_scenario(path), workers=1).outcomes
    assert outcomes["worlds"].tolist() == [256] * 4
    for row in outcomes.to_dict("records"):
        mine = other.rows[str(row["deal"])]
        assert row["settled"] == mine["settled"]
        assert row["settled_low"] == pytest.approx(mine["settled_low"], abs=1e-12)


def test_the_results_are_the_folder_of_a_run(other: PartialResult, tmp_path: Path) -> None:
    with ZipFile(BytesIO(results_zip(other))) as packed:
        assert {"config.yaml", "funnel.png", "provenance.json"} < set(packed.namelist())
        assert {"worlds.csv", "outcomes.csv", "packages.csv"} < set(packed.namelist())
        packed.extractall(tmp_path)
    mine = load_result(tmp_path)
    run = sim.run(other.setting.scenario(256), workers=1)
    assert_frame_equal(mine.worlds, run.worlds)
    assert_frame_equal(mine.outcomes, run.outcomes)
    assert_frame_equal(mine.packages, run.packages)
    assert mine.scenario == run.scenario
