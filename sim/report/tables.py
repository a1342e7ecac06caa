"""Tables without lines: for the terminal, and in Markdown."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from sim.domain.narration import percent

__all__ = [
    "FittingTable",
    "KeyedText",
    "difference",
    "filled",
    "is_sure",
    "markdown_table",
    "number",
    "paired_cells",
    "results_in",
    "table",
]

MISSING = "–"
"""What stands for a number that there is none of."""


_LEAST_NAME, _LEAST_WORDS = 16, 10
"""Letters below which a column of names, or of other words, is no longer readable."""


def filled(text: str, width: int = 80) -> list[str]:
    """Return the lines of a text; an empty one has one."""
    return textwrap.wrap(text, width, break_on_hyphens=False) or [""]


def results_in(out: Path | None) -> list[Text]:
    """Return where results lie, after an empty line; nothing where they lie nowhere."""
    if out is None:
        return []
    files = sorted(path.name for path in out.iterdir()) if out.is_dir() else []
    return [Text(), Text(f"Results in {out}/: {', '.join(files)}", overflow="fold")]


Paired = Mapping[Hashable, Any]
"""Two shares of the same worlds, as `sim.equations.statistics.paired_shares` sets them apart."""


def is_sure(pair: Paired) -> bool:
    """Tell whether the interval of a difference leaves out 0."""
    return bool(pair["low"] > 0 or pair["high"] < 0)


def difference(pair: Paired) -> str:
    """Return a difference with its interval, in percentage points."""
    middle, low, high = (100.0 * pair[name] for name in ("difference", "low", "high"))
    return f"{middle:+.1f} ({low:+.1f} to {high:+.1f})"


def paired_cells(pair: Paired) -> tuple[str, str, str, str]:
    """Return both shares in percent, their difference, and how many worlds gain and lose it."""
    gained = f"(+{pair['gained']:,} -{pair['lost']:,})"
    return percent(pair["base"]), percent(pair["share"]), difference(pair), gained


_TOKEN = re.compile(r"[^\s._]*[._]+|[^\s._]+")


@dataclass(frozen=True)
class KeyedText:
    """Text with keys and ids in it: broken at spaces, those too long at dots and underscores.

    Parameters
    ----------
    text : str
    style : str
    """

    text: str
    style: str = ""

    def __str__(self) -> str:
        """Return the text."""
        return self.text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines."""
        lines = [""]
        for word in self.text.split():
            whole = len(word) <= options.max_width
            for place, token in enumerate([word] if whole else _TOKEN.findall(word)):
                gap = " " if place == 0 and lines[-1] else ""
                if lines[-1] and len(f"{lines[-1]}{gap}{token}") > options.max_width:
                    lines.append(token)
                else:
                    lines[-1] += f"{gap}{token}"
        yield Text("\n".join(lines), style=self.style, overflow="fold")

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """Return the length of the longest part that is not broken, and of all of it."""
        parts = map(len, _TOKEN.findall(self.text))
        return Measurement(max(parts, default=0), len(self.text))


class FittingTable(Table):
    """A table that is readable in any width: names are never dropped.

    Where its columns do not fit, those that may be left out go, the last first; where that is not
    enough, every row is told as a record: its name, then each cell under its head.
    """

    optional: tuple[str, ...] = ()
    """Heads of the columns that may be left out."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines in the form that fits."""
        room = min(options.max_width, self.width or options.max_width)
        left = [*self.columns]
        spare = [column for column in left if _words(column.header) in self.optional]
        while spare and not self._fits(console, options, left, room):
            left.remove(spare.pop())
        if not self._fits(console, options, left, room):
            yield from self._records(options)
            return
        yield from self._drawn(console, options, left, room)
        if gone := [_words(column.header) for column in self.columns if column not in left]:
            yield Text(f"Left out at this width: {', '.join(gone)}.", style="dim")

    def _drawn(
        self, console: Console, options: ConsoleOptions, columns: Sequence[Column], room: int
    ) -> RenderResult:
        """Yield the lines of some columns, which keep what they need; the rest goes to names."""
        kept = self.columns
        self.columns = [replace(column, _index=place) for place, column in enumerate(columns)]
        spare = room - self._between(columns) - sum(self._needed(console, options, columns))
        for column, least in zip(
            self.columns, self._needed(console, options, columns), strict=True
        ):
            if column.ratio is None:
                more = min(max(_widest(console, options, column) - least, 0), max(spare, 0))
                column.width, spare = least + more, spare - more
        try:
            yield from super().__rich_console__(console, options)
        finally:
            self.columns = kept

    def _between(self, columns: Sequence[Column]) -> int:
        """Return how many spaces stand between columns."""
        return (self.padding[1] + self.padding[3]) * (len(columns) - 1)

    def _needed(
        self, console: Console, options: ConsoleOptions, columns: Sequence[Column]
    ) -> list[int]:
        """Return the least widths of columns; the first is that of names."""
        return [
            _least(console, options, column, _LEAST_WORDS if place else _LEAST_NAME)
            for place, column in enumerate(columns)
        ]

    def _fits(
        self, console: Console, options: ConsoleOptions, columns: Sequence[Column], room: int
    ) -> bool:
        """Tell whether every column has the room that it needs."""
        needed, room = self._needed(console, options, columns), room - self._between(columns)
        shares = [column.ratio or 0 for column in columns]
        if all(shares):
            unit = room / sum(shares)
            return all(unit * share >= least for share, least in zip(shares, needed, strict=True))
        return sum(needed) <= room

    def _records(self, options: ConsoleOptions) -> RenderResult:
        """Yield each row as its name and, below, its cells under their heads."""
        first, *others = self.columns
        *above, _ = _plain(first.header).split("\n")
        if title := " ".join(above):
            yield Text(title, style="bold")
        for place, name in enumerate(first.cells):
            yield name if _plain(name) or isinstance(name, Padding) else Text()
            cells = [(_words(each.header), _plain([*each.cells][place])) for each in others]
            told = "; ".join(f"{head}: {cell}".lstrip(": ") for head, cell in cells if cell)
            yield Padding(Text(told, overflow="fold"), (0, 0, 0, 4))


def _least(console: Console, options: ConsoleOptions, column: Column, readable: int) -> int:
    """Return the least width of a column in which no number and no short word is broken."""
    cells = [Measurement.get(console, options, cell) for cell in (column.header, *column.cells)]
    widest = max(cell.maximum for cell in cells)
    if column.no_wrap:
        return widest
    return max(min(max(cell.minimum for cell in cells), 2 * readable), min(widest, readable))


def _widest(console: Console, options: ConsoleOptions, column: Column) -> int:
    """Return the width of a column in which nothing is broken."""
    cells = (column.header, *column.cells)
    return max(Measurement.get(console, options, cell).maximum for cell in cells)


def _plain(cell: RenderableType) -> str:
    """Return the text of a cell."""
    inner = cell.renderable if isinstance(cell, Padding) else cell
    return inner.plain if isinstance(inner, Text) else str(inner)


def _words(head: RenderableType) -> str:
    """Return a head of several lines as one."""
    return " ".join(_plain(head).replace("-\n", "").split())


def table(
    *heads: str | KeyedText,
    right: Collection[str] = (),
    ratios: Sequence[int] = (),
    gap: int = 2,
    optional: Sequence[str] = (),
) -> FittingTable:
    """Return an empty table for the terminal.

    Parameters
    ----------
    *heads : str or KeyedText
        The first is that of the names of rows, which are never dropped.
    right : collection of str
        Heads of the columns of numbers: set to the right, never broken.
    ratios : sequence of int, optional
        Relative widths of columns, which then fill the line.
    gap : int
        Spaces between columns.
    optional : sequence of str
        Heads, in one line, of the columns that go first where there is little room.
    """
    empty = FittingTable(box=None, pad_edge=False, expand=bool(ratios), header_style="bold")
    empty.padding = (0, 1, 0, gap - 1)
    empty.optional = tuple(optional)
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
