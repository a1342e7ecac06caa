"""Measure a job several times, each in a process of its own, and keep the spread."""

from __future__ import annotations

import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection


@dataclass(frozen=True)
class Measured:
    """Rates of one job.

    Parameters
    ----------
    name : str
    world_rounds : int
        World-rounds that one run plays (simulated worlds times rounds of the window).
    seconds : tuple of float
        Of each run, after one that was not counted.
    memory : float
        Peak memory of the process, MB.
    """

    name: str
    world_rounds: int
    seconds: tuple[float, ...]
    memory: float

    @property
    def rate(self) -> float:
        """Return the median world-rounds a second."""
        return self.world_rounds / statistics.median(self.seconds)

    @property
    def spread(self) -> tuple[float, float]:
        """Return the lowest and the highest world-rounds a second."""
        return self.world_rounds / max(self.seconds), self.world_rounds / min(self.seconds)


def measure(name: str, job: Callable[[], Callable[[], int]], runs: int = 5) -> Measured:
    """Measure a job.

    Parameters
    ----------
    name : str
    job : callable
        Importable; prepares and returns the work, which returns its world-rounds.
    runs : int
        Counted runs; one more goes before.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_in_process, args=(job, runs, sender))
    process.start()
    sender.close()
    try:
        size, seconds, memory = receiver.recv()
    except EOFError as error:
        raise RuntimeError(f"{name} died without a result") from error
    process.join()
    return Measured(name, size, tuple(seconds), memory)


def _in_process(job: Callable[[], Callable[[], int]], runs: int, sender: Connection) -> None:
    work = job()
    size = work()
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sender.send((size, seconds, memory))
