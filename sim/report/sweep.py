"""Tables of a sweep: its best cells, and the numbers that decide how structures end."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from sim.domain.narration import listed, percent
from sim.domain.outcome import OUTCOMES, Outcome
from sim.experiments.conditions.trials import EVENT_LABELS
from sim.experiments.sweep.axes import point_of
from sim.experiments.sweep.result import SweepResult, telling_measure
from sim.plotting.style import measure_label
from sim.report.tables import KeyedText, number, table

__all__ = ["best", "deciding"]

_CELLS, _NUMBERS = 12, 8
"""How many rows are shown."""


def best(result: SweepResult) -> RenderableType:
    """Return the cells where the most comes about, the wider bargaining range first.

    Parameters
    ----------
    result : SweepResult
    """
    event = telling_measure(result.cells)
    rows = result.cells.sort_values([event, "zopa_margin"], ascending=False, kind="stable")
    keys = list(result.axes)[:3]
    settles = event == Outcome.settled.name
    own = {event: measure_label(event)} if event in _ENDS else {}
    shares = own if settles else own | EVENT_LABELS
    ends = ["settled, 95 %"] if settles else []
    right = [*shares.values(), *ends, "ZOPA margin", "worlds"]
    found = table("structure", *map(KeyedText, keys), *right, right=right)
    for _, row in rows.head(_CELLS).iterrows():
        low, high = (percent(float(row[name])) for name in ("settled_low", "settled_high"))
        found.add_row(
            KeyedText(str(row["deal"])),
            *(_place(row[key], result.axes[key]) for key in keys),
            *(percent(float(row[name])) for name in shares),
            *([f"{low}–{high}"] if settles else []),
            number(float(row["zopa_margin"]), ".2f"),
            f"{row['worlds']:,}",
        )
    parts: list[RenderableType] = [Text(_BEST.format(event=measure_label(event))), found]
    if len(rows) > _CELLS:
        untold = sorted({*map(str, rows["deal"])} - {*map(str, rows["deal"].head(_CELLS))})
        none = f", none of them of {listed(untold)}" if untold else ""
        parts.append(Text(f"{_CELLS} of {len(rows):,} rows{none}"))
    return Group(*parts)


_ENDS = {item.name for item in OUTCOMES}
_BEST = "Shares of worlds, %; cells by “{event}”, then by the ZOPA margin, the highest first"


def _place(value: object, unit: str) -> str:
    """Return where a cell lies on an axis; infinity stands for “none”."""
    if not unit:
        return str(value)
    at = point_of(float(str(value)))
    return at if isinstance(at, str) else f"{at:g}"


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


_OUTCOMES = {"settled": "share of worlds that settle", "zopa_margin": "ZOPA margin, points"}


def _influence(deal: str, rows: pd.DataFrame) -> Iterator[RenderableType]:
    names = ("first", "total") if "total" in rows else ("mu_star", "mu", "sigma")
    weight = "total" if "total" in rows else "mu_star"
    outcome, spread = _OUTCOMES[rows["outcome"].iloc[0]], rows["spread"].iloc[0]
    yield Text(f"\n{deal}: {outcome} (standard deviation {spread:.3g})")
    body = table("", *names)
    for _, row in rows[rows[weight] > 0].head(_NUMBERS).iterrows():
        body.add_row(KeyedText(str(row["key"])), *(_index(row, name) for name in names))
    yield body


def _index(row: pd.Series, name: str) -> str:
    text = f"{row[name]:.3f}"
    if f"{name}_low" in row:
        text += f" ({row[f'{name}_low']:.3f} to {row[f'{name}_high']:.3f})"
    return text
