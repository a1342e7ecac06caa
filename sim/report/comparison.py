"""Comparison in sentences and one table: what changes between cases in the same worlds."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from sim.domain.narration import amount, key_label, listed, percent, sentence
from sim.domain.outcome import GATES, OUTCOME_LABELS, OUTCOMES
from sim.domain.scenario import Scenario
from sim.experiments.comparison import Comparison
from sim.experiments.conditions.trials import EVENT_LABELS
from sim.report.numbers import UNSET, number_label, unset_numbers
from sim.report.tables import (
    difference,
    filled,
    is_sure,
    paired_cells,
    results_in,
    table,
)

__all__ = [
    "STOPPED_LABELS",
    "case_sentences",
    "changes_in_words",
    "comparison_page",
    "comparison_sentences",
    "in_words",
    "told_rows",
]

STOPPED_LABELS = {
    item.name: OUTCOME_LABELS[item].legend for item in OUTCOMES if OUTCOME_LABELS[item].stops
}
"""What stops a world: told of where it surely differs."""
_GATES = {f"gate_{name}": legend for name, legend in GATES.items()}
_SAID, _SETTINGS = 3, ("start", "rounds", "agenda", "dependence", "conditioned")
_WORDS = EVENT_LABELS | STOPPED_LABELS | _GATES
_SHORT = EVENT_LABELS | {item.name: OUTCOME_LABELS[item].column for item in OUTCOMES} | _GATES
_GATES_EXPLAINED = """\
Gates that surely open or shut, each judged on its own, whatever else stops a text: in which share
of worlds some text passes it, of the stage that was last on the table: where a first stage was
signed, of the next one, which may shut a gate that the first had passed."""
_EXPLAINED = """\
Differences in percentage points, world by world, with 95 % intervals for pairs (Newcombe); in
brackets the worlds that gain it and that lose it. first step: a first stage is in force. land
moved: some changed hands. all closed: no claim is left open. Below them, where it surely differs:
what stops a world that does not settle, at the furthest that its talks got in any round."""


def comparison_page(found: Comparison, out: Path | None = None) -> RenderableType:
    """Return a comparison for a terminal of 80 columns, sentences first.

    Parameters
    ----------
    found : Comparison
    out : Path, optional
        Where its files lie.
    """
    base = found.results[0].scenario
    lines = [line for told in case_sentences(found) for line in filled(told)]
    lines += [f"The first {found.worlds:,} worlds of each, seed {base.seed}.", ""]
    lines += [line for told in comparison_sentences(found) for line in filled(told)]
    parts: list[RenderableType] = [*map(Text, lines)]
    if rows := [row for row in _shown(found) if row["base"] or row["share"]]:
        parts += [Text(), _table(found, rows), Text(), Text(_EXPLAINED)]
    if rows := _sure_gates(found):
        parts += [Text(), _table(found, rows), Text(), Text(_GATES_EXPLAINED)]
    return Group(*parts, *results_in(out))


def comparison_sentences(found: Comparison) -> Iterator[str]:
    """Yield what differs, surest and largest first, and what does not.

    Parameters
    ----------
    found : Comparison
    """
    many = len(found.results) > 2
    done, stopped = (_sure(found, labels) for labels in (EVENT_LABELS, STOPPED_LABELS))
    for row in (*done[:_SAID], *stopped[:_SAID]):
        case = f" under {row['case']}" if many else ""
        where = _where(found, row)
        way = "more" if row["difference"] > 0 else "less"
        yield (
            f"“{_WORDS[row['what']]}” comes about {way} often{case} in {where}: "
            f"{percent(row['share'])} % of worlds against "
            f"{percent(row['base'])} % ({difference(row)} points)."
        )
    if rest := len(done[_SAID:]) + len(stopped[_SAID:]):
        yield f"{rest} more {'are' if rest > 1 else 'is'} sure, in the table."
    told = {row["structure"] for row in (*done, *stopped)}
    never = [name for name in _structures(found) if name not in told]
    if never:
        shown = [_named(found, name) for name in never[:_SAID]]
        more = [f"{len(never) - _SAID} more"] if len(never) > _SAID else []
        yield f"No sure difference in how worlds end under {listed([*shown, *more])}."
        yield from _opened(found, never)
    if found.missing:
        missing = [_named(found, name) for name in found.missing]
        yield f"Not compared, because not in every case: {listed(missing)}."


def _opened(found: Comparison, structures: Sequence[str]) -> Iterator[str]:
    """Yield which gate surely opens or shuts where endings do not tell it, the widest first."""
    rows = [row for row in _sure(found, _GATES) if row["structure"] in structures]
    for row in rows[:1]:
        case = f", {found.letter(row['case'])}" if len(found.results) > 2 else ""
        yield (
            f"Yet in {_named(found, row['structure'])}{case} some text “{_WORDS[row['what']]}” in "
            f"{percent(row['share'])} % of worlds against {percent(row['base'])} %, whatever else "
            "stops it."
        )


def _named(found: Comparison, structure: str) -> str:
    """Return a structure in words, between quotation marks."""
    return " / ".join(f"“{label}”" for label in found.labels_of(structure))


def _where(found: Comparison, row: Mapping[Hashable, Any]) -> str:
    """Return the structure of a row; of the only one of each case, its own and what it is not."""
    names = [f"“{label}”" for label in found.labels_of(row["structure"])]
    if len(names) != len(found.labels):
        return " / ".join(names)
    return f"{names[found.labels.index(row['case'])]} than in {names[0]}"


def _structures(found: Comparison) -> list[str]:
    return list(dict.fromkeys(found.table["structure"]))


def _shown(found: Comparison) -> list[dict[Hashable, Any]]:
    """Return the rows that are told, structure by structure, what is carried out first."""
    places = {name: place for place, name in enumerate(_structures(found))}
    rows = told_rows(found).to_dict("records")
    return sorted(rows, key=lambda row: (places[row["structure"]], row["what"] in STOPPED_LABELS))


def told_rows(found: Comparison) -> pd.DataFrame:
    """Return the rows of what is carried out, and of what stops worlds where it surely differs."""
    table, what = found.table, found.table["what"]
    sure = (table["low"] > 0) | (table["high"] < 0)
    return table[what.isin(EVENT_LABELS) | (what.isin(STOPPED_LABELS) & sure)]


def _sure(found: Comparison, labels: Mapping[str, str]) -> list[dict[Hashable, Any]]:
    """Return the rows that surely differ of some of what is compared, the largest first."""
    rows = found.table[found.table["what"].isin(list(labels))].to_dict("records")
    return sorted(filter(is_sure, rows), key=lambda row: -abs(row["difference"]))


def in_words(found: Comparison) -> Comparison:
    """Return a comparison whose cases are called in words, without what was typed.

    Parameters
    ----------
    found : Comparison
    """
    scenarios = [result.scenario for result in found.results]
    words = [_case_words(place, found.labels[place], scenarios) for place in range(len(scenarios))]
    names = [
        f"{told} ({place})" if words.count(told) > 1 else told
        for place, told in enumerate(words, start=1)
    ]
    known = dict(zip(found.labels, names, strict=True))
    table = found.table.assign(case=found.table["case"].map(known))
    results = tuple(replace(one, scenario=one.scenario.loaded_with(())) for one in found.results)
    return replace(found, labels=tuple(names), results=results, table=table)


_WORD = re.compile(r"\+?([^\s=]+)=(\{.*?\}|\[.*?\]|\S+)|(\S+)")
_QUIET = {"worlds", "seed", "workers", "engine", "scenario", "deals", "dependence_check"}
"""Settings that say nothing of what is compared, or are told by a title or a label."""


def _case_words(place: int, label: str, scenarios: Sequence[Scenario]) -> str:
    """Return what a case is, in words: its scenario, its structure and what it changes."""
    own = scenarios[place]
    if "=" not in label and label != own.name:
        return label  # a folder, or a name that was given
    one = len({each.name for each in scenarios}) == 1
    structures = [
        "; ".join(f"“{deal.label}”" for deal in each.structures.values()) for each in scenarios
    ]
    told = [] if one else [f"“{own.title}”"]
    if len({*structures}) > 1 and all(len(each.structures) == 1 for each in scenarios):
        told.append(structures[place])
    told += changes_in_words(own, label)
    return ", ".join(told) or "the scenario as it is"


def changes_in_words(scenario: Scenario, text: str) -> Iterator[str]:
    """Yield in words what overrides change, as ``opposition of its public: 0.2``.

    Parameters
    ----------
    scenario : Scenario
        As it is with them.
    text : str
        With spaces between them.
    """
    numbers = dict(scenario.quantities())
    for key, value, _ in _WORD.findall(text):
        if key in numbers:
            told = amount(numbers[key]) if value.startswith("{") else value
            yield f"{number_label(scenario, key)}: {told}"
        elif key and key not in _QUIET:
            yield f"{key_label(scenario, key)}: {value.replace('_', ' ')}"


def case_sentences(found: Comparison, *, keys: bool = True) -> Iterator[str]:
    """Yield what each case is, and in which settings and numbers they differ, if these are few.

    Parameters
    ----------
    found : Comparison
    keys : bool
        Whether numbers are told by their keys, which may be typed; else in words, beside cases that
        are called `in_words` themselves.
    """
    scenarios = [result.scenario for result in found.results]
    one = len({scenario.name for scenario in scenarios}) == 1
    if one and keys:
        yield f"{scenarios[0].title} ({scenarios[0].name})"
    structures = [
        "".join(f"“{deal.label}”" for deal in each.structures.values()) for each in scenarios
    ]
    own = len({*structures}) > 1 and all(len(each.structures) == 1 for each in scenarios)
    for place, (label, scenario) in enumerate(zip(found.labels, scenarios, strict=True)):
        words = ([] if one else [f"“{scenario.title}”"]) + ([structures[place]] if own else [])
        told = f": {', '.join(words)}" if words and keys else ""
        yield f"{ascii_uppercase[place % len(ascii_uppercase)]} is {label}{told}."
    settings = [*_differing([_settings(scenario) for scenario in scenarios])]
    numbers = [*_differing(_numbers_of(scenarios), None if keys else scenarios[0])]
    yield from settings if keys else map(sentence, settings)
    yield from numbers[:_MOST_KEYS]
    if more := len(numbers[_MOST_KEYS:]):
        verb = "differ" if more > 1 else "differs"
        yield f"{more:,} more number{'s' * (more > 1)} {verb}."


_MOST_KEYS = 6


def _differing(
    told: Sequence[Mapping[str, str]], called_in: Scenario | None = None
) -> Iterator[str]:
    """Yield a line for each key that says another thing in some case; in words of a scenario."""
    for key in dict.fromkeys(key for each in told for key in each):
        values = [each.get(key, UNSET) for each in told]
        if len({*values}) > 1:
            cases = zip(ascii_uppercase, values, strict=False)
            name = number_label(called_in, key) if called_in else key
            yield f"{name}: {', '.join(f'{letter} {value}' for letter, value in cases)}."


def _settings(scenario: Scenario) -> dict[str, str]:
    """Return the parts of a scenario and the settings that one run may change, by key."""
    parts = ("claimant", "holder", "environment", "protocol")
    names = {key: getattr(scenario, key).name for key in parts}
    names |= {key: str(getattr(scenario, key)) for key in _SETTINGS}
    chosen = {
        "protocol": scenario.protocol,
        "environment": scenario.environment,
        "claimant.strategy": scenario.claimant.strategy,
        "holder.strategy": scenario.holder.strategy,
    }
    for key, part in chosen.items():
        names |= dict(_choices(key, part.model_dump(mode="json")))
    return names


def _choices(key: str, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is chosen by a word or switched on or off below a key; numbers are told apart."""
    for name, value in values.items():
        if isinstance(value, dict) and "unit" not in value:
            yield from _choices(f"{key}.{name}", value)
        elif isinstance(value, (str, bool)) and name not in ("name", "label"):
            yield f"{key}.{name}", str(value).lower() if isinstance(value, bool) else value


def _numbers_of(scenarios: Sequence[Scenario]) -> list[dict[str, str]]:
    """Return the numbers of each scenario by key; of one unset elsewhere, what holds there."""
    told = [{key: amount(each) for key, each in one.quantities()} for one in scenarios]
    keys = dict.fromkeys(key for one in told for key in one)
    for own, scenario in zip(told, scenarios, strict=True):
        if missing := [key for key in keys if key not in own]:
            unset = unset_numbers(scenario)
            own |= {key: f"{UNSET} ({unset[key].stands_at})" for key in missing if key in unset}
    return told


def _sure_gates(found: Comparison) -> list[dict[Hashable, Any]]:
    rows = found.table[found.table["what"].isin(list(_GATES))].to_dict("records")
    return [row for row in rows if is_sure(row)]


def _table(found: Comparison, rows: list[dict[Hashable, Any]]) -> RenderableType:
    """Return a row per structure, case and thing that ever happens."""
    one = len(found.results) == 2
    heads = ("A", "B" if one else "it", "difference, 95 %", "gain, lose")
    case = () if one else ("case",)
    body = table("Share of worlds, %\nstructure", *case, "what", *heads, right=heads)
    last = None
    for row in rows:
        name = found.label(row["structure"]) if row["structure"] != last else ""
        last = row["structure"]
        body.add_row(
            name,
            *([] if one else [found.letter(row["case"])]),
            _SHORT[row["what"]],
            *paired_cells(row),
        )
    return body
