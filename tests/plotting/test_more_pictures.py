"""Differences, flows and `islands plot`: what is drawn is what the tables say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.cli import main
from sim.domain.scenario import Scenario
from sim.experiments.ensemble import run
from sim.experiments.result import EnsembleResult
from sim.plotting import PICTURES, differences, drawn, flow
from sim.plotting.flow import stops
from tests.disputes import pie


def scenario() -> Scenario:
    half = {"label": "half", "fixed": {"administration": "0.5000", "title": "open"}}
    rest = {"label": "title", "fixed": {"title": "shared"}}
    other = {"label": "all", "fixed": {"title": "shared"}, "negotiable": {"administration": "all"}}
    deals = {
        "steps": {"name": "steps", "label": "in steps", "stages": {"one": half, "two": rest}},
        "whole": {"name": "whole", "label": "at once", "stages": {"only": other}},
    }
    changes = {"deals": deals, "claimant.leader.deadline_rounds": 6.0, "rounds": 20}
    return pie(changes)


@pytest.fixture(scope="module")
def result() -> EnsembleResult:
    return run(scenario(), worlds=32)


def test_differences_are_paired_and_carry_an_interval(result: EnsembleResult) -> None:
    ax = differences(result, than="steps", by="settled")
    shares = result.outcomes.set_index("deal")["settled"]
    drawn_at = float(np.ravel(ax.lines[0].get_xdata())[0])
    assert drawn_at == pytest.approx(100 * (shares["whole"] - shares["steps"]))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["at once"]
    assert "percentage points" in ax.get_xlabel()
    assert ax.collections  # the interval


def test_differences_refuse_an_unknown_structure(result: EnsembleResult) -> None:
    with pytest.raises(KeyError, match="steps"):
        differences(result, than="stepps")


def test_the_fates_of_a_stage_add_to_the_worlds_that_reach_it(result: EnsembleResult) -> None:
    worlds = result.worlds[result.worlds["deal"] == "steps"]
    parts = list(stops(worlds, 2))
    first = sum(part.share for part in parts if part.stage == 0)
    onward = sum(part.share for part in parts if part.stage == 0 and part.why == "on")
    assert first == pytest.approx(1.0)
    assert sum(part.share for part in parts if part.stage == 1) == pytest.approx(onward)
    assert "in steps" in flow(result).get_title(loc="left") + flow(result).get_title()


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_all_that_fit_are_drawn(result: EnsembleResult, kind: str) -> None:
    files = drawn(result, kind=kind)
    fit = [name for name in PICTURES if name not in ("tornado", "boxes")]  # slow; all alike
    assert list(files) == [f"{name}.{kind}" for name in fit]
    assert min(map(len, files.values())) > 1_000


def test_the_command_draws_beside_the_folder(
    result: EnsembleResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result.save(tmp_path / "run")
    before = sorted(path.name for path in (tmp_path / "run").iterdir())
    monkeypatch.setattr("sys.argv", ["islands", "plot", str(tmp_path / "run"), "flow"])
    assert main() == 0
    assert [path.name for path in (tmp_path / "run-pictures").iterdir()] == ["flow.png"]
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == before


@pytest.mark.parametrize("words", [[], ["{run}", "flaw"], ["{run}", "format=gif"]])
def test_the_command_refuses_what_is_not_there(
    words: list[str],
    result: EnsembleResult,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    result.save(tmp_path / "run")
    typed = [word.format(run=tmp_path / "run") for word in words]
    monkeypatch.setattr("sys.argv", ["islands", "plot", *typed])
    assert main() == 2
    assert capsys.readouterr().err.startswith("islands: ")


@pytest.mark.parametrize(
    "words",
    [
        ["flow", "deal=stepps"],
        ["flow", "world=3"],
        ["utility_space", "deal=whole", "world=0", "round=90"],
        ["differences", "by=margin"],
        ["talks", "world=first"],
    ],
)
def test_the_command_refuses_options_in_one_line(
    words: list[str],
    result: EnsembleResult,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    result.save(tmp_path / "run")
    monkeypatch.setattr("sys.argv", ["islands", "plot", str(tmp_path / "run"), *words])
    assert main() == 2
    told = capsys.readouterr().err
    assert told.startswith(f"islands: {words[-1].partition('=')[0]}: expected")
    assert told.count("\n") == 1
    assert not (tmp_path / "run-pictures").exists()


def test_the_command_passes_options_on(
    result: EnsembleResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result.save(tmp_path / "run")
    told = ["deal=whole", "world=5", "round=0", "format=svg"]
    typed = ["utility_space", "talks", *told, f"out={tmp_path / 'there'}"]
    monkeypatch.setattr("sys.argv", ["islands", "plot", str(tmp_path / "run"), *typed])
    assert main() == 0
    files = sorted(path.name for path in (tmp_path / "there").iterdir())
    assert files == ["talks.svg", "utility_space.svg"]
