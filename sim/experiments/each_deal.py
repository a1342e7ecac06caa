"""Ask the same question of several structures, on as many processes as there are structures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

from sim.domain.scenario import Scenario
from sim.experiments.blocks import Packed, pack, unpack
from sim.experiments.executors import Serial, cores, processes
from sim.experiments.tasks import complete

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
    deals = list(scenario.deals)
    longest = sorted(deals, key=lambda deal: -len(scenario.deals[deal].stages))
    many = min(cores() if workers is None else workers, len(deals))
    make = Serial if many == 1 else partial(processes, many)
    task = partial(_ask, ask, pack(scenario))
    answers: dict[str, R] = {}
    for place, answer in complete(make, task, longest, in_flight=many):
        answers[longest[place]] = answer
        while deals and deals[0] in answers:
            deal = deals.pop(0)
            yield deal, answers.pop(deal)


def _ask(ask: Callable[[Scenario, str], R], packed: Packed, deal: str) -> R:
    return ask(unpack(packed), deal)
