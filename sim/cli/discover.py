"""Say in words where a structure settles, from a run or a sweep.

Usage: islands discover DIR [event=OUTCOME]

  DIR             folder of `islands run` (cases are worlds, by what each drew of everything
                  uncertain) or of `islands sweep` (cases are cells, by their place on the axes)
  event=settled   or another outcome: reneged, interim, rejected, no_bargain, preconditions,
                  publics, not_reached; of a run also zopa: some package is worth signing to both

Half of the cases find the limits, the other half measure them.
"""

from __future__ import annotations

from sim.cli.screen import say
from sim.errors import UsageError

__all__ = ["main"]

_VERBS = {"settled": "settles", "zopa": "has something to gain for both"}


def main(arguments: list[str]) -> int:
    """Print where an outcome happens, structure by structure."""
    events = [item.partition("=")[2] for item in arguments if item.startswith("event=")]
    folders = [item for item in arguments if not item.startswith("event=")]
    if len(folders) != 1 or len(events) > 1:
        raise UsageError(f"expected DIR and perhaps event=OUTCOME, got {' '.join(arguments)!r}")
    from sim.experiments.analysis.discovery import discover

    event = events[0] if events else "settled"
    verb = _VERBS.get(event, f"ends as {event}")
    for deal, found in discover(folders[0], event).items():
        first, *rest = found.sentences(verb)
        say("\n  ".join([f"{deal} {first}", *rest]) + "\n")
    return 0
