"""Table of the numbers on screen, in HTML that a program, too, can take apart."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from html import escape

import numpy as np

from sim.domain.outcome import GATE_HEADS, GATES, OUTCOME_LABELS, OUTCOMES, Outcome
from sim.equations.statistics import paired_change
from sim.experiments.tables import gates_of
from sim.explorer.pool import PartialResult
from sim.plotting.style import STANDARD_ERRORS

__all__ = ["NAMES", "compared", "gates", "numbers"]

NAMES = ("A", "B")
"""What two settings are called beside each other."""
_GATES = "Whether some text passes it, whatever stops that text elsewhere, at the end of the window"
_MARGIN = (
    "Median over worlds of the best margin by which a text is worth signing to both, in points"
)


def numbers(partial_result: PartialResult, name: str = NAMES[0]) -> str:
    """Return the table of one setting as HTML: shares in percent, margins in points.

    Each cell carries its unrounded value as ``data-value`` and is found by ``data-testid``, which
    is ``SETTING/STRUCTURE/COLUMN``; the table says of how many worlds it speaks (``data-worlds``)
    and which numbers are moved and choices made (``data-moved``, ``data-chosen``, JSON).

    Parameters
    ----------
    partial_result : PartialResult
    name : str
        What the setting is called.
    """
    heads = [("Structure", "left", "")]
    heads += [(OUTCOME_LABELS[outcome].column, "", outcome.value) for outcome in OUTCOMES]
    heads.insert(2, ("95 %", "", "Interval of the share settled (Wilson)"))
    heads.append(("margin", "", _MARGIN))
    rows = [_row(partial_result, deal, f"{name}/{deal}") for deal in ordered(partial_result)]
    return _table(f"numbers-{name}", [partial_result], heads, rows)


def gates(partial_result: PartialResult, name: str = NAMES[0]) -> str:
    """Return each gate on its own as HTML: in which share of worlds some text passes it, percent.

    Parameters
    ----------
    partial_result : PartialResult
    name : str
        What the setting is called.
    """
    names = gates_of(partial_result.setting.base)
    heads = [("Each gate on its own, %", "left", _GATES)]
    heads += [
        (GATE_HEADS[gate].replace("-\n", "").replace("\n", " "), "", GATES[gate]) for gate in names
    ]
    rows = []
    for deal in ordered(partial_result):
        shares = [(gate, partial_result.rows[deal][f"gate_{gate}"]) for gate in names]
        cells = [_cell(f"{name}/{deal}/gate_{g}", s, f"{100 * s:.1f}") for g, s in shares]
        rows.append(_named(partial_result, deal) + "".join(cells))
    return _table(f"gates-{name}", [partial_result], heads, rows)


def compared(one: PartialResult, other: PartialResult) -> str:
    """Return two settings side by side as HTML, with the paired change where worlds are the same.

    Parameters
    ----------
    one, other : PartialResult
        Structures that only one of them has are left out; the others stand in the scenario's order.
    """
    heads = [("Structure", "left", "")]
    for what, title in (("settled", Outcome.settled.value), ("interim", Outcome.interim.value)):
        heads += [(f"{what} {name}", "", title) for name in NAMES]
        heads.append(("B - A", "", "Change from world to world, with its 95 % interval"))
    heads += [(f"margin {name}", "", _MARGIN) for name in NAMES]
    deals = [deal for deal in one.pieces if deal in other.pieces]
    rows = [_both(one, other, deal) for deal in deals]
    return _table("compared", [one, other], heads, rows)


def ordered(partial_result: PartialResult) -> list[str]:
    """Return the structures in the one order of tables and pictures."""
    return [str(deal) for deal in partial_result.in_brief.ordered().index]


def _row(partial_result: PartialResult, deal: str, place: str) -> str:
    row = partial_result.rows[deal]
    cells = [
        _cell(f"{place}/{item.name}", row[item.name], f"{100 * row[item.name]:.1f}")
        for item in OUTCOMES
    ]
    low, high = row["settled_low"], row["settled_high"]
    cells.insert(1, f"<td>{100 * low:.1f}–{100 * high:.1f}</td>")
    cells.append(_cell(f"{place}/margin", row["margin"], _points(row["margin"])))
    return _named(partial_result, deal) + "".join(cells)


def _both(one: PartialResult, other: PartialResult, deal: str) -> str:
    cells = []
    for item in (Outcome.settled, Outcome.interim):
        for name, partial_result in zip(NAMES, (one, other), strict=True):
            share = partial_result.rows[deal][item.name]
            cells.append(_cell(f"{name}/{deal}/{item.name}", share, f"{100 * share:.1f}"))
        cells.append(_change(one, other, deal, item))
    for name, partial_result in zip(NAMES, (one, other), strict=True):
        margin = partial_result.rows[deal]["margin"]
        cells.append(_cell(f"{name}/{deal}/margin", margin, _points(margin)))
    return _named(one, deal) + "".join(cells)


def _change(one: PartialResult, other: PartialResult, deal: str, item: Outcome) -> str:
    if one.worlds != other.worlds or one.setting.base.seed != other.setting.base.seed:
        return "<td>…</td>"
    ended = [
        [part.columns["outcome"] for part in partial_result.pieces[deal]]
        for partial_result in (one, other)
    ]
    before, after = (np.concatenate(parts) == item.code for parts in ended)
    change, error = paired_change(before, after)
    words = f"{100 * change:+.1f} ± {100 * STANDARD_ERRORS * error:.1f}"
    return _cell(f"change/{deal}/{item.name}", change, words)


def _named(partial_result: PartialResult, deal: str) -> str:
    return f'<th scope="row">{escape(partial_result.setting.base.structures[deal].label)}</th>'


def _cell(place: str, value: float, words: str) -> str:
    return f'<td data-testid="{escape(place)}" data-value="{float(value)!r}">{words}</td>'


def _points(value: float) -> str:
    return "none" if np.isnan(value) else f"{value:+.0f}"


def _table(
    name: str,
    of: Sequence[PartialResult],
    heads: Sequence[tuple[str, str, str]],
    rows: Sequence[str],
) -> str:
    worlds = " ".join(str(partial_result.worlds) for partial_result in of)
    moved = escape(json.dumps([dict(partial_result.setting.values) for partial_result in of]))
    chosen = escape(json.dumps([dict(partial_result.setting.choices) for partial_result in of]))
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return (
        f'<table class="numbers" data-testid="{name}" data-worlds="{worlds}" '
        f'data-moved="{moved}" data-chosen="{chosen}">'
        f"<thead><tr>{''.join(_heads(heads))}</tr></thead><tbody>{body}</tbody></table>"
    )


def _heads(heads: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    for words, kind, title in heads:
        yield f'<th class="{kind}" title="{escape(title)}">{words}</th>'
