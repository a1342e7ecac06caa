"""Write to the terminal: plain lines, and tables that stay readable when piped."""

from __future__ import annotations

import sys
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["WIDTH", "complain", "display", "say"]

WIDTH = 120
"""Columns that every table fits."""


def say(text: str) -> None:
    """Write lines to standard output."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """Write lines to standard error, each marked as ours."""
    for line in text.splitlines() or [""]:
        sys.stderr.write(f"islands: {line}\n")


def display(content: RenderableType) -> None:
    """Write tables and text: at most `WIDTH` columns, in colour on a terminal, plain when piped.

    What is written comes from strangers, too: neither markup nor names of emoji are obeyed.
    """
    from rich.console import Console

    screen = Console(highlight=False, markup=False, emoji=False)
    if screen.is_terminal:
        screen.width = min(screen.width, WIDTH)
        screen.print(content)
        return
    written = StringIO()
    Console(highlight=False, markup=False, emoji=False, width=WIDTH, file=written).print(content)
    say("\n".join(line.rstrip() for line in written.getvalue().splitlines()))
