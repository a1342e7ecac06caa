"""Least change after which a structure settles often enough: in numbers, and in its text.

Single numbers first: every stated number is moved to either end of its range in a few worlds, in
which it must beat the same worlds left alone; what may do is bisected world by world, the nearest
once more in the same worlds for all, and played again as an override, as a user would. Then as many
numbers as it takes (`sim.experiments.unlock.least`), edits of the structure itself
(`sim.experiments.unlock.designer`), and, where nothing can be signed, why
(`sim.experiments.unlock.certificate`).

A number is set to one value in all worlds, so its uncertainty goes with it. Single numbers are
looked at by their ends: one that would help in the middle of its range only is missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from sim.domain.scenario import Scenario
from sim.domain.tree import can_close
from sim.equations.statistics import wilson_interval
from sim.errors import Fault, ScenarioError
from sim.experiments.unlock.certificate import certificate
from sim.experiments.unlock.designer import deal_changes
from sim.experiments.unlock.least import least_change
from sim.experiments.unlock.paired import compared
from sim.experiments.unlock.stated import directions, stated
from sim.experiments.unlock.trials import (
    Change,
    TrialOutcome,
    TrialRunner,
    bisect,
    first,
    pins,
    reach,
    resolution,
    threshold,
)
from sim.experiments.unlock.unlocking import Candidate, Unlocking, table_of
from sim.io.config import scenario_of

SURE = 0.999
"""Confidence with which an end is dropped after a few worlds."""
FEW, MORE, MANY = 32, 64, 256
"""Worlds of a trial: at first, where that leaves doubt, and in the end."""
REFINED = 5
"""How many of the nearest changes are bisected again in common worlds."""
SHOWN = 8
"""How many of those that do, and of the most helpful of the rest, are played beside the same worlds
left alone."""

Asked = Literal["numbers", "text", "both"]


def unlock(
    scenario: Scenario | str | Path,
    deal: str,
    to: float = 0.5,
    keys: str | Sequence[str] | None = None,
    change: Asked = "both",
) -> Unlocking:
    """Return the least changes after which a structure settles with a probability.

    Parameters
    ----------
    scenario : Scenario, str or Path
    deal : str
    to : float
        The wanted share of settled worlds, in (0, 1].
    keys : str or sequence of str, optional
        Which of the stated numbers to move; all, if left out.
    change : {"both", "numbers", "text"}
        What may change: the stated numbers, the structure, or either.

    Raises
    ------
    ScenarioError
        If only the text may change and structures share a table.
    """
    if not 0 < to <= 1:
        raise ValueError(f"to must lie in (0, 1], got {to:g}")
    scenario = scenario_of(scenario)
    if change == "text" and scenario.agenda != "single":
        expected = "single, as only a structure that is played by itself is edited"
        raise ScenarioError([Fault("agenda", expected, scenario.agenda)])
    search = _Search(scenario, deal, to)
    numbers = stated(scenario)
    chosen = [keys] if isinstance(keys, str) else list(numbers if keys is None else keys)
    singles: list[Candidate] = []
    least = None
    if search.share_now < to and change != "text":
        changes: list[Change] = [
            (direction,) for key in chosen for direction in directions(key, numbers[key])
        ]
        singles = search.screened(changes)
        if search.closes:
            search.settle(singles)
            least = least_change(scenario, deal, to, chosen)
        search.compare(singles)
    edited = change != "numbers" and search.share_now < to
    low, high = wilson_interval(np.array(search.now.settled.sum()), np.array(1_024))
    return Unlocking(
        scenario=scenario,
        deal=deal,
        to=to,
        settled=search.share_now,
        settled_low=float(low),
        settled_high=float(high),
        margin=float(np.median(search.now.margin)),
        closes=search.closes,
        singles=table_of(singles),
        least=least,
        edits=deal_changes(scenario, deal, to) if edited else (),
        certificate=certificate(scenario, deal) if search.share_now < to else None,
    )


@dataclass
class _Search:
    scenario: Scenario
    deal: str
    to: float

    def __post_init__(self) -> None:
        self.runner = TrialRunner(self.scenario, self.deal)
        self.now = self.runner.play({}, 1_024)
        self.share_now = float(self.now.settled.mean())
        self.closes = can_close(self.scenario, self.deal)

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

    def compare(self, found: Sequence[Candidate]) -> None:
        """Play what does and the most helpful of the rest beside the same worlds left alone."""
        ranked = sorted(found, key=Candidate.rank)
        for one in [one for one in ranked if one.does][:SHOWN]:
            self._beside(one, self._overridden(one))
        for one in [one for one in ranked if not one.does and one.helped][:SHOWN]:
            ends = pins(one.change, np.full(MANY, reach(one.change)))
            self._beside(one, self.runner.play(ends, MANY))

    def _beside(self, one: Candidate, trial_outcome: TrialOutcome) -> None:
        alone = self.now.part(0, MANY)
        one.beside(trial_outcome, alone, compared(trial_outcome.settled, alone.settled))

    def _overridden(self, one: Candidate) -> TrialOutcome:
        values = {}
        numbers = stated(self.scenario)
        for direction in one.change:
            value = float(direction.value(np.array([one.threshold.size]))[0])
            values[direction.key] = numbers[direction.key].at("none" if np.isinf(value) else value)
        return TrialRunner(self.scenario.with_values(values), self.deal).play({}, MANY)
