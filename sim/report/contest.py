"""Contest of the structures on an agenda: its table, and who wins it in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from sim.domain.narration import listed, percent
from sim.experiments.result import EnsembleResult
from sim.report.tables import number, table

__all__ = ["contest_table", "winners"]

_TABLED = "on the\ntable"
_HEADS = ("signed", "95 %", "offered by\nclaimant", "in\nround", "carried\nout", "title\nclosed")
_EXPLAINED = (
    "signed: it is the first text that is. in round: half of the times, by then. carried out, "
    "title closed: it is the first to come so far."
)
_INSTEAD = (
    " instead of: what would most often have been signed in that round had this not been on the "
    "table, in % of its worlds."
)


def contest_table(result: EnsembleResult) -> Iterator[RenderableType]:
    """Yield a table for a terminal of 80 columns, a structure a row, and what its words mean.

    Parameters
    ----------
    result : EnsembleResult
        Of an open or tabled agenda.
    """
    tabled = result.scenario.agenda == "tabled"
    heads = (_TABLED, *_HEADS) if tabled else _HEADS
    body = table("Contest, % of worlds\nstructure", *heads, right=heads, gap=1)
    for row in _ever(result, "signed"):
        _add(body, result, row, tabled)
    yield body
    yield Text()
    yield Text(_EXPLAINED + ("" if tabled else _INSTEAD))


def _add(body: Table, result: EnsembleResult, row: dict[str, Any], tabled: bool) -> None:
    name = str(row["structure"])
    label = result.scenario.texts[name].label
    parts: list[str | tuple[str, str]] = [label, "\n  ", (name, "dim")]
    if row["displaced"] == row["displaced"]:
        share = percent(row["displaced_share"])
        parts += ["\n  instead of ", (row["displaced"], "dim"), f" {share} %"]
    later = {item["what"]: item["share"] for item in _rows(result) if item["structure"] == name}
    cells = [
        percent(row["share"]),
        f"{percent(row['low'])}–{percent(row['high'])}",
        percent(row["by_claimant"]),
        number(row["median_round"], ".0f"),
        percent(later["carried_out"]),
        percent(later["closed"]),
    ]
    body.add_row(Text.assemble(*parts), *([percent(row["tabled"])] if tabled else []), *cells)


def winners(result: EnsembleResult, most: int = 3) -> Iterator[str]:
    """Yield in sentences which structures are signed first, and which close every claim.

    Parameters
    ----------
    result : EnsembleResult
        Of an open or tabled agenda.
    most : int
        Structures that a sentence names.
    """
    signed, closed = _ever(result, "signed"), _ever(result, "closed")
    nothing = percent(1 - sum(row["share"] for row in signed))
    if not signed:
        yield f"Nothing is signed in any of {result.scenario.worlds:,} worlds."
        return
    first = _named(result, signed[:most], signed[most:])
    yield f"Signed first: {first}. Nothing is signed in {nothing} % of worlds."
    if not closed:
        yield "No text closes every claim in any world."
        return
    yield f"Every claim is closed by {_named(result, closed[:most], closed[most:])}."


def _named(result: EnsembleResult, rows: list[dict[str, Any]], more: list[dict[str, Any]]) -> str:
    said = [
        f"“{result.scenario.texts[row['structure']].label}” ({percent(row['share'])} % of worlds)"
        for row in rows
    ]
    if more:
        said.append(f"{len(more)} more ({percent(sum(row['share'] for row in more))} %)")
    return listed(said)


def _ever(result: EnsembleResult, what: str) -> list[dict[str, Any]]:
    """Return the rows of the structures that ever come so far, the most frequent first."""
    rows = [row for row in _rows(result) if row["what"] == what and row["share"] > 0]
    return sorted(rows, key=lambda row: -row["share"])


def _rows(result: EnsembleResult) -> list[dict[str, Any]]:
    records = result.contest.astype({"structure": str}).to_dict("records")
    return [{str(key): value for key, value in row.items()} for row in records]
