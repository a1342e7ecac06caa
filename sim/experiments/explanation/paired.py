"""Compare two runs in the same worlds, with the errors that pairing leaves.

References
----------
B. Efron (1979). Bootstrap methods: another look at the jackknife.
https://doi.org/10.1214/aos/1176344552
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.domain.outcome import OUTCOMES
from sim.domain.results import BlockResult
from sim.equations.statistics import paired_change
from sim.quantities import Floats

ALL = "all"
"""Stands for the mean over structures among the structures of a table of changes."""


class Run:
    """The outcomes and margins of a run: arrays of shape (structures, worlds).

    Parameters
    ----------
    deals : list of str
        The structures.
    played : list of BlockResult
        Their blocks, structure by structure.
    """

    def __init__(self, deals: list[str], played: list[BlockResult]) -> None:
        self.deals = deals
        self.outcome = self._stack(played, "outcome")
        self.margin = self._stack(played, "zopa_margin")

    def _stack(self, played: list[BlockResult], column: str) -> np.ndarray:
        values = np.concatenate([block.columns[column] for block in played])
        return values.reshape(len(self.deals), -1)


Row = tuple[str, str, float, float, float, float]


def changes(before: Run, after: Run, weights: Floats) -> Iterator[Row]:
    """Yield deal, measure, both values, the change and its standard error.

    Parameters
    ----------
    before, after : Run
        The same structures in the same worlds.
    weights : ndarray, shape (resamples, worlds)
        Uniform numbers by which worlds are resampled.
    """
    resampled = []
    medians = []
    for place, deal in enumerate(before.deals):
        yield from _share_changes(deal, before.outcome[[place]], after.outcome[[place]])
        pair, change = _medians(before.margin[place], after.margin[place], weights)
        medians.append(pair)
        resampled.append(change)
        yield _margin_row(deal, pair, change)
    yield from _share_changes(ALL, before.outcome, after.outcome)
    yield _margin_row(ALL, _mean(np.array(medians)), _mean(np.array(resampled)))


def _share_changes(deal: str, before: np.ndarray, after: np.ndarray) -> Iterator[Row]:
    for outcome in OUTCOMES:
        shares = [(run == outcome.code).mean(axis=0) for run in (before, after)]
        change, error = paired_change(*shares)
        yield deal, outcome.name, float(shares[0].mean()), float(shares[1].mean()), change, error


def _margin_row(deal: str, pair: Floats, resampled: Floats) -> Row:
    change = float(pair[1] - pair[0])
    return deal, "zopa_margin", float(pair[0]), float(pair[1]), change, float(resampled.std(ddof=1))


def _medians(before: Floats, after: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return both medians, and the change between them in resampled sets of worlds."""
    known = ~(np.isnan(before) | np.isnan(after))
    size = int(known.sum())
    if size == 0:
        return np.full(2, np.nan), np.full(len(weights), np.nan)
    before, after = before[known], after[known]
    drawn = (weights[:, :size] * size).astype(np.int64)
    change = np.median(after[drawn], axis=1) - np.median(before[drawn], axis=1)
    return np.array([np.median(before), np.median(after)]), np.asarray(change)


def _mean(values: Floats) -> Floats:
    """Return the mean over structures that have a value."""
    known = ~np.isnan(values)
    count = known.sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
