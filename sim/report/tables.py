"""Tables without lines: for the terminal, and in Markdown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from rich.table import Table

__all__ = ["markdown_table", "number", "percent", "table"]

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
    """Return a number in a form, without a minus before zero, and a dash where there is none.

    Examples
    --------
    >>> number(2.345, ".3g"), number(-1e-17, "+.1f"), number(float("nan"), ".3g")
    ('2.35', '+0.0', '–')
    """
    sign, rest = (form[0], form[1:]) if form[0] in "+-" else ("", form)
    return MISSING if value != value else format(value, f"{sign}z{rest}")


def percent(share: float) -> str:
    """Return a share in percent with one decimal, and none where there is nothing to add.

    Examples
    --------
    >>> [percent(share) for share in (0.0, 0.0004, 0.123, 0.9999, 1.0)]
    ['0', '<.1', '12.3', '>99.9', '100']
    """
    value = 100.0 * share
    if value in (0.0, 100.0):
        return f"{value:.0f}"
    if value < 0.1:
        return "<.1"
    return ">99.9" if value >= 99.95 else f"{value:.1f}"
