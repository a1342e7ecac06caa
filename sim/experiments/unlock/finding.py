"""Hold what is known about moving some numbers, and lay it out as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sim.equations.statistics import wilson_interval
from sim.experiments.unlock.bench import Seen
from sim.experiments.unlock.stated import Measure
from sim.experiments.unlock.thresholds import Route, Threshold, reach

_NOWHERE = Threshold(float("nan"), float("nan"), float("nan"))
_MEASURES = list(Measure)
COLUMNS = (
    "keys",
    "measure",
    "does",
    "change",
    "change_low",
    "change_high",
    "values",
    "settled",
    "settled_low",
    "settled_high",
    "progress",
    "margin",
    "worlds",
)
"""Columns of a table of changes; see `table_of`."""


@dataclass
class Finding:
    """What is known about moving a route's numbers.

    Parameters
    ----------
    route : Route
    """

    route: Route
    trials: int = 0
    successes: int = 0
    progress: float = 0.0
    margin: float = 0.0
    threshold: Threshold = field(default=_NOWHERE)
    sure: bool = False

    @property
    def does(self) -> bool:
        """Tell whether some change within reach settles often enough."""
        return bool(np.isfinite(self.threshold.change))

    def end(self, seen: Seen, before: Seen) -> None:
        """Take note of a trial at the route's end, and of the same worlds left alone."""
        self.trials, self.successes = len(seen.settled), int(seen.settled.sum())
        self.progress = float((seen.progress - before.progress).mean())
        both = np.isfinite(seen.margin) & np.isfinite(before.margin)
        gain = seen.margin[both] - before.margin[both]
        self.margin = float(np.median(gain)) if len(gain) else 0.0

    def bisected(self, found: Threshold) -> None:
        """Take note of how far the route must be followed."""
        self.threshold = found

    def confirmed(self, seen: Seen) -> None:
        """Take note of how an override at the threshold ends."""
        self.trials, self.successes, self.sure = len(seen.settled), int(seen.settled.sum()), True

    def rank(self) -> tuple[float, ...]:
        """Return a sorting key: what does comes first, by size; then the most helpful end."""
        measure = float(max(_MEASURES.index(way.measure) for way in self.route))
        share = self.successes / max(self.trials, 1)
        drops = all(way.drops for way in self.route)
        if self.does:
            return (0.0, measure, self.threshold.change)
        return (1.0, -share, -self.progress, -self.margin, measure, float(not drops))

    def row(self) -> dict[str, object]:
        """Return the finding as a row of a table; see `table_of`."""
        low, high = wilson_interval(np.array(self.successes), np.array(max(self.trials, 1)))
        change = np.array([self.threshold.change if self.does else reach(self.route)])
        return {
            "keys": tuple(way.key for way in self.route),
            "measure": max((way.measure for way in self.route), key=_MEASURES.index).name,
            "does": self.does,
            "change": self.threshold.change,
            "change_low": self.threshold.low,
            "change_high": self.threshold.high,
            "values": tuple(float(way.value(change)[0]) for way in self.route),
            "settled": self.successes / max(self.trials, 1),
            "settled_low": float(low),
            "settled_high": float(high),
            "progress": self.progress,
            "margin": self.margin,
            "worlds": self.trials,
        }


def table_of(found: Sequence[Finding]) -> pd.DataFrame:
    """Return one row for each number (or pair), the smallest change first.

    Parameters
    ----------
    found : sequence of Finding

    Returns
    -------
    DataFrame
        `keys`; `measure` of the change; `does`, whether any value within its range settles often
        enough; `change` with its interval, and the `values` needed; where none does, the values
        at the more helpful end. `settled` with its interval and `worlds` is the share there.
        `progress` and `margin` say how far the end of the range moves worlds that stay unsettled:
        through the barriers (in stages), and in points of the smaller surplus.
    """
    best: dict[tuple[str, ...], Finding] = {}
    for one in sorted(found, key=Finding.rank):
        best.setdefault(tuple(way.key for way in one.route), one)
    return pd.DataFrame([one.row() for one in best.values()], columns=list(COLUMNS))
