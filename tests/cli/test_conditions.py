"""The command that asks what it would take."""

from pathlib import Path

import pytest

from sim.cli import main

SMALL = ["scenario=singapore_2018", "deals=[status_quo,renounce]", "rounds=2", "workers=1"]


def test_it_answers_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "found"
    assert main(["conditions", *SMALL, "effort=quick", f"out={out}"]) == 0
    told = capsys.readouterr().out
    assert max(map(len, told.splitlines()[:-1])) <= 80  # the last names files
    assert "nothing comes about" in " ".join(told.split())
    files = {path.name for path in out.iterdir()}
    assert {"distances.csv", "coalitions.csv", "probabilities.csv", "ladder.png"} <= files


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
