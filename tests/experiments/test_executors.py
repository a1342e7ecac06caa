"""Tasks in other processes: same results, and what happens when a worker dies.

Tests `sim.experiments.tasks`.
"""

import atexit
import multiprocessing.connection
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from sim.errors import RunError
from sim.experiments.executors import Processes, Serial, _Process, cores, processes
from sim.experiments.tasks import ATTEMPTS, complete

two = partial(processes, 2)
HERE = Path(__file__).resolve().parents[2]


def die_once(mark: str) -> str:
    """Kill the worker the first time, leaving a mark."""
    if Path(mark).exists():
        return mark
    Path(mark).touch()
    os._exit(9)


def die(mark: str) -> str:
    """Kill the worker whenever the task says so, and count the times."""
    if mark.endswith("poison"):
        with Path(mark).open("a") as file:
            file.write("x")
        os._exit(9)
    return mark


def _leave_a_mark_at_the_end(mark: str) -> None:
    """Show what runs at a worker's end: functions for its exit do, finalizers of modules do not."""
    atexit.register(Path(mark).write_text, "at exit")
    KEPT.append(Grave(mark))


class Grave:
    """Overwrite the mark when taken apart."""

    def __init__(self, mark: str) -> None:
        self.mark = mark

    def __del__(self, write: Callable[[Path, str], int] = Path.write_text) -> None:
        write(Path(self.mark), "taken apart")


KEPT: list[Grave] = []


def refuse(number: int) -> int:
    raise ValueError(f"no {number}")


@pytest.mark.parametrize("make", [Serial, two])
def test_every_task_is_done_once(make: type[Executor]) -> None:
    results = dict(complete(make, abs, [-3, -2, -1, 0], in_flight=3))
    assert results == {0: 3, 1: 2, 2: 1, 3: 0}


@pytest.mark.parametrize("make", [Serial, two])
def test_an_error_of_a_task_is_raised_here(make: type[Executor]) -> None:
    with pytest.raises(ValueError, match="no 1"):
        list(complete(make, refuse, [1], in_flight=1))


@pytest.mark.parametrize("make", [Serial, two])
def test_what_is_done_meanwhile_is_done_once(make: type[Executor]) -> None:
    done: list[str] = []
    tasks = list(range(9))
    results = complete(make, abs, tasks, in_flight=2, meanwhile=lambda: done.append("here"))
    next(results)
    assert done == ["here"]
    assert len(list(results)) == 8
    assert done == ["here"]


def test_an_error_meanwhile_ends_all_workers_at_once() -> None:
    def fail() -> None:
        raise RunError("no room")

    start = time.monotonic()
    with pytest.raises(RunError, match="no room"):
        list(complete(two, time.sleep, [60, 60], in_flight=2, meanwhile=fail))
    assert time.monotonic() - start < 50


def test_a_worker_ends_without_being_taken_apart(tmp_path: Path) -> None:
    pool = processes(1)
    pool.submit(_leave_a_mark_at_the_end, str(tmp_path / "mark")).result()
    (process,) = pool._context.started
    pool.shutdown(wait=True)
    assert process.exitcode == 0
    assert (tmp_path / "mark").read_text() == "at exit"


def test_a_task_whose_worker_died_is_done_again(tmp_path: Path) -> None:
    marks = [str(tmp_path / name) for name in "abc"]
    results = dict(complete(two, die_once, marks, in_flight=2))
    assert results == dict(enumerate(marks))


def die_with(task: tuple[str, bytes]) -> int:
    """Die the first time, before the rest of a large task could be sent to anyone."""
    die_once(task[0])
    return len(task[1])


def die_in_the_middle(mark: str) -> bytes:
    """Die the first time when a part of the result has been sent."""
    if not Path(mark).exists():
        Path(mark).touch()
        multiprocessing.connection.Connection._send = _send_a_part  # type: ignore[attr-defined]  # private
    return bytes(1_000_000)


def _send_a_part(connection: Any, data: bytes) -> None:
    os.write(connection.fileno(), data[:4])
    os._exit(9)


def in_time(script: str, *words: str, seconds: float = 60) -> str:
    """Return what a script prints that must end, run by itself so that it can be killed."""
    command = [sys.executable, "-c", textwrap.dedent(script), *words]
    done = subprocess.run(
        command, cwd=HERE, capture_output=True, text=True, timeout=seconds, check=True
    )
    assert done.stderr == "islands: a worker process died; what it was doing is done again\n"
    return done.stdout


LARGE = """
import sys
from tests.experiments.test_executors import complete, die_with, two
tasks = [(f"{sys.argv[1]}/{n}", bytes(20_000_000)) for n in range(5)]
print(sorted(dict(complete(two, die_with, tasks, in_flight=4)).items()))
"""
PARTS = """
import sys
from tests.experiments.test_executors import complete, die_in_the_middle, two
tasks = [f"{sys.argv[1]}/{n}" for n in range(3)]
print(sorted((n, len(data)) for n, data in complete(two, die_in_the_middle, tasks, in_flight=4)))
"""


def test_workers_that_die_while_large_tasks_are_on_their_way(tmp_path: Path) -> None:
    """Python up to 3.11.4 waits for ever to send the rest (gh-94777, gh-107219)."""
    assert in_time(LARGE, str(tmp_path)) == f"{[(n, 20_000_000) for n in range(5)]}\n"


@pytest.mark.nightly
def test_workers_that_die_in_the_middle_of_a_result(tmp_path: Path) -> None:
    """Every Python waits for ever for the rest."""
    assert in_time(PARTS, str(tmp_path)) == f"{[(n, 1_000_000) for n in range(3)]}\n"


def test_a_task_that_keeps_killing_its_worker_is_named(tmp_path: Path) -> None:
    tasks = [str(tmp_path / name) for name in ("a", "poison", "b", "c")]
    with pytest.raises(RunError, match=r"died 3 times on .*poison"):
        list(complete(two, die, tasks, in_flight=4))
    assert (tmp_path / "poison").stat().st_size == ATTEMPTS


def test_a_task_can_be_given_up_and_the_others_finished(tmp_path: Path) -> None:
    tasks = [str(tmp_path / name) for name in ("a", "poison", "b", "c")]
    lost: list[str] = []
    results = dict(complete(two, die, tasks, in_flight=4, give_up=lost.append))
    assert results == {0: tasks[0], 2: tasks[2], 3: tasks[3]}
    assert lost == [tasks[1]]


def test_workers_have_one_thread_and_this_process_keeps_its_own() -> None:
    before = os.environ.get("OMP_NUM_THREADS"), sys.modules["__main__"]
    results = dict(complete(two, os.getenv, ["OMP_NUM_THREADS"], in_flight=1))
    assert results == {0: "1"}
    assert (os.environ.get("OMP_NUM_THREADS"), sys.modules["__main__"]) == before
    assert cores() >= 1


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


def gone(pids: list[int]) -> bool:
    until = time.monotonic() + 20
    while any(map(alive, pids)) and time.monotonic() < until:
        time.sleep(0.05)
    return not any(map(alive, pids))


def who(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def test_this_process_does_the_last_tasks_while_another_does_the_first() -> None:
    tasks = [0.0] * 3 + [1.0] * 3  # the last one here outlasts the first three
    results = list(complete(partial(processes, 1), who, tasks, in_flight=4, here=True))
    pids = dict(results)
    assert sorted(pids) == [*range(6)]
    assert pids[5] == os.getpid() != pids[0]


def test_this_process_takes_back_what_nobody_has_begun() -> None:
    tasks = [2.0] + [0.0] * 5
    results = dict(complete(partial(processes, 1), who, tasks, in_flight=6, here=True))
    assert list(results.values()).count(os.getpid()) >= 3  # a pool has up to two at hand


def test_stopping_early_leaves_no_process_behind() -> None:
    with closing(complete(two, who, [0.0] + [0.2] * 8, in_flight=2)) as results:
        _, first = next(results)
    assert gone([first])


SCRIPT = """
import os, sys, time
from functools import partial
sys.path.insert(0, {here!r})
from sim.experiments.executors import processes
from sim.experiments.tasks import complete
print("started", flush=True)
for _, pid in complete(partial(processes, 2), eval, ["__import__('os').getpid()"] * 4
                       + ["__import__('time').sleep(60)"] * 2, in_flight=2):
    print(pid, flush=True)
"""


@pytest.fixture
def script(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Run a script without the usual guard around its main part, in a session of its own."""
    path = tmp_path / "script.py"
    path.write_text(textwrap.dedent(SCRIPT.format(here=str(HERE))))
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, str(path)], stdout=pipe, stderr=pipe, text=True, start_new_session=True
    ) as process:
        yield process
        process.kill()


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_workers_end_with_a_process_that_is_killed(
    script: "subprocess.Popen[str]", number: signal.Signals
) -> None:
    assert script.stdout is not None
    assert script.stdout.readline() == "started\n"
    workers = sorted({int(script.stdout.readline()) for _ in range(4)})
    os.kill(script.pid, number)
    assert script.wait(20) == -number
    assert gone(workers)
    assert script.stdout.read() == ""  # the main part ran once only


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_reaches_the_caller_only_and_ends_all_at_once(
    script: "subprocess.Popen[str]",
) -> None:
    assert script.stdout is not None
    assert script.stderr is not None
    assert script.stdout.readline() == "started\n"
    workers = sorted({int(script.stdout.readline()) for _ in range(4)})
    os.killpg(script.pid, signal.SIGINT)  # as a terminal does: to the whole group
    script.wait(20)
    assert gone(workers)
    assert script.stderr.read().count("Traceback") == 1


@pytest.mark.parametrize("fault", [OSError(24, "Too many open files"), MemoryError()])
def test_a_worker_that_cannot_be_started_leaves_none_of_the_others(
    monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    pools: list[Processes] = []
    start = _Process._Popen

    def scarce(process: Any) -> Any:
        if len(pools[0]._context.started) > 1:
            raise fault
        return start(process)

    def make() -> Processes:
        pools.append(processes(3))
        return pools[-1]

    monkeypatch.setattr(_Process, "_Popen", staticmethod(scarce))
    with pytest.raises(RunError, match=r"a worker process cannot be started: .*\(workers=1\)"):
        list(complete(make, time.sleep, [60, 60, 60], in_flight=3))
    (first,) = pools[0]._begun()
    assert first.exitcode is not None


def sleep_once(mark: str) -> str:
    """Take a minute the first time."""
    if not Path(mark).exists():
        Path(mark).touch()
        time.sleep(60)
    return mark


def test_a_pool_whose_minding_thread_has_died_is_made_anew(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sim.experiments.tasks._PATIENCE", 0.2)
    pools: list[Processes] = []

    def make() -> Processes:
        pools.append(processes(2))
        return pools[-1]

    def forget() -> None:
        while not (tmp_path / "a").exists():
            time.sleep(0.05)
        pools[-1]._executor_manager_thread = manager

    manager = threading.Thread(target=int)
    manager.start()
    manager.join()
    start = time.monotonic()
    results = dict(complete(make, sleep_once, [str(tmp_path / "a")], in_flight=2, meanwhile=forget))
    assert results == {0: str(tmp_path / "a")}
    assert time.monotonic() - start < 50
    assert gone([process.pid or 0 for pool in pools for process in pool._begun()])
