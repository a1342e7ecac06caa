"""Completion of tasks on an executor whose workers may die, and what the tasks have in common.

A worker that dies (out of memory, killed, a crash in compiled code) breaks its whole pool, and
nobody can tell which of the tasks in flight did it. So all of them become suspects and are tried
again one at a time in a new pool, where the next break has one culprit. A task that keeps killing
its worker is given up after some attempts; the others are finished.
"""

from __future__ import annotations

import hashlib
import logging
import pickle
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sim.errors import RunError
from sim.memo import Memo

__all__ = ["ATTEMPTS", "Packed", "complete", "pack", "unpack"]

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Packed(Generic[T]):
    """What many tasks have in common, packed once and unpacked once by each worker.

    Parameters
    ----------
    digest : str
        Tells packed values apart.
    data : bytes
    """

    digest: str
    data: bytes = field(repr=False, compare=False)


def pack(value: T) -> Packed[T]:
    """Return a value packed for workers; this process remembers one that it has not packed yet."""
    data = pickle.dumps(value)
    packed: Packed[T] = Packed(hashlib.sha256(data).hexdigest(), data)
    if _unpacked.get(packed.digest) is None:
        _unpacked.add(packed.digest, value)
    return packed


def unpack(packed: Packed[T]) -> T:
    """Return the value that was packed, the same object as long as it is remembered."""
    known: T | None = _unpacked.get(packed.digest)
    if known is None:
        value: T = pickle.loads(packed.data)  # noqa: S301 - packed by `pack`, in this run
        known = _unpacked.add(packed.digest, value)
    return known


_unpacked: Memo[Any] = Memo(4)
_LOG = logging.getLogger(__name__)
_PATIENCE = 5.0
"""Seconds after which somebody looks whether the pool has missed a death."""
ATTEMPTS = 3
"""How often a task may be running when a worker dies before it is given up."""


def complete(
    make: Callable[[], Executor],
    function: Callable[[T], R],
    tasks: Sequence[T],
    *,
    in_flight: int,
    give_up: Callable[[T], None] | None = None,
    meanwhile: Callable[[], None] | None = None,
    here: bool = False,
) -> Generator[tuple[int, R], None, None]:
    """Yield the place and the result of every task, in the order of completion.

    An exception of a task is raised here. When the caller stops early, by an error or by Ctrl-C,
    all other tasks are dropped; workers that can be killed are, and none is left behind.

    Parameters
    ----------
    make : callable
        Returns a new executor; called again after a worker died.
    function : callable
        Does a task. For processes: importable, with tasks and results that pickle.
    tasks : sequence
    in_flight : int
        How many tasks are handed over at a time, at least 1.
    give_up : callable, optional
        Told of each task that killed its worker in all attempts; absent, that ends everything.
    meanwhile : callable, optional
        Called once, here, when the first tasks have been handed over.
    here : bool
        Whether this process does tasks too, the last ones first, instead of waiting for others; for
        tasks that kill nobody.

    Raises
    ------
    RunError
        If a task killed its worker in all attempts and `give_up` is absent.
    """
    completion = _Completion(make, function, tasks, in_flight, give_up)
    completion.meanwhile, completion.here = meanwhile, here
    yield from completion


class _Completion(Generic[T, R]):
    def __init__(
        self,
        make: Callable[[], Executor],
        function: Callable[[T], R],
        tasks: Sequence[T],
        in_flight: int,
        give_up: Callable[[T], None] | None,
    ) -> None:
        self._make, self._function, self._tasks = make, function, tasks
        self._in_flight, self._give_up = in_flight, give_up
        self._fresh = deque(range(len(tasks)))
        self._suspects: deque[int] = deque()
        self._deaths, self._told = [0] * len(tasks), False
        self.meanwhile: Callable[[], None] | None = None
        self.here = False

    def __iter__(self) -> Iterator[tuple[int, R]]:
        while self._fresh or self._suspects:
            running: dict[Future[R], int] = {}
            executor = self._make()
            try:
                yield from self._until_broken(executor, running)
            except BrokenExecutor as death:
                _kill(executor)
                self._tell()
                self._suspect(sorted(running.values()), death)
            except BaseException:
                _kill(executor)
                raise
            finally:
                executor.shutdown(wait=True, cancel_futures=True)

    def _until_broken(
        self, executor: Executor, running: dict[Future[R], int]
    ) -> Iterator[tuple[int, R]]:
        while self._hand_over(executor, running):
            if self.meanwhile is not None:
                meanwhile, self.meanwhile = self.meanwhile, None
                meanwhile()
            own = self._own(running)
            if own is not None:
                yield own, self._function(self._tasks[own])
            patience = _PATIENCE if own is None else 0.0
            done, _ = wait(running, patience, return_when=FIRST_COMPLETED)
            if not done and _lost(executor):
                raise BrokenExecutor
            for future in sorted(done, key=running.__getitem__):
                if not isinstance(future.exception(), BrokenExecutor):
                    yield running.pop(future), future.result()
            if any(future in running for future in done):
                raise BrokenExecutor

    def _hand_over(self, executor: Executor, running: dict[Future[R], int]) -> bool:
        """Keep the executor busy, with suspects one at a time; tell whether any task is running."""
        queue, most = (self._suspects, 1) if self._suspects else (self._fresh, self._in_flight)
        while queue and len(running) < most:
            place = queue[0]
            running[executor.submit(self._function, self._tasks[place])] = place
            queue.popleft()
        return bool(running)

    def _own(self, running: dict[Future[R], int]) -> int | None:
        """Return the last task that nobody has begun, where it is for this process to do."""
        if not self.here or self._suspects or any(future.done() for future in running):
            return None
        if self._fresh:
            return self._fresh.pop()
        return next((running.pop(one) for one in reversed([*running]) if one.cancel()), None)

    def _tell(self) -> None:
        if not self._told:
            _LOG.warning("islands: a worker process died; what it was doing is done again")
        self._told = True

    def _suspect(self, places: list[int], death: BrokenExecutor) -> None:
        for place in places:
            self._deaths[place] += 1
            if self._deaths[place] < ATTEMPTS:
                self._suspects.append(place)
            elif self._give_up is not None:
                self._give_up(self._tasks[place])
            else:
                raise RunError(
                    f"a worker process died {ATTEMPTS} times on {self._tasks[place]}; "
                    "was it killed, or short of memory? fewer workers need less memory (workers=1)"
                ) from death


def _kill(executor: Executor) -> None:
    kill = getattr(executor, "kill", None)
    if kill is not None:
        kill()


def _lost(executor: Executor) -> bool:
    lost = getattr(executor, "lost", None)
    return bool(lost is not None and lost())
