"""Play many trials side by side: what would happen if some numbers were different."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.domain.outcome import BARRIERS, OUTCOMES, Outcome
from sim.domain.results import BlockResult
from sim.domain.scenario import Scenario
from sim.experiments.pinned import Pins, play_pinned
from sim.quantities import BLOCK_WORLDS, Bools, Floats


@dataclass(frozen=True)
class Seen:
    """How the worlds of a trial ended; every array has one entry per world.

    Parameters
    ----------
    settled : ndarray of bool
    progress : ndarray
        Stages done, and how far through the barriers of the next one; the number of stages where
        settled.
    margin : ndarray
        The best smaller surplus, in points.
    """

    settled: Bools
    progress: Floats
    margin: Floats

    def part(self, first: int, width: int) -> Seen:
        """Return some consecutive worlds."""
        rows = slice(first, first + width)
        return Seen(self.settled[rows], self.progress[rows], self.margin[rows])


def seen(result: BlockResult, stages: int) -> Seen:
    """Return what a block of a structure with so many stages shows of its worlds."""
    columns = result.columns
    settled = columns["outcome"] == OUTCOMES.index(Outcome.settled)
    depth = columns["barrier_next"] - OUTCOMES.index(BARRIERS[0])
    partly = np.where(columns["barrier_next"] >= 0, depth / len(BARRIERS), 0.0)
    progress = np.where(settled, float(stages), columns["stage"] + partly)
    margin = np.nan_to_num(columns["zopa_margin"], nan=-np.inf)
    return Seen(np.asarray(settled), progress, margin)


class Bench:
    """One structure of a scenario, on which trials are played.

    Parameters
    ----------
    scenario : Scenario
    deal : str
    """

    def __init__(self, scenario: Scenario, deal: str) -> None:
        self.scenario, self.deal = scenario, deal
        self._stages = len(scenario.deals[deal].stages)

    def play(self, pins: Pins, worlds: int) -> Seen:
        """Return the first worlds of the run with some numbers pinned."""
        result = play_pinned(self.scenario, self.deal, worlds, pins)
        return seen(result, self._stages)

    def side_by_side(self, trials: Sequence[Pins], width: int) -> list[Seen]:
        """Return each trial in worlds of its own, many trials to a block.

        Parameters
        ----------
        trials : sequence of Pins
            With values of shape (width,). The n-th trial gets the worlds from ``first(n, width)``.
        width : int
            Worlds for each trial; divides 1,024.
        """
        each = BLOCK_WORLDS // width
        found: list[Seen] = []
        for start in range(0, len(trials), each):
            group = trials[start : start + each]
            pins = _joined(group, width)
            whole = self.play(pins, width * len(group))
            found += [whole.part(width * place, width) for place in range(len(group))]
        return found


def first(trial: int, width: int) -> int:
    """Return the first of the worlds that a trial gets side by side with others.

    Examples
    --------
    >>> first(3, 256), first(4, 256)
    (768, 0)
    """
    return width * trial % BLOCK_WORLDS


def _joined(trials: Sequence[Pins], width: int) -> dict[str, Floats]:
    pins: dict[str, Floats] = {}
    for place, trial in enumerate(trials):
        for key, values in trial.items():
            whole = pins.setdefault(key, np.full(width * len(trials), np.nan))
            whole[width * place : width * (place + 1)] = values
    return pins
