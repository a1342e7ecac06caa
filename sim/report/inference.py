"""Posteriors in sentences and tables: what was learnt of which number, and how far to trust it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml as pyyaml
from rich.console import Group, RenderableType
from rich.text import Text

from sim.domain.narration import key_label, listed, percent, sentence
from sim.experiments.inference.coverage import Coverage
from sim.experiments.inference.posterior import Posterior
from sim.io.folders import CONFIG
from sim.io.merge import nested
from sim.report.tables import FittingTable, KeyedText, filled, number, results_in, table

__all__ = ["posterior_page", "posterior_scenario"]

_TOLD, _ROWS = 5, 12
"""Numbers that are told in sentences, and those in the table at most."""
_FEW = 100
"""Equal draws below which the ends of an interval of 90 % are uncertain."""
_TOGETHER = 0.3
"""Rank correlation from which on two numbers are told to go together."""
_BARS = " ▁▂▃▄▅▆▇█"
_EXPLAINED = """\
Medians, in brackets the central 90 %. gap: the greatest distance between the two distributions; a
number counts as moved beyond {noise:.2f}, which chance brings in one of twenty such tables."""
_AFTER = (
    "“after” is what the nearest worlds read as they were played. The regression moves their "
    "numbers to where what was observed would be read; that is read in worlds of posterior.yaml."
)
_COVERED = """\
Shares of planted values that the central 50 % and 90 % held, in brackets what a right inference
brings; ranks: planted values by tenths of their posteriors, level if it is right."""


def posterior_page(
    found: Posterior, coverage: Coverage | None = None, out: Path | None = None
) -> RenderableType:
    """Return a posterior for a terminal, sentences first.

    Parameters
    ----------
    found : Posterior
    coverage : Coverage, optional
        The check of the inference.
    out : Path, optional
        Where its files lie.
    """
    lines = [*filled(f"{found.scenario.title}: what was observed says of its numbers"), ""]
    told = [*_learnt(found), *_at_edge(found), *_how(found), *_doubts(found)]
    lines += [line for text in told for line in filled(text)]
    parts: list[RenderableType] = [*map(Text, lines), Text(), _readings(found)]
    if found.observed.numbers and not found.kept.is_exact:
        parts += map(Text, filled(_AFTER))
    if shown := _shown(found):
        noise = float(found.table["noise"].iloc[0])
        parts += [Text(), _numbers(found, shown)]
        if (left := len(found.informed) - _ROWS) > 0:
            parts.append(Text(f"and {left} more that moved"))
        parts += [Text(), Text(_EXPLAINED.format(noise=noise))]
    if coverage is not None:
        parts += [Text(), *map(Text, filled(_judged(coverage))), Text()]
        parts += [_coverage(coverage, shown), Text(), Text(_COVERED)]
    if out is not None and found.informed:
        parts += [Text(), Text(f"Play it: islands run scenario={out / 'posterior.yaml'}")]
    return Group(*parts, *results_in(out))


def _learnt(found: Posterior) -> Iterator[str]:
    """Yield which numbers moved, from where to where, and of which nothing was learnt."""
    moved = found.table[found.table["informed"]]
    for row in moved.head(_TOLD).to_dict("records"):
        label, unit = key_label(found.scenario, str(row["key"])), row["unit"]
        before, after = _span(row, "prior_"), _span(row, "")
        yield sentence(f"Learnt: {label} ({row['key']}) is {after} {unit}, before {before}")
    if len(moved) > _TOLD:
        yield f"{len(moved) - _TOLD} more moved."
    still = [str(key) for key in found.targets if key not in found.informed]
    if len(still) > _TOLD:
        yield f"Of {len(still)} other numbers nothing was learnt that chance would not bring."
    elif still:
        yield f"Nothing was learnt of {listed(still)} that chance would not bring."
    pair = found.strongest_pair()
    if pair and abs(pair[2]) >= _TOGETHER:
        yield (
            f"{pair[0]} and {pair[1]} go together (rank correlation {pair[2]:+.2f}); a file that "
            "gives each by itself loses that."
        )


def _at_edge(found: Posterior) -> Iterator[str]:
    """Yield which posteriors sit at an end of what is declared, where more may be meant."""
    for key, end in [*found.at_edge.items()][:_TOLD]:
        least = "lowest" if end == "low" else "highest"
        yield (
            f"WARNING: {key} sits at the {end} end of its declared range (half of the posterior is "
            f"in the {least} tenth): what was observed may ask for more than the range allows."
        )


def _span(row: dict[Any, Any], prefix: str) -> str:
    low, median, high = (
        number(row[f"{prefix}{name}"], ".3g") for name in ("low", "median", "high")
    )
    return f"{median} ({low} to {high})"


def _how(found: Posterior) -> Iterator[str]:
    """Yield of how many worlds the posterior is made, and what they are worth."""
    many, kept = len(found.reference.prior), len(found.kept.rows)
    worth = found.kept.effective
    agree = f"{found.within:,} of {many:,} worlds reproduce all that was observed"
    if found.kept.is_exact:
        yield f"{agree}: they are the posterior."
    else:
        stand_in = f"the nearest {kept:,} stand in, moved by a regression"
        yield f"{agree}; {stand_in}, worth {worth:,.0f} equal draws."
        if (asked := found.reference.keep) > (matched := len(found.matched)):
            yield (
                f"keep={asked:,} asks for more than the {matched:,} worlds that reproduce each yes "
                "or no, so all but the farthest count: play more worlds, or keep fewer."
            )


def _doubts(found: Posterior) -> Iterator[str]:
    """Yield what should be doubted: too few draws, and readings that no world brings."""
    if found.kept.effective < _FEW:
        yield "That is few: play more worlds, or ask whether tolerances are too narrow."
    for row in found.readings_table.to_dict("records"):
        if row["within"] == 0.0:
            yield (
                f"No world brings “{row['label']}” ({number(row['observed'], '.3g')}): its range "
                "or a declared one is wrong."
            )


def _readings(found: Posterior) -> FittingTable:
    """Return a row for all that was observed, beside what worlds say."""
    heads = ("observed", "worlds, 90 %", "agree, %", "after")
    rows = table("What was observed", *heads, right=heads)
    events = found.observed.events
    for row in found.readings_table.to_dict("records"):
        label, value, after = KeyedText(str(row["label"])), row["observed"], row["after"]
        if row["reading"] in events:
            cells = "yes" if value else "no", f"yes {percent(row['prior_low'])} %"
            rows.add_row(label, *cells, percent(row["within"]), "yes" if after else "no")
            continue
        off = f" ± {number(row['tolerance'], '.3g')}" if row["tolerance"] else ""
        low, high = (number(row[name], ".3g") for name in ("prior_low", "prior_high"))
        cells = f"{number(value, '.3g')}{off}", f"{low} to {high}"
        rows.add_row(label, *cells, percent(row["within"]), number(after, ".3g"))
    return rows


def _shown(found: Posterior) -> list[str]:
    """Return the keys in the tables: those that moved; all, where few were asked about."""
    few = len(found.targets) <= _ROWS
    keys = [str(key) for key in found.table["key"]] if few else found.informed
    return keys[:_ROWS]


def _numbers(found: Posterior, shown: list[str]) -> FittingTable:
    heads = ("before", "after", "gap")
    rows = table("Number", "unit", *heads, right=heads, optional=("unit",))
    by_key = found.table.set_index("key", drop=False)
    for key in shown:
        row = by_key.loc[key].to_dict()
        gap = f"{row['departure']:.2f}"
        rows.add_row(KeyedText(key), row["unit"], _span(row, "prior_"), _span(row, ""), gap)
    return rows


def _judged(coverage: Coverage) -> str:
    """Say what planted numbers say of the inference."""
    many, numbers = coverage.ranks.shape
    planted = f"Planted in {many:,} worlds ({coverage.exact:,} posteriors exact)"
    if coverage.is_sound:
        return f"{planted}, numbers lie in their intervals as often as they should: sound."
    failed = [str(key) for key in coverage.table.loc[~coverage.table["sound"], "key"]]
    more = f" and {len(failed) - _TOLD} more" if len(failed) > _TOLD else ""
    missed = f"{len(failed)} of {numbers} numbers do not lie in their intervals as often as they"
    return (
        f"NOT SOUND: {planted}, {missed} should: {', '.join(failed[:_TOLD])}{more}. Do not use "
        "their posteriors; play more worlds, or keep fewer."
    )


def _coverage(coverage: Coverage, shown: list[str]) -> FittingTable:
    heads = ("in 50 %", "in 90 %", "ranks")
    rows = table("Number", *heads, "", right=heads)
    failed = [str(key) for key in coverage.table.loc[~coverage.table["sound"], "key"]]
    by_key = coverage.table.set_index("key")
    for key in [*dict.fromkeys([*failed, *shown])][:_ROWS]:
        row = by_key.loc[key].to_dict()
        cells = (
            f"{100 * row[f'in_{level}']:.0f} "
            f"({100 * row[f'low_{level}']:.0f} to {100 * row[f'high_{level}']:.0f})"
            for level in (50, 90)
        )
        counts = coverage.histogram(key)
        bars = "".join(_BARS[round(8 * count / max(counts.max(), 1))] for count in counts)
        rows.add_row(KeyedText(key), *cells, bars, "" if row["sound"] else "not sound")
    return rows


def posterior_scenario(found: Posterior) -> str:
    """Return a scenario in which the numbers that moved are as they are now.

    It builds on the resolved scenario beside it, so that nothing else differs.

    Parameters
    ----------
    found : Posterior
    """
    scenario = found.scenario
    values: dict[str, Any] = {
        "defaults": [CONFIG, "_self_"],
        "name": f"{scenario.name}_posterior"[:100],
        "title": f"{scenario.title}, after what was observed"[:200],
        "description": f"{_told(found)} {scenario.description}"[:1_500],
    }
    for key, quantity in found.fitted().items():
        shown = quantity.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        _lay(values, nested(tuple(key.split(".")), shown))
    head = "# Written by `islands infer`: config.yaml beside it, with the numbers that moved.\n"
    return head + pyyaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=100)


def _told(found: Posterior) -> str:
    """Return what whoever plays the posterior must know of it."""
    readings = found.observed.readings
    labels = [f"“{item.label[:100]}”" for item in readings.values()]
    labels += [name for name in found.observed.events if name not in readings]
    if len(labels) > _TOLD:
        labels = [*labels[:_TOLD], f"{len(labels) - _TOLD} more readings"]
    return (
        f"{len(found.informed)} of its numbers are posteriors, inferred from {listed(labels)}; "
        f"they are worth {found.kept.effective:,.0f} equal draws of {len(found.reference.prior):,} "
        "worlds."
    )


def _lay(values: dict[str, Any], more: dict[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(values.get(key), dict):
            _lay(values[key], value)
        else:
            values[key] = value
