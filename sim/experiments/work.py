"""Have blocks played by as many workers as pay, and show how far that is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import closing, contextmanager
from functools import partial

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from sim.domain.results import BlockResult
from sim.experiments.blocks import Block, play
from sim.experiments.executors import Serial, cores, processes
from sim.experiments.tasks import complete

_TINY = 500_000
"""Worlds times rounds below which new processes take longer to start than the work takes."""


def play_all(
    work: Sequence[Block],
    rounds: int,
    workers: int | None = None,
    progress: str | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> list[BlockResult]:
    """Return the results of blocks in the order of the blocks, whoever played them and when.

    Parameters
    ----------
    work : sequence of Block
    rounds : int
        Rounds of a world, to judge how much work it is.
    workers : int, optional
        Processes; absent, one for each processor where that pays. No result depends on it.
    progress : str, optional
        What to call the work on a terminal; absent, nothing is shown.
    meanwhile : callable, optional
        Called once, here, while workers start.

    Raises
    ------
    RunError
        If worker processes keep dying.
    """
    workers = _workers(work, rounds, workers)
    make: Callable[[], Executor] = Serial if workers == 1 else partial(processes, workers)
    order = _order(work)
    queue = [work[place] for place in order]
    results: dict[int, BlockResult] = {}
    with (
        _shown(progress, sum(block.worlds for block in work)) as advance,
        closing(
            complete(make, play, queue, in_flight=2 * workers, meanwhile=meanwhile)
        ) as finished,
    ):
        for turn, result in finished:
            results[order[turn]] = result
            advance(queue[turn].worlds)
    return [results[place] for place in range(len(work))]


def _order(work: Sequence[Block]) -> list[int]:
    """Return the blocks' places with those together that share a scenario and random numbers."""
    scenarios = list(dict.fromkeys(block.scenario for block in work))
    turn = {packed: place for place, packed in enumerate(scenarios)}
    return sorted(range(len(work)), key=lambda i: (turn[work[i].scenario], work[i].number))


def _workers(work: Sequence[Block], rounds: int, workers: int | None) -> int:
    if workers is not None and workers < 1:
        raise ValueError(f"expected at least 1 worker, got {workers}")
    if workers is None:
        size = sum(block.worlds for block in work) * rounds
        workers = 1 if size < _TINY else cores()
    return max(1, min(workers, len(work)))


@contextmanager
def _shown(title: str | None, total: int) -> Iterator[Callable[[int], None]]:
    """Give a function that moves a bar on the terminal, where there is one."""
    console = Console(stderr=True)
    if title is None or not console.is_terminal:
        yield lambda worlds: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    more = (TextColumn("worlds"), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, *more, console=console, transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda worlds: bar.advance(task, worlds)
