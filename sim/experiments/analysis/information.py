r"""Expected value of perfect information about single numbers: what should be polled next.

The decision is which structure to put on the table, and its worth is the share of worlds in which
that brings about what is wanted. With :math:`u_{dw}` 1 where structure d does so in world w,

.. math:: \mathrm{EVPPI}(x) = E_x \max_d E[u_d \mid x] - \max_d E[u_d]

is by how much that share would rise if the number x were known before choosing. Structures are
played in the same worlds, so one run is enough: worlds are put in the order of x and cut into bins
of equal size, whose means stand for the conditional expectations (Strong & Oakley 2013). Nested
draws would play a run for each value of each number; a regression would need the form of what is a
step wherever a number decides. Bins choose by luck as well, so the value is too high where x says
nothing: how much, by the same bins of worlds in any order. A survey is named only where its value
exceeds 95 % of those, with an interval by resampling worlds.

References
----------
M. Strong, J. E. Oakley (2013). An efficient method for computing single-parameter partial expected
value of perfect information. Medical Decision Making 33, 755-766.
https://doi.org/10.1177/0272989X12465123
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.domain.narration import key_label, percent, sentence
from sim.domain.scenario import Scenario
from sim.errors import RunError
from sim.experiments.conditions.trials import EVENTS
from sim.experiments.result import EnsembleResult
from sim.quantities import Floats, Ints

__all__ = ["INFORMATION", "Information", "information", "value_of_information"]

INFORMATION = ("key", "value", "low", "high", "floor", "telling", "at_low", "at_high")
"""Columns of the table of values; see `Information`."""
_BINS = 8
_SHUFFLES, _RESAMPLES = 200, 200
_SEED = 3
_LEAST = 0.01
"""Share from which on the best structure brings about enough to choose by."""
_WANTED = {"closed": "closes every claim", "transferred": "moves land", "first_stage": "begins"}


@dataclass(frozen=True, eq=False)
class Information:
    """What it would be worth to know each number before choosing a structure.

    Parameters
    ----------
    scenario : Scenario
    event : str
        What is wanted: ``closed``, ``transferred`` or ``first_stage``.
    best : str
        The structure to choose as things are known.
    share : float
        In how many worlds that brings it about.
    table : DataFrame
        A row per uncertain number: `value`, by how much the share would rise, with its 95 %
        interval (where it is telling); `floor`, the value that luck exceeds in 5 % of cases;
        `telling`, whether the value exceeds it; and the structures to choose where the number is in
        the lowest and in the highest bin. The most valuable first.
    """

    scenario: Scenario
    event: str
    best: str
    share: float
    table: pd.DataFrame

    def sentences(self, top: int = 5) -> Iterator[str]:
        """Yield the surveys that would most change the ranking, in words.

        Parameters
        ----------
        top : int
            How many of them.
        """
        chosen = self.scenario.structures[self.best].label
        yield sentence(
            f"As things are known one would choose {chosen}: it {_WANTED[self.event]} in "
            f"{percent(self.share)} % of worlds"
        )
        rows = self.table[self.table["telling"]].head(top)
        if rows.empty:
            yield "No survey of a single number would change the ranking by more than luck."
            return
        yield "The survey that would most change the ranking:"
        for place, row in enumerate(rows.to_dict("records"), start=1):
            yield f"{place}. {self._row({str(name): value for name, value in row.items()})}"

    def _row(self, row: dict[str, object]) -> str:
        labels = {name: deal.label for name, deal in self.scenario.structures.items()}
        low, high = str(row["at_low"]), str(row["at_high"])
        rise, least, most, luck = (
            100 * float(str(row[name])) for name in ("value", "low", "high", "floor")
        )
        choice = (
            f"low, {labels[low]}; high, {labels[high]}" if low != high else "in the middle, another"
        )
        return sentence(
            f"{key_label(self.scenario, str(row['key']))} ({row['key']}): +{rise:.1f} points "
            f"[{least:.1f}, {most:.1f}] of worlds, luck alone up to {luck:.1f}; {choice}"
        )


def information(result: EnsembleResult, event: str = "auto") -> Information:
    """Return what it would be worth to know each uncertain number before choosing a structure.

    Parameters
    ----------
    result : EnsembleResult
        Of at least two structures, each by itself.
    event : {"auto", "closed", "transferred", "first_stage"}
        What is wanted; ``auto`` is the most of which some structure brings about 1 % or more.

    Raises
    ------
    RunError
        If there is but one structure, or nothing comes about.
    """
    wide: dict[str, pd.DataFrame] = {
        name: result.worlds.pivot_table(
            name, "world", "deal", observed=True, aggfunc="first", sort=True
        ).astype(np.float64)
        for name in reversed(EVENTS)
    }
    if len(next(iter(wide.values())).columns) < 2:
        raise RunError("what to poll is asked of two structures or more: name them in deals")
    order = list(wide) if event == "auto" else [event]
    found = next((one for one in order if wide[one].mean().max() >= _LEAST), None)
    if found is None:
        raise RunError(f"nothing to choose by: {' and '.join(order)} come about nowhere")
    table = wide[found][[name for name in result.scenario.structures if name in wide[found]]]
    values = value_of_information(result.draws, table)
    best = str(table.mean().idxmax())
    return Information(result.scenario, found, best, float(table[best].mean()), values)


def value_of_information(numbers: pd.DataFrame, came: pd.DataFrame) -> pd.DataFrame:
    """Return the value of knowing each number before choosing.

    Parameters
    ----------
    numbers : DataFrame, shape (worlds, numbers)
    came : DataFrame, shape (worlds, choices)
        1 where a choice brings about what is wanted in a world.

    Returns
    -------
    DataFrame
        Columns of `INFORMATION`.
    """
    worth, choices = came.to_numpy(dtype=np.float64), [str(name) for name in came]
    luck = np.random.default_rng(_SEED)
    many = len(worth)
    shuffled = np.array([_bins(worth, luck.permutation(many))[1] for _ in range(_SHUFFLES)])
    floor = float(np.quantile(shuffled, 0.95))
    lots = luck.integers(many, size=(_RESAMPLES, many))
    rows = [_row(str(key), numbers[key].to_numpy(), worth, choices, floor, lots) for key in numbers]
    table = pd.DataFrame(rows, columns=list(INFORMATION))
    return table.sort_values("value", ascending=False, kind="stable", ignore_index=True)


def _row(
    key: str, x: Floats, worth: Floats, choices: list[str], floor: float, lots: Ints
) -> tuple[object, ...]:
    order = np.argsort(x, kind="stable")
    means, value = _bins(worth, order)
    low = high = value
    if value > floor:
        drawn = [_bins(worth, lot[np.argsort(x[lot], kind="stable")])[1] for lot in lots]
        # Drawn anew, bins choose by luck once more: the spread is taken, not the place.
        spread = np.quantile(drawn, [0.025, 0.975]) - np.mean(drawn)
        low, high = max(value + float(spread[0]), 0.0), value + float(spread[1])
    ends = (choices[int(means[place].argmax())] for place in (0, -1))
    return key, value, low, high, floor, value > floor, *ends


def _bins(worth: Floats, order: Ints) -> tuple[Floats, float]:
    """Return the mean of each choice in bins of worlds in some order, and what bins are worth.

    Returns
    -------
    means : ndarray, shape (bins, choices)
    value : float
        By how much choosing in each bin beats choosing once.
    """
    bins = min(_BINS, len(order))
    ends = np.linspace(0, len(order), bins + 1).round().astype(np.int64)
    sizes = np.diff(ends)
    means = np.add.reduceat(worth[order], ends[:-1], axis=0) / sizes[:, None]
    best = (means.max(axis=1) * sizes).sum() / sizes.sum()
    return means, float(best - worth.mean(axis=0).max())
