"""Write the files of a dispute of your own: a folder with a scenario and all its parts.

Usage: islands new dispute NAME [in=DIR]

The files describe a made-up lake, say in comments what each number means, and run as they are.
Nothing that exists is replaced.
"""

from __future__ import annotations

from pathlib import Path

from sim.cli.options import options
from sim.cli.screen import say
from sim.errors import UsageError
from sim.io.template import write_dispute

__all__ = ["main"]


def main(arguments: list[str]) -> int:
    """Write the files and say what to do with them."""
    words = [argument for argument in arguments if "=" not in argument]
    if len(words) != 2 or words[0] != "dispute":
        raise UsageError(f"expected 'dispute NAME', got {' '.join(words)!r}")
    given = options([argument for argument in arguments if "=" in argument], {"in": Path})
    scenario = write_dispute(words[1], Path(str(given["in"])) if "in" in given else None)
    for path in sorted(scenario.parent.rglob("*.yaml")):
        say(str(path))
    say(f"\nislands validate {scenario}\nislands run scenario={scenario}")
    return 0
