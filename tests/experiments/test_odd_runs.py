"""What seldom happens around a run: odd names, odd machines, and a terminal that shows a bar.

Tests `sim.experiments.blocks` and `sim.experiments.provenance`.
"""

from __future__ import annotations

import subprocess
from functools import partial
from importlib.metadata import PackageNotFoundError
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

import sim
from sim.errors import RunError, ScenarioError
from sim.experiments import provenance
from sim.experiments.explanation.explanation import explain
from sim.io.files import write_atomically
from sim.report import screen
from tests.disputes import pie
from tests.fuzz.games import small


def test_a_clause_with_the_name_of_a_column() -> None:
    clause = {"label": "x", "baseline": "a", "levels": {"a": {"label": "a"}}}
    for name in ("stage", "holder_territory"):
        odd = pie({f"dispute.clauses.{name}": clause, "worlds": 1, "rounds": 1})
        with pytest.raises(ScenarioError, match=f"another name of a clause, got .*: {name}"):
            sim.run(odd, workers=1)


def test_no_workers_at_all() -> None:
    with pytest.raises(ValueError, match="expected at least 1 worker, got 0"):
        sim.run(small(), workers=0)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """Let rich think that it writes to a terminal, and keep what it writes."""
    written = StringIO()
    console = partial(Console, file=written, force_terminal=True, width=200)
    monkeypatch.setattr("rich.console.Console", lambda **_: console())
    return written


def test_a_bar_counts_worlds(terminal: StringIO) -> None:
    result = sim.run(small(), workers=1, progress=True)
    assert len(result.worlds) == 12
    assert "A pie" in terminal.getvalue()
    assert "12/12" in terminal.getvalue()


def test_tables_keep_to_a_width(terminal: StringIO) -> None:
    screen.display("word " * 60)
    lines = terminal.getvalue().splitlines()
    assert len(lines) > 1
    assert max(map(len, lines)) <= screen.WIDTH


def test_a_machine_without_git_or_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("git", 1)

    def absent(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(provenance.subprocess, "run", slow)
    monkeypatch.setattr(provenance, "version", absent)
    origin = sim.run(small(), workers=1).provenance
    assert origin["commit"] is None
    assert set(origin["versions"].values()) - {origin["versions"]["python"]} == {None}


def test_an_interrupted_write_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.io.files.os.fsync", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "x", b"1")
    assert not list(tmp_path.iterdir())
    with pytest.raises(RunError, match="cannot be written: "):
        write_atomically(Path("/dev/null/x"), b"1")


def test_a_result_says_what_it_is_and_plays_a_world_again() -> None:
    result = sim.run(small(), workers=1)
    assert repr(result) == "<EnsembleResult pie: 2 structures × 6 worlds>"
    assert (
        repr(result.scenario)
        == f"<Scenario pie: 2 structures, 6 worlds × {result.scenario.rounds} rounds>"
    )
    shown = result._repr_html_()
    assert shown.count("<tr") == 3
    assert all(deal.label in shown for deal in result.scenario.deals.values())
    assert result.scenario.title in result.scenario._repr_html_()
    assert set(result.trace("divide", 2)["round"]) == {0, 1, 2}
    with pytest.raises(KeyError):
        result.trace("nothing", 0)
    assert "pie" in str(list(explain(small(), "divide", 0, 4).sections()))
