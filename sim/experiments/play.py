"""Game of one side against the engine: a world, the moves made in it, and what came of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from pydantic import Field

from sim.domain.frozen import LAST_WORLD, FileName, Frozen
from sim.domain.interest import ROLES, Role
from sim.domain.move import MOVES, Move
from sim.domain.outcome import OUTCOMES, Outcome
from sim.domain.results import BlockResult
from sim.domain.scenario import Scenario
from sim.domain.tree import Node
from sim.errors import Fault, ScenarioError
from sim.experiments.branching.branch import asked_by, check_deal, check_world
from sim.experiments.pinned import FILE
from sim.io.config import load_scenario, scenario_of
from sim.io.dump import dump_scenario
from sim.io.faults import valid
from sim.io.files import MAX_BYTES, contents, display, parse_json, write_atomically
from sim.io.tables import digest
from sim.model.player import PlayedRound, Player, Sight
from sim.model.talks import TalksModel, playing

__all__ = [
    "PlayedWorld",
    "SavedGame",
    "advised",
    "another",
    "load_game",
    "play",
    "reason_against",
    "saved_game",
]

_MOST_MOVES = 20_000


@dataclass(frozen=True, eq=False)
class PlayedWorld:
    """A world in which somebody plays one side, to its end or to what is asked now.

    Parameters
    ----------
    scenario : Scenario
    deal : str
    side : Role
    world : int
    moves : tuple of Move
        What was done so far.
    nodes : tuple of Node
        The stages, with their packages.
    record : list of mapping
        What happened; a line per event.
    rounds : tuple of PlayedRound
        What talks were in truth.
    sight : Sight, optional
        What is asked, and what the side sees; none when the world is over.
    result : BlockResult, optional
        How the world ended.
    now : mapping
        Levels of the environment's processes, and ``SIDE.leader``: 0 for the first, 1 for later.
    """

    scenario: Scenario
    deal: str
    side: Role
    world: int
    moves: tuple[Move, ...]
    nodes: tuple[Node, ...]
    record: list[dict[str, Any]]
    rounds: tuple[PlayedRound, ...]
    sight: Sight | None = None
    result: BlockResult | None = None
    now: Mapping[str, float] = field(default_factory=dict)

    @property
    def over(self) -> bool:
        """Tell whether nothing is asked any more."""
        return self.result is not None

    @property
    def ending(self) -> Outcome | None:
        """Return how the world ended; None while it goes on."""
        return None if self.result is None else OUTCOMES[int(self.result.columns["outcome"][0])]

    @cached_property
    def automatic(self) -> PlayedWorld:
        """Return the same world, played to its end as the side's own strategy plays it."""
        return play(self.scenario, self.deal, side=self.side, world=self.world, ask=advised)

    def move(self, does: str, what: str | None = None) -> PlayedWorld:
        """Return the game with one move more, played again from its beginning.

        Parameters
        ----------
        does : str
            What `sim.domain.move.MOVES` allows where it is asked.
        what : str, optional
            Id of a package, or name of a structure or precondition.

        Raises
        ------
        ScenarioError
            If the world is over, or the move does not fit.
        """
        if self.sight is None:
            raise ScenarioError([Fault("moves", "no move: this world is over", does, file=FILE)])
        new = {"round": self.sight.round_, "does": does, "what": what}
        moves: list[Move | Mapping[str, Any]] = [*self.moves, new]
        return play(self.scenario, self.deal, side=self.side, world=self.world, moves=moves)

    def to_json(self) -> str:
        """Return the game as JSON, from which `load_game` plays the same one again."""
        values = {
            "scenario": self.scenario.name,
            "config_sha256": _digest(self.scenario),
            "seed": self.scenario.seed,
            "deal": self.deal,
            "side": self.side.value,
            "world": self.world,
            "ending": self.ending.name if self.ending else None,
            "moves": [each.model_dump(exclude_none=True) for each in self.moves],
        }
        return f"{json.dumps(values, indent=2, ensure_ascii=False)}\n"

    def save(self, path: str | Path) -> Path:
        """Write the game as JSON, and return where."""
        write_atomically(Path(path), self.to_json().encode())
        return Path(path)

    def __repr__(self) -> str:
        """Say what it is in one line."""
        asked = "over" if self.sight is None else f"round {self.sight.round_}"
        return f"<PlayedWorld {self.side.value} in world {self.world} of {self.deal}: {asked}>"


Ask = Callable[[Sight, PlayedWorld], Move | None]
"""Takes what the side sees and the game so far; returns a move that fits, or None to stop here."""


def advised(sight: Sight, game: PlayedWorld) -> Move:
    """Return what the side's own strategy would do."""
    return sight.advice[0]


def play(
    scenario: Scenario | str | Path,
    deal: str | None = None,
    *,
    side: Role | str,
    world: int = 0,
    moves: Iterable[Move | Mapping[str, Any]] = (),
    ask: Ask | None = None,
) -> PlayedWorld:
    """Play one side of one world; the other side and all publics are the engine.

    The seed of the scenario and the world fix all shocks, so the same moves give the same game.

    Parameters
    ----------
    scenario : Scenario, str or Path
    deal : str, optional
        A structure; may be left out where there is only one.
    side : Role or str
        ``claimant`` or ``holder``.
    world : int
    moves : iterable of Move or mapping
        What is done first; mappings have the keys ``round``, ``does`` and ``what``.
    ask : callable, optional
        Says what is done after these; absent, or where it returns None, the game stops there.

    Returns
    -------
    PlayedWorld
        Its `move` goes on.

    Raises
    ------
    ScenarioError
        If a move does not fit what is asked.

    Examples
    --------
    ``sim.play("canada_denmark_2018", "hans_line", side="claimant").move("pass")``
    """
    scenario = scenario_of(scenario)
    deal, world, role = check_deal(scenario, deal), check_world(world), _role(side)
    given = _moves(moves)
    with playing(scenario, deal, first=world, worlds=1, record=True) as model:
        how = {"scenario": scenario, "deal": deal, "side": role, "world": world}
        player = Player(role, partial(_next, model, how, given, ask))
        model.player = player
        try:
            while model.running:
                model.step()
        except _StoppedError as stopped:
            return stopped.game
        if given[len(player.moves) :]:
            raise _fault(given[len(player.moves)], "no more moves: the world is over")
        return _so_far(model, how, None, model.result())


class _StoppedError(Exception):
    """Leave a world in the middle of a round."""

    def __init__(self, game: PlayedWorld) -> None:
        super().__init__("stopped")
        self.game = game


def _next(
    model: TalksModel, how: dict[str, Any], given: list[Move], ask: Ask | None, sight: Sight
) -> Move:
    """Return the next of the moves that are given, or what is asked for."""
    game = _so_far(model, how, sight)
    done = len(game.moves)
    if done < len(given):
        move: Move | None = given[done]
    else:
        move = ask(sight, game) if ask is not None else None
    if move is None:
        raise _StoppedError(game)
    if against := reason_against(move, sight, game):
        raise _fault(move, against)
    return move


def _so_far(
    model: TalksModel, how: dict[str, Any], sight: Sight | None, result: BlockResult | None = None
) -> PlayedWorld:
    player = model.player
    if player is None:
        raise ValueError("expected a model with a player")
    environment = model.environment
    now = {name: float(state.level[0]) for name, state in environment.processes.items()}
    now |= {f"{role.value}.leader": float(~environment.offices[role].sits[0]) for role in ROLES}
    return PlayedWorld(
        **how,
        moves=tuple(player.moves),
        nodes=model.nodes,
        record=[*(model.record or [])],
        rounds=tuple(player.rounds),
        sight=sight,
        result=result,
        now=now,
    )


def reason_against(move: Move, sight: Sight, game: PlayedWorld) -> str:
    """Return why a move does not fit what is asked, as what is expected; empty where it does.

    Parameters
    ----------
    move : Move
    sight : Sight
    game : PlayedWorld
    """
    if move.round != sight.round_:
        return f"a move of round {sight.round_}, in which is asked: {sight.question.value}"
    if move.does not in MOVES[sight.question]:
        return f"one of {', '.join(MOVES[sight.question])}, as is asked: {sight.question.value}"
    table = game.nodes[sight.node].table
    if move.does == "offer":
        place = table.place_of(move.what)
        first = table.id_of(0)
        wrong = f"the id of a text on the table, as {first}"
        return wrong if place is None else _unsignable(place, sight, game)
    if move.does == "accept":
        return _unsignable(sight.package, sight, game)
    known = {"table": sight.tables, "withdraw": sight.preconditions}.get(move.does, (move.what,))
    return "" if move.what in known else f"one of {', '.join(map(str, known)) or 'none'}"


def _unsignable(place: int, sight: Sight, game: PlayedWorld) -> str:
    """Return why a side cannot sign a text, as what is expected instead."""
    if sight.signable[place]:
        return ""
    names = [name for name, forbids in sight.against.items() if forbids[place]]
    if names:
        labels = (game.scenario.side(game.side).preconditions[name].label for name in names)
        said = "; ".join(f"“{label}”" for label in labels)
        return (
            f"a text against none of your absolute preconditions (here {', '.join(names)}: {said})"
        )
    short = -sight.surplus[place]
    return f"a text worth signing to you (this one is {short:.2g} points short of never signing)"


def _fault(move: Move, expected: str) -> ScenarioError:
    got = " ".join(filter(None, (move.does, move.what)))
    key = f"moves: round {move.round}"
    return ScenarioError([Fault(key, expected, repr(got), file=FILE)])


def _role(side: Role | str) -> Role:
    names = [role.value for role in ROLES]
    if isinstance(side, Role):
        return side
    if side not in names:
        raise ScenarioError([Fault("side", f"one of {', '.join(names)}", repr(side), file=FILE)])
    return Role(side)


def _moves(moves: Iterable[Move | Mapping[str, Any]]) -> list[Move]:
    plain = [each.model_dump() if isinstance(each, Move) else each for each in moves]
    return [*valid(_Moves, {"moves": plain}, FILE).moves]


class _Moves(Frozen):
    moves: tuple[Move, ...] = Field(max_length=_MOST_MOVES)


class SavedGame(_Moves):
    """A game as its file holds it.

    Parameters
    ----------
    scenario : str
    config_sha256 : str
        Digest of the whole scenario.
    seed : int
    deal : str
    side : Role
    world : int
    ending : str, optional
        How the world ended, for who reads the file.
    moves : tuple of Move
    """

    scenario: FileName
    config_sha256: str
    seed: int = Field(ge=0, le=2**63 - 1, strict=True)
    deal: str
    side: Role
    world: int = Field(ge=0, le=LAST_WORLD, strict=True)
    ending: str | None = None

    def is_of(self, scenario: Scenario) -> bool:
        """Tell whether it is a game of a scenario as that is now."""
        return self.config_sha256 == _digest(scenario)


def saved_game(data: bytes, file: str) -> SavedGame:
    """Return the game that the bytes of a file hold.

    Parameters
    ----------
    data : bytes
    file : str
        What messages call the file.

    Raises
    ------
    ScenarioError
        With every key at fault.
    """
    return valid(SavedGame, parse_json(data, "a game", file), file)


def load_game(
    path: str | Path, scenario: Scenario | str | Path | None = None, *, ask: Ask | None = None
) -> PlayedWorld:
    """Return a game that was saved, by playing its moves once more.

    Parameters
    ----------
    path : str or Path
        Of the JSON.
    scenario : Scenario, str or Path, optional
        The very one that was played; absent, the shipped one of that name with the seed of then.
    ask : callable, optional
        As in `play`.

    Raises
    ------
    ScenarioError
        If the file holds something else, or a game of another scenario.
    """
    path = Path(path)
    saved = saved_game(contents(path, "a game", MAX_BYTES), display(path))
    with asked_by(path):
        if scenario is None:
            scenario = load_scenario(saved.scenario, [f"seed={saved.seed}"])
        scenario = scenario_of(scenario)
        if not saved.is_of(scenario):
            raise another(scenario, display(path))
        return play(
            scenario, saved.deal, side=saved.side, world=saved.world, moves=saved.moves, ask=ask
        )


def another(scenario: Scenario, file: str) -> ScenarioError:
    """Return the error of a saved game that is of another scenario."""
    expected = f"a game of {scenario.name} as it is now"
    return ScenarioError([Fault("", expected, "one with other files or overrides", file=file)])


def _digest(scenario: Scenario) -> str:
    return digest(dump_scenario(scenario).encode())
