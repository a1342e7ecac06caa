"""Comparison in sentences and one table: what changes between cases in the same worlds."""

from __future__ import annotations

import textwrap
from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from sim.domain.narration import listed
from sim.domain.outcome import GATES
from sim.domain.results import OPEN
from sim.experiments.comparison import Comparison
from sim.report.tables import percent, table

__all__ = ["DONE_LABELS", "comparison_page", "comparison_sentences"]

DONE_LABELS = {
    "first_stage": "first step",
    "transferred": "land moved",
    "closed": "all closed",
}
"""What is told of each structure; the eight outcomes are in the files."""
_WORDS = {**DONE_LABELS, **{f"gate_{name}": legend for name, legend in GATES.items()}}
_SAID, _LINE = 3, 80
_GATES_EXPLAINED = """\
Gates that surely open or shut, each judged on its own, whatever else stops a text: in which share
of worlds some text passes it."""
_EXPLAINED = """\
Differences in percentage points, world by world, with 95 % intervals for pairs (Newcombe); in
brackets the worlds that gain it and that lose it. first step: a first stage is in force. land
moved: some changed hands. all closed: no claim is left open."""


def comparison_page(found: Comparison, out: Path | None = None) -> RenderableType:
    """Return a comparison for a terminal of 80 columns, sentences first.

    Parameters
    ----------
    found : Comparison
    out : Path, optional
        Where its files lie.
    """
    base = found.results[0].scenario
    lines = [*_filled(f"{base.title} ({base.name})")]
    lines += _filled(f"A is {found.labels[0]}.")
    lines += [
        line
        for letter, label in zip("BCDEFGHIJKLMNOPQRSTUVWXYZ", found.labels[1:], strict=False)
        for line in _filled(f"{letter} is {label}.")
    ]
    lines += [f"The first {found.worlds:,} worlds of each, seed {base.seed}.", ""]
    lines += [line for told in comparison_sentences(found) for line in _filled(told)]
    parts: list[RenderableType] = [*map(Text, lines)]
    if rows := [row for row in _shown(found) if row["base"] or row["share"]]:
        parts += [Text(), _table(found, rows), Text(), Text(_EXPLAINED)]
    if rows := [row for row in _gates(found) if row["low"] > 0 or row["high"] < 0]:
        parts += [Text(), _table(found, rows), Text(), Text(_GATES_EXPLAINED)]
    if out is not None:
        files = sorted(path.name for path in out.iterdir()) if out.is_dir() else []
        parts += [Text(), Text(f"Results in {out}/: {', '.join(files)}", overflow="fold")]
    return Group(*parts)


def comparison_sentences(found: Comparison) -> Iterator[str]:
    """Yield what differs, surest and largest first, and what does not.

    Parameters
    ----------
    found : Comparison
    """
    many = len(found.results) > 2
    sure = [row for row in _shown(found) if row["low"] > 0 or row["high"] < 0]
    sure.sort(key=lambda row: -abs(row["difference"]))
    for row in sure[:_SAID]:
        case = f" under {row['case']}" if many else ""
        way = "more" if row["difference"] > 0 else "less"
        yield (
            f"“{DONE_LABELS[row['what']]}” comes about {way} often{case} in "
            f"{found.label(row['structure'])}: {percent(row['share'])} % of worlds against "
            f"{percent(row['base'])} % ({_difference(row)} points)."
        )
    if len(sure) > _SAID:
        yield f"{len(sure) - _SAID} more differences are sure; they stand in the table."
    told = {row["structure"] for row in sure}
    never = [name for name in _structures(found) if name not in told]
    if never:
        shown = [found.label(name) for name in never[:_SAID]]
        more = [f"{len(never) - _SAID} more"] if len(never) > _SAID else []
        yield f"No sure difference in {listed([*shown, *more])}."
    if found.missing:
        yield f"Not compared, because not in every case: {listed(found.missing)}."


def _structures(found: Comparison) -> list[str]:
    return list(dict.fromkeys(found.table["structure"]))


def _shown(found: Comparison) -> list[dict[Hashable, Any]]:
    rows = found.table[found.table["what"].isin(DONE_LABELS)]
    return rows.to_dict("records")


def _gates(found: Comparison) -> list[dict[Hashable, Any]]:
    rows = found.table[found.table["what"].isin(OPEN)]
    return rows.to_dict("records")


def _table(found: Comparison, rows: list[dict[Hashable, Any]]) -> RenderableType:
    """Return a row per structure, case and thing that ever happens."""
    one = len(found.results) == 2
    heads = ("A", "B" if one else "it", "difference, 95 %", "gain, lose")
    case = () if one else ("case",)
    body = table("Share of worlds, %\nstructure", *case, "what", *heads, right=heads)
    last = None
    letters = dict(zip(found.labels, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", strict=False))
    for row in rows:
        name = found.label(row["structure"]) if row["structure"] != last else ""
        last = row["structure"]
        body.add_row(
            name,
            *([] if one else [letters.get(row["case"], row["case"])]),
            _WORDS[row["what"]],
            percent(row["base"]),
            percent(row["share"]),
            _difference(row),
            f"(+{row['gained']:,} -{row['lost']:,})",
        )
    return body


def _difference(row: Mapping[Hashable, Any]) -> str:
    """Return a difference with its interval, in percentage points."""
    middle, low, high = (100.0 * row[name] for name in ("difference", "low", "high"))
    return f"{middle:+.1f} ({low:+.1f} to {high:+.1f})"


def _filled(text: str) -> list[str]:
    return textwrap.wrap(text, _LINE, break_on_hyphens=False) or [""]
