"""Tell which states of a conflict nobody would leave: the graph model for conflict resolution.

Usage: islands stability FILE.yaml|NAME [sanctions=joint|single]

A file lists the states, and for each decision maker its moves (or its options) and how it ranks the
states; NAME is a shipped example (islands list games). A state is stable for a decision maker

  N  Nash        if it has no improvement
  G  general     if every improvement can be sanctioned by the others
  M  symmetric   if it cannot even escape the sanction afterwards
  S  sequential  if it can be sanctioned by moves that are improvements for those who make them

and an equilibrium in a sense where it is so for all. Sanctions are chains of moves by any of the
others, nobody twice in a row (joint), or one move of one of them (single).
"""

from __future__ import annotations

from typing import Literal, cast

from sim.cli.options import options
from sim.cli.screen import display
from sim.errors import UsageError

__all__ = ["main"]

_SANCTIONS = ("joint", "single")


def main(arguments: list[str]) -> int:
    """Read a conflict and tell its stable states."""
    files = [argument for argument in arguments if "=" not in argument]
    if len(files) != 1:
        raise UsageError("expected one conflict: islands stability FILE.yaml [sanctions=…]")
    given = options([item for item in arguments if "=" in item], {"sanctions": str})
    asked = given.get("sanctions")
    if asked is not None and asked not in _SANCTIONS:
        raise UsageError(f"sanctions: expected one of {', '.join(_SANCTIONS)}, got {asked!r}")
    from sim.io.kinds import read_game
    from sim.report.bargaining import render_conflict

    game = read_game(files[0])
    display(render_conflict(game, cast(Literal["joint", "single"], asked or game.sanctions)))
    return 0
