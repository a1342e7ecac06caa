"""Exit codes, one line a fault, no traceback: what every command has in common."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim.cli.dispatch import COMMANDS
from sim.errors import Fault, RunError, ScenarioError
from sim.paths import install_hint

Islands = Callable[..., SimpleNamespace]


def test_help_names_every_command(islands: Islands) -> None:
    for arguments in ([], ["--help"], ["help"]):
        answer = islands(*arguments)
        assert answer.code == 0
        assert all(f"  {name}" in answer.out for name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_of_its_own(islands: Islands, command: str) -> None:
    answer = islands(command, "--help")
    assert answer.code == 0
    assert f"Usage: islands {command}" in answer.out
    assert max(map(len, answer.out.splitlines())) <= 100


def test_version(islands: Islands) -> None:
    assert islands("--version").out.startswith("islands ")


def test_the_package_runs_as_a_module() -> None:
    command = [sys.executable, "-m", "sim", "rnu"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("islands: unknown command 'rnu'; did you mean 'run'?")


def test_an_unknown_command(islands: Islands) -> None:
    answer = islands("rnu")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("islands: unknown command 'rnu'; did you mean 'run'?")


def test_faults_are_one_line_each(islands: Islands) -> None:
    answer = islands("show", "scenario=base", "typo=1", "holder.publik=1")
    assert answer.code == 2
    assert answer.err.splitlines() == [
        "islands: command line: unknown key 'typo'",
        "islands: command line: unknown key 'holder.publik'; did you mean 'public'?",
    ]


@pytest.mark.parametrize(("text", "said"), [("", ""), ("Unable to allocate 3 GiB", " (Unable")])
def test_what_does_not_fit_into_memory_is_told_with_what_needs_less(
    islands: Islands, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    def fails(*_: object) -> None:
        raise MemoryError(text)

    monkeypatch.setattr("sim.io.library.list_names", fails)
    answer = islands("list")
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert answer.err.startswith(
        "islands: there is not enough memory: fewer worlds=N, deals=[…] or"
    )
    assert "workers=N need less" + said in answer.err
    assert ".log" not in answer.err


def test_a_failure_inside_leaves_a_log(
    islands: Islands, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def fail(_: object) -> int:
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.setattr("sim.cli.files.List.run", fail)
    answer = islands("list")
    assert answer.code == 1
    start, _, log = answer.err.strip().partition("; the details are in ")
    assert start == "islands: ZeroDivisionError: division by zero"
    assert "Traceback" in Path(log).read_text(encoding="utf-8")
    with pytest.raises(ZeroDivisionError):
        islands("list", "--debug")


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (KeyboardInterrupt(), 130, "interrupted"),
        (RunError("the disk is full"), 1, "the disk is full"),
    ],
)
def test_other_ends(
    islands: Islands, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, text: str
) -> None:
    def fail(_: object) -> int:
        raise error

    monkeypatch.setattr("sim.cli.files.List.run", fail)
    answer = islands("list")
    assert answer.code == code
    assert answer.err == f"islands: {text}\n"


def test_a_reader_that_has_had_enough() -> None:
    command = (
        f"{sys.executable} -c 'import sim.cli, sys; sys.exit(sim.cli.main())' list | head -n 1"
    )
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert done.stderr == ""


@pytest.mark.parametrize("words", [["--help"], ["--version"]])
def test_help_needs_next_to_nothing(words: list[str]) -> None:
    assert not {"pydantic", *HEAVY} & imported(words)


@pytest.mark.parametrize("words", [["list"], *([name, "--help"] for name in COMMANDS)])
def test_what_plays_nothing_needs_no_engine(words: list[str]) -> None:
    assert not HEAVY & imported(words)


@pytest.mark.parametrize("command", ["status", "report", "plot", "discover"])
def test_that_a_folder_is_missing_is_said_without_an_engine(command: str) -> None:
    assert not HEAVY & imported([command, "nothing"])


HEAVY = {"hydra", "mesa", "pandas", "numpy", "matplotlib", "pyarrow", "rich", "jinja2"}


def imported(words: list[str]) -> set[str]:
    """Return what a command imports."""
    code = f"import sys; from sim.cli import main; main({words!r}); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_of_many_faults_a_dozen_is_shown() -> None:
    faults = [Fault(f"key_{place}", "", f"unknown key {place}") for place in range(63)]
    lines = str(ScenarioError(faults)).splitlines()
    assert len(lines) == 13
    assert lines[-1] == "… and 51 more faults"


@pytest.mark.parametrize("words", [["validate"], ["report"], ["plot"], ["discover"]])
@pytest.mark.parametrize("tail", ["", "/x.yaml"])
def test_a_path_that_is_too_long(islands: Islands, words: list[str], tail: str) -> None:
    answer = islands(*words, "a" * 5_000 + tail)
    assert answer.code == 2
    assert len(answer.err.splitlines()) == 1
    assert "internal" not in answer.err
    assert "the details are in" not in answer.err


_AXIS = "holder.public.opposition=uncertain"


@pytest.mark.parametrize(
    ("module", "words", "extra"),
    [
        ("SALib", ["sweep", "scenario=base", _AXIS, "design=sobol", "n=2"], "sweep"),
        ("SALib", ["sensitivity", "scenario=base", _AXIS, "worlds=2"], "sweep"),
        ("numba", ["run", "scenario=base", "engine=compiled", "worlds=2"], "fast"),
        (
            "distributed",
            ["sweep", "scenario=base", _AXIS, "design=lhs", "n=2", "executor=dask"],
            "dask",
        ),
    ],
)
def test_what_an_extra_brings_is_refused_in_one_line_without_it(
    islands: Islands, monkeypatch: pytest.MonkeyPatch, module: str, words: list[str], extra: str
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == module] or [module]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, module, None)
    answer = islands(*words, "out=there")
    assert answer.code == 2
    assert answer.err.count("\n") == 1
    assert answer.err.strip().endswith(install_hint(extra))


def test_resolve_goes_with_the_config_only(islands: Islands) -> None:
    answer = islands("run", "--resolve", "scenario=base")
    assert (answer.code, answer.err[:22]) == (2, "islands: --resolve is ")
