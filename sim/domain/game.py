"""Conflicts as graphs: who can move between which states, and who prefers which.

The form is that of the graph model for conflict resolution. Either the states are named and each
decision maker's moves listed; or each state is the list of options taken in it, and a decision
maker moves between states that differ in its own options alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from sim.domain.frozen import Frozen
from sim.domain.statements import fault_of_statement, ranked
from sim.errors import Fault, nearest
from sim.quantities import Bools, Floats

__all__ = ["Concept", "Game", "Maker", "Ranking", "faults_of_game"]

Concept = Literal["nash", "general", "symmetric", "sequential"]
"""Ways in which a state can be stable; see `sim.equations.stability`."""
_Names = Annotated[tuple[str, ...], Field(min_length=1)]
_Ranks = Annotated[tuple[str | _Names, ...], Field(min_length=1)]


_States = tuple[str, ...] | dict[str, tuple[str, ...]]
_Statements = Annotated[tuple[str, ...], Field(min_length=1, max_length=60)]


class Ranking(Frozen):
    """How states are ranked: one by one, or by statements on the options taken in them.

    Parameters
    ----------
    prefers : tuple of state, or of states that are liked equally, optional
        All states, the best first.
    statements : tuple of str, optional
        In place of `prefers`, where states are lists of options: what is wished for, the most
        important first; see `sim.domain.statements`.
    """

    prefers: _Ranks | None = None
    statements: _Statements | None = None

    def ranks(self, states: _States) -> tuple[tuple[str, ...], ...]:
        """Return all states, the best first, those that are liked equally together."""
        if self.statements is not None and isinstance(states, dict):
            return ranked(self.statements, states)
        return tuple((item,) if isinstance(item, str) else item for item in self.prefers or ())


class Maker(Ranking):
    """A decision maker.

    Parameters
    ----------
    label : str
        Who it is, in words.
    moves : mapping of state to states
        Where it can move, where states are only named.
    options : tuple of str
        What it can do or leave, where states are lists of options.
    irreversible : tuple of str
        Those of its options that, once taken, cannot be taken back.
    sees : mapping of decision maker to Ranking
        How it believes that others rank the states, where it is mistaken.
    """

    label: str = ""
    moves: dict[str, tuple[str, ...]] = {}
    options: tuple[str, ...] = ()
    irreversible: tuple[str, ...] = ()
    sees: dict[str, Ranking] = {}


class Game(Frozen):
    """A conflict.

    Parameters
    ----------
    name, label, description : str
        Identifier, title and a paragraph in words.
    source : str
        Where the model is from.
    states : tuple of state, or mapping of state to the options taken in it
        From 2 to 200.
    makers : mapping of name to Maker
        From 2 to 12.
    sanctions : {"joint", "single"}
        How others answer a move; see `sim.equations.stability`.
    start : str, optional
        The status quo: the state from which ways to equilibria are sought.
    equilibria : mapping of concept to states
        As published, to be held against.
    """

    name: str = ""
    label: str = ""
    description: str = ""
    source: str = ""
    states: (
        Annotated[tuple[str, ...], Field(min_length=2, max_length=200)]
        | Annotated[dict[str, tuple[str, ...]], Field(min_length=2, max_length=200)]
    )
    makers: Annotated[dict[str, Maker], Field(min_length=2, max_length=12)]
    sanctions: Literal["joint", "single"] = "joint"
    start: str | None = None
    equilibria: dict[Concept, tuple[str, ...]] = {}

    @property
    def moves(self) -> Bools:
        """Return who can move where, shape (makers, states, states)."""
        names = list(self.states)
        result = np.zeros((len(self.makers), len(names), len(names)), dtype=bool)
        for place, maker in enumerate(self.makers.values()):
            if isinstance(self.states, dict):
                result[place] = _between(maker, self.states)
            for start, ends in maker.moves.items():
                result[place, names.index(start), [names.index(end) for end in ends]] = True
        return result

    @property
    def payoff(self) -> Floats:
        """Return how each ranks the states, larger is better, shape (makers, states)."""
        return np.stack([self._worth(maker) for maker in self.makers.values()])

    @property
    def payoff_seen(self) -> Floats:
        """Return `payoff` in the eyes of each, shape (makers, makers, states), the first sees."""
        pictures = [
            [self._worth(viewer.sees.get(name, own)) for name, own in self.makers.items()]
            for viewer in self.makers.values()
        ]
        return np.array(pictures)

    def _worth(self, ranking: Ranking) -> Floats:
        names = list(self.states)
        result = np.zeros(len(names))
        for rank, tied in enumerate(ranking.ranks(self.states)):
            result[[names.index(state) for state in tied]] = -rank
        return result


def _between(maker: Maker, states: dict[str, tuple[str, ...]]) -> Bools:
    """Return between which states a maker moves by its own options alone."""
    taken = [set(options) for options in states.values()]
    own, kept = set(maker.options), set(maker.irreversible)
    rest = [options - own for options in taken]
    result = np.zeros((len(taken), len(taken)), dtype=bool)
    for start, before in enumerate(taken):
        for end, after in enumerate(taken):
            differs = start != end and rest[start] == rest[end]
            result[start, end] = differs and before & kept <= after
    return result


def faults_of_game(game: Game) -> list[Fault]:
    """Return every fault of a game that its schema cannot see; empty where it is sound.

    Parameters
    ----------
    game : Game
    """
    found = [*_faults_of_states(game)]
    for name, maker in game.makers.items():
        found += _faults_of_maker(f"makers.{name}", maker, game)
    if game.start is not None:
        found += _unknown("start", "a state", [game.start], game.states)
    for concept, states in game.equilibria.items():
        found += _unknown(f"equilibria.{concept}", "a state", states, game.states)
    return found


def _faults_of_states(game: Game) -> Iterator[Fault]:
    if not isinstance(game.states, dict):
        yield from _twice("states", game.states)
        return
    owners = [option for maker in game.makers.values() for option in maker.options]
    yield from _twice("makers", owners)
    seen: dict[frozenset[str], str] = {}
    for state, options in game.states.items():
        yield from _unknown(f"states.{state}", "an option of a maker", options, owners)
        first = seen.setdefault(frozenset(options), state)
        if first != state:
            yield Fault(f"states.{state}", f"other options than {first}", "the same")


def _faults_of_maker(key: str, maker: Maker, game: Game) -> Iterator[Fault]:
    if isinstance(game.states, dict) and maker.moves:
        yield Fault(f"{key}.moves", "no moves where states are lists of options", "some")
    if not isinstance(game.states, dict) and maker.options:
        yield Fault(f"{key}.options", "no options where states are only named", "some")
    yield from _unknown(f"{key}.irreversible", "an own option", maker.irreversible, maker.options)
    for start, ends in maker.moves.items():
        yield from _unknown(f"{key}.moves", "a state", (start, *ends), game.states)
    yield from _faults_of_ranking(key, maker, game)
    for name, ranking in maker.sees.items():
        others = [other for other in game.makers if game.makers[other] is not maker]
        yield from _unknown(f"{key}.sees", "another decision maker", [name], others)
        yield from _faults_of_ranking(f"{key}.sees.{name}", ranking, game)


def _faults_of_ranking(key: str, ranking: Ranking, game: Game) -> Iterator[Fault]:
    if ranking.statements is not None:
        yield from _faults_of_statements(key, ranking.statements, game)
        if ranking.prefers is not None:
            yield Fault(f"{key}.prefers", "none beside statements", "some")
        return
    if ranking.prefers is None:
        yield Fault(f"{key}.prefers", "a value", "nothing")
        return
    listed = [state for tied in ranking.ranks(game.states) for state in tied]
    yield from _unknown(f"{key}.prefers", "a state", listed, game.states)
    yield from _twice(f"{key}.prefers", listed)
    if missing := [state for state in game.states if state not in listed]:
        yield Fault(f"{key}.prefers", "every state", f"none of {', '.join(missing)}")


def _faults_of_statements(key: str, statements: tuple[str, ...], game: Game) -> Iterator[Fault]:
    if not isinstance(game.states, dict):
        yield Fault(f"{key}.statements", "none where states are only named", "some")
        return
    options = [option for maker in game.makers.values() for option in maker.options]
    for place, statement in enumerate(statements):
        if fault := fault_of_statement(f"{key}.statements.{place}", statement, options):
            yield fault


def _unknown(key: str, what: str, names: Iterable[str], known: Iterable[str]) -> Iterator[Fault]:
    listed = list(known)
    for name in names:
        if name not in listed:
            yield Fault(key, what, repr(name), nearest(name, listed))


def _twice(key: str, names: Iterable[str]) -> Iterator[Fault]:
    for name, count in Counter(names).items():
        if count > 1:
            yield Fault(key, f"{name!r} once", f"it {count} times")
