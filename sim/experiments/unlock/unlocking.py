"""Results of a search for the smallest unlocking change, as a table and in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from sim.domain.narration import fill, sentence
from sim.domain.scenario import Scenario
from sim.equations.statistics import wilson_interval
from sim.experiments.unlock.stated import Measure
from sim.experiments.unlock.trials import Change, Joint, Threshold, TrialOutcome, reach

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
class Candidate:
    """What is known about a change.

    Parameters
    ----------
    change : Change
    """

    change: Change
    trials: int = 0
    successes: int = 0
    progress: float = 0.0
    margin: float = 0.0
    threshold: Threshold = field(default=_NOWHERE)
    sure: bool = False

    @property
    def does(self) -> bool:
        """Tell whether some change within reach settles often enough."""
        return bool(np.isfinite(self.threshold.size))

    def end(self, trial_outcome: TrialOutcome, before: TrialOutcome) -> None:
        """Take note of a trial at the change's end, and of the same worlds left alone."""
        self.trials, self.successes = len(trial_outcome.settled), int(trial_outcome.settled.sum())
        self.progress = float((trial_outcome.progress - before.progress).mean())
        both = np.isfinite(trial_outcome.margin) & np.isfinite(before.margin)
        gain = trial_outcome.margin[both] - before.margin[both]
        self.margin = float(np.median(gain)) if len(gain) else 0.0

    def bisected(self, found: Threshold) -> None:
        """Take note of how large the change must be."""
        self.threshold = found

    def confirmed(self, trial_outcome: TrialOutcome) -> None:
        """Take note of how an override at the threshold ends."""
        self.trials, self.successes, self.sure = (
            len(trial_outcome.settled),
            int(trial_outcome.settled.sum()),
            True,
        )

    def rank(self) -> tuple[float, ...]:
        """Return a sorting key: what does comes first, by size; then the most helpful end."""
        measure = float(max(_MEASURES.index(direction.measure) for direction in self.change))
        share = self.successes / max(self.trials, 1)
        drops = all(direction.drops for direction in self.change)
        if self.does:
            return (0.0, measure, self.threshold.size)
        return (1.0, -share, -self.progress, -self.margin, measure, float(not drops))

    def row(self) -> dict[str, object]:
        """Return the candidate as a row of a table; see `table_of`."""
        low, high = wilson_interval(np.array(self.successes), np.array(max(self.trials, 1)))
        size = np.array([self.threshold.size if self.does else reach(self.change)])
        return {
            "keys": tuple(direction.key for direction in self.change),
            "measure": max(
                (direction.measure for direction in self.change), key=_MEASURES.index
            ).name,
            "does": self.does,
            "change": self.threshold.size,
            "change_low": self.threshold.low,
            "change_high": self.threshold.high,
            "values": tuple(float(direction.value(size)[0]) for direction in self.change),
            "settled": self.successes / max(self.trials, 1),
            "settled_low": float(low),
            "settled_high": float(high),
            "progress": self.progress,
            "margin": self.margin,
            "worlds": self.trials,
        }


def table_of(found: Sequence[Candidate]) -> pd.DataFrame:
    """Return one row for each number (or pair), the smallest change first.

    Parameters
    ----------
    found : sequence of Candidate

    Returns
    -------
    DataFrame
        `keys`; `measure` of the change; `does`, whether any value within its range settles often
        enough; `change` with its interval, and the `values` needed; where none does, the values
        at the more helpful end. `settled` with its interval and `worlds` is the share there.
        `progress` and `margin` say how far the end of the range moves worlds that stay unsettled:
        through the barriers (in stages), and in points of the smaller surplus.
    """
    best: dict[tuple[str, ...], Candidate] = {}
    for one in sorted(found, key=Candidate.rank):
        best.setdefault(tuple(direction.key for direction in one.change), one)
    return pd.DataFrame([one.row() for one in best.values()], columns=list(COLUMNS))


_UNITS = {
    Measure.sd: "standard deviations from its mean",
    Measure.way_to_off: "of its way to off",
    Measure.switch: "switched to none",
}


@dataclass(frozen=True)
class Unlocking:
    """The smallest changes after which a structure settles with a probability.

    Parameters
    ----------
    scenario : Scenario
    deal : str
    to : float
        The wanted share of settled worlds.
    settled, settled_low, settled_high : float
        The share as things are, and its interval.
    margin : float
        Median over worlds of the best smaller surplus as things are, in points.
    closes : bool
        Whether any package of the structure fixes all titles; where not, it can never settle.
    singles, pairs : DataFrame
        As `table_of` returns them; empty where the structure settles often enough already.
    joint : Joint
        How the search for a set of more numbers ended.
    together : DataFrame
        One row at most: several numbers, none of which can be left out.
    """

    scenario: Scenario
    deal: str
    to: float
    settled: float
    settled_low: float
    settled_high: float
    margin: float
    closes: bool
    joint: Joint
    singles: pd.DataFrame
    pairs: pd.DataFrame
    together: pd.DataFrame

    @property
    def already(self) -> bool:
        """Tell whether the structure settles often enough as things are."""
        return self.settled >= self.to

    def sentences(self, top: int = 8) -> Iterator[str]:
        """Yield sentences: as things are, single numbers, the best pair, a set.

        Parameters
        ----------
        top : int
            How many single numbers to name.
        """
        now = _share(self.settled, self.settled_low, self.settled_high)
        yield sentence(f"As things are, {now} of worlds settle; wanted: {100 * self.to:g} %")
        if self.already:
            yield "It settles often enough already: no change is needed."
            return
        if not self.closes:
            yield (
                "No text of this structure fixes title to every object, so it can never settle, "
                "whatever anybody prefers; at best it is interim."
            )
        yield from _singles(self.singles, top)
        if self.closes:
            yield from _pairs(self.pairs)
            yield from _together(self.joint, self.together)

    def __str__(self) -> str:
        """Say it in sentences, in lines that fit a page."""
        return fill([(self.deal, list(self.sentences()))])


def _singles(table: pd.DataFrame, top: int) -> Iterator[str]:
    able, unable = table[table["does"]], table[~table["does"]]
    if len(able):
        yield sentence(
            f"{len(able):,} of {len(table):,} single numbers would do; the smallest changes first"
        )
        yield from (_needed(row) for row in _rows(able.head(top)))
    else:
        yield sentence(
            f"None of {len(table):,} stated numbers does it alone, at either end of its range or "
            "switched off; the most helpful first"
        )
        yield from (_falls_short(row) for row in _rows(unable.head(top)))


def _pairs(pairs: pd.DataFrame) -> Iterator[str]:
    able = pairs[pairs["does"]]
    if len(able):
        best = _rows(able)[0]
        yield sentence(f"The best pair, both moved by as many units: {_needed(best)}")
    elif len(pairs):
        yield sentence(
            f"None of the {len(pairs)} pairs of the most helpful numbers does it, within "
            "their ranges"
        )


def _together(joint: Joint, together: pd.DataFrame) -> Iterator[str]:
    if joint is Joint.not_sought:
        return
    if joint is not Joint.found:
        yield sentence(f"Together: {joint.value}")
        return
    row = _rows(together)[0]
    far = (
        f"by {row['change']:.1f} of its units or to the end of" if row["does"] else "to the end of"
    )
    yield sentence(
        f"Together, {len(row['keys'])} numbers do it, each moved {far} its range; "
        f"{joint.value}: {_assigned(row)}; then {_settles(row)}"
    )


def _needed(row: dict[str, Any]) -> str:
    measure = Measure[row["measure"]]
    low, high = row["change_low"], row["change_high"]
    upper = f"{high:.2f}" if np.isfinite(high) else "beyond its range"
    size = f"{row['change']:.2f} {_UNITS[measure]} [{low:.2f}, {upper}]"
    size = _UNITS[measure] if measure is Measure.switch else size
    return sentence(f"With {_assigned(row)}: {size}; then {_settles(row)}")


def _falls_short(row: dict[str, Any]) -> str:
    helps = ""
    if row["margin"] or row["progress"]:
        helps = (
            f"; there worlds get {row['progress']:+.2f} stages further, and the smaller surplus "
            f"changes by {row['margin']:+z.1f} points (median)"
        )
    return sentence(f"With {_assigned(row)}: {_settles(row)}{helps}")


def _assigned(row: dict[str, Any]) -> str:
    values = zip(row["keys"], row["values"], strict=True)
    return ", ".join(
        f"{key}={'none' if np.isinf(value) else f'{value:.4g}'}" for key, value in values
    )


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _settles(row: dict[str, Any]) -> str:
    share = _share(row["settled"], row["settled_low"], row["settled_high"])
    return f"{share} of {int(row['worlds'])} worlds settle"


def _share(share: float, low: float, high: float) -> str:
    return f"{100 * share:.1f} % [{100 * low:.1f}, {100 * high:.1f}]"
