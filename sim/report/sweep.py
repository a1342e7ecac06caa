"""Tables of a sweep: its best cells, and the numbers that decide how structures end."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.experiments.sweep.result import SweepResult
from sim.report.tables import table

__all__ = ["best", "deciding"]

_CELLS, _NUMBERS = 12, 8
"""How many rows are shown."""


def best(result: SweepResult) -> Table:
    """Return the cells with the highest share that settled, the wider bargaining range first.

    Parameters
    ----------
    result : SweepResult
    """
    order = ["settled", "zopa_margin"]
    rows = result.cells.sort_values(order, ascending=False, kind="stable").head(_CELLS)
    keys = list(result.axes)[:3]
    found = table("structure", *keys, "settled", "interval", "margin", "worlds")
    for _, row in rows.iterrows():
        found.add_row(
            str(row["deal"]),
            *(f"{row[key]:g}" if result.axes[key] else str(row[key]) for key in keys),
            f"{row['settled']:.3f}",
            f"{row['settled_low']:.3f} to {row['settled_high']:.3f}",
            f"{row['zopa_margin']:z.2f}",
            f"{row['worlds']:,}",
        )
    return found


def deciding(title: str, found: pd.DataFrame) -> RenderableType:
    """Return a table for each structure, the most influential numbers first.

    Parameters
    ----------
    title : str
        May be empty.
    found : DataFrame
        Sobol indices or Morris's measures, a row per structure and number.
    """
    parts: list[RenderableType] = [Text(f"\n{title}")] if title else []
    if found.empty:
        return Group(*parts, Text("nothing varies: the outcome is the same in all cells"))
    for deal, rows in found.groupby("deal", observed=True, sort=False):
        parts += _influence(str(deal), rows)
    return Group(*parts)


def _influence(deal: str, rows: pd.DataFrame) -> Iterator[RenderableType]:
    names = ("first", "total") if "total" in rows else ("mu_star", "mu", "sigma")
    weight = "total" if "total" in rows else "mu_star"
    outcome, spread = rows["outcome"].iloc[0], rows["spread"].iloc[0]
    yield Text(f"\n{deal}: {outcome} (standard deviation {spread:.3g})")
    body = table("", *names)
    for _, row in rows[rows[weight] > 0].head(_NUMBERS).iterrows():
        body.add_row(str(row["key"]), *(_index(row, name) for name in names))
    yield body


def _index(row: pd.Series, name: str) -> str:
    text = f"{row[name]:.3f}"
    if f"{name}_low" in row:
        text += f" ({row[f'{name}_low']:.3f} to {row[f'{name}_high']:.3f})"
    return text
