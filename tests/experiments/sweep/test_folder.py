"""A sweep that is killed, starved or given bad workers loses nothing, and ends with the same bytes.

The kills are real: the processes are other ones than that of the test.

Tests `sim.experiments.sweep.part`.
"""

import errno
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sim.errors import RunError
from sim.experiments import tasks
from sim.experiments.sweep import part, run, sweep
from sim.experiments.sweep.progress import SweepState, status
from tests.faults import abandoned

Bytes = Callable[[Path], dict[str, bytes]]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

HERE = Path(__file__).resolve().parents[3]
AXES = ["holder.public.opposition=range(0.2,0.9,0.05)", "worlds=32"]  # 14 cells in 7 parts
SCRIPT = f"""
import sys
sys.path.insert(0, {str(HERE)!r})
from sim.cli import main
from sim.experiments.sweep import layout, part
layout._PART, layout._PARTS = {2 * 2 * 128 * 12}, 1
sys.exit(main(sys.argv[1:]))
"""


_UNDISTURBED: dict[str, bytes] = {}


@pytest.fixture
def undisturbed(case: Path, tmp_path: Path, small_parts: None, bytes_of: Bytes) -> dict[str, bytes]:
    """Return what the sweep writes when nothing happens; it is played once, for all tests."""
    if not _UNDISTURBED:
        _UNDISTURBED.update(bytes_of(sweep(case, AXES, tmp_path / "undisturbed", workers=1).folder))
    return _UNDISTURBED


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(case: Path, tmp_path: Path) -> Iterator[Start]:
    """Return a function that starts the sweep as a command; what it starts is ended in the end."""
    begun: list[subprocess.Popen[str]] = []

    def run(*more: str) -> "subprocess.Popen[str]":
        pipe = subprocess.PIPE
        words = ["sweep", f"scenario={case}", *AXES, f"out={tmp_path / 'out'}", *more]
        begun.append(
            subprocess.Popen(
                [sys.executable, "-c", SCRIPT, *words],
                stdout=pipe,
                stderr=pipe,
                text=True,
                start_new_session=True,
            )
        )
        return begun[-1]

    yield run
    for process in begun:
        process.kill()
        process.communicate()


def parts(out: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in (out / "parts").glob("part-*")}


def wait_for(number: int, out: Path, process: "subprocess.Popen[str]") -> None:
    """Wait until so many parts are there, or the process has ended."""
    until = time.monotonic() + 180
    while len(parts(out)) < number and process.poll() is None:
        assert time.monotonic() < until
        time.sleep(0.01)


def workers_of(pid: int) -> list[int]:
    """Return the processes that a process has started, but for one that compiles."""
    started = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    said = {int(child): Path(f"/proc/{child}/cmdline").read_text() for child in started}
    return [child for child, words in said.items() if "_compile" not in words]


@pytest.mark.nightly
def test_killed_again_and_again(
    start: Start, tmp_path: Path, undisturbed: dict[str, bytes], bytes_of: Bytes
) -> None:
    out = tmp_path / "out"
    before: dict[str, int] = {}
    for number in (1, 3, 5):
        process = start("workers=2")
        wait_for(number, out, process)
        process.kill()
        process.wait()
        after = parts(out)
        assert before.items() <= after.items(), "nothing finished was written again"
        assert len(after) >= number
        before = after
    assert status(out).state is SweepState.stopped
    assert 2 * len(before) <= status(out).done <= 14
    process = start("workers=2")
    said, complaint = process.communicate()
    assert (process.returncode, complaint) == (0, "")
    assert "14 cells × 2 structures" in said
    assert before.items() <= parts(out).items()
    assert bytes_of(out) == undisturbed
    assert status(out).state is SweepState.finished


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
def test_a_worker_that_is_killed(
    start: Start, tmp_path: Path, undisturbed: dict[str, bytes], bytes_of: Bytes
) -> None:
    out = tmp_path / "out"
    process = start("workers=2")
    wait_for(1, out, process)
    workers = workers_of(process.pid)
    os.kill(workers[-1], signal.SIGKILL)
    _, complaint = process.communicate()
    said = "islands: a worker process died; what it was doing is done again\n"
    assert (process.returncode, complaint) == (0, said)
    assert bytes_of(out) == undisturbed


def test_ctrl_c_says_how_to_go_on(
    start: Start, tmp_path: Path, undisturbed: dict[str, bytes], bytes_of: Bytes
) -> None:
    out = tmp_path / "out"
    process = start("workers=2")
    wait_for(1, out, process)
    os.killpg(process.pid, signal.SIGINT)
    _, complaint = process.communicate()
    assert process.returncode == 130
    assert re.search(r"\d+ of 14 cells are finished in .*; the same command goes on", complaint)
    assert start("workers=1").wait() == 0
    assert bytes_of(out) == undisturbed


def deadly(task: part.Part) -> part.Receipt:
    """Play a part, unless it holds the fifth cell."""
    if 4 in task.cells:
        os._exit(9)
    return part.play_part(task)


@pytest.mark.nightly
def test_a_cell_that_keeps_killing_its_worker_is_named_and_the_rest_finished(
    case: Path,
    tmp_path: Path,
    undisturbed: dict[str, bytes],
    bytes_of: Bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr(run, "play_part", deadly)
        with pytest.raises(RunError) as named:
            sweep(case, AXES, out, workers=1)
    assert "cell 4 (holder.public.opposition=0.4)" in str(named.value)
    assert "All other cells are in" in str(named.value)
    assert (status(out).done, status(out).left_out) == (13, (4,))
    assert "left out" in str(status(out))
    assert bytes_of(sweep(case, AXES, out, workers=2).folder) == undisturbed
    assert status(out).left_out == ()


def test_cells_that_all_kill_their_workers_are_named(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, axes = tmp_path / "out", ["holder.public.opposition=0.2,0.4", "worlds=8"]
    with monkeypatch.context() as patch:
        patch.setattr(run, "_played", lambda make, parts, in_flight, meter: list(parts))
        with pytest.raises(RunError, match=r"cell 0 .*; cell 1 .*: killed, or short of memory"):
            sweep(case, axes, out, workers=1)
    assert (status(out).state, status(out).done) == (SweepState.stopped, 0)
    assert len(sweep(case, axes, out).design) == 2


def littering(task: part.Part) -> part.Receipt:
    """Play a part, and leave what a worker leaves that is killed while it writes."""
    receipt = part.play_part(task)
    abandoned(Path(tasks.unpack(task.job).folder) / "parts" / f"{task.name}.parquet").touch()
    return receipt


def test_nothing_stays_of_workers_killed_while_they_wrote(
    case: Path, tmp_path: Path, small_parts: None, bytes_of: Bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    axes = ["holder.public.opposition=0.2,0.4", "worlds=8"]
    clean = bytes_of(sweep(case, axes, tmp_path / "clean").folder)
    monkeypatch.setattr(run, "play_part", littering)
    assert bytes_of(sweep(case, axes, tmp_path / "littered").folder) == clean


def test_a_full_disk(
    case: Path,
    tmp_path: Path,
    undisturbed: dict[str, bytes],
    bytes_of: Bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out, calls = tmp_path / "out", iter(range(100))

    def sync(_: int) -> None:
        if next(calls) > 8:
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", sync)
        with pytest.raises(RunError, match="No space left") as said:
            sweep(case, AXES, out)
    assert "free some space" in str(said.value)
    assert not list(out.rglob(".*.tmp")), "no half of a file stays behind"
    before = parts(out)
    assert before
    assert bytes_of(sweep(case, AXES, out).folder) == undisturbed
    assert before.items() <= parts(out).items()


def test_a_damaged_part_is_played_again(
    case: Path, tmp_path: Path, undisturbed: dict[str, bytes], bytes_of: Bytes
) -> None:
    out = sweep(case, AXES, tmp_path / "out").folder
    damaged, foreign, *_ = sorted((out / "parts").iterdir())
    damaged.write_bytes(damaged.read_bytes()[:500])
    foreign.write_bytes((out / "design.parquet").read_bytes())
    abandoned(out / "parts" / "part-000009.parquet").write_bytes(b"half")
    assert bytes_of(sweep(case, AXES, out).folder) == undisturbed
