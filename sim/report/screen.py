"""Write to the terminal: plain lines, and tables that stay readable when piped."""

from __future__ import annotations

import os
import select
import sys
import textwrap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from typing import TYPE_CHECKING

from sim.errors import RunError

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import RenderableType

    from sim.domain.scenario import Scenario

__all__ = [
    "WIDTH",
    "ReaderGoneError",
    "complain",
    "display",
    "heard",
    "say",
    "say_moved",
    "say_overrides",
    "watched",
]

WIDTH = 120
"""Columns that every table fits."""


class ReaderGoneError(Exception):
    """Whoever read standard output, such as `head`, has had enough."""


@contextmanager
def _written() -> Iterator[None]:
    """Say that standard output cannot be written, and let nothing be written to it later."""
    try:
        yield
        return
    except BrokenPipeError as error:
        failure: Exception = ReaderGoneError()
        failure.__cause__ = error
    except (AttributeError, OSError, ValueError) as error:  # none, of a full disk, or closed
        why = getattr(error, "strerror", None) or "it is closed"
        failure = RunError(f"standard output cannot be written: {why}")
        failure.__cause__ = error
    with suppress(AttributeError, OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise failure


def say(text: str) -> None:
    """Write lines to standard output.

    Raises
    ------
    RunError
        If they cannot be written.
    ReaderGoneError
        If nobody reads them any more.
    """
    with _written():
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


_PATIENCE = 200
"""Milliseconds that a reader such as `head` is given to go."""


def heard() -> None:
    """Look before long work whether anybody still reads what a pipe is given.

    Raises
    ------
    ReaderGoneError
        If nobody does.
    """
    with suppress(AttributeError, OSError, ValueError):
        if sys.stdout.isatty():
            return
        looked = select.poll()
        looked.register(sys.stdout.fileno(), 0)  # an error alone: the other end is closed
        if any(event & select.POLLERR for _, event in looked.poll(_PATIENCE)):
            raise ReaderGoneError


def say_overrides(words: Iterable[str], scenario: Scenario | None = None) -> None:
    """Write in a line of its own what has been changed of a scenario, if anything.

    Parameters
    ----------
    words : iterable of str
        As they were typed.
    scenario : Scenario, optional
        What came of it: numbers that play no part in it are named.
    """
    from sim.io.overrides import changing

    told = {"Overrides": [*changing(word for word in words if "=" in word)]}
    told["Of no effect here"] = [*(scenario.idle if scenario else ())]
    for head, items in told.items():
        if items:
            say(textwrap.fill(f"{head}: {', '.join(items)}", 80, break_on_hyphens=False))


def say_moved(folder: object, places: Iterable[Path]) -> None:
    """Write where earlier runs of other settings are, whose folder has been taken."""
    from sim.io.files import display as shown

    for place in places:
        say(f"The earlier run in {folder}, of other settings, is now in {shown(place)}")


def complain(text: str) -> None:
    """Write lines to standard error, each marked as ours; where that is impossible, none."""
    with suppress(AttributeError, OSError, ValueError):
        for line in text.splitlines() or [""]:
            sys.stderr.write(f"islands: {line}\n")


def watched() -> bool:
    """Tell whether somebody sees on a terminal (standard error) how far the work is."""
    return sys.stderr is not None and not sys.stderr.closed and sys.stderr.isatty()


def display(content: RenderableType) -> None:
    """Write tables and text: at most `WIDTH` columns, in colour on a terminal, plain when piped.

    What is written comes from strangers, too: neither markup nor names of emoji are obeyed.
    """
    from rich.console import Console

    if sys.stdout is None:
        say("")
    screen = Console(highlight=False, markup=False, emoji=False)
    if screen.is_terminal:
        screen.width = min(screen.width, WIDTH)
        with _written():
            screen.print(content)
        return
    written = StringIO()
    Console(highlight=False, markup=False, emoji=False, width=WIDTH, file=written).print(content)
    say("\n".join(line.rstrip() for line in written.getvalue().splitlines()))
