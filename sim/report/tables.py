"""Tables without lines: for the terminal, and in Markdown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from rich.table import Table

__all__ = ["markdown_table", "number", "table"]

MISSING = "–"
"""What stands for a number that there is none of."""


def table(
    *heads: str, right: Collection[str] = (), ratios: Sequence[int] = (), gap: int = 2
) -> Table:
    """Return an empty table for the terminal.

    Parameters
    ----------
    *heads : str
    right : collection of str
        Heads of the columns of numbers: set to the right, never broken.
    ratios : sequence of int, optional
        Relative widths of columns, which then fill the line.
    gap : int
        Spaces between columns.
    """
    empty = Table(box=None, pad_edge=False, expand=bool(ratios), header_style="bold")
    empty.padding = (0, 1, 0, gap - 1)
    for place, head in enumerate(heads):
        ratio = ratios[place] if place < len(ratios) else None
        if head in right:
            empty.add_column(head, justify="right", no_wrap=True, ratio=ratio)
        else:
            empty.add_column(head, overflow="fold", ratio=ratio)
    return empty


def markdown_table(heads: Sequence[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield the lines of a table in Markdown.

    Parameters
    ----------
    heads : sequence of str
    rows : iterable of iterable of str
    """
    for cells in (heads, ["---"] * len(heads), *rows):
        yield f"| {' | '.join(cells)} |"


def number(value: float, form: str) -> str:
    """Return a number in a form, and a dash where there is none.

    Examples
    --------
    >>> number(2.345, ".3g"), number(float("nan"), ".3g")
    ('2.35', '–')
    """
    return MISSING if value != value else format(value, form)
