"""Strangers' texts on a terminal: shown as they are, whatever they look like."""

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.table import Table

from sim.cli import main
from sim.experiments.result import load_result
from sim.report.screen import ReaderGoneError, display, heard
from tests.disputes import pie

SIM = Path(__file__).resolve().parents[2] / "sim"
MARKUP = ["x [/red]", "[red]x", "[link=http://a.example]x[/link]", ":smile:", "[bold", "[/]"]
NAMED = [
    "dispute.label",
    "dispute.objects.pie.label",
    "dispute.objects.pie.area.unit",
    "dispute.clauses.wording.label",
    "dispute.clauses.wording.levels.explicit.label",
    "deals.divide.label",
    "deals.divide.stages.pie.label",
    "claimant.label",
    "claimant.leader.label",
    "holder.public.label",
    "environment.label",
    "title",
]


@pytest.mark.parametrize("text", MARKUP)
def test_a_table_shows_what_looks_like_markup(
    capsys: pytest.CaptureFixture[str], text: str
) -> None:
    table = Table(text, box=None)
    table.add_row(text)
    display(table)
    assert [line.strip() for line in capsys.readouterr().out.splitlines()] == [text, text]


@pytest.mark.parametrize("key", NAMED)
def test_a_scenario_shows_what_looks_like_markup(
    capsys: pytest.CaptureFixture[str], key: str
) -> None:
    from sim.report.scenario import told

    display(told(pie({key: "x [/red] :smile:"})))
    assert "x [/red] :smile:" in " ".join(capsys.readouterr().out.split())


def obeying(source: str) -> list[int]:
    """Return the lines that make something of rich which would obey markup."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        call.lineno
        for call in calls
        if isinstance(call.func, ast.Name)
        and call.func.id in ("Console", "TextColumn")
        and not any(
            word.arg == "markup"
            and isinstance(word.value, ast.Constant)
            and word.value.value is False
            for word in call.keywords
        )
    ]


def test_nothing_of_rich_obeys_markup() -> None:
    found = {path.name: obeying(path.read_text(encoding="utf-8")) for path in SIM.rglob("*.py")}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_the_rule_finds_what_obeys() -> None:
    assert obeying("Console(stderr=True)\nTextColumn('x', markup=True)\n") == [1, 2]
    assert obeying("Console(markup=False)") == []


S = ["scenario=china_russia_2004", "deals=[amur_equal_split]", "worlds=4", "rounds=3"]
COMMANDS = [["list"], ["--help"], ["show", *S[:2]], ["run", *S, "out=there"]]


def ended(words: list[str], folder: Path, **streams: Any) -> tuple[int, str]:
    code = "import sys; from sim.cli import main; sys.exit(main())"
    with (folder / "said").open("w+") as said:
        command = [sys.executable, "-c", code, *words]
        done = subprocess.run(command, cwd=folder, check=False, **{"stderr": said, **streams})
        said.seek(0)
        return done.returncode, said.read()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_a_full_disk_is_one_line_and_the_results_are_whole(
    words: list[str], tmp_path: Path
) -> None:
    with Path("/dev/full").open("w") as full:
        said = ended(words, tmp_path, stdout=full)
    assert said[0] == 1
    assert said[1] == ("islands: standard output cannot be written: No space left on device\n")
    if words[0] == "run":
        assert load_result(tmp_path / "there").scenario.worlds == 4


@pytest.mark.skipif(not hasattr(os, "fork"), reason="files are closed between fork and exec")
def test_a_closed_output_is_one_line(tmp_path: Path) -> None:
    said = ended(["list"], tmp_path, preexec_fn=lambda: os.close(1))
    assert said == (1, "islands: standard output cannot be written: it is closed\n")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="files are closed between fork and exec")
def test_where_nothing_can_be_complained_of_the_work_is_done(tmp_path: Path) -> None:
    closed = {"preexec_fn": lambda: os.close(2), "stdout": subprocess.DEVNULL, "stderr": None}
    assert ended(["run", *S, "out=there"], tmp_path, **closed)[0] == 0
    assert load_result(tmp_path / "there").scenario.worlds == 4
    assert ended(["lisst"], tmp_path, **closed)[0] == 2


def test_a_screen_that_matplotlib_does_not_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MPLBACKEND", "nonsense")
    assert ended(["run", *S, "out=there"], tmp_path, stdout=subprocess.DEVNULL) == (0, "")


def test_a_reader_that_has_gone_is_noticed_before_long_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reads, writes = os.pipe()
    with os.fdopen(writes, "w") as pipe:
        monkeypatch.setattr("sys.stdout", pipe)
        heard()
        os.close(reads)
        with pytest.raises(ReaderGoneError):
            heard()


def test_a_broken_pipe_to_a_worker_is_no_reader_that_has_had_enough(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))

    def fail(_: object) -> int:
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr("sim.cli.files.List.run", fail)
    assert main(["list"]) == 1
