"""Verdict of a run in a few lines: what comes nearest, what stops it, what would have to change."""

from __future__ import annotations

import textwrap
from collections.abc import Hashable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.domain.narration import FUNNEL, listed, often, sentence
from sim.domain.outcome import OUTCOME_LABELS, Outcome
from sim.domain.scenario import Scenario
from sim.domain.tree import can_close
from sim.experiments.analysis.telling import FEW, Contrast, TellingNumbers
from sim.experiments.dependence import is_checked
from sim.experiments.result import EnsembleResult
from sim.quantities import Bools
from sim.report.contest import winners

__all__ = ["EVENTS", "LINES", "WIDTH", "barriers", "verdict", "verdict_lines"]

LINES, WIDTH = 10, 80
"""Lines of a verdict, and the letters that one holds."""
_NAMED = 2
"""How many structures a sentence names."""
_DRAWN = 2048
"""Of how many worlds, from the first on, the draws are looked at."""
_BARRIERS, _LATER, _CHANGES = 3, 2, 3
"""How many barriers, barriers of a next stage and changes are named of a structure."""
_WORTH_SAYING = 0.02
"""Share of worlds from which on a next stage's barrier is told."""
_BARRIER_WORDS = {
    item.name: label.legend.removeprefix("stopped by ")
    for item, label in OUTCOME_LABELS.items()
    if label.barrier
}
_PASSED = {
    Outcome.no_bargain.name: ("both gain", "for both to gain"),
    Outcome.preconditions.name: ("none forbids it", "to meet preconditions"),
    Outcome.publics.name: ("it would pass", "to pass at home"),
    Outcome.not_reached.name: ("it is agreed", "to agree in time"),
    Outcome.rejected.name: ("it is ratified", "to be ratified"),
    Outcome.reneged.name: ("it is kept", "to be kept"),
}
"""What is the case in worlds that get past a barrier, and what a change is for that helps past."""
EVENTS = {
    "closed": "all claims close",
    "transferred": "land moves",
    "first_stage": "a first step comes",
}
"""What may come of a structure, the most first."""
_NO_GAIN = Outcome.no_bargain.name
"""What comes before any precondition."""
_ONLY = " [deals=NAME]"
_DEPTH = {outcome.name: place for place, outcome in enumerate(FUNNEL)}
"""How far worlds came that end so."""


_Sentence = tuple[int, str, str]
"""How soon it gives way where there is no room (0: never), itself, and what it then gives way to.

Left out are first what nothing comes of (6), what only begins (5), what stops a second structure
(4) and what closes in part (3); then figures are (2), and the ends of lists (1).
"""


def verdict(result: EnsembleResult, *, further: bool = True) -> tuple[str, ...]:
    """Return what a run says, in sentences made of the numbers of its tables.

    Parameters
    ----------
    result : EnsembleResult
    further : bool
        Whether the last names the command that asks further, which no printed page can be told.
    """
    said = tuple(text for _, text, _ in _sentences(result))
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
    while len(lines := _wrapped([text for _, text, _ in said], width)) > LINES:
        last = max(said, key=lambda one: one[0])
        if not last[0]:
            break
        place = said.index(last)
        said[place : place + 1] = [_shorter(last, width)] if last[2] else []
    return lines


def _shorter(one: _Sentence, width: int) -> _Sentence:
    """Return the short form of a sentence, if that saves a line."""
    _, text, brief = one
    saves = len(_wrapped([brief], width)) < len(_wrapped([text], width))
    return 0, brief if saves else text, ""


def _wrapped(said: list[str], width: int) -> list[str]:
    fill = textwrap.TextWrapper(
        width, subsequent_indent="  ", break_on_hyphens=False, break_long_words=False
    )
    return [line for text in said for line in fill.wrap(text)]


def _sentences(result: EnsembleResult) -> Iterator[_Sentence]:
    rows = result.ordered().sort_values(
        ["settled", "transferred", "first_stage", "margin"], ascending=False, kind="stable"
    )
    if result.scenario.agenda == "single":
        yield 1, _nearest(result, rows), _nearest(result, rows, 1)
        yield from _in_part(result, rows)
    else:
        yield from ((1, *said) for said in zip(winners(result), winners(result, 1), strict=True))
    for place, deal in enumerate(_asked(result, rows)):
        brief = "" if place else _stopped(result, deal, 1)
        yield 4 if place else 1, _stopped(result, deal), brief
        yield from () if place else _changed(result, deal)
    yield from _never(result, rows)
    yield from _dependence(result, rows)
    further = _further(result.scenario)
    yield 1, further, further.removesuffix(_ONLY)


def _nearest(result: EnsembleResult, rows: pd.DataFrame, most: int = _NAMED) -> str:
    """Return which structures come nearest to closing every claim, and how often and soon."""
    if not (closing := rows[rows["settled"] > 0].head(most)).empty:
        first, *others = closing["settled"].items()
        told = [f"{_of_100(first[1])} worlds{_soon(result, str(first[0]))}"]
        told += [often(share) for _, share in others]
        named = [
            f"{_label(result, str(deal))} ({own})"
            for deal, own in zip(closing.index, told, strict=True)
        ]
        return f"Nearest to closing all claims: {listed(named)}."
    none = f"In none of {result.scenario.worlds:,} worlds is every claim closed"
    able = list(islice(filter(partial(can_close, result.scenario), map(str, rows.index)), most))
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
            return f"{words} in {_of_100(share)} worlds"
    return "nothing comes about"


def _of_100(share: float) -> str:
    """Return so many of 100, or one in so many."""
    told = often(share)
    return told if told.startswith("1 in") else f"{told} of 100"


def _in_part(result: EnsembleResult, rows: pd.DataFrame) -> Iterator[_Sentence]:
    """Yield which structure hands over something but leaves a claim open; which only begins."""
    moved = rows["transferred"] - np.minimum(rows["closed"], rows["transferred"])
    begun = rows["first_stage"] - np.maximum(rows["transferred"], rows["closed"])
    for soon, words, shares in (
        (3, "Land moves but a claim stays open", moved),
        (5, "No more than a first step", begun),
    ):
        if shares.max() > 0:
            label = _label(result, str(shares.idxmax()))
            yield soon, f"{words}: {label} ({often(shares.max())}).", ""


def _never(result: EnsembleResult, rows: pd.DataFrame) -> Iterator[_Sentence]:
    none = rows.index[(rows["first_stage"] == 0) & (rows["settled"] == 0)]
    if len(none):
        labels = [_label(result, str(deal)) for deal in none[:_NAMED]]
        more = [f"{len(none) - _NAMED} more"] if len(none) > _NAMED else []
        yield (
            6,
            f"In {result.scenario.worlds:,} worlds nothing comes of {listed([*labels, *more])}.",
            "",
        )


def _asked(result: EnsembleResult, rows: pd.DataFrame) -> list[str]:
    """Return whose obstacles are told: of what is on the table, else of what comes nearest."""
    tabled = [deal for deal in result.scenario.on_the_table or () if deal in rows.index]
    return (tabled or [str(deal) for deal in rows.index])[:_NAMED]


def _stopped(result: EnsembleResult, deal: str, less: int = 0) -> str:
    """Return what stops a structure, the commonest first."""
    worlds = result.worlds[result.worlds["deal"] == deal]
    told = [
        f"by {words} ({often(share)})"
        for words, share in barriers(worlds).head(_BARRIERS - less).items()
    ]
    after = [
        f"{words} ({often(share)})"
        for words, share in barriers(worlds, following=True).head(_LATER - less).items()
        if share >= _WORTH_SAYING
    ]
    where = [f"{'first ' if told[1:] else ''}{', then '.join(told)}"] if told else []
    where += [f"after a stage in force, by {listed(after)}"] if after else []
    stops = f"is stopped {'; '.join(where)}" if where else "is hardly stopped by anything"
    return sentence(f"{_label(result, deal)} {stops}")


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


class _Gate(NamedTuple):
    """A barrier, and which worlds get past it and are stopped by it."""

    barrier: str
    passing: Bools
    stopped: Bools


def _changed(result: EnsembleResult, deal: str) -> Iterator[_Sentence]:
    """Yield what would have to change for a structure, and how far the first of it goes.

    It is what sets worlds that get past a barrier apart from those stopped by it, for the barriers
    that stop most worlds.
    """
    draws = TellingNumbers(result.scenario, min(result.scenario.worlds, _DRAWN))
    every = result.worlds[result.worlds["deal"] == deal]
    gates = list(_gates(every[every["world"] < draws.worlds]))
    found = list(_in_turn(draws, gates))
    if gates and (not found or gates[0].passing.sum() < FEW):
        yield 3 if found else 0, _nothing_tells(draws, gates[0]), ""
    if found:
        typical = [f" ({one.passing}, not {one.stopped})" for _, one in found]
        far = _how_far(every, found)
        brief = _must_change(found, [typical[0], *[""] * len(typical[1:])])
        yield 2, f"{_must_change(found, typical)} {far}", f"{brief} {far}"


def _gates(worlds: pd.DataFrame) -> Iterator[_Gate]:
    """Yield barriers, that of most worlds first."""
    ended = worlds["outcome"].astype(object)
    again = worlds["barrier_next"].astype(object).where(ended == Outcome.interim.name)
    depth = np.asarray(ended.map(_DEPTH) * len(_DEPTH) + again.map(_DEPTH).fillna(len(_DEPTH) - 1))
    stops = again.fillna(ended)
    for place in pd.Series(depth[stops.isin(_BARRIER_WORDS)]).value_counts().index[:_BARRIERS]:
        stopped = depth == place
        yield _Gate(str(stops[stopped].iloc[0]), depth > place, stopped)


def _in_turn(draws: TellingNumbers, gates: list[_Gate]) -> Iterator[tuple[_Gate, Contrast]]:
    """Yield one thing of each barrier, then more as far as there is room, none of them twice."""
    asked = [
        (gate, draws.contrasts(gate.passing, gate.stopped, stances=gate.barrier != _NO_GAIN))
        for gate in gates
    ]
    known: set[str] = set()
    for gate, own in [*asked, *asked]:
        one = next((one for one in own if one.key not in known), None)
        if one is not None and len(known) < _CHANGES:
            known.add(one.key)
            yield gate, one


def _must_change(found: list[tuple[_Gate, Contrast]], figures: list[str]) -> str:
    """Return changes as a sentence that says what each is for."""
    said, aim, side = [], "", ""
    for (gate, one), own in zip(found, figures, strict=True):
        before, aim = aim, _PASSED[gate.barrier][1]
        does = f"{_again(one.who, side)} {one.does}{own}".lstrip()
        said.append(does if aim == before else f"{aim}, {does}")
        side = one.who.partition("'s ")[0]
    return f"What must change: {'; '.join(said)}."


def _again(who: str, side: str) -> str:
    """Return who somebody is where a side has just been named."""
    if not side or not who.startswith(side):
        return who
    rest = who.removeprefix(side)
    return f"its{rest[2:]}" if rest.startswith("'s ") else "it" if not rest else who


def _how_far(worlds: pd.DataFrame, found: list[tuple[_Gate, Contrast]]) -> str:
    """Return how often a structure comes about with the first change, and with all.

    With it are the worlds at the best fifth of a number, and those without a precondition.
    """
    gate, drawn = found[0][0], len(found[0][0].passing)
    words, happens = _PASSED[gate.barrier][0], gate.passing
    for name, said in reversed(EVENTS.items()):
        if FEW <= worlds[name].head(drawn).sum() <= gate.passing.sum():
            words, happens = said, np.asarray(worlds[name], dtype=bool)
    there = [one.there for _, one in found]
    shares = [
        f"{often(happens[:drawn][there[0]].mean())} with {'the first' if found[1:] else 'that'}"
    ]
    if len(found) > 1 and (together := np.logical_and.reduce(there)).sum() >= FEW:
        shares.append(f"{often(happens[:drawn][together].mean())} with all")
    return sentence(f"{words} in {_of_100(happens.mean())}, {', '.join(shares)}")


def _nothing_tells(draws: TellingNumbers, gate: _Gate) -> str:
    """Return why no number is told as what would have to change past a barrier."""
    few, barrier = int(gate.passing.sum()), f"“{_BARRIER_WORDS[gate.barrier]}”"
    if few < FEW:
        past = f"{'only ' if few else ''}{few or 'none'} of {len(gate.passing):,} worlds"
        return sentence(f"{past} get past {barrier}: too few to tell what would have to change")
    if softer := draws.softer(gate.passing, gate.stopped):
        gives = "gives" if len(softer) == 1 else "give"
        return f"What must change: {listed(softer)} {gives} way on most points at once."
    return f"No single number sets apart the worlds that get past {barrier}."


def _dependence(result: EnsembleResult, rows: pd.DataFrame) -> Iterator[_Sentence]:
    if is_checked(result.scenario) and "settled_strong" in rows:
        first = rows.iloc[0]
        closes = first["settled_independent"] or first["settled_strong"]
        what, verb = ("settled", "closes") if closes else ("in_force", "has a text in force")
        alone, strong = (often(first[f"{what}_{each}"]) for each in ("independent", "strong"))
        yield (
            2,
            "Assumed: who is firm on one point is partly so on others. If not at all, "
            f"{_label(result, str(first.name))} {verb} in {alone} of 100, if wholly, in {strong}.",
            f"If firmness on one point said nothing of others, {often(first['settled'])} would be "
            f"{alone}; if all, {strong}."
            if closes and first["settled"]
            else "",
        )


def _further(scenario: Scenario) -> str:
    if scenario.agenda == "single":
        return f"Ask what it would take: islands conditions scenario={scenario.name}{_ONLY}"
    return f"Ask who stops what: islands explain scenario={scenario.name} agenda={scenario.agenda}"


def _soon(result: EnsembleResult, deal: str) -> str:
    """Return when half of the settlements of a structure have come."""
    own = result.worlds[result.worlds["deal"] == deal]
    settled: Bools = np.asarray(own["outcome"] == Outcome.settled.name)
    if settled.sum() < FEW:
        return ""
    ends = own["round_end"].to_numpy(dtype=float)[settled]
    years = max(int(np.ceil(np.median(ends) * result.scenario.protocol.round_years)), 1)
    return f", half by year {years}"


def _label(result: EnsembleResult, deal: str) -> str:
    if result.scenario.agenda != "single":
        return "the dispute"
    return f"“{result.scenario.structures[deal].label}”"
