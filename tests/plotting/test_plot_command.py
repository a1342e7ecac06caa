"""The command `islands plot` (`sim.cli.plot`) draws runs and sweeps, and refuses the rest."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sim.cli import main
from sim.domain.scenario import Scenario
from sim.experiments.result import EnsembleResult
from sim.experiments.sweep.run import sweep

STANDING, FRAME = "holder.preferences.weights.standing", "claimant.preferences.frame_factor"


@pytest.fixture(scope="module")
def folder(isles: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a small grid."""
    out = tmp_path_factory.mktemp("swept") / "grid"
    small = isles.model_copy(update={"deals": {"strait": isles.deals["strait"]}, "worlds": 16})
    return sweep(small, {STANDING: [0.0, 2.0], FRAME: [0.0, 1.0]}, out, workers=1).folder


def islands(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    monkeypatch.setattr("sys.argv", ["islands", "plot", *map(str, words)])
    return main()


def test_a_sweep_is_drawn_as_it_fits(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert islands(monkeypatch, folder, f"out={tmp_path / 'there'}", "by=preconditions") == 0
    files = sorted(path.name for path in (tmp_path / "there").iterdir())
    assert files == ["heatmap.png", "line.png"]
    told = [f"axes={FRAME},{STANDING}", "deal=strait", "format=pdf", f"out={tmp_path / 'there'}"]
    assert islands(monkeypatch, folder, "heatmap", *told) == 0
    assert (tmp_path / "there" / "heatmap.pdf").is_file()


def test_both_steps_of_a_sensitivity_are_drawn(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in ("screening", "indices"):
        shutil.copytree(folder, tmp_path / "both" / step)
    assert islands(monkeypatch, tmp_path / "both", "line") == 0
    files = sorted(path.name for path in (tmp_path / "both-pictures").iterdir())
    assert files == ["indices_line.png", "screening_line.png"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["funnel"], "expected one of line, heatmap"),
        (["line", "axis=standing"], "axis: expected one of"),
        (["heatmap", f"axes={FRAME}"], "axes: expected two keys"),
        (["heatmap", f"axes={FRAME},{FRAME}"], "axes: expected two keys"),
        (["heatmap", f"axes={FRAME},x"], "axes: expected one of"),
        (["line", "by=margin"], "by: 'margin' is unknown; did you mean 'zopa_margin'?"),
        (["line", "world=3"], "world: expected a picture that takes it"),
        (["boxes", "event=nothing"], "event: expected one of"),
        (["boxes", "event=reneged"], "event: expected what"),
    ],
)
def test_what_is_not_there_is_refused_in_one_line(
    words: list[str],
    told: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert islands(monkeypatch, folder, *words) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"islands: {told}")
    assert err.count("\n") == 1


def test_worlds_are_at_least_two(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert islands(monkeypatch, folder, "line", "worlds=1") == 2
    assert "worlds: expected a whole number of at least 2, got '1'" in capsys.readouterr().err


def test_the_command_draws_beside_the_folder_and_says_what_it_replaces(
    stepped: EnsembleResult,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    stepped.save(tmp_path / "run")
    before = sorted(path.name for path in (tmp_path / "run").iterdir())
    monkeypatch.setattr("sys.argv", ["islands", "plot", str(tmp_path / "run"), "flow"])
    assert main() == 0
    assert [path.name for path in (tmp_path / "run-pictures").iterdir()] == ["flow.png"]
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == before
    assert "Replaced" not in capsys.readouterr().out
    assert main() == 0
    assert "Replaced, what was there: flow.png." in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("words", [[], ["{run}", "flaw"], ["{run}", "format=gif"]])
def test_the_command_refuses_what_is_not_there(
    words: list[str],
    stepped: EnsembleResult,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    stepped.save(tmp_path / "run")
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
    stepped: EnsembleResult,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    stepped.save(tmp_path / "run")
    monkeypatch.setattr("sys.argv", ["islands", "plot", str(tmp_path / "run"), *words])
    assert main() == 2
    told = capsys.readouterr().err
    assert told.startswith(f"islands: {words[-1].partition('=')[0]}: expected")
    assert told.count("\n") == 1
    assert not (tmp_path / "run-pictures").exists()


def test_the_command_passes_options_on(
    stepped: EnsembleResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stepped.save(tmp_path / "run")
    told = ["deal=whole", "world=5", "round=0", "format=svg"]
    typed = ["utility_space", "talks", *told, f"out={tmp_path / 'there'}"]
    monkeypatch.setattr("sys.argv", ["islands", "plot", str(tmp_path / "run"), *typed])
    assert main() == 0
    files = sorted(path.name for path in (tmp_path / "there").iterdir())
    assert files == ["talks.svg", "utility_space.svg"]
