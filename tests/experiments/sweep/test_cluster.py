"""The same sweep on a Dask cluster of two separate workers, one of which is killed half-way.

Tests `sim.experiments.executors`.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sim.errors import RunError
from sim.experiments.sweep import sweep

pytest.importorskip("distributed", reason="needs the extra dask")
pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="signals of POSIX"),
    pytest.mark.filterwarnings("ignore"),  # of Dask, when it loses workers
]

Bytes = Callable[[Path], dict[str, bytes]]
HERE = Path(__file__).resolve().parents[3]
AXES = ["holder.public.opposition=range(0.2,0.9,0.05)", "worlds=32"]  # 14 cells in 7 parts
QUIET = ["--no-dashboard", "--host", "127.0.0.1"]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[..., "subprocess.Popen[bytes]"]]:
    """Return a function that starts a part of Dask; all that it started is ended in the end."""
    begun: list[subprocess.Popen[bytes]] = []
    environment = {**os.environ, "PYTHONPATH": str(HERE)}

    def run(*words: str) -> "subprocess.Popen[bytes]":
        log = (tmp_path / f"dask-{len(begun)}.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *words, *QUIET],
            stdout=log,
            stderr=log,
            cwd=tmp_path,
            env=environment,
        )
        begun.append(process)
        return process

    yield run
    for process in begun:
        process.kill()
        process.wait()


def wait_for(path: Path, pattern: str, number: int = 1) -> list[Path]:
    until = time.monotonic() + 60
    while len(found := sorted(path.glob(pattern))) < number:
        assert time.monotonic() < until, f"no {pattern} in {path}"
        time.sleep(0.02)
    return found


def address_in(log: Path) -> str:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        words = log.read_text().split() if log.exists() else []
        if found := [word for word in words if word.startswith("tcp://127.0.0.1:")]:
            return found[0]
        time.sleep(0.05)
    raise AssertionError(log.read_text())


@pytest.mark.nightly
def test_the_same_bytes_although_a_worker_is_killed(
    case: Path,
    tmp_path: Path,
    small_parts: None,
    bytes_of: Bytes,
    begin: Callable[..., "subprocess.Popen[bytes]"],
) -> None:
    expected = bytes_of(sweep(case, AXES, tmp_path / "alone", workers=1).folder)
    begin("scheduler", "--port", "0")
    address = address_in(tmp_path / "dask-0.log")
    workers = [begin("worker", address, "--nthreads", "1", "--no-nanny") for _ in range(2)]
    out = tmp_path / "out"

    def kill() -> None:
        wait_for(out / "parts", "part-*", 2)
        os.kill(workers[0].pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    result = sweep(case, AXES, out, executor="dask", address=address)
    killer.join()
    assert workers[0].wait() == -signal.SIGKILL
    assert workers[1].poll() is None
    assert bytes_of(result.folder) == expected


@pytest.mark.nightly
def test_nobody_answers(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.experiments.executors._PATIENCE", "1s")
    with pytest.raises(RunError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        sweep(case, AXES, tmp_path / "out", executor="dask", address="tcp://127.0.0.1:9")
