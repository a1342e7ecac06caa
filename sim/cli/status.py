"""Tell how far a sweep is, running or stopped.

Usage: islands status DIR
"""

from __future__ import annotations

from pathlib import Path

from sim.cli.screen import say
from sim.errors import UsageError

__all__ = ["main"]


def main(arguments: list[str]) -> int:
    """Print the state of a sweep."""
    if len(arguments) != 1:
        raise UsageError(f"expected the folder of a sweep, got {' '.join(arguments)!r}")
    from sim.experiments.sweep.progress import status

    say(str(status(Path(arguments[0]))))
    return 0
