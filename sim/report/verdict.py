"""Verdict of a run in a few lines: what comes nearest, what stops it, what would have to change."""

from __future__ import annotations

import textwrap
from collections.abc import Hashable, Iterator, Mapping
from functools import partial
from itertools import islice

import numpy as np
import pandas as pd

from sim.domain.narration import key_label, listed, often, sentence
from sim.domain.outcome import OUTCOME_LABELS, Outcome
from sim.domain.scenario import Scenario
from sim.domain.tree import can_close
from sim.experiments.analysis.telling import FEW, TellingNumbers
from sim.experiments.dependence import is_checked
from sim.experiments.result import EnsembleResult
from sim.quantities import Bools
from sim.report.contest import winners

__all__ = ["LINES", "WIDTH", "barriers", "verdict", "verdict_lines"]

LINES, WIDTH = 10, 80
"""Lines of a verdict, and the letters that one holds."""
_NAMED = 2
"""How many structures a sentence names."""
_DRAWN = 2048
"""Of how many worlds, from the first on, the draws are looked at."""
_BARRIERS, _LATER, _CHANGES = 3, 2, 3
"""How many barriers, barriers of a next stage and changes are named of a structure."""
_WORTH_SAYING = 0.01
"""Share of worlds from which on a next stage's barrier is told."""
_BARRIER_WORDS = {
    item.name: label.legend.removeprefix("stopped by ")
    for item, label in OUTCOME_LABELS.items()
    if label.barrier
}
_NO_GAIN = _BARRIER_WORDS[Outcome.no_bargain.name]


def verdict(result: EnsembleResult, *, further: bool = True) -> tuple[str, ...]:
    """Return what a run says, in sentences made of the numbers of its tables.

    Parameters
    ----------
    result : EnsembleResult
    further : bool
        Whether the last names the command that asks further, which no printed page can be told.
    """
    said = tuple(text for _, text in _sentences(result))
    return said if further else said[:-1]


def verdict_lines(result: EnsembleResult, width: int = WIDTH) -> list[str]:
    """Return the verdict in `LINES` lines if it can be: what matters least is left out for that.

    Parameters
    ----------
    result : EnsembleResult
    width : int
        Letters of a line.
    """
    said = list(_sentences(result))
    while len(lines := _wrapped([text for _, text in said], width)) > LINES:
        last = max(said, key=lambda one: one[0])
        if not last[0]:
            break
        said.remove(last)
    return lines


def _wrapped(said: list[str], width: int) -> list[str]:
    fill = textwrap.TextWrapper(
        width, subsequent_indent="  ", break_on_hyphens=False, break_long_words=False
    )
    return [line for text in said for line in fill.wrap(text)]


def _sentences(result: EnsembleResult) -> Iterator[tuple[int, str]]:
    """Yield each sentence with how soon it is left out where there is no room: 0, never."""
    rows = result.ordered().sort_values(
        ["settled", "transferred", "first_stage", "margin"], ascending=False, kind="stable"
    )
    draws = TellingNumbers(result.scenario, min(result.scenario.worlds, _DRAWN))
    if result.scenario.agenda == "single":
        yield 0, _nearest(result, rows)
        yield from _in_part(result, rows)
    else:
        yield from ((0, said) for said in winners(result))
    for place, deal in enumerate(_asked(result, rows)):
        yield place, _stopped(result, deal, None if place else draws)
    yield from _never(result, rows)
    yield from _dependence(result, rows)
    yield 0, _further(result.scenario)


def _nearest(result: EnsembleResult, rows: pd.DataFrame) -> str:
    """Return which structures come nearest to closing every claim, and how often and soon."""
    if not (closing := rows[rows["settled"] > 0].head(_NAMED)).empty:
        soon = [_soon(result, str(closing.index[0])), *[""] * _NAMED]
        told = [
            f"{_label(result, str(deal))} ({often(share)}{when})"
            for (deal, share), when in zip(closing["settled"].items(), soon, strict=False)
        ]
        return f"Nearest to closing all claims, of 100 worlds: {listed(told)}."
    none = f"In none of {result.scenario.worlds:,} worlds is every claim closed"
    able = list(islice(filter(partial(can_close, result.scenario), map(str, rows.index)), _NAMED))
    if not able:
        return f"{none}, and no text of any structure closes them all."
    told = [
        f"{_label(result, deal)} ({_comes_about(rows.to_dict('index')[deal])})" for deal in able
    ]
    return f"{none}. Nearest of those that could close them: {listed(told)}."


def _comes_about(row: Mapping[Hashable, float]) -> str:
    """Return the most that comes about under a structure, and in how many of 100 worlds."""
    for words, share in (("land moves", row["transferred"]), ("a first step", row["first_stage"])):
        if share > 0:
            return f"{words} in {often(share)}{' worlds' if share < 0.001 else ' of 100'}"
    return "nothing comes about"


def _in_part(result: EnsembleResult, rows: pd.DataFrame) -> Iterator[tuple[int, str]]:
    """Yield which structure hands over something but leaves a claim open; which only begins."""
    moved = rows["transferred"] - np.minimum(rows["closed"], rows["transferred"])
    begun = rows["first_stage"] - np.maximum(rows["transferred"], rows["closed"])
    for soon, words, shares in (
        (0, "Land moves but a claim stays open", moved),
        (2, "No more than a first step", begun),
    ):
        if shares.max() > 0:
            label = _label(result, str(shares.idxmax()))
            yield soon, f"{words}: {label} ({often(shares.max())})."


def _never(result: EnsembleResult, rows: pd.DataFrame) -> Iterator[tuple[int, str]]:
    none = rows.index[(rows["first_stage"] == 0) & (rows["settled"] == 0)]
    if len(none):
        labels = [_label(result, str(deal)) for deal in none[:_NAMED]]
        more = [f"{len(none) - _NAMED} more"] if len(none) > _NAMED else []
        yield (
            3,
            f"In {result.scenario.worlds:,} worlds nothing comes of {listed([*labels, *more])}.",
        )


def _asked(result: EnsembleResult, rows: pd.DataFrame) -> list[str]:
    """Return whose obstacles are told: of what is on the table, else of what comes nearest."""
    tabled = [deal for deal in result.scenario.on_the_table or () if deal in rows.index]
    return (tabled or [str(deal) for deal in rows.index])[:_NAMED]


def _stopped(result: EnsembleResult, deal: str, draws: TellingNumbers | None) -> str:
    """Return what stops a structure, the commonest first, and given draws what it would take."""
    worlds = result.worlds[result.worlds["deal"] == deal]
    first = worlds[worlds["world"] < draws.worlds] if draws else worlds
    turns = _turns_on(first, draws) if draws else ""
    told = [
        f"{words} ({often(share)}{turns if words == _NO_GAIN else ''})"
        for words, share in barriers(worlds).head(_BARRIERS).items()
    ]
    after = [
        f"{words} ({often(share)})"
        for words, share in barriers(worlds, following=True).head(_LATER).items()
        if share >= _WORTH_SAYING
    ]
    otherwise = _otherwise(first, draws) if draws else ""
    where = [f"by {listed(told)}"] if told else []
    where += [f"after a stage in force, by {listed(after)}"] if after else []
    stops = f"is stopped {'; '.join(where)}" if where else "is hardly stopped by anything"
    return sentence(f"{_label(result, deal)} {stops}.{otherwise}")


def barriers(worlds: pd.DataFrame, *, following: bool = False) -> pd.Series:
    """Return what stops worlds, and in which share of all, the largest first: as the funnel counts.

    Parameters
    ----------
    worlds : DataFrame
        Rows of the table of worlds, of one structure.
    following : bool
        Of the worlds that end `interim` instead, what stops their next stage.
    """
    ended = worlds["outcome"].astype(object)
    next_one = worlds["barrier_next"].astype(object)
    stopped = next_one.where(ended == Outcome.interim.name) if following else ended
    return stopped.map(_BARRIER_WORDS).value_counts() / max(len(worlds), 1)


def _turns_on(worlds: pd.DataFrame, draws: TellingNumbers) -> str:
    """Return which number decides most whether there is a gain for both."""
    gain = np.asarray(worlds["zopa_margin"] > 0)
    if min(gain.sum(), (~gain).sum()) < FEW:
        return ""
    return "".join(
        f"; rarer the {'higher' if apart > 0 else 'lower'} “{key_label(draws.scenario, key)}”"
        for key, apart in draws.numbers(gain)[:1]
    )


def _otherwise(worlds: pd.DataFrame, draws: TellingNumbers) -> str:
    """Return what is otherwise in the worlds in which the most that ever happens comes about."""
    for words, happens in (
        ("all claims close", worlds["closed"]),
        ("land does move", worlds["transferred"]),
        ("both would gain", worlds["zopa_margin"] > 0),
    ):
        if told := draws.changes(np.asarray(happens, dtype=bool)):
            return f" Where {words}: {'; '.join(told[:_CHANGES])}."
    return ""


def _dependence(result: EnsembleResult, rows: pd.DataFrame) -> Iterator[tuple[int, str]]:
    if is_checked(result.scenario) and "settled_strong" in rows:
        first = rows.iloc[0]
        closes = first["settled_independent"] or first["settled_strong"]
        what, verb = ("settled", "closes") if closes else ("in_force", "has a text in force")
        alone, strong = (often(first[f"{what}_{each}"]) for each in ("independent", "strong"))
        yield (
            0,
            sentence(
                "All this assumes that a side that is firm on one point is firm on others, too: "
                f"without that {_label(result, str(first.name))} {verb} in {alone} of 100 worlds, "
                f"with it to the full in {strong}"
            ),
        )


def _further(scenario: Scenario) -> str:
    if scenario.agenda == "single":
        return f"Ask what it would take: islands conditions scenario={scenario.name} [deals=NAME]"
    return f"Ask who stops what: islands explain scenario={scenario.name} agenda={scenario.agenda}"


def _soon(result: EnsembleResult, deal: str) -> str:
    """Return when half of the settlements of a structure have come."""
    own = result.worlds[result.worlds["deal"] == deal]
    settled: Bools = np.asarray(own["outcome"] == Outcome.settled.name)
    if settled.sum() < FEW:
        return ""
    ends = own["round_end"].to_numpy(dtype=float)[settled]
    years = max(int(np.ceil(np.median(ends) * result.scenario.protocol.round_years)), 1)
    return f", half of them by year {years}"


def _label(result: EnsembleResult, deal: str) -> str:
    if result.scenario.agenda != "single":
        return "the dispute"
    return f"“{result.scenario.structures[deal].label}”"
