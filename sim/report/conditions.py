"""Page of what it would take: sentences first, then distances, least coalitions, probabilities."""

from __future__ import annotations

import textwrap
from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Group, RenderableType
from rich.text import Text

from sim.domain.narration import listed, one_in, percent, sentence
from sim.experiments.conditions.coalitions import Coalitions
from sim.experiments.conditions.conditions import Conditions, StructureConditions
from sim.experiments.conditions.distance import REACHED
from sim.experiments.conditions.path import DeclaredPath
from sim.experiments.conditions.rare import LEAST, Estimate, Portrait
from sim.experiments.conditions.trials import EVENT_LABELS, EVENTS
from sim.plotting.style import key_label, wrapped
from sim.report.tables import MISSING, results_in, table

__all__ = ["NO_WAY", "conditions_page", "probability_words", "sentences"]

_WIDTH = 80
NO_WAY = 0.005
"""Of the way: less rounds to nothing."""
_LABEL, _NARROW = 21, 17
"""Letters of a line of a structure's label in a table."""
_METHODS = {"plain": "as drawn", "subset": "step by step", "importance": "reweighted"}
_SETS, _TOLD = 3, 5
"""Least coalitions, and numbers of a portrait, that are shown."""


def conditions_page(found: Conditions, out: Path | None = None) -> RenderableType:
    """Return what it would take, for a terminal of 80 columns.

    Parameters
    ----------
    found : Conditions
    out : Path, optional
        Where its files lie.
    """
    parts: list[RenderableType] = [Text(_filled(line)) for line in sentences(found)]
    for share in REACHED:
        parts += [Text(), Text(_ladder_title(share), style="bold"), _distances(found, share)]
    parts += [Text(), Text("Least sets of changes", style="bold")]
    parts += [Text(line) for line in _coalition_lines(found)]
    parts += [Text(), Text("How probable as things are", style="bold"), _probabilities(found)]
    parts += [Text(_filled(line)) for line in (*_portraits(found), *_unmapped(found))]
    return Group(*parts, Text(), Text(_filled(_notes(found))), *results_in(out))


def sentences(found: Conditions) -> Iterator[str]:
    """Yield the answer in sentences: who is nearest, what must give, how rare it is, who never.

    Parameters
    ----------
    found : Conditions
    """
    order = [found.structures[deal] for deal in found.ordered()]
    able = [one for one in order if one.goal is not None]
    near = [one for one in able if one.goal == able[0].goal][:2] if able else []
    if near:
        event = EVENT_LABELS[str(near[0].goal)]
        told = [f"{_label(found, one)} ({_reach(one)})" for one in near]
        yield sentence(f"Nearest to “{event}”: {listed(told)}")
        yield (
            "The way changes everything together: 0 is as things are, 1 is the friendly end of "
            "every declared range, 2 is without preconditions and ratifiers, too."
        )
    for one in near:
        yield from _must_give(found, one)
        if one.rare is not None:
            probable = _probable(one.rare.best)
            event = EVENT_LABELS[one.rare.event]
            yield sentence(f"As things are, “{event}” comes about in {probable}")
    if never := [_label(found, one) for one in order if one.goal is None]:
        what = f"“{EVENT_LABELS[found.event]}” never" if found.event else "nothing"
        yield sentence(f"Whatever gives, {what} comes about: {listed(never)}")


def probability_words(probability: float) -> str:
    """Return a probability as `one_in` has it, where the search goes down to it.

    Examples
    --------
    >>> probability_words(2e-7), probability_words(0.0)
    ('rarer than 1 in 1 million', 'none found')
    """
    if probability < LEAST:
        return f"rarer than {one_in(LEAST)}" if probability else "none found"
    return one_in(probability)


def _label(found: Conditions, one: StructureConditions) -> str:
    return found.scenario.structures[one.deal].label


def _reach(one: StructureConditions) -> str:
    """Return from where on the way a tenth and a half of worlds bring the goal about."""
    told = []
    if one.distance.at(str(one.goal), REACHED[-1]).size < NO_WAY:
        return f"{100 * REACHED[-1]:.0f} % of worlds and more as things are"
    for share in REACHED:
        size = one.distance.at(str(one.goal), share).size
        where = f"at {size:.2f} of the way" if np.isfinite(size) else "nowhere on the way"
        now = "as things are" if size < NO_WAY else where
        told.append(f"{100 * share:.0f} % of worlds {now}")
    return ", ".join(told)


def _must_give(found: Conditions, one: StructureConditions) -> Iterator[str]:
    sought, name = one.coalitions, _label(found, one)
    if sought is None:
        return
    event = f"“{EVENT_LABELS[sought.event]}”"
    wanted = f"{100 * sought.to:g} % of worlds"
    if sought.now >= sought.to:
        yield sentence(
            f"{name}: nothing need give, as {event} comes about in more than the {wanted} asked "
            "for already"
        )
        return
    if not sought.found:
        yield sentence(f"{name}: not even everything at once brings {event} about in {wanted}")
        return
    words = _group_words(found)
    least = listed([words[group] for group in sought.found[0].groups])
    others = len(sought.found) - 1
    also = f", or one of {others} other sets" if others else ""
    yield sentence(f"{name}: for {event} in {wanted}, the least that must give: {least}{also}")
    if sought.necessary:
        must = listed([words[group] for group in sought.necessary])
        yield sentence(f"Without this nothing else is enough: {must}")


def _group_words(found: Conditions) -> dict[str, str]:
    return {name: group.label for name, group in DeclaredPath(found.scenario).groups.items()}


def _probable(best: Estimate) -> str:
    if best.probability < LEAST:
        return f"fewer than {one_in(max(best.high, LEAST))} worlds"
    told = one_in(best.probability)
    unit = "of worlds" if told.endswith("%") else "worlds"
    return f"{told} {unit} (95 %: {one_in(best.low)} to {one_in(best.high)})"


def _ladder_title(share: float) -> str:
    return f"Where on the way {100 * share:.0f} % of worlds get there (95 % interval)"


def _distances(found: Conditions, share: float) -> RenderableType:
    every = found.distances()
    rows = {
        (row["deal"], row["event"]): row
        for row in every[every["share"] == share].to_dict("records")
    }
    heads = [EVENT_LABELS[event] for event in EVENTS]
    body = table("structure", *heads, "rank", right=[*heads, "rank"])
    for deal in found.ordered():
        last = rows[deal, found.ranked_by]
        body.add_row(
            wrapped(_label(found, found.structures[deal]), _LABEL, 2),
            *(_place(rows[deal, event]) for event in EVENTS),
            _rank(last) if np.isfinite(last["t"]) else MISSING,
        )
    return body


def _rank(row: Mapping[Hashable, Any]) -> str:
    """Return a rank, with its interval where that holds another."""
    sure = row["rank_low"] == row["rank_high"] == row["rank"]
    return f"{row['rank']}" + ("" if sure else f" ({row['rank_low']}-{row['rank_high']})")


def _place(row: Mapping[Hashable, Any]) -> str:
    t, low, high = (float(row[name]) for name in ("t", "t_low", "t_high"))
    if not np.isfinite(t):
        return MISSING
    if t < NO_WAY and high < 0.05:  # else the interval would be told as 0.0 to 0.0
        return "now"
    return f"{t:.2f} ({low:.1f}-{high:.1f})" if np.isfinite(high) else f"{t:.2f} ({low:.1f}-)"


def _coalition_lines(found: Conditions) -> Iterator[str]:
    words = _group_words(found)
    for deal in found.ordered():
        one = found.structures[deal]
        sought = one.coalitions
        if sought is None:
            continue
        goal = f"“{EVENT_LABELS[sought.event]}” in {100 * sought.to:g} % of worlds"
        if sought.now >= sought.to:
            yield _filled(f"{_label(found, one)}: {goal}: nothing need give, it is so already")
            continue
        if not sought.found:
            yield _filled(f"{_label(found, one)}: {goal}: not even everything at once is enough")
            continue
        yield _filled(f"{_label(found, one)}: {goal} ({_how_many(sought)})")
        if sought.necessary:
            needed = ", ".join(words[group] for group in sought.necessary)
            yield _filled(f"in every set: {needed}", "  ")
        shown = _shown(sought)
        for place in shown:
            yield _filled(_coalition(sought, words, place), "  ")
        if more := len(sought.found) - len(shown):
            untold = sum(np.isnan(one.share) for one in sought.found)
            blank = f"; {untold} of them not tried in other worlds, so without a share"
            said = (
                f"and {more} more{blank if untold else ''} (out=DIR writes all to coalitions.csv)"
            )
            yield _filled(said, "  ")


def _how_many(sought: Coalitions) -> str:
    """Return how many least sets there are, or that there may be more."""
    number = len(sought.found)
    if not sought.complete:
        return f"{number} least sets found, there may be more"
    return "the one least set" if number == 1 else f"all {number} least sets"


def _shown(sought: Coalitions) -> list[int]:
    """Return the places of the sets to show: the smallest, and the one with the highest share."""
    first = range(min(_SETS, len(sought.found)))
    best = sought.likeliest
    return [*first, *([] if best is None or best in first else [best])]


def _coalition(sought: Coalitions, words: dict[str, str], place: int) -> str:
    least, necessary = sought.found[place], sought.necessary
    own = [words[group] for group in least.groups if group not in necessary]
    best = ", the highest share of them" if place == sought.likeliest and place else ""
    share = (
        f"then {percent(least.share)} % of worlds "
        f"(95 %: {percent(least.low)} to {percent(least.high)} %){best}"
    )
    also = f"{'and ' if necessary else ''}{', '.join(own)}" if own else "which is enough"
    return f"{place + 1}. {also}: {share}"


def _probabilities(found: Conditions) -> RenderableType:
    body = table(
        "structure", "event", "worlds", "95 % interval", "hits", "found by", right=["hits"]
    )
    body.width = _WIDTH
    for deal in found.ordered():
        one = found.structures[deal]
        if one.rare is None:
            continue
        best = one.rare.best
        body.add_row(
            wrapped(_label(found, one), _NARROW, 2),
            EVENT_LABELS[one.rare.event],
            probability_words(best.probability),
            _interval(best),
            f"{best.effective:,.0f}",
            _METHODS.get(best.method, best.method),
        )
    return body


def _interval(best: Estimate) -> str:
    if best.probability < LEAST:
        return f"below {one_in(max(best.high, LEAST))}"
    return f"{one_in(best.low)} to {one_in(best.high).removeprefix('1 in ')}"


def _portraits(found: Conditions) -> Iterator[str]:
    yield ""
    for deal in found.ordered():
        one = found.structures[deal]
        if one.rare is None or not one.rare.portrait or one.rare.best.effective < 1:
            continue  # of less than one such world nothing can be said
        told = "; ".join(_unlike(found, item) for item in one.rare.portrait[:_TOLD])
        yield sentence(f"{_label(found, one)}: what marks worlds where it comes about: {told}")


def _unmapped(found: Conditions) -> Iterator[str]:
    """Yield of which structures there is no map, where there is one of others."""
    own = found.structures.values()
    if any(one.map_ for one in own):
        without = [_label(found, one) for one in own if one.goal is not None and one.map_ is None]
        if without:
            yield sentence(f"No map, as nothing comes about anywhere on it: {listed(without)}")


def _unlike(found: Conditions, item: Portrait) -> str:
    role, part, *rest = item.key.split(".")
    if part == "preconditions" and len(rest) == 1:
        side = getattr(found.scenario, role)
        label = side.preconditions[rest[0]].label
        share = f"{percent(item.found)} % of them, {percent(item.declared)} % of all"
        return f"“{label}” is absolute in {share}"
    means = f"{item.found:.3g} on average, {item.declared:.3g} in all worlds"
    return f"{key_label(found.scenario, item.key)} is {means}"


def _notes(found: Conditions) -> str:
    return sentence(
        "now: as things are; –: nowhere on the way; a world counts from the first place on the "
        f"way at which it gets there; {len(found.unsigned)} uncertain numbers declare no friendly "
        f"end and stay as drawn on all of it; {_worlds(found)}; ranks are of "
        f"“{EVENT_LABELS[found.ranked_by]}”, with their 95 % interval where they are "
        "not sure; a least set is one of which nothing can be spared, judged in the worlds of the "
        "search, and its share is of others; hits: "
        "worlds where it comes about, of a rare one as many as plain sampling would need to know "
        "as much; found by: worlds as they are drawn, or "
        "subset simulation, which goes to rare ones step by step, or worlds drawn more often where "
        "it comes about, and reweighted"
    )


def _worlds(found: Conditions) -> str:
    """Say in how many worlds the distances and the least sets were judged."""
    own = found.structures.values()
    far = max(len(worlds) for one in own for worlds in one.distance.of_worlds.values())
    told = [f"the way was looked at in {far:,} worlds of each structure"]
    if sets := [one.coalitions for one in own if one.coalitions]:
        seen, fresh = sets[0].worlds, sets[0].fresh
        told.append(f"least sets were sought in {seen:,} worlds and tried in {fresh:,} others")
    return ", ".join(told)


def _filled(text: str, indent: str = "") -> str:
    return textwrap.fill(
        text, _WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  " if indent else ""
    )
