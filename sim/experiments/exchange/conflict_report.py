"""Tell which states of a conflict are stable for whom, as a table for a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.domain.game import Game
from sim.domain.narration import printable
from sim.equations.stability import CONCEPTS, stability
from sim.quantities import Bools

__all__ = ["render"]

_LETTERS = dict(zip(CONCEPTS, "NGMS", strict=True))
_SANCTIONS = {
    "joint": "Sanctions are chains of moves by any of the others, nobody twice in a row.",
    "single": "Sanctions are one move of one of the others.",
}


def render(game: Game, sanctions: Literal["joint", "single"]) -> RenderableType:
    """Return which states are stable for whom, and which are equilibria, at most 120 columns wide.

    Parameters
    ----------
    game : Game
    sanctions : {"joint", "single"}
        How others answer a move.
    """
    found = stability(game.moves, game.payoff, sanctions)
    parts: list[RenderableType] = [Text(printable(game.label or game.name), style="bold")]
    parts += [Text(_SANCTIONS[sanctions]), Text(), _table(game, found), Text()]
    compared = sanctions == game.sanctions
    parts += [Text(line) for line in _equilibria(game, found, compared=compared)]
    return Group(*parts)


def _table(game: Game, found: dict[str, Bools]) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    table.add_column("state", overflow="fold")
    for name, maker in game.makers.items():
        table.add_column(Text(printable(maker.label or name)), overflow="fold")
    table.add_column("equilibrium", no_wrap=True)
    if isinstance(game.states, dict):
        table.add_column("options taken", overflow="fold")
    for place, state in enumerate(game.states):
        cells = [_letters(found, maker, place) for maker in range(len(game.makers))]
        taken = [", ".join(game.states[state])] if isinstance(game.states, dict) else []
        row = (state, *cells, _letters(found, None, place), *taken)
        table.add_row(*(Text(printable(cell)) for cell in row))
    return table


def _letters(found: dict[str, Bools], maker: int | None, state: int) -> str:
    """Return in which senses a state is stable for one decision maker, or for all."""
    whom = slice(None) if maker is None else maker
    return " ".join(
        letter if np.all(found[concept][whom, state]) else "·"
        for concept, letter in _LETTERS.items()
    )


def _equilibria(game: Game, found: dict[str, Bools], *, compared: bool) -> Iterable[str]:
    names = list(game.states)
    known = {str(concept): states for concept, states in game.equilibria.items()}
    for concept, letter in _LETTERS.items():
        states = [names[place] for place in np.flatnonzero(found[concept].all(axis=0))]
        line = f"{letter} {concept:<10} {printable(', '.join(states)) or 'none'}"
        given = known.get(concept)
        if given is not None and compared:
            same = sorted(given) == sorted(states)
            line += (
                "  (as its source says)"
                if same
                else f"  (its source: {printable(', '.join(given))})"
            )
        yield line
