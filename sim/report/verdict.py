"""Verdict of a run in a few sentences: what settles, how soon, what stops the rest, what to ask."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sim.domain.interest import ROLES
from sim.domain.narration import key_words, listed, side_name
from sim.domain.outcome import OUTCOME_LABELS, Outcome
from sim.domain.resolve import DEPENDENCES
from sim.domain.scenario import Scenario
from sim.equations.statistics import wilson_interval
from sim.experiments.dependence import is_checked
from sim.experiments.draws import draws_table
from sim.experiments.result import EnsembleResult
from sim.quantities import Bools
from sim.report.tables import percent

__all__ = ["telling", "verdict"]

_NAMED = 3
"""How many structures, barriers or numbers a sentence names."""
_FEW = 20
"""Worlds below which nothing is said of what sets them apart."""
_APART = 0.35
"""Standardized difference of means from which on a number sets worlds apart."""


def verdict(result: EnsembleResult) -> tuple[str, ...]:
    """Return what a run says, in sentences made of the numbers of its tables.

    Parameters
    ----------
    result : EnsembleResult
    """
    rows = result.ordered()
    parts = (_closing, _partly, _never, _stopping, _telling, _dependence, _further)
    return tuple(said for part in parts for said in part(result, rows))


def _closing(result: EnsembleResult, rows: pd.DataFrame) -> Iterator[str]:
    found = rows[rows["settled"] > 0]
    if not len(found):
        yield f"None of {len(rows)} structures closes every claim in any world."
        return
    if len(rows) == 1:
        whole = _with_share(result, str(found.index[0]), found["settled"].iloc[0])
        yield f"Every claim is closed under {whole}{_soon(result, str(found.index[0]))}."
        return
    named = [_with_share(result, str(deal), row["settled"]) for deal, row in _first(found)]
    soon = _soon(result, str(found.index[0]))
    yield (
        f"{len(found)} of {len(rows)} structures ever {_ends('close', len(found))} every claim. "
        f"Most often: {listed(named)}{soon}."
    )


def _partly(result: EnsembleResult, rows: pd.DataFrame) -> Iterator[str]:
    found = rows[rows["interim"] > 0].sort_values("interim", ascending=False, kind="stable")
    if len(found):
        named = [_with_share(result, str(deal), row["interim"]) for deal, row in _first(found)]
        yield f"In part, with title left open, most is carried out under {listed(named)}."


def _never(result: EnsembleResult, rows: pd.DataFrame) -> Iterator[str]:
    none = (rows["settled"] == 0) & (rows["interim"] == 0)
    if none.any():
        worlds = result.scenario.worlds
        bound = 1.0 / float(wilson_interval(np.array(0), np.array(worlds))[1])
        labels = [_label(result, str(deal)) for deal in rows.index[none]]
        more = [f"{len(labels) - _NAMED} more"] if len(labels) > _NAMED + 1 else []
        shown = labels[:_NAMED] if more else labels
        yield (
            f"Nothing at all comes of {listed([*shown, *more])} in {worlds:,} worlds: fewer than "
            f"one in {bound:,.0f}, at 95 %."
        )


def _stopping(result: EnsembleResult, _: pd.DataFrame) -> Iterator[str]:
    worlds = result.worlds
    ended = worlds["outcome"].astype(object)
    between = ended == Outcome.interim.name
    barrier = worlds["barrier_next"].astype(object).where(between, ended)
    stopped = barrier[ended != Outcome.settled.name]
    words = {item.name: label.legend for item, label in OUTCOME_LABELS.items() if label.barrier}
    shares = stopped.map(words).value_counts() / max(len(stopped), 1)
    named = [f"{words} ({percent(share)} %)" for words, share in shares.head(_NAMED).items()]
    if named:
        yield f"What stops the rest: {listed(named)}."


def _telling(result: EnsembleResult, rows: pd.DataFrame) -> Iterator[str]:
    for deal in rows.index:
        settled = _settled(result, str(deal))
        if min(settled.sum(), (~settled).sum()) >= _FEW:
            found = telling(result.scenario, settled)[:_NAMED]
            if found:
                told = listed([f"{words} is {way}" for words, way in found])
                yield f"{_label(result, str(deal))} is closed above all where {told}."
            return


def telling(scenario: Scenario, happens: Bools) -> list[tuple[str, str]]:
    """Return the declared numbers that set some worlds most apart from the others.

    Parameters
    ----------
    scenario : Scenario
    happens : ndarray of bool, shape (worlds,)
        Of the first worlds of a run, which these are.

    Returns
    -------
    list of (number in words, "lower" or "higher")
        By the standardized difference of means, largest first; none below 0.35.
    """
    numbers = draws_table(scenario, len(happens))
    numbers = numbers.loc[:, np.isfinite(numbers.to_numpy()).all(axis=0)]
    spread = numbers.std(ddof=0)
    numbers = numbers.loc[:, spread > 0]
    apart = (numbers[happens].mean() - numbers[~happens].mean()) / spread[spread > 0]
    order = apart.abs().sort_values(ascending=False, kind="stable")
    return [
        (_number(scenario, str(key)), "higher" if apart[key] > 0 else "lower")
        for key in order.index[order >= _APART]
    ]


def _dependence(result: EnsembleResult, rows: pd.DataFrame) -> Iterator[str]:
    if not is_checked(result.scenario):
        return
    first = rows.iloc[0]
    alone, _, strong = (percent(first[f"settled_{each}"]) for each in DEPENDENCES)
    yield (
        f"This rests on how far a side's numbers go together: {_label(result, str(first.name))} "
        f"would be closed in {alone} % of worlds if they were independent, in {strong} % if they "
        "all went with the side's resolve."
    )


def _further(result: EnsembleResult, rows: pd.DataFrame) -> Iterator[str]:
    name = f"scenario={result.scenario.name} deals=[{rows.index[0]}]"
    yield f"To ask further: islands explain {name}; islands unlock {name}."


def _first(rows: pd.DataFrame) -> Iterator[tuple[object, pd.Series]]:
    return rows.head(_NAMED).iterrows()


def _with_share(result: EnsembleResult, deal: str, share: float) -> str:
    return f"{_label(result, deal)} ({percent(share)} % of worlds)"


def _soon(result: EnsembleResult, deal: str) -> str:
    """Return when half of the settlements of a structure have come."""
    settled = _settled(result, deal)
    if settled.sum() < _FEW:
        return ""
    ends = result.worlds.loc[result.worlds["deal"] == deal, "round_end"].to_numpy(dtype=float)
    scenario = result.scenario
    years = float(np.median(ends[settled])) * scenario.protocol.round_years
    return f", half of these within {_years(years)}"


def _years(years: float) -> str:
    """Return a span of time in words, rounded up."""
    number = max(int(np.ceil(years)), 1)
    return "a year" if number == 1 else f"{number} years"


def _settled(result: EnsembleResult, deal: str) -> Bools:
    own = result.worlds[result.worlds["deal"] == deal]
    return np.asarray(own["outcome"] == Outcome.settled.name)


def _label(result: EnsembleResult, deal: str) -> str:
    return f"“{result.scenario.structures[deal].label}”"


def _number(scenario: Scenario, key: str) -> str:
    """Return a number of a scenario in words.

    ``holder.preferences.weights.title`` is "Arcadia's weight on title".
    """
    first, *rest = key.split(".")
    owner = next((role for role in ROLES if role.value == first), None)
    if owner is None:
        return key_words(key)
    whose = f"{side_name(scenario.side(owner).label)}'s"
    *path, last = (part for part in rest if part not in ("preferences", "segments"))
    if "weights" in path:
        last = f"weight on {last}"
        path.remove("weights")
    return " ".join([whose, key_words(", ".join([*path, last]))])


def _ends(verb: str, number: int) -> str:
    return f"{verb}s" if number == 1 else verb
