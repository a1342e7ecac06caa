"""Executors that tasks run on: this process, processes of this machine, a cluster, or anybody's.

Everything here speaks the interface of :class:`concurrent.futures.Executor`, so that another
executor (a cluster's, say) can stand in wherever one is asked for.

Dask runs a finished task once more when the worker that held its result is gone, and a task up to
four times whose workers die. So tasks given to it must be harmless when repeated.
"""

from __future__ import annotations

import atexit
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
import types
from collections.abc import Callable, Iterator
from concurrent.futures import (
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from concurrent.futures import wait as wait_for
from contextlib import contextmanager, suppress
from functools import partial
from importlib.util import find_spec
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any, TypeVar

from sim.errors import RunError, UsageError
from sim.gc_tuning import collect_garbage_seldom
from sim.paths import module_of_extra

__all__ = [
    "OTHERS",
    "Cluster",
    "Lent",
    "Processes",
    "Serial",
    "cluster",
    "cores",
    "other_executor",
    "processes",
]

R = TypeVar("R")

_ONE_THREAD = dict.fromkeys(
    (
        "OPENBLAS_NUM_THREADS",
        "OMP_NUM_THREADS",
        "MKL_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
        "NUMEXPR_NUM_THREADS",
    ),
    "1",
)
"""What libraries under numpy read when they are loaded."""


class Serial(Executor):
    """Run each task at once, in this process."""

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        """Run a task and return its finished future; errors are kept in it as in a pool."""
        future: Future[R] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - the future carries it, as in every executor
            future.set_exception(error)
        return future


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def processes(workers: int) -> Processes:
    """Return a pool of new processes, each with one thread.

    They are spawned, so nothing of this process's threads or locks is copied into them; they do
    not run this process's main module again, so a script needs no ``if __name__ == "__main__"``;
    Ctrl-C reaches this process only; and they end by themselves should this process be killed.

    Parameters
    ----------
    workers : int
        How many, at least 1.
    """
    return Processes(workers)


class Processes(ProcessPoolExecutor):
    """A pool of processes that can be stopped in the middle of their tasks.

    Parameters
    ----------
    workers : int
        How many, at least 1.
    """

    def __init__(self, workers: int) -> None:
        self._context, self._killed = _Context(), False
        with _startable():
            super().__init__(workers, mp_context=self._context, initializer=_start)

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        """Hand over a task; where no worker can be started, that is a `RunError`."""
        with _startable():
            return super().submit(fn, *args, **kwargs)

    def kill(self) -> None:
        """End all workers at once; what they were doing is lost."""
        self._killed = True
        for process in self._begun():
            process.kill()

    def lost(self) -> bool:
        """Tell whether a worker has ended, or the thread that hears of it."""
        manager = getattr(self, "_executor_manager_thread", None)
        ends = [process.sentinel for process in self._begun()]
        deaf = manager is not None and not manager.is_alive()
        return deaf or bool(ends and multiprocessing.connection.wait(ends, 0))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the pool; of its workers none is left behind, whatever the pool knows of them.

        A pool whose workers were killed may wait for ever to send the rest of a task (up to Python
        3.11.4: gh-94777, gh-107219), or for the rest of a result whose sender died (any Python).
        Then this process's own ends of the pipes to and from the workers are closed.
        """
        manager = getattr(self, "_executor_manager_thread", None)
        ends = [getattr(self, name, None) for name in ("_call_queue", "_result_queue")]
        super().shutdown(wait=False, cancel_futures=cancel_futures)
        if not wait:
            return
        if manager is not None and manager.is_alive():
            manager.join(_PATIENCE if self._killed else None)
            if manager.is_alive():
                _close(*ends)
                manager.join()
        for process in self._begun():
            process.kill()
            process.join()

    def _begun(self) -> list[_Process]:
        return [process for process in self._context.started if process.pid is not None]


_PATIENCE = 2.0
"""Seconds that a pool whose workers were killed has to end by itself."""


def _close(tasks: Any, results: Any) -> None:
    """Close what only workers read from or write to; Python has no public names for it."""
    for queue, end in ((tasks, "_reader"), (results, "_writer")):
        with suppress(AttributeError, OSError):
            getattr(queue, end).close()


@contextmanager
def _startable() -> Iterator[None]:
    try:
        yield
    except BrokenExecutor:
        raise
    except (OSError, RuntimeError, MemoryError) as error:
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise RunError(
            f"a worker process cannot be started: {why}; fewer workers need less (workers=1)"
        ) from error


def _start() -> None:
    collect_garbage_seldom()
    atexit.register(os._exit, 0)  # what a worker holds takes half a second to take apart
    parent = multiprocessing.parent_process()
    if parent is not None:
        watch = threading.Thread(target=_follow, args=(parent.sentinel,), daemon=True)
        watch.start()


def _follow(sentinel: int) -> None:
    """End this process with the one that started it, however that one ended."""
    multiprocessing.connection.wait([sentinel])
    os._exit(1)


class _Process(SpawnProcess):
    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802 - the name multiprocessing calls
        with _without_main(), _without_interrupts(), _one_thread():
            return SpawnProcess._Popen(process_obj)


class _Context(SpawnContext):
    """Start processes as above, and remember them."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[_Process] = []

    # Multiprocessing calls this name, and holds a class there.
    def Process(self, *args: Any, **kwargs: Any) -> _Process:  # type: ignore[override]  # noqa: N802 - so
        process = _Process(*args, **kwargs)
        self.started.append(process)
        return process


@contextmanager
def _without_main() -> Iterator[None]:
    """Hide the main module from a new process, which would run it once more."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Let a new process inherit that Ctrl-C is blocked: its parent deals with it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _one_thread() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(_ONE_THREAD)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


_ANSWER = "30s"


def cluster(address: str | None, workers: int) -> Cluster:
    """Return an executor on a Dask cluster.

    Parameters
    ----------
    address : str, optional
        Of a running scheduler, such as ``tcp://host:8786``; absent, a scheduler and workers are
        started on this machine, reachable from this machine only, without a dashboard.
    workers : int
        How many processes to start where no address is given.

    Raises
    ------
    RunError
        If Dask is not installed, or nobody answers at the address.
    """
    distributed = module_of_extra("distributed", "executor=dask", "Dask", "dask")
    if address is not None:
        return Cluster(_client(distributed.Client, address))
    start: Any = distributed.LocalCluster
    own = start(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        worker_dashboard_address=None,
    )
    return Cluster(_client(distributed.Client, own), own)


def _client(make: Callable[..., Any], address: Any) -> Any:
    try:
        return make(address, timeout=_ANSWER)
    except (OSError, ValueError) as error:
        raise RunError(f"no Dask scheduler answers at {address}: {error}") from error


class Cluster(Executor):
    """Tasks on a Dask cluster, one future for each.

    Parameters
    ----------
    client : distributed.Client
    own : distributed.LocalCluster, optional
        A cluster to close at the end.
    """

    def __init__(self, client: Any, own: Any = None) -> None:
        self._client, self._own = client, own
        self._inner = client.get_executor(pure=False)

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        """Hand over a task; a task that kept killing workers breaks the executor, as in a pool."""
        outer: Future[R] = Future()
        inner: Future[R] = self._inner.submit(fn, *args, **kwargs)
        outer.set_running_or_notify_cancel()
        inner.add_done_callback(lambda done: _pass_on(done, outer))
        return outer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let go of the cluster; tasks that are still waiting are dropped."""
        self._inner.shutdown(wait=wait and not cancel_futures)
        self._client.close()
        if self._own is not None:
            self._own.close()

    def kill(self) -> None:
        """Drop all tasks at once."""
        self._inner.shutdown(wait=False)


def _pass_on(inner: Future[R], outer: Future[R]) -> None:
    from distributed import KilledWorker

    if inner.cancelled():
        outer.set_exception(BrokenExecutor("the cluster dropped the task"))
        return
    error = inner.exception()
    if error is None:
        outer.set_result(inner.result())
    elif isinstance(error, KilledWorker):
        outer.set_exception(BrokenExecutor(str(error)))
    else:
        outer.set_exception(error)


class Lent(Executor):
    """An executor of somebody else, which goes on when the tasks handed to it here are done.

    Parameters
    ----------
    inner : concurrent.futures.Executor
    ends : bool
        Whether to end it as well.

    Raises
    ------
    RunError
        On a task for an executor that takes none any more.
    """

    def __init__(self, inner: Executor, *, ends: bool = False) -> None:
        self._inner, self._ends = inner, ends
        self._open: set[Future[Any]] = set()

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        """Hand a task over."""
        try:
            future = self._inner.submit(fn, *args, **kwargs)
        except (BrokenExecutor, RuntimeError) as error:  # broken before, or shut down
            if self._ends:
                raise
            raise RunError(f"the executor takes no more tasks: {error}") from error
        self._open.add(future)
        future.add_done_callback(self._open.discard)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Drop the tasks that have not begun, and wait for those that have."""
        left = [*self._open]
        for future in left if cancel_futures else ():
            future.cancel()
        if wait:
            wait_for([future for future in left if not future.cancelled()])
        if self._ends:
            self._inner.shutdown(wait=wait)


OTHERS = ("loky", "mpi4py", "submitit")
"""Packages with executors that may be asked for by name."""


def other_executor(name: str, workers: int) -> Callable[[], Executor]:
    """Return how to make the executor of another package.

    Parameters
    ----------
    name : str
        Of `OTHERS`.
    workers : int
        How many processes or jobs.

    Raises
    ------
    UsageError
        If the package is not installed.
    """
    if find_spec(name) is None:
        raise UsageError(f"executor={name} needs the package {name}: pip install {name}")
    return partial(_OTHER[name], workers)


def _loky(workers: int) -> Executor:
    from loky import ProcessPoolExecutor as Pool

    return Lent(Pool(max_workers=workers), ends=True)


def _mpi4py(workers: int) -> Executor:
    from mpi4py.futures import MPIPoolExecutor

    return Lent(MPIPoolExecutor(max_workers=workers), ends=True)


def _submitit(workers: int) -> Executor:
    from submitit import AutoExecutor

    jobs = AutoExecutor(folder="outputs/submitit")
    jobs.update_parameters(timeout_min=_JOB_MINUTES, cpus_per_task=1)
    return _Jobs(jobs, workers)


_JOB_MINUTES = 720
"""Longest time of a job, which is one part of a sweep."""
_OTHER = {"loky": _loky, "mpi4py": _mpi4py, "submitit": _submitit}


class _Jobs(ThreadPoolExecutor):
    """Jobs of a batch system, each waited for by a thread.

    Parameters
    ----------
    jobs : submitit.Executor
    workers : int
        How many jobs at a time.
    """

    def __init__(self, jobs: Any, workers: int) -> None:
        super().__init__(max_workers=workers)
        self._jobs, self._one = jobs, threading.Lock()

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        """Hand a task over as a job."""
        return super().submit(self._wait_for, fn, args, kwargs)

    def _wait_for(self, fn: Callable[..., R], args: Any, kwargs: Any) -> R:
        with self._one:
            job = self._jobs.submit(fn, *args, **kwargs)
        result: R = job.result()
        return result
