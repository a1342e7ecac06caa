"""Conflicts of the graph model as tables for the terminal: what is stable, and what is reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.domain.game import Game
from sim.domain.narration import listed, printable, sentence
from sim.equations.inverse_stability import least_change, sunk
from sim.equations.stability import (
    CONCEPTS,
    Route,
    Sanctions,
    hypergame,
    improvements,
    shortest_routes,
    stability,
)
from sim.quantities import Bools
from sim.report.tables import filled, table

__all__ = ["render_conflict", "render_inverse"]

_LETTERS = dict(zip(CONCEPTS, "NGMS", strict=True))
_SANCTIONS = {
    "joint": "Sanctions are chains of moves by any of the others, nobody twice in a row.",
    "single": "Sanctions are one move of one of the others.",
}
_KEY = """\
A letter says that it would not leave the state, a point that it would; under “equilibrium”, nobody.
N Nash: it has no improvement. G general: the others can answer each of its improvements so that it
ends no better off. M symmetric: and it cannot escape their answer. S sequential: and the answer is
an improvement for those who give it."""


def render_conflict(game: Game, sanctions: Sanctions) -> RenderableType:
    """Return which states are stable for whom, and which are equilibria, at most 120 columns wide.

    Parameters
    ----------
    game : Game
    sanctions : {"joint", "single"}
        How others answer a move.
    """
    found = stability(game.moves, game.payoff, sanctions)
    parts: list[RenderableType] = [Text(printable(game.label or game.name), style="bold")]
    parts += [Text(line) for told in _answer(game, found) for line in filled(told)]
    parts += [Text(), _states_table(game, found), Text()]
    parts += [Text(_KEY), Text(_SANCTIONS[sanctions]), Text()]
    compared = sanctions == game.sanctions
    parts += [Text(line) for line in _equilibria(game, found, compared=compared)]
    if any(maker.sees for maker in game.makers.values()):
        parts += [Text(), *_pictures(game, sanctions)]
    if game.start is not None:
        parts += [Text(), *_routes(game, found, game.start)]
    return Group(*parts)


def _answer(game: Game, found: dict[str, Bools]) -> Iterator[str]:
    """Yield which states nobody would leave, and which of them are reached from the status quo."""
    names = [printable(state) for state in game.states]
    senses: dict[tuple[str, ...], list[str]] = {}
    for place, name in enumerate(names):
        own = tuple(concept for concept in CONCEPTS if found[concept][:, place].all())
        senses.setdefault(own, []).append(name)
    stay = senses.pop(tuple(CONCEPTS), [])
    none = "there is no state that nobody would leave in all four senses"
    yield sentence(f"nobody would leave {listed(stay)}, in any sense" if stay else none)
    if some := [f"{listed(states)} ({', '.join(own)})" for own, states in senses.items() if own]:
        yield sentence(f"only in some senses would nobody leave {'; '.join(some)}")
    if game.start is not None:
        start = list(game.states).index(game.start)
        ways = shortest_routes(improvements(game.moves, game.payoff), start)
        ends = [name for place, name in enumerate(names) if place in ways and name in stay]
        where = listed(ends) if ends else "none of these" if stay else "nowhere"
        yield sentence(f"from {names[start]}, improvements alone lead to {where}")


def _states_table(game: Game, found: dict[str, Bools]) -> Table:
    body = table("state", gap=1)
    for name, maker in game.makers.items():
        body.add_column(Text(printable(maker.label or name)), overflow="fold")
    body.add_column("equilibrium", no_wrap=True)
    if isinstance(game.states, dict):
        body.add_column("options taken", overflow="fold")
    for place, state in enumerate(game.states):
        cells = [_letters(found, maker, place) for maker in range(len(game.makers))]
        taken = [", ".join(game.states[state])] if isinstance(game.states, dict) else []
        row = (state, *cells, _letters(found, None, place), *taken)
        body.add_row(*(Text(printable(cell)) for cell in row))
    return body


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


def _pictures(game: Game, sanctions: Sanctions) -> Iterable[RenderableType]:
    """Yield where each stays in the game that it sees, and whom that surprises."""
    own, seen = hypergame(game.moves, game.payoff_seen, sanctions)
    yield Text("As each sees the rankings of the others (hypergame):")
    yield _states_table(game, own)
    yield Text()
    for concept, letter in _LETTERS.items():
        told = [
            printable(state) + _surprises(game, seen[concept][:, :, place])
            for place, state in enumerate(game.states)
            if own[concept][:, place].all()
        ]
        yield Text(f"{letter} {concept:<10} {'; '.join(told) or 'none'}")


def _surprises(game: Game, stays: Bools) -> str:
    """Return who takes others to leave a state that all stay in, and whom."""
    makers = np.array(_makers(game))
    told = [
        f"{viewer} expects {' and '.join(makers[~row])} to leave"
        for viewer, row in zip(makers, stays, strict=True)
        if not row.all()
    ]
    return f" (surprises: {', '.join(told)})" if told else ""


def _routes(game: Game, found: dict[str, Bools], start: str) -> Iterable[RenderableType]:
    """Yield which equilibria are reached from the status quo, and how."""
    names, moves = list(game.states), game.moves
    place = names.index(start)
    willing = shortest_routes(improvements(moves, game.payoff), place)
    any_ = shortest_routes(moves, place)
    yield Text(f"From {printable(start)} by improvements only, nobody twice in a row:")
    body = table("state", "equilibrium", "moves", "way", right=["moves"], gap=1)
    body.columns[1].no_wrap = True
    for state in np.flatnonzero(np.any([by.all(axis=0) for by in found.values()], axis=0)):
        row = _route_cells(game, willing.get(int(state)), any_.get(int(state)))
        body.add_row(printable(names[state]), _letters(found, None, int(state)), *row)
    yield body


def _route_cells(game: Game, willing: Route | None, any_: Route | None) -> tuple[str, Text]:
    """Return in how many moves a state is reached, and how."""
    if willing is not None:
        return str(len(willing)), Text(_told(game, willing) or "it is where one starts")
    if any_ is not None:
        return "–", Text(f"not reached; with moves that are no improvements: {_told(game, any_)}")
    return "–", Text("not reached by any moves")


def _told(game: Game, route: Route) -> str:
    makers, names = _makers(game), list(game.states)
    return ", ".join(f"{makers[maker]} to {printable(names[state])}" for maker, state in route)


def render_inverse(
    game: Game, sanctions: Sanctions, state: str, concepts: Sequence[str] = CONCEPTS
) -> RenderableType:
    """Return which least changes of rankings would make a state an equilibrium.

    Parameters
    ----------
    game : Game
    sanctions : {"joint", "single"}
        How others answer a move.
    state : str
        One of the game's.
    concepts : sequence of str
        In which senses.
    """
    body = table("sense", "decision maker", "the least that must change", gap=1)
    body.columns[0].no_wrap = True
    consents = []
    for concept in concepts:
        changes = _changes(game, sanctions, state, concept)
        for place, (maker, (change, fewest)) in enumerate(zip(_makers(game), changes, strict=True)):
            sense = "" if place else f"{_LETTERS[concept]} {concept}"
            body.add_row(sense, maker, _required(game, state, change, fewest=fewest))
        consents.append(_consent(game, sanctions, state, concept, [one for one, _ in changes]))
    head = f"What would make {printable(state)} an equilibrium:"
    parts = [Text(printable(game.label or game.name), style="bold"), Text(), Text(head)]
    key = (Text("Each ranking by itself, the others as they are."), Text(_SANCTIONS[sanctions]))
    return Group(*parts, *map(Text, consents), Text(), body, Text(), *key)


def _makers(game: Game) -> list[str]:
    return [printable(maker.label or name) for name, maker in game.makers.items()]


def _changes(
    game: Game, sanctions: Sanctions, state: str, concept: str
) -> list[tuple[tuple[int, ...], bool]]:
    """Return the least change of each decision maker's ranking."""
    place, moves, payoff = list(game.states).index(state), game.moves, game.payoff
    return [
        least_change(moves, payoff, maker, place, concept, sanctions)
        for maker in range(len(game.makers))
    ]


def _required(game: Game, state: str, change: tuple[int, ...], *, fewest: bool) -> Text:
    if not change:
        return Text("nothing: it is stable")
    names = list(game.states)
    told = ", ".join(names[place] for place in change)
    more = "" if fewest else " (enough; a smaller change was not found in time)"
    return Text(printable(f"must like no better than {state}: {told}{more}"))


def _consent(
    game: Game, sanctions: Sanctions, state: str, concept: str, changes: list[tuple[int, ...]]
) -> str:
    """Return who has to consent, and whether all changes together are enough."""
    said = f"{_LETTERS[concept]} {concept:<10} "
    whose = [name for name, change in zip(_makers(game), changes, strict=True) if change]
    if not whose:
        return f"{said} is an equilibrium as it is"
    place, ranks = list(game.states).index(state), game.payoff
    pairs = zip(ranks, changes, strict=True)
    ranks = np.stack([sunk(rank, place, change) for rank, change in pairs])
    found = stability(game.moves, ranks, sanctions)[concept][:, place]
    said = f"{said} takes the consent of {', '.join(whose)}"
    if found.all():
        return f"{said}; together it is enough"
    lost = ", ".join(np.array(_makers(game))[~found])
    return f"{said}; together it is not enough: with all changes {lost} would leave"
