"""The command that asks what it would take."""

from pathlib import Path

import pandas as pd
import pytest

from sim.cli import main
from sim.io.dump import dump_scenario
from sim.io.folders import CONFIG, FOUND_WORLDS
from tests.disputes import pie

SMALL = ["scenario=singapore_2018", "deals=[status_quo,renounce]", "rounds=2", "workers=1"]


def test_it_answers_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "found"
    assert main(["conditions", *SMALL, "effort=quick", f"out={out}"]) == 0
    told = capsys.readouterr().out
    assert max(map(len, told.partition("\nResults in ")[0].splitlines())) <= 80
    assert "nothing comes about" in " ".join(told.split())
    files = {path.name for path in out.iterdir()}
    assert {"distances.csv", "coalitions.csv", "probabilities.csv", "ladder.png"} <= files
    assert {"config.yaml", "conditions.json", "provenance.json"} <= files


def test_what_else_is_in_the_folder_is_said_before_anything_is_played(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    monkeypatch.setattr("sim.experiments.conditions.conditions.conditions", None)
    assert main(["conditions", *SMALL, f"out={tmp_path}"]) == 2
    assert "expected a new or empty folder, or an earlier run" in capsys.readouterr().err


def test_where_the_worlds_that_were_found_lie_is_discovered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deal, drawn = "pact", [place / 200 for place in range(200)]
    columns = {"holder.reservation.dialogue": drawn, "happens": [x > 0.6 for x in drawn]}
    table = pd.DataFrame({"deal": deal, "event": "closed", **columns, "weight": 1 / 200})
    table.to_parquet(tmp_path / FOUND_WORLDS)
    (tmp_path / CONFIG).write_text(dump_scenario(pie()), encoding="utf-8")
    assert main(["discover", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith(f"{deal} settles in ")


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("axes=a,b", "three axes"),
        ("axes=a,b,c", "no number with a range"),
        ("to=2", "above 0 and up to 1"),
        ("effort=none", "quick"),
        ("event=peace", "one of first_stage, transferred, closed"),
    ],
)
def test_faults_are_told(asked: str, why: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["conditions", *SMALL, asked]) == 2
    assert why in capsys.readouterr().err
