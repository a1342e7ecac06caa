"""Page of what it would take: sentences first, then distances, least coalitions, probabilities."""

from __future__ import annotations

import textwrap
from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import numpy as np
from rich.console import Group, RenderableType
from rich.text import Text

from sim.domain.narration import listed, sentence
from sim.experiments.conditions.coalitions import Coalition
from sim.experiments.conditions.conditions import Conditions, StructureConditions
from sim.experiments.conditions.distance import REACHED
from sim.experiments.conditions.path import DeclaredPath
from sim.experiments.conditions.rare import LEAST, Estimate, Portrait
from sim.experiments.conditions.trials import EVENT_LABELS, EVENTS
from sim.plotting.style import key_label, wrapped
from sim.report.tables import MISSING, table

__all__ = ["conditions_page", "one_in", "sentences"]

_WIDTH = 80
_LABEL, _NARROW = 21, 17
"""Letters of a line of a structure's label in a table."""
_SETS, _TOLD = 3, 5
"""Least coalitions, and numbers of a portrait, that are shown."""


def conditions_page(found: Conditions) -> RenderableType:
    """Return what it would take, for a terminal of 80 columns.

    Parameters
    ----------
    found : Conditions
    """
    parts: list[RenderableType] = [Text(_filled(line)) for line in sentences(found)]
    for share in REACHED:
        parts += [Text(), Text(_ladder_title(share), style="bold"), _distances(found, share)]
    parts += [Text(), Text("Least sets of changes", style="bold")]
    parts += [Text(line) for line in _coalition_lines(found)]
    parts += [Text(), Text("How probable as things are", style="bold"), _probabilities(found)]
    parts += [Text(_filled(line)) for line in (*_portraits(found), *_unmapped(found))]
    return Group(*parts, Text(), Text(_filled(_notes(found))))


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
            "The way runs from the numbers as drawn (0) to the friendly end of every declared "
            "range (1), and on to preconditions and ratifiers out of the way (2)."
        )
    for one in near:
        yield from _must_give(found, one)
        if one.rare is not None:
            probable = _probable(one.rare.best)
            yield sentence(f"As things are, {_label(found, one)} comes about in {probable}")
    if never := [_label(found, one) for one in order if one.goal is None]:
        yield sentence(f"Whatever gives, nothing comes about: {listed(never)}")


def one_in(probability: float) -> str:
    """Return a probability as one world in so many, or in per cent where it is no small one.

    Examples
    --------
    >>> one_in(0.31), one_in(1 / 8123), one_in(2e-7)
    ('31 %', '1 in 8,100', '1 in 5 million')
    """
    if probability >= 0.01:
        return f"{100 * probability:.2g} %" if probability < 1 else "100 %"
    if probability <= 0:
        return "0"
    many = float(f"{1.0 / probability:.2g}")
    return f"1 in {many / 1e6:g} million" if many >= 1e6 else f"1 in {many:,.0f}"


def _label(found: Conditions, one: StructureConditions) -> str:
    return found.scenario.deals[one.deal].label


def _reach(one: StructureConditions) -> str:
    """Return from where on a tenth and a half of worlds bring the goal about."""
    told = []
    for share in REACHED:
        at = one.distance.at(str(one.goal), share)
        where = f"from {at.size:.2f} on" if np.isfinite(at.size) else "nowhere"
        told.append(f"{100 * share:.0f} % of worlds {where}")
    return ", ".join(told)


def _must_give(found: Conditions, one: StructureConditions) -> Iterator[str]:
    sought, name = one.coalitions, _label(found, one)
    if sought is None:
        return
    wanted = f"{100 * sought.to:g} % of worlds"
    if sought.now >= sought.to:
        yield sentence(f"{name}: nothing need give, {wanted} bring it about as things are")
        return
    if not sought.found:
        yield sentence(f"{name}: not even everything at once brings it about in {wanted}")
        return
    words = _group_words(found)
    least = listed([words[group] for group in sought.found[0].groups])
    yield sentence(f"For {name} to come about in {wanted}, the least that must give: {least}")
    if sought.necessary:
        must = listed([words[group] for group in sought.necessary])
        yield sentence(f"Without this nothing else is enough: {must}")


def _group_words(found: Conditions) -> dict[str, str]:
    return {name: group.label for name, group in DeclaredPath(found.scenario).groups.items()}


def _probable(best: Estimate) -> str:
    if not best.probability:
        return f"fewer than {one_in(max(best.high, LEAST))} worlds"
    told = one_in(best.probability)
    unit = "of worlds" if told.endswith("%") else "worlds"
    return f"{told} {unit} (95 %: {one_in(best.low)} to {one_in(best.high)})"


def _ladder_title(share: float) -> str:
    return f"Where on the way {100 * share:.0f} % of worlds get there, with 95 % intervals"


def _distances(found: Conditions, share: float) -> RenderableType:
    every = found.distances()
    rows = {
        (row["deal"], row["event"]): row
        for row in every[every["share"] == share].to_dict("records")
    }
    heads = [EVENT_LABELS[event] for event in EVENTS]
    body = table("structure", *heads, "rank", right=[*heads, "rank"])
    for deal in found.ordered():
        last = rows[deal, "closed"]
        rank = f"{last['rank']} ({last['rank_low']}-{last['rank_high']})"
        body.add_row(
            wrapped(_label(found, found.structures[deal]), _LABEL, 2),
            *(_place(rows[deal, event]) for event in EVENTS),
            rank if np.isfinite(last["t"]) else MISSING,
        )
    return body


def _place(row: Mapping[Hashable, Any]) -> str:
    t, low, high = (float(row[name]) for name in ("t", "t_low", "t_high"))
    if not np.isfinite(t):
        return MISSING
    if t == high == 0:
        return "now"
    return f"{t:.2f} ({low:.1f}-{high:.1f})" if np.isfinite(high) else f"{t:.2f} ({low:.1f}-)"


def _coalition_lines(found: Conditions) -> Iterator[str]:
    words = _group_words(found)
    for deal in found.ordered():
        one = found.structures[deal]
        sought = one.coalitions
        if sought is None:
            continue
        more = f"{'all' if sought.complete else 'at least'} {len(sought.found)}"
        goal = f"{EVENT_LABELS[sought.event]} in {100 * sought.to:g} %"
        if sought.now >= sought.to:
            yield _filled(f"{_label(found, one)}: {goal}: nothing need give")
            continue
        if not sought.found:
            yield _filled(f"{_label(found, one)}: {goal}: not even everything at once is enough")
            continue
        yield _filled(f"{_label(found, one)}: {goal} ({more} minimal sets)")
        if sought.necessary:
            needed = ", ".join(words[group] for group in sought.necessary)
            yield _filled(f"in every set: {needed}", "  ")
        for place, least in enumerate(sought.found[:_SETS], start=1):
            yield _filled(_coalition(least, words, sought.necessary, place), "  ")


def _coalition(
    least: Coalition, words: dict[str, str], necessary: tuple[str, ...], place: int
) -> str:
    own = [words[group] for group in least.groups if group not in necessary]
    share = f"{100 * least.share:.0f} % [{100 * least.low:.0f}, {100 * least.high:.0f}]"
    also = "and " if necessary else ""
    return f"{place}. {also}{', '.join(own) or 'no more'}: {share}"


def _probabilities(found: Conditions) -> RenderableType:
    body = table("structure", "event", "worlds", "95 % interval", "hits", "by", right=["hits"])
    body.width = _WIDTH
    for deal in found.ordered():
        one = found.structures[deal]
        if one.rare is None:
            continue
        best = one.rare.best
        body.add_row(
            wrapped(_label(found, one), _NARROW, 2),
            EVENT_LABELS[one.rare.event],
            one_in(best.probability) if best.probability else "none found",
            _interval(best),
            f"{best.effective:,.0f}",
            best.method,
        )
    return body


def _interval(best: Estimate) -> str:
    if not best.probability:
        return f"below {one_in(max(best.high, LEAST))}"
    return f"{one_in(best.low)} to {one_in(best.high).removeprefix('1 in ')}"


def _portraits(found: Conditions) -> Iterator[str]:
    yield ""
    for deal in found.ordered():
        one = found.structures[deal]
        if one.rare is None or not one.rare.portrait:
            continue
        told = "; ".join(_unlike(found, item) for item in one.rare.portrait[:_TOLD])
        yield sentence(f"{_label(found, one)}: worlds where it comes about differ most in: {told}")


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
        share = f"{100 * item.found:.0f} %, not {100 * item.declared:.0f} %"
        return f"“{label}” absolute in {share}"
    return f"{key_label(found.scenario, item.key)} {item.found:.3g}, not {item.declared:.3g}"


def _notes(found: Conditions) -> str:
    return sentence(
        f"{len(found.unsigned)} uncertain numbers declare no friendly end and stay as drawn; sets "
        "are minimal as judged in the worlds of the search, their shares are of other worlds; a "
        "world counts from the first place on the way at which it gets there; ranks are of “all "
        "closed”, with their 95 % interval; hits: as well known as by so many in plain sampling"
    )


def _filled(text: str, indent: str = "") -> str:
    return textwrap.fill(
        text, _WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  " if indent else ""
    )
