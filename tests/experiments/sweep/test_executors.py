"""Sweeps on executors of others: the same bytes, and the executor is left as it was.

Tests `sim.experiments.executors`.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from sim.errors import RunError, ScenarioError, UsageError
from sim.experiments.executors import OTHERS, Lent, Processes, other_executor
from sim.experiments.sweep import sweep
from sim.experiments.sweep.layout import Source, lay_out
from sim.experiments.sweep.run import drive, folder_of
from sim.io.sweep_settings import SweepSettings

Bytes = Callable[[Path], dict[str, bytes]]
AXES = ["holder.public.opposition=range(0.2,0.9,0.1)", "worlds=16"]


def test_threads_give_the_same_bytes(case: Path, tmp_path: Path, bytes_of: Bytes) -> None:
    here = sweep(case, AXES, tmp_path / "here")
    with ThreadPoolExecutor(4) as threads:
        there = sweep(case, AXES, tmp_path / "there", executor=threads)
        assert threads.submit(abs, -3).result() == 3, "it goes on"
    assert bytes_of(here.folder) == bytes_of(there.folder)


@pytest.mark.nightly
def test_processes_give_the_same_bytes(case: Path, tmp_path: Path, bytes_of: Bytes) -> None:
    here = sweep(case, AXES, tmp_path / "here")
    with Processes(2) as processes:
        there = sweep(case, AXES, tmp_path / "there", executor=processes)
    assert bytes_of(here.folder) == bytes_of(there.folder)


@pytest.mark.nightly
@pytest.mark.filterwarnings("ignore")  # of Dask, on its ports
def test_so_does_the_executor_of_a_dask_client(case: Path, tmp_path: Path, bytes_of: Bytes) -> None:
    distributed = pytest.importorskip("distributed", reason="needs the extra dask")
    here = sweep(case, AXES, tmp_path / "here")
    how = {"host": "127.0.0.1", "dashboard_address": None}
    own = distributed.LocalCluster(2, threads_per_worker=1, **how)
    with own, distributed.Client(own) as client:
        there = sweep(case, AXES, tmp_path / "there", executor=client.get_executor())
    assert bytes_of(here.folder) == bytes_of(there.folder)


@pytest.mark.nightly
@pytest.mark.parametrize("name", ["loky", "submitit"])
def test_so_do_executors_by_name(
    case: Path, tmp_path: Path, bytes_of: Bytes, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of installed packages; mpi4py needs MPI to be started with."""
    pytest.importorskip(name, reason=f"needs {name}")
    here = sweep(case, AXES, tmp_path / "here")
    monkeypatch.chdir(tmp_path)
    there = sweep(case, AXES, tmp_path / "there", executor=name, workers=2)
    assert bytes_of(here.folder) == bytes_of(there.folder)


@pytest.mark.parametrize("name", OTHERS)
def test_one_that_is_not_installed_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.experiments.executors.find_spec", lambda name: None)
    with pytest.raises(UsageError, match=f"executor={name} needs the package {name}: pip install"):
        other_executor(name, 2)


def test_a_module_is_no_executor(case: Path, tmp_path: Path) -> None:
    for wrong in ("os.system", "sim.experiments.executors:Serial", 3):
        with pytest.raises(ScenarioError, match="executor: expected one of local, dask, loky"):
            sweep(case, AXES, tmp_path / "out", executor=wrong)  # type: ignore[arg-type]  # it is


def test_one_that_was_shut_down_is_told(case: Path, tmp_path: Path) -> None:
    threads = ThreadPoolExecutor(1)
    threads.shutdown()
    with pytest.raises(RunError, match="the executor takes no more tasks"):
        sweep(case, AXES, tmp_path / "out", executor=threads)


class Counting(Executor):
    """Do tasks at once, and stop all work after some."""

    def __init__(self, most: int) -> None:
        self.left = most

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]  # as strangers do
        future: Future[object] = Future()
        self.left -= 1
        if self.left < 0:
            future.set_exception(KeyboardInterrupt())
        else:
            future.set_result(fn(*args, **kwargs))
        return future


@pytest.mark.parametrize("cells", [12, 120])
def test_a_small_sweep_is_cut_for_all_workers_and_loses_little(
    case: Path, tmp_path: Path, cells: int
) -> None:
    axes = [f"holder.public.opposition=linspace(0.1,0.9,{cells})", "worlds=1", "rounds=2"]
    layout = lay_out(Source(case, []), axes, SweepSettings())
    folder = folder_of(layout, tmp_path / "out")
    assert len(folder.parts) >= min(cells, 30)
    assert sum(len(part.cells) for part in folder.parts) == cells
    if cells > 12:
        return
    done = len(folder.parts) * 3 // 4
    with pytest.raises(KeyboardInterrupt):
        drive(folder, lambda: Counting(done), 1, show=False)
    assert folder.count() >= 0.7 * cells


def test_what_a_lent_executor_has_not_begun_is_dropped() -> None:
    waits: list[Future[int]] = []

    class Idle(Executor):
        def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]  # as strangers do
            waits.append(Future())
            return waits[-1]

    lent = Lent(Idle())
    lent.submit(abs, 1)
    lent.shutdown(cancel_futures=True)
    assert waits[0].cancelled()
