"""Trials of changed numbers, world by world: from which size of a change on each world settles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.domain.draws import Pins
from sim.domain.outcome import BARRIERS, OUTCOMES, Outcome
from sim.domain.results import BlockResult
from sim.domain.scenario import Scenario
from sim.equations.statistics import wilson_interval
from sim.experiments.pinned import play_pinned
from sim.experiments.unlock.stated import Direction, Measure
from sim.quantities import BLOCK_WORLDS, Bools, Floats


@dataclass(frozen=True)
class TrialOutcome:
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

    def part(self, first: int, width: int) -> TrialOutcome:
        """Return some consecutive worlds."""
        rows = slice(first, first + width)
        return TrialOutcome(self.settled[rows], self.progress[rows], self.margin[rows])


def trial_outcome(result: BlockResult, stages: int) -> TrialOutcome:
    """Return what a block of a structure with so many stages shows of its worlds."""
    columns = result.columns
    settled = columns["outcome"] == OUTCOMES.index(Outcome.settled)
    depth = columns["barrier_next"] - OUTCOMES.index(BARRIERS[0])
    partly = np.where(columns["barrier_next"] >= 0, depth / len(BARRIERS), 0.0)
    progress = np.where(settled, float(stages), columns["stage"] + partly)
    margin = np.nan_to_num(columns["zopa_margin"], nan=-np.inf)
    return TrialOutcome(np.asarray(settled), progress, margin)


class TrialRunner:
    """One structure of a scenario, on which trials are played.

    Parameters
    ----------
    scenario : Scenario
    deal : str
    """

    def __init__(self, scenario: Scenario, deal: str) -> None:
        self.scenario, self.deal = scenario, deal
        self._stages = len(scenario.structures[deal].stages)

    def play(self, pins: Pins, worlds: int) -> TrialOutcome:
        """Return the first worlds of the run with some numbers pinned."""
        result = play_pinned(self.scenario, self.deal, worlds, pins)
        return trial_outcome(result, self._stages)

    def side_by_side(self, trials: Sequence[Pins], width: int) -> list[TrialOutcome]:
        """Return each trial in worlds of its own, many trials to a block.

        Parameters
        ----------
        trials : sequence of Pins
            With values of shape (width,). The n-th trial gets the worlds from ``first(n, width)``.
        width : int
            Worlds for each trial; divides 1,024.
        """
        each = BLOCK_WORLDS // width
        found: list[TrialOutcome] = []
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


STEPS = 7
"""Bisections: a threshold is found to the 128th part of the way."""
Change = tuple[Direction, ...]
"""Numbers moved together, each by the same number of its own units and no further than its end."""


def reach(change: Change) -> float:
    """Return the size of a change at which every one of its numbers is at its end."""
    return max(direction.reach for direction in change)


def pins(change: Change, size: Floats) -> dict[str, Floats]:
    """Return a change's values, of some size in each world.

    Parameters
    ----------
    change : Change
    size : ndarray, shape (worlds,)
        In units of change; the numbers stand at their centres where it is 0.
    """
    return {direction.key: direction.value(size) for direction in change}


@dataclass(frozen=True)
class Threshold:
    """How large a change must be.

    Parameters
    ----------
    size : float
        Smallest size at which the wanted share of worlds settles; NaN if none within reach.
    low, high : float
        Interval of that size; infinity where it may lie beyond reach.
    """

    size: float
    low: float
    high: float


def bisect(
    runner: TrialRunner, changes: Sequence[Change], width: int, *, common: bool
) -> list[Floats]:
    """Return the size at which each world begins to settle, for each change.

    Each world is bisected by itself, all of them at once. A world that settles at no change has
    threshold 0, one that does not settle at the end has infinity.

    Parameters
    ----------
    runner : TrialRunner
    changes : sequence of Change
    width : int
        Worlds for each change.
    common : bool
        Whether all changes are made in the same worlds, or side by side in worlds of their own.
    """
    ends = [np.full(width, reach(change)) for change in changes]
    low, high = [np.zeros(width) for _ in changes], [end.copy() for end in ends]
    at_start = _settled(runner, changes, low, common)
    at_end = _settled(runner, changes, high, common)
    switches = all(
        direction.measure is Measure.switch for change in changes for direction in change
    )
    for _ in range(0 if switches else STEPS):
        middle = [(a + b) / 2 for a, b in zip(low, high, strict=True)]
        for place, settled in enumerate(_settled(runner, changes, middle, common)):
            high[place] = np.where(settled, middle[place], high[place])
            low[place] = np.where(settled, low[place], middle[place])
    beyond = [np.where(end, found, np.inf) for end, found in zip(at_end, high, strict=True)]
    return [np.where(start, 0.0, found) for start, found in zip(at_start, beyond, strict=True)]


def resolution(change: Change) -> float:
    """Return by how much a threshold found by `bisect` may be too large."""
    return float(reach(change) / 2**STEPS)


def threshold(sizes: Floats, share: float, grain: float = 0.0) -> Threshold:
    """Return the size at which a share of worlds has begun to settle.

    The interval is that of the order statistic (ranks between the ends of the Wilson interval of
    the share), widened downwards by the grain of the thresholds.

    Parameters
    ----------
    sizes : ndarray, shape (worlds,)
        Threshold of each world.
    share : float
        In (0, 1].
    grain : float
        By how much thresholds may be too large.

    Examples
    --------
    >>> found = threshold(np.array([0.0, 1.0, 2.0, np.inf]), 0.5)
    >>> found.size, found.low, found.high
    (1.0, 0.0, inf)
    """
    ordered, number = np.sort(sizes), len(sizes)
    rank = int(np.ceil(share * number - 1e-9))
    low, high = wilson_interval(np.array(rank), np.array(number))
    places = [int(np.floor(low * number)), rank, int(np.ceil(high * number))]
    found = [float(ordered[min(max(place, 1), number) - 1]) for place in places]
    size = found[1] if np.isfinite(found[1]) else float("nan")
    return Threshold(size, max(found[0] - grain, 0.0), found[2])


def follow(runner: TrialRunner, change: Change, size: float, worlds: int) -> TrialOutcome:
    """Return the first worlds of a run with a change of one size in all."""
    return runner.play(pins(change, np.full(worlds, size)), worlds)


def _settled(
    runner: TrialRunner, changes: Sequence[Change], sizes: Sequence[Floats], common: bool
) -> list[Bools]:
    trials = [pins(change, size) for change, size in zip(changes, sizes, strict=True)]
    width = len(sizes[0]) if len(sizes) else 0
    if common:
        return [runner.play(trial, width).settled for trial in trials]
    return [one.settled for one in runner.side_by_side(trials, width)]
