"""`islands sweep`, `status`, `sensitivity` and `discover` as a user types them.

Tests `sim.experiments.analysis.sensitivity`.
"""

import json
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import sim
from sim.cli import main
from sim.experiments.sweep.progress import SweepState, status

Type = Callable[..., tuple[int, str, str]]
OPPOSITION = "holder.public.opposition"


@pytest.fixture
def islands(capsys: pytest.CaptureFixture[str]) -> Type:
    """Return a function that types a command and returns its exit code, output and complaints."""

    def run(*words: object) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_a_sweep_and_its_status(islands: Type, case: Path, tmp_path: Path) -> None:
    words = ["sweep", f"scenario={case}", f"{OPPOSITION}=0.2,0.8", "worlds=16"]
    code, said, complaint = islands(*words, f"out={tmp_path / 'out'}")
    assert (code, complaint) == (0, ""), "nothing moves where nobody watches"
    assert "2 cells × 2 structures" in said
    assert "cells.parquet" in said
    code, said, _ = islands("status", tmp_path / "out")
    assert code == 0
    assert "finished" in said
    assert "2 of 2 cells" in said


def test_a_sweep_without_a_folder_finds_its_own_again(
    islands: Type, case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["sweep", f"scenario={case}", f"{OPPOSITION}=0.2,0.8", "worlds=4"]
    assert islands(*words)[0] == islands(*words)[0] == 0
    assert len(list((tmp_path / "outputs").iterdir())) == 1
    assert islands(*words[:-1], "worlds=5")[0] == 0
    assert len(list((tmp_path / "outputs").iterdir())) == 2


def test_all_faults_at_once(islands: Type, case: Path, tmp_path: Path) -> None:
    axes = [f"{OPPOSITION}=0.2,1.5", "claimant.leader.audience_cost=-1,1"]
    code, _, complaint = islands("sweep", f"scenario={case}", *axes, f"out={tmp_path / 'out'}")
    assert code == 2
    assert [line.count("expected a value in") for line in complaint.splitlines()] == [1, 1]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("host", "pid", "age", "state"),
    [
        (None, os.getpid(), 1_000, SweepState.running),
        (None, 2**22 + 1, 0, SweepState.stopped),
        ("elsewhere", 1, 0, SweepState.running),
        ("elsewhere", 1, 1_000, SweepState.stopped),
    ],
    ids=["alive here", "dead here", "fresh elsewhere", "silent elsewhere"],
)
def test_a_sweep_is_running_while_somebody_is_at_it(
    case: Path, tmp_path: Path, host: str | None, pid: int, age: float, state: SweepState
) -> None:
    out = sim.sweep(case, {OPPOSITION: [0.2, 0.8], "worlds": 4}, tmp_path / "out").folder
    news = {"pid": pid, "host": host or socket.gethostname(), "time": time.time() - age}
    counts = {"cells": 2, "done": 2, "done_before": 0, "worlds": 16, "seconds": 2.0}
    (out / "progress.json").write_text(json.dumps({**news, **counts}))
    found = status(out)
    assert found.state is state
    assert found.worlds_per_second == 8
    assert (found.seconds_left is not None) == (state is SweepState.running)


@pytest.mark.parametrize("words", [["status"], ["status", "a", "b"], ["discover"], ["status", "."]])
def test_a_folder_is_asked_for(islands: Type, words: list[str]) -> None:
    code, _, complaint = islands(*words)
    assert code == 2
    assert complaint.startswith("islands: ")


@pytest.mark.nightly
def test_sensitivity_screens_and_weighs(islands: Type, case: Path, tmp_path: Path) -> None:
    pytest.importorskip("SALib", reason="needs the extra sweep")
    weights = "claimant.preferences.weights"
    axes = [f"holder.preferences.weights.{name}=uncertain" for name in ("peace", "closure")]
    words = [f"scenario={case}", *axes, f"{weights}.closure=uncertain", "worlds=16"]
    efforts = ["trajectories=3", "base=8", "top=2", f"out={tmp_path / 'out'}"]
    code, said, complaint = islands("sensitivity", *words, *efforts, "outcome=zopa_margin")
    assert (code, complaint) == (0, "")
    assert said.index("Morris") < said.index("Sobol")
    assert "holder.preferences.weights.peace" in said
    code, again, _ = islands("sensitivity", tmp_path / "out" / "indices", "outcome=zopa_margin")
    assert code == 0
    assert again.strip() in said
    assert f"{tmp_path / 'out' / 'screening'} and" in said
    code, _, complaint = islands("plot", tmp_path / "out", "influence", "by=zopa_margin")
    assert (code, complaint) == (0, "")
    drawn = sorted(path.name for path in (tmp_path / "out-pictures").iterdir())
    assert drawn == ["indices_influence.png", "screening_influence.png"]
    assert islands("sensitivity", *words, "top=none")[0] == 2
    assert islands("sensitivity", *words, "outcome=luck")[0] == 2
    code, said, complaint = islands("sensitivity", *words, "base=3", "trajectories=1")
    assert (code, said) == (2, "")
    assert [line.removeprefix("islands: command line: ") for line in complaint.splitlines()] == [
        "trajectories: expected a whole number from 2 for design=morris, got 1",
        "base: expected a power of 2 for design=sobol, got 3; did you mean '4'?",
    ]


def test_discovery_in_a_sweep_and_in_a_run(islands: Type, case: Path, tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="needs the extra sweep")
    axes = ["holder.preferences.weights.peace=interval(0,2)", f"{OPPOSITION}=interval(0,1)"]
    settings = {"design": "lhs", "n": 60}
    out = sim.sweep(
        case, [*axes, "protocol.first_mover=claimant,holder"], tmp_path / "s", **settings
    )
    code, said, _ = islands("discover", out.folder)
    assert code == 0
    assert "leaf of a tree: settles in" in said
    sim.run(sim.load_scenario(case), worlds=400).save(tmp_path / "r")
    code, said, _ = islands("discover", tmp_path / "r", "event=zopa")
    assert code == 0
    assert "has something to gain for both" in said
    assert islands("discover", tmp_path / "r", "event=luck")[0] == 2
