"""Commands that write are killed, interrupted and starved: nothing is lost, halved or left behind.

What is tried by hand or by night, and what came of it, is in ``docs/fuzzing.md``.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.cli import main
from tests.faults import COMMANDS, FAULTS, SMALL, Typed, prepared

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
HERE = Path(__file__).resolve().parents[2]
MOMENTS = 20
QUICK = ("schema", "new")
SLOW = ("branch", "conditions", "infer", "compare", "branch_world", "plot", "negotiate", "run")


class Gone:
    """A standard output that nobody reads."""

    encoding = "utf-8"

    def write(self, text: str) -> int:
        raise BrokenPipeError(32, "Broken pipe")

    def flush(self) -> None:
        """Do nothing."""

    def isatty(self) -> bool:
        """Say that nobody watches."""
        return False


def written(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "name",
    [*QUICK, *(pytest.param(one, marks=pytest.mark.nightly) for one in SLOW)],
)
def test_results_are_on_disk_in_the_end_though_nobody_hears_a_word(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = prepared(tmp_path / "here")
    monkeypatch.chdir(here)
    for each in COMMANDS[name].after:
        assert main(list(COMMANDS[each].words)) == 0
    before = written(here)
    monkeypatch.setattr(sys, "stdout", Gone())
    assert main(list(COMMANDS[name].words)) == 0
    heard = written(here) - before
    monkeypatch.undo()
    other = prepared(tmp_path / "other")
    monkeypatch.chdir(other)
    for each in (*COMMANDS[name].after, name):
        assert main(list(COMMANDS[each].words)) == 0
    assert heard == written(other) - before
    assert heard


def attacked(name: str, most: int) -> str:
    """Return what an attack on a command in a process of its own says."""
    unwarned = "ignore:This process:DeprecationWarning"  # Python 3.12 warns of forks beside threads
    words = [sys.executable, "-W", unwarned, "-m", "tests.faults", str(most), name]
    done = subprocess.run(words, cwd=HERE, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout


@pytest.mark.nightly
@pytest.mark.parametrize("name", COMMANDS)
def test_no_operation_on_files_can_fail_without_the_same_files_in_the_end(name: str) -> None:
    said = attacked(name, MOMENTS)
    assert len([line for line in said.splitlines() if line.endswith(" 0 bad")]) == len(FAULTS), said


def pids(session: int) -> Iterator[int]:
    """Yield the processes of a session that have not ended."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, *rest = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(rest[2]) == session and state not in "ZX":
            yield int(path.parent.name)


def begun(command: Typed, folder: Path) -> subprocess.Popen[str]:
    words = [word.replace("workers=1", "workers=2") for word in command.words]
    return subprocess.Popen(
        [sys.executable, "-m", "sim", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(HERE)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.mark.nightly
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("name", ["run", "sweep", "branch", "infer", "conditions", "compare"])
def test_no_moment_leaves_a_process_or_half_a_result(
    name: str, number: signal.Signals, tmp_path: Path
) -> None:
    folder, luck = prepared(tmp_path / "here"), random.Random(f"{name} {number.name}")
    started = time.monotonic()
    with begun(COMMANDS[name], folder) as whole:
        assert whole.wait() == 0
    usual, first = time.monotonic() - started, written(folder)
    for _ in range(3):
        with begun(COMMANDS[name], folder) as process:
            time.sleep(luck.uniform(0.0, usual))
            if process.poll() is None:
                # Ctrl-C reaches the whole group, as in a terminal; the others the parent alone.
                send = os.killpg if number is signal.SIGINT else os.kill
                send(process.pid, number)
            process.wait()
            assert process.stderr is not None
            said = process.stderr.read()
        assert "details are in" not in said
        until = time.monotonic() + 20
        while [*pids(process.pid)] and time.monotonic() < until:
            time.sleep(0.05)
        assert not [*pids(process.pid)], "an orphan"
    with begun(COMMANDS[name], folder) as whole:
        assert whole.wait() == 0
    assert written(folder) == first


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="a folder that is open can be removed")
def test_a_folder_that_has_been_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    for words in (["run", *SMALL], ["schema", "out=x"], ["list"], ["play", "game=x.json"]):
        assert main(words) == 2
        said = capsys.readouterr().err
        assert said == "islands: the folder you are in is no longer there: change to one that is\n"
    assert main(["--help"]) == 0
