"""Smallest change in stated preferences after which a structure settles often enough.

1. Every stated number is moved to either end of its range, in a few worlds of its own. Ends at
   which the share of settled worlds is surely below what is wanted are dropped (99.9 %).
2. What is left is tried in more worlds, and bisected world by world.
3. The nearest are bisected again in the same worlds for all, and the result is played once more
   as an override of the scenario, as a user would.
4. The most helpful ends are tried two by two; in a pair both numbers move by the same number of
   their own units, and the size of the change is that number.
5. Where neither one number nor two will do, a smallest set is sought
   (`sim.experiments.unlock.trials`).

A number is set to one value in all worlds, so its uncertainty goes with it. Step 1 looks at ends
only: a number that would help in the middle of its range and at neither end is missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from sim.domain.scenario import Scenario
from sim.equations.statistics import wilson_interval
from sim.experiments.unlock.stated import Direction, Measure, directions, stated
from sim.experiments.unlock.trials import (
    Change,
    Joint,
    TrialOutcome,
    TrialRunner,
    bisect,
    first,
    follow,
    pins,
    reach,
    resolution,
    smallest_set,
    threshold,
)
from sim.experiments.unlock.unlocking import Candidate, Unlocking, table_of
from sim.io.config import scenario_of
from sim.model.plan import plan_for

SURE = 0.999
"""Confidence with which an end is dropped after a few worlds."""
FEW, MORE, MANY = 32, 64, 256
"""Worlds of a trial: at first, where that leaves doubt, and in the end."""
REFINED = 5
"""How many of the nearest changes are bisected again in common worlds."""
HELPFUL = 8
"""How many of the most helpful ends are tried two by two."""


def unlock(
    scenario: Scenario | str | Path,
    deal: str,
    to: float = 0.5,
    keys: str | Sequence[str] | None = None,
) -> Unlocking:
    """Return the smallest changes after which a structure settles with a probability.

    Parameters
    ----------
    scenario : Scenario, str or Path
    deal : str
    to : float
        The wanted share of settled worlds, in (0, 1].
    keys : str or sequence of str, optional
        Which of the stated numbers to move; all, if left out.
    """
    if not 0 < to <= 1:
        raise ValueError(f"to must lie in (0, 1], got {to:g}")
    scenario = scenario_of(scenario)
    search = _Search(scenario, deal, to)
    numbers = stated(scenario)
    keys = [keys] if isinstance(keys, str) else keys
    chosen = numbers if keys is None else {key: numbers[key] for key in keys}
    changes: list[Change] = [
        (direction,) for key, quantity in chosen.items() for direction in directions(key, quantity)
    ]
    if search.share_now >= to:
        return search.result([], [], [])
    singles = search.screened(changes)
    if not search.closes:
        return search.result(singles, [], [])
    search.settle(singles)
    pairs = search.screened(_pairs(singles))
    search.settle(pairs)
    together = [] if any(one.does for one in (*singles, *pairs)) else search.together(singles)
    return search.result(singles, pairs, together)


def _pairs(singles: Sequence[Candidate]) -> list[Change]:
    """Return the most helpful ends two by two; of each number only its better end."""
    able = [one for one in singles if one.change[0].measure is not Measure.switch]
    best: dict[str, Direction] = {}
    for one in sorted(able, key=Candidate.rank):
        best.setdefault(one.change[0].key, one.change[0])
    return list(combinations(list(best.values())[:HELPFUL], 2))


@dataclass
class _Search:
    scenario: Scenario
    deal: str
    to: float

    def __post_init__(self) -> None:
        self.runner = TrialRunner(self.scenario, self.deal)
        self.now = self.runner.play({}, 1_024)
        self.joint = Joint.not_sought
        self.share_now = float(self.now.settled.mean())
        nodes = plan_for(self.scenario, self.scenario.structures[self.deal]).nodes
        self.closes = any(bool(node.table.closed.any()) for node in nodes)

    def screened(self, changes: Sequence[Change]) -> list[Candidate]:
        """Try each change's end, in few worlds and then, where there is hope, in more."""
        found = [Candidate(change) for change in changes]
        self._try(found, FEW)
        self._try([one for one in found if self._hopeful(one)], MORE)
        return found

    def _hopeful(self, one: Candidate) -> bool:
        _, high = wilson_interval(np.array(one.successes), np.array(one.trials), SURE)
        return bool(high >= self.to)

    def _try(self, found: Sequence[Candidate], width: int) -> None:
        ends = [pins(one.change, np.full(width, reach(one.change))) for one in found]
        for place, trial_outcome in enumerate(self.runner.side_by_side(ends, width)):
            found[place].end(trial_outcome, self.now.part(first(place, width), width))

    def settle(self, found: Sequence[Candidate]) -> None:
        """Bisect what may do, and the nearest of it once more in common worlds."""
        able = [one for one in found if self._hopeful(one)]
        if not able:
            return
        coarse = bisect(self.runner, [one.change for one in able], MORE, common=False)
        for one, sizes in zip(able, coarse, strict=True):
            one.bisected(threshold(sizes, self.to, resolution(one.change)))
        nearest = sorted((one for one in able if one.does), key=Candidate.rank)[:REFINED]
        fine = bisect(self.runner, [one.change for one in nearest], MANY, common=True)
        for one, sizes in zip(nearest, fine, strict=True):
            one.bisected(threshold(sizes, self.to, resolution(one.change)))
            if one.does:
                one.confirmed(self._overridden(one))

    def together(self, singles: Sequence[Candidate]) -> list[Candidate]:
        """Seek a smallest set of numbers that settles, moved together."""
        order: dict[str, list[Direction]] = {}
        for one in sorted(singles, key=Candidate.rank):
            order.setdefault(one.change[0].key, []).append(one.change[0])
        self.joint, change = smallest_set(self.runner, list(order.values()), self.to)
        if not change:
            return []
        found = Candidate(change)
        [sizes] = bisect(self.runner, [change], MANY, common=True)
        found.bisected(threshold(sizes, self.to, resolution(change)))
        found.confirmed(self._overridden(found) if found.does else self._at_end(change))
        return [found]

    def _at_end(self, change: Change) -> TrialOutcome:
        return follow(self.runner, change, reach(change), MANY)

    def _overridden(self, one: Candidate) -> TrialOutcome:
        values = {}
        numbers = stated(self.scenario)
        for direction in one.change:
            value = float(direction.value(np.array([one.threshold.size]))[0])
            values[direction.key] = numbers[direction.key].at("none" if np.isinf(value) else value)
        return TrialRunner(self.scenario.with_values(values), self.deal).play({}, MANY)

    def result(
        self,
        singles: Sequence[Candidate],
        pairs: Sequence[Candidate],
        together: Sequence[Candidate],
    ) -> Unlocking:
        """Return what was found."""
        low, high = wilson_interval(
            np.array(self.now.settled.sum()), np.array(len(self.now.settled))
        )
        return Unlocking(
            scenario=self.scenario,
            deal=self.deal,
            to=self.to,
            settled=self.share_now,
            settled_low=float(low),
            settled_high=float(high),
            margin=float(np.median(self.now.margin)),
            singles=table_of(singles),
            closes=self.closes,
            joint=self.joint,
            pairs=table_of(pairs),
            together=table_of(together),
        )
