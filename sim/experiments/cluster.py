"""Make the executor that runs tasks on a Dask cluster: one that is running, or one of this machine.

Dask runs a finished task once more when the worker that held its result is gone, and a task up to
four times whose workers die. So tasks given to it must be harmless when repeated.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Any, TypeVar

from sim.errors import RunError

__all__ = ["Cluster", "cluster"]

R = TypeVar("R")

_PATIENCE = "30s"


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
    try:
        import distributed
    except ImportError as error:
        raise RunError("executor=dask needs Dask: pip install 'four-islands[dask]'") from error
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
        return make(address, timeout=_PATIENCE)
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
