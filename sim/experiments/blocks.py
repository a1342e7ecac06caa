"""Blocks of worlds, the unit of work of a run, and how they are played by workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from math import prod
from typing import Any, TypeVar

import mesa  # noqa: F401 - first: as it loads it looks up all modules for each caller above it

from sim.domain.deal import Deal
from sim.domain.draws import Draws
from sim.domain.resolve import Dependence
from sim.domain.results import BlockResult
from sim.domain.scenario import Scenario
from sim.experiments.executors import Serial, cores, processes
from sim.experiments.nested import NestedDesign, shared_draws
from sim.experiments.tasks import Packed, complete, pack, unpack
from sim.memo import Memo
from sim.model.talks import DrawsOf, TalksModel
from sim.quantities import BLOCK_WORLDS, MOST_WORLDS
from sim.randomness import Streams


def pack_scenario(scenario: Scenario) -> Packed[Scenario]:
    """Return a scenario packed for workers; they need no evidence, only what it led to."""
    return pack(scenario.model_copy(update={"evidence": {}}))


@dataclass(frozen=True)
class Block:
    """Consecutive worlds of one structure.

    Parameters
    ----------
    scenario : Packed
    deal : str
    number : int
        Which block of 1,024 worlds they begin with.
    worlds : int
        How many worlds, from its first on.
    design : NestedDesign, optional
        How worlds share draws; absent, each world has its own.
    structures : int
        How many structures a world has on its agenda, which is how much more work it is.
    dependence : {"independent", "declared", "strong"}, optional
        In place of the scenario's own.
    """

    scenario: Packed[Scenario]
    deal: str
    number: int
    worlds: int
    design: NestedDesign | None = None
    structures: int = 1
    dependence: Dependence | None = None

    def __str__(self) -> str:
        """Say which worlds these are."""
        first = self.number * BLOCK_WORLDS
        return f"worlds {first} to {first + self.worlds - 1} of {self.deal}"


def blocks(
    scenario: Scenario, packed: Packed[Scenario], design: NestedDesign | None = None
) -> Iterator[Block]:
    """Yield the blocks of all structures, in the order of their results.

    Parameters
    ----------
    scenario : Scenario
        Its structures, and its number of worlds unless `design` says otherwise.
    packed : Packed
        The same, packed.
    design : NestedDesign, optional
    """
    worlds = scenario.worlds if design is None else design.worlds
    structures = 1 if scenario.agenda == "single" else len(scenario.deals)
    for deal, structure in scenario.structures.items():
        large = structures > 1 or _most_texts(scenario, structure) > _LARGE_TABLE
        most = BLOCK_WORLDS if large else MOST_WORLDS
        for first in range(0, worlds, most):
            size = min(most, worlds - first)
            yield Block(packed, deal, first // BLOCK_WORLDS, size, design, structures)


_LARGE_TABLE = 2_000
"""Texts of a stage beyond which its tables need more memory than a larger block is worth."""


def _most_texts(scenario: Scenario, deal: Deal) -> int:
    """Return how many texts the largest stage of a structure has, if none is ruled out."""
    clauses = scenario.dispute.clauses
    return max(
        prod(
            len(clauses[name].levels if levels == "all" else levels)
            for name, levels in stage.negotiable.items()
        )
        for stage in deal.stages.values()
    )


def play(block: Block) -> BlockResult:
    """Play the talks in all worlds of a block and return how they ended."""
    scenario = _under(unpack(block.scenario), block.dependence)
    draws = partial(_drawn, block.design)
    model = TalksModel(scenario, block.deal, block=block.number, worlds=block.worlds, draws=draws)
    model.collects = False
    model.looks_behind = block.design is None and block.dependence is None  # else nobody reads it
    return model.run()


_draws: Memo[Draws] = Memo(2)


def _drawn(design: NestedDesign | None, scenario: Scenario, streams: Streams) -> Draws:
    """Return the draws of some worlds, which all structures of a block share."""
    key = (id(scenario), design, streams)
    known = _draws.get(key)
    if known is None:
        how: DrawsOf = shared_draws(design) if design else Draws
        known = _draws.add(key, how(scenario, streams), holds=scenario)
    return known


_by_dependence: Memo[Scenario] = Memo(8)


def _under(scenario: Scenario, dependence: Dependence | None) -> Scenario:
    """Return a scenario under a dependence; all share what they are about, and so their plans."""
    if dependence is None:
        return scenario
    key = (id(scenario), dependence)
    known = _by_dependence.get(key)
    if known is None:
        other = scenario.model_copy(update={"dependence": dependence})
        known = _by_dependence.add(key, other, holds=scenario)
    return known


_AHEAD = 8
"""Blocks that a worker has in hand: the shortest, together, outlast the longest that is played
here meanwhile."""
_TINY = 500_000
"""Worlds times structures times rounds below which new processes take longer to start than the
work takes."""


def play_all(
    work: Sequence[Block],
    rounds: int,
    workers: int | None = None,
    progress: str | None = None,
    meanwhile: Callable[[], None] | None = None,
    task: Callable[[Block], Any] = play,
) -> list[Any]:
    """Return the results of blocks in the order of the blocks, whoever played them and when.

    Parameters
    ----------
    work : sequence of Block
    rounds : int
        Rounds of a world, to judge how much work it is.
    workers : int, optional
        Processes, this one among them; absent, one for each processor where that pays. No result
        depends on it.
    progress : str, optional
        What to call the work on a terminal; absent, nothing is shown.
    meanwhile : callable, optional
        Called once, here, while workers start.
    task : callable
        What is done with a block; importable.

    Raises
    ------
    RunError
        If worker processes keep dying.
    """
    workers = _workers(work, rounds, workers)
    others = workers - 1
    make: Callable[[], Executor] = partial(processes, others) if others else Serial
    ahead = _AHEAD * others or 1
    finished_by = partial(complete, make, task, in_flight=ahead, here=others > 0)
    order = _order(work)
    queue = [work[place] for place in order]
    results: dict[int, Any] = {}
    with (
        _shown(progress, sum(block.worlds for block in work)) as advance,
        closing(finished_by(queue, meanwhile=meanwhile)) as finished,
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
        size = sum(block.worlds * block.structures for block in work) * rounds
        workers = 1 if size < _TINY else cores()
    return max(1, min(workers, len(work)))


@contextmanager
def _shown(title: str | None, total: int) -> Iterator[Callable[[int], None]]:
    """Give a function that moves a bar on the terminal or in a notebook, where there is one."""
    from rich.console import Console  # not in workers, which show nothing

    console = Console(stderr=True, markup=False, emoji=False)
    notebook = console.is_jupyter and find_spec("ipywidgets") is not None
    if title is None or not (console.is_terminal or notebook):
        yield lambda worlds: None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    more = (TextColumn("worlds", markup=False), TaskProgressColumn(), TimeElapsedColumn())
    alive = SpinnerColumn()  # the first block may take seconds, in which a bar alone stands still
    with Progress(
        alive, *columns, *more, TimeRemainingColumn(), console=console, transient=True
    ) as bar:
        task = bar.add_task(title, total=total)
        yield lambda worlds: bar.advance(task, worlds)


R = TypeVar("R")


def for_each_deal(
    scenario: Scenario, ask: Callable[[Scenario, str], R], workers: int | None = None
) -> Iterator[tuple[str, R]]:
    """Yield each structure of a scenario with the answer, in the scenario's order.

    Structures of many stages are asked first: they take longest.

    Parameters
    ----------
    scenario : Scenario
    ask : callable
        Takes a scenario and the name of one of its structures; importable, with an answer that
        pickles.
    workers : int, optional
        Processes; absent, one for each processor.
    """
    deals = list(scenario.structures)
    longest = sorted(deals, key=lambda deal: -len(scenario.structures[deal].stages))
    many = min(cores() if workers is None else workers, len(deals))
    make = Serial if many == 1 else partial(processes, many)
    task = partial(_ask, ask, pack_scenario(scenario))
    answers: dict[str, R] = {}
    for place, answer in complete(make, task, longest, in_flight=many):
        answers[longest[place]] = answer
        while deals and deals[0] in answers:
            deal = deals.pop(0)
            yield deal, answers.pop(deal)


def _ask(ask: Callable[[Scenario, str], R], packed: Packed[Scenario], deal: str) -> R:
    return ask(unpack(packed), deal)
