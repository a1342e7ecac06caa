"""Write to the terminal: plain lines, and tables that stay readable when piped."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["WIDTH", "complain", "console", "say"]

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


def console() -> Console:
    """Return a console at most `WIDTH` columns wide, and exactly that wide when piped."""
    from rich.console import Console

    screen = Console(highlight=False)
    screen.width = min(screen.width, WIDTH) if screen.is_terminal else WIDTH
    return screen
