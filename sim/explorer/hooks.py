"""Do work behind an open page, and show what comes of it as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass
from threading import Event, Thread
from typing import Generic, TypeVar

import solara

from sim.errors import IslandsError
from sim.explorer.files import funnel_picture
from sim.explorer.growth import PartialResult, grow
from sim.explorer.pool import WorkerPool
from sim.explorer.settings import Asked, Narration, Setting, tell
from sim.explorer.state import Offers

__all__ = ["Shown", "State", "use_growth", "use_offer", "use_told"]

T = TypeVar("T")

_PAUSE = 0.08
"""Seconds that a slider must rest before worlds are played."""


@dataclass(frozen=True)
class Shown:
    """What is on screen of a setting.

    Parameters
    ----------
    grown : PartialResult
    picture : bytes
        The last funnel that was drawn, as PNG: while a new one is drawn, that of fewer worlds or
        of the setting before; empty before the first.
    drawn : bool
        Whether it is the funnel of `grown`.
    """

    grown: PartialResult
    picture: bytes = b""
    drawn: bool = False


@dataclass(frozen=True)
class State(Generic[T]):
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


def use_growth(setting: Setting | None, pool: WorkerPool, wide: bool = True) -> State[Shown]:
    """Return what has come of a setting so far; the page is drawn anew with more worlds.

    Parameters
    ----------
    setting : Setting, optional
        Absent, nothing is played.
    crew : WorkerPool
    wide : bool
        Whether the picture has the page to itself.
    """
    last = solara.use_ref(b"")

    def work(stop: Event) -> Iterator[Shown]:
        if setting is None or not setting.deals:
            return
        for grown in grow(setting, pool, stop):
            yield Shown(grown, last.current)
            last.current = funnel_picture(grown, wide)
            yield Shown(grown, last.current, drawn=True)

    return _use_work(work, [setting, wide])


def use_told(asked: Asked, pool: WorkerPool) -> State[Narration]:
    """Return one world told, as soon as it is.

    Parameters
    ----------
    asked : Asked
    crew : WorkerPool
    """

    def work(stop: Event) -> Iterator[Narration]:
        yield pool.submit(tell, asked).result()

    return _use_work(work, [asked])


def use_offer(make: Callable[[], bytes], offers: Offers) -> str:
    """Return the word by which a file can be fetched while the page is open.

    Parameters
    ----------
    make : callable
        What makes the file now; later calls change it.
    offers : Offers
    """
    latest = solara.use_ref(make)
    latest.current = make
    word = solara.use_memo(lambda: offers.put(lambda: latest.current()), [])
    solara.use_effect(lambda: lambda: offers.withdraw(word), [])
    return str(word)


def _use_work(work: Callable[[Event], Iterator[T]], wishes: list[object]) -> State[T]:
    """Return the latest of what some work yields; it stops when wishes change."""
    state: State[T]
    state, set_state = solara.use_state(State[T]())

    def start() -> Callable[[], None]:
        stop = Event()

        def run() -> None:
            if stop.wait(_PAUSE):
                return
            for value in _patiently(work, stop):
                if stop.is_set():
                    return
                set_state(value)

        # No daemon: one that is drawing when the process ends would take it down.
        Thread(target=run).start()
        return stop.set

    solara.use_effect(start, wishes)
    return state


def _patiently(work: Callable[[Event], Iterator[T]], stop: Event) -> Iterator[State[T]]:
    """Yield what some work yields; do it once more should a process die, and tell what fails."""
    for last in (False, True):
        value: T | None = None
        try:
            for value in work(stop):
                yield State(value)
            return
        except BrokenExecutor:
            if last:
                yield State(value, "islands: a process died; any change tries again")
        except IslandsError as error:
            yield State(value, fault_text(error))
            return


def fault_text(error: IslandsError) -> str:
    """Return what the command line would say of an error."""
    return "\n".join(f"islands: {line}" for line in str(error).splitlines())
