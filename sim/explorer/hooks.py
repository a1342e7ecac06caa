"""Hooks of the page: work behind it, of which each result is shown as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any, Generic, TypeVar

import solara

from sim.errors import IslandsError
from sim.explorer.files import funnel_picture
from sim.explorer.pool import PartialResult, WorkerPool, grow
from sim.explorer.settings import Setting
from sim.explorer.state import Downloads
from sim.report.verdict import verdict

__all__ = [
    "ShownResult",
    "WorkState",
    "asked_for",
    "use_download",
    "use_partial_results",
    "use_task",
]

T = TypeVar("T")
R = TypeVar("R")

_PAUSE = 0.08
"""Seconds that a slider must rest before worlds are played."""


@dataclass(frozen=True)
class ShownResult:
    """What is on screen of a setting.

    Parameters
    ----------
    partial_result : PartialResult
    picture : bytes
        The last funnel that was drawn, as PNG: while a new one is drawn, that of fewer worlds or
        of the setting before; empty before the first.
    drawn : bool
        Whether it is the funnel of `partial_result`.
    verdict : tuple of str
        What `partial_result` says, once it is drawn.
    """

    partial_result: PartialResult
    picture: bytes = b""
    drawn: bool = False
    verdict: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorkState(Generic[T]):
    """The last result of some work, and what went wrong.

    Parameters
    ----------
    value : object, optional
        Of these or earlier wishes.
    fault : str
        Why there is no more of it; empty while all is well.
    """

    value: T | None = None
    fault: str = ""


def use_partial_results(
    setting: Setting | None, pool: WorkerPool, wide: bool = True
) -> WorkState[ShownResult]:
    """Return what has come of a setting so far; the page is drawn anew with more worlds.

    Parameters
    ----------
    setting : Setting, optional
        Absent, nothing is played.
    pool : WorkerPool
    wide : bool
        Whether the picture has the page to itself.
    """
    last = solara.use_ref(b"")

    def work(stop: Event) -> Iterator[ShownResult]:
        if setting is None or not setting.deals:
            return
        said: tuple[str, ...] = ()
        for partial_result in grow(setting, pool, stop):
            yield ShownResult(partial_result, last.current, verdict=said)
            last.current = funnel_picture(partial_result, wide)
            said = verdict(partial_result.in_brief)
            yield ShownResult(partial_result, last.current, drawn=True, verdict=said)

    return _use_work(work, [setting, wide])


def use_task(function: Callable[[T], R], task: T | None, pool: WorkerPool) -> WorkState[R]:
    """Return what a process makes of a task, as soon as it is made.

    Parameters
    ----------
    function : callable
    task : object, optional
        Absent, nothing is done.
    pool : WorkerPool
    """

    def work(stop: Event) -> Iterator[R]:
        if task is not None:
            yield pool.submit(function, task).result()

    return _use_work(work, [task])


def use_download(make: Callable[[], bytes], downloads: Downloads) -> str:
    """Return the token by which a file can be fetched while the page is open.

    Parameters
    ----------
    make : callable
        What makes the file now; later calls change it.
    downloads : Downloads
    """
    latest = solara.use_ref(make)
    latest.current = make
    token = solara.use_memo(lambda: downloads.add(lambda: latest.current()), [])
    solara.use_effect(lambda: lambda: downloads.remove(token), [])
    return str(token)


def _use_work(work: Callable[[Event], Iterator[T]], wishes: list[object]) -> WorkState[T]:
    """Return the latest of what some work yields; it stops when wishes change."""
    state: WorkState[T]
    state, set_state = solara.use_state(WorkState[T]())

    def start() -> Callable[[], None]:
        stop = Event()

        def run() -> None:
            if stop.wait(_PAUSE):
                return
            for value in _with_retry(work, stop):
                if stop.is_set():
                    return
                set_state(value)

        # No daemon: one that is drawing when the process ends would take it down.
        Thread(target=run).start()
        return stop.set

    solara.use_effect(start, wishes)
    return state


def _with_retry(work: Callable[[Event], Iterator[T]], stop: Event) -> Iterator[WorkState[T]]:
    """Yield what some work yields, or its fault in words; a process that dies costs one retry."""
    for last in (False, True):
        value: T | None = None
        try:
            for value in work(stop):
                yield WorkState(value)
            return
        except BrokenExecutor:
            if last:
                yield WorkState(value, "islands: a process died; any change tries again")
        except IslandsError as error:
            yield WorkState(value, fault_text(error))
            return


def asked_for(message: Any) -> tuple[str, Any]:
    """Return what a panel of the page asks for: a name, and what goes with it.

    Parameters
    ----------
    message : object
        From a browser, so anything; an empty name stands for what no page of ours sends.
    """
    match message:
        case [str(name), wish]:
            return name, wish
    return "", None


def fault_text(error: IslandsError) -> str:
    """Return what the command line would say of an error."""
    return "\n".join(f"islands: {line}" for line in str(error).splitlines())
