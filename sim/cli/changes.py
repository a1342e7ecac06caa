"""Print what changes when stances are switched off, in the same worlds."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from sim.domain.outcome import OUTCOMES
from sim.domain.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

_HEADS = ("set-\ntled", "re-\nneged", "inte-\nrim", "re-\nject.", "no\nbarg.", "pre-\ncond.")
MARGIN = "zopa_margin"
_MORE = ("pub-\nlics", "not\nrea.")


def what_changes(
    scenario: Scenario, worlds: int, fact: str | None, workers: int | None
) -> Group | Text:
    """Return a table of paired changes.

    Parameters
    ----------
    scenario : Scenario
    worlds : int
        Worlds of each structure.
    fact : str, optional
        Only the stances that rest on this fact, structure by structure; absent, all stances,
        averaged over structures.
    workers : int, optional
    """
    from sim.experiments.explanation.stances import ALL, paired_changes, stances

    known = stances(scenario)
    keys = [key for key, stance in known.items() if fact is None or fact in stance.facts]
    if not keys:
        return Text("  nothing that rests on it can be switched off")
    found = paired_changes(
        scenario, worlds=worlds, keys=keys, workers=workers, progress=sys.stderr.isatty()
    )
    if fact is None:
        found = found[found["deal"] == ALL]
    return Group(_table(found, fact is None), Text(_legend(worlds, fact is None)))


def _table(found: pd.DataFrame, averaged: bool) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    table.add_column("switched off" if averaged else "switched off, in", overflow="fold", ratio=1)
    for head in (*_HEADS, *_MORE, "margin\npoints", "±"):
        table.add_column(head, justify="right", no_wrap=True)
    last = None
    for (key, deal), rows in found.groupby(["key", "deal"], sort=False):
        change = dict(zip(rows["measure"], rows["change"], strict=True))
        error = dict(zip(rows["measure"], rows["error"], strict=True))
        shares = [_share(float(change[item.name])) for item in OUTCOMES]
        margin = (_points(float(change[MARGIN])), _points(float(error[MARGIN]), sign=""))
        if not averaged and key != last:
            table.add_row(str(key))
            last = key
        name = str(key) if averaged else f"  {deal}"
        table.add_row(name, *shares, *margin)
    return table


def _share(change: float) -> str:
    return "·" if abs(change) < 0.0005 else f"{100 * change:+.1f}"


def _points(value: float, sign: str = "+") -> str:
    return "–" if value != value else f"{value:{sign}.1f}"


def _legend(worlds: int, averaged: bool) -> str:
    over = ", averaged over structures" if averaged else ""
    return (
        f"\nChanges when a stance is switched off, in the same {worlds} worlds{over}: shares of\n"
        "the eight outcomes in percentage points; median ZOPA margin in points, with its error."
    )
