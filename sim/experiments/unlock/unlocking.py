"""Results of a search for the least unlocking change, as a table and in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from sim.domain.narration import fill, key_label, percent, sentence
from sim.domain.scenario import Scenario
from sim.equations.statistics import wilson_interval
from sim.experiments.unlock.certificate import Certificate
from sim.experiments.unlock.designer import DealChange
from sim.experiments.unlock.least import LeastChange
from sim.experiments.unlock.paired import PairedShare
from sim.experiments.unlock.stated import Measure
from sim.experiments.unlock.trials import Change, Threshold, TrialOutcome, reach

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
    "base",
    "beats",
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
    share: PairedShare | None = None

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

    @property
    def helped(self) -> bool:
        """Tell whether the end was any help in the few worlds in which it was tried."""
        return self.successes > 0 or self.progress > 0 or self.margin > 0

    def beside(self, changed: TrialOutcome, alone: TrialOutcome, share: PairedShare) -> None:
        """Take note of more worlds, beside the same left alone."""
        self.end(changed, alone)
        self.share = share

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
            "base": self.share.base if self.share else np.nan,
            "beats": self.share is not None and self.share.beats,
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
        through the barriers (in stages), and in points of the smaller surplus. `base` is the share
        settled of the same worlds left alone, and `beats` whether `settled` exceeds it by more than
        luck; of numbers that were tried in a few worlds only, it is not known and False.
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
    """The least changes after which a structure settles with a probability.

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
    singles : DataFrame
        As `table_of` returns it; empty where the structure settles often enough already.
    least : LeastChange, optional
        In any number of numbers; absent, it was not sought.
    edits : tuple of DealChange
        Of the structure itself, the best first.
    certificate : Certificate, optional
        Why nothing can be signed, where that is so at the medians.
    """

    scenario: Scenario
    deal: str
    to: float
    settled: float
    settled_low: float
    settled_high: float
    margin: float
    closes: bool
    singles: pd.DataFrame
    least: LeastChange | None = None
    edits: tuple[DealChange, ...] = ()
    certificate: Certificate | None = None

    @property
    def already(self) -> bool:
        """Tell whether the structure settles often enough as things are."""
        return self.settled >= self.to

    def sentences(self, top: int = 8) -> Iterator[str]:
        """Yield sentences: as things are, the least change, the text, why not, single numbers.

        Parameters
        ----------
        top : int
            How many single numbers to name.
        """
        now = _percent(self.settled, self.settled_low, self.settled_high)
        yield sentence(f"As things are, {now} of worlds settle; wanted: {100 * self.to:g} %")
        if self.already:
            yield "It settles often enough already: no change is needed."
            return
        if not self.closes:
            yield (
                "No text of this structure fixes title to every object, so it can never settle, "
                "whatever anybody prefers; at best it is interim."
            )
        if self.least is not None:
            yield from _least(self.scenario, self.least)
        yield from _edited(self.edits)
        if self.scenario.agenda != "single":
            yield (
                "The text of structures that share a table is not edited: with agenda=single it is "
                "for each by itself."
            )
        if self.certificate is not None:
            yield from self.certificate.sentences(self.scenario)
        if len(self.singles):
            yield from _singles(self.scenario, self.singles, top)

    def __str__(self) -> str:
        """Say it in sentences, in lines of 80 columns."""
        return fill([(self.deal, list(self.sentences()))], WIDTH)


WIDTH = 80
"""Columns that the sentences fit."""


def _least(scenario: Scenario, found: LeastChange) -> Iterator[str]:
    if found.share is None:
        yield sentence(
            f"Not even all {found.numbers} numbers that declare a friendly end do it, with "
            "preconditions and ratifiers out of the way: the change must be in the text"
        )
        return
    many = len(found.moved)
    what = "1 number must" if many == 1 else f"{many} numbers must, together,"
    yield sentence(
        f"The least change found: of {found.numbers} numbers {what} give, "
        f"{found.units:.1f} standard deviations in all; then {_beside(found.share)}"
    )
    for one in found.moved:
        beyond = ", beyond its declared range" if one.beyond else ""
        size = _UNITS[one.direction.measure]
        size = size if one.direction.measure is Measure.switch else f"{one.size:.2f} {size}"
        yield sentence(f"{_named(scenario, one.direction.key, one.value)}: {size}{beyond}")
    if many > 1:
        yield (
            "None of these can be left out or moved much less by itself; another set may be "
            "smaller."
        )


def _edited(edits: Sequence[DealChange]) -> Iterator[str]:
    words = {"closed": "settle", "transferred": "move land", "first_stage": "take a first step"}
    if edits:
        yield "In the text itself, the edits that beat it as it is:"
    for one in edits:
        yield sentence(f"{'; then '.join(one.edits)}: {_beside(one.share, words[one.event])}")


def _singles(scenario: Scenario, table: pd.DataFrame, top: int) -> Iterator[str]:
    """Yield the single numbers that beat the same worlds left alone."""
    rows = _rows(table[table["beats"]])
    able = [row for row in rows if row["does"]]
    short = [row for row in rows if not row["does"]]
    if able:
        yield "Single numbers that do it alone, the smallest change first:"
        yield from (_needed(scenario, row) for row in able[:top])
    else:
        yield sentence(
            f"None of {len(table):,} stated numbers does it alone, at either end of its range or "
            "switched off"
        )
    if short and not able:
        yield "What moves it by more than luck, but not far enough:"
        yield from (_falls_short(scenario, row) for row in short[:top])
    if not rows:
        yield "No single number moves the share by more than luck."


def _needed(scenario: Scenario, row: dict[str, Any]) -> str:
    measure = Measure[row["measure"]]
    low, high = row["change_low"], row["change_high"]
    upper = f"{high:.2f}" if np.isfinite(high) else "beyond its range"
    size = f"{row['change']:.2f} {_UNITS[measure]} [{low:.2f}, {upper}]"
    size = _UNITS[measure] if measure is Measure.switch else size
    return sentence(f"{_assigned(scenario, row)}: {size}; then {_settles(row)}")


def _falls_short(scenario: Scenario, row: dict[str, Any]) -> str:
    return sentence(f"{_assigned(scenario, row)}: {_settles(row)}")


def _assigned(scenario: Scenario, row: dict[str, Any]) -> str:
    return _named(scenario, row["keys"][0], row["values"][0])


def _named(scenario: Scenario, key: str, value: float) -> str:
    """Return a number in words, with its key and value as one would type them."""
    told = "none" if np.isinf(value) else f"{value:.4g}"
    return f"{key_label(scenario, key)} ({key}={told})"


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _settles(row: dict[str, Any]) -> str:
    share = _percent(row["settled"], row["settled_low"], row["settled_high"])
    base = percent(row["base"])
    return f"{share} of {int(row['worlds'])} worlds settle, {base} % of the same left alone"


def _beside(share: PairedShare, does: str = "settle") -> str:
    told = _percent(share.share, share.low, share.high)
    return f"{told} of {share.worlds} worlds {does}, {percent(share.base)} % of the same left alone"


def _percent(share: float, low: float, high: float) -> str:
    return f"{percent(share)} % [{percent(low)}, {percent(high)}]"
