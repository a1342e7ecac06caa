"""Lay numbers out in tables: what, how much, in which unit and why."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.domain.evidence import Register
from sim.domain.narration import amount, key_words, reason
from sim.domain.quantity import Quantity

__all__ = ["Row", "numbers", "rows_of", "table"]

Row = tuple[str, Quantity | None]
"""A number under its name; without a number, the heading of those indented below it."""

_RATIOS = (34, 16, 16, 54)


def rows_of(value: object) -> list[Row]:
    """Return the numbers below a value, indented under the parts that they belong to."""
    return list(_rows(value, ""))


def _rows(value: object, indent: str) -> Iterator[Row]:
    if isinstance(value, BaseModel):
        parts = {name: getattr(value, name) for name in type(value).model_fields}
    else:
        parts = value if isinstance(value, dict) else {}
    for name, part in parts.items():
        if isinstance(part, Quantity):
            yield f"{indent}{key_words(name)}", part
        elif below := list(_rows(part, f"{indent}  ")):
            yield f"{indent}{getattr(part, 'label', key_words(name))}", None
            yield from below


def numbers(title: str, rows: list[Row], register: Register) -> RenderableType:
    """Return a table of numbers, each with its unit and its origin.

    Parameters
    ----------
    title : str
        What the numbers are about; may be empty.
    rows : list of Row
    register : Register
        The facts to which sources refer.
    """
    if not rows:
        return Text(f"\n{title}: nothing" if title else "")
    body = table("", "value", "unit", "why", ratios=_RATIOS)
    for words, quantity in rows:
        if quantity is None:
            body.add_row(_hanging(words))
        else:
            why = reason(quantity, register)
            body.add_row(_hanging(words), amount(quantity), quantity.unit, why)
    return Group(Text(f"\n{title}", style="bold"), body) if title else body


def table(*columns: str, ratios: tuple[int, ...] = ()) -> Table:
    """Return an empty table without lines, over the whole width when it has `ratios`."""
    empty = Table(box=None, pad_edge=False, expand=bool(ratios), header_style="italic")
    for index, column in enumerate(columns):
        empty.add_column(column, overflow="fold", ratio=ratios[index] if ratios else None)
    return empty


def _hanging(words: str) -> RenderableType:
    """Return words whose further lines are indented like the first."""
    text = words.lstrip()
    return Padding(Text(text), (0, 0, 0, len(words) - len(text)))
