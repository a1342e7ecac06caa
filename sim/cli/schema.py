"""Write the JSON Schema of a kind of file, so that editors complete and check it.

Usage: islands schema [KIND]       scenario, dispute, side, strategy, environment, protocol,
                                  calibration, deal, evidence or game
       islands schema out=DIR     a file of each kind

Name the schema in the first line of a file, relative to it:

  # yaml-language-server: $schema=DIR/scenario.json
"""

from __future__ import annotations

from pathlib import Path

from sim.cli.screen import say
from sim.errors import UsageError, nearest
from sim.io.files import place, write_atomically
from sim.io.json_schema import SCHEMAS, schema_text

__all__ = ["main"]


def main(arguments: list[str]) -> int:
    """Print the schema of one kind, or write those of all."""
    if len(arguments) > 1:
        raise UsageError(f"expected one kind or out=DIR, got {' '.join(arguments)!r}")
    asked = arguments[0] if arguments else "scenario"
    folder = asked.removeprefix("out=")
    if folder and folder != asked:
        _write_all(place(folder))
    elif asked in SCHEMAS:
        say(schema_text(asked).rstrip("\n"))
    else:
        near = nearest(asked, list(SCHEMAS))
        hint = f"; did you mean {near!r}?" if near else ""
        raise UsageError(f"expected one of {', '.join(SCHEMAS)}, or out=DIR, got {asked!r}{hint}")
    return 0


def _write_all(folder: Path) -> None:
    for kind in SCHEMAS:
        path = folder / f"{kind}.json"
        write_atomically(path, schema_text(kind).encode())
        say(str(path))
