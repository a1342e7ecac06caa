"""Play of one side in a terminal: from words to a game that is begun, gone on with or retold."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from annotated_types import Ge, Le
from pydantic import Field

from sim.cli.options import Command, Form, Overrides, Target, Whole
from sim.domain.frozen import LAST_WORLD
from sim.errors import Fault, ScenarioError
from sim.report.screen import display, say, say_overrides

if TYPE_CHECKING:
    from sim.cli.desk import Desk
    from sim.domain.scenario import Scenario
    from sim.experiments.play import PlayedWorld

__all__ = ["Play"]

_GAME = "game"


class Play(Command):
    """Play one side of one world against the engine, and be told afterwards what you could not see.

    The other side, all publics and all ratifiers are the engine. You see what your government
    sees: its own values, and of the other side and of votes what it believes, with its errors.
    The seed and the world fix everything that happens by chance, so others can play the very same
    world and be compared.

    A game begins with scenario=NAME side=SIDE (and deal=STRUCTURE where there are several; islands
    list scenarios and islands list deals name them). In it, ? says what may be typed. Every move is
    kept in a file at once: islands play game=FILE goes on with it, islands play moves=FILE plays it
    again without asking and tells the debriefing.
    """

    side: Literal["claimant", "holder"] | None = Field(None, description="the side you play")
    deal: str | None = Field(None, description="the structure; may be left out where there is one")
    world: Annotated[Whole, Ge(0), Le(LAST_WORLD)] | None = Field(
        None, description="which world (0)"
    )
    game: Annotated[Target, Form("FILE")] | None = Field(
        None, description="where the game is kept; one that is there is gone on with (game.json)"
    )
    moves: Annotated[Path, Form("FILE")] | None = Field(
        None, description="a game to play again without asking"
    )
    overrides: Annotated[tuple[str, ...], Overrides("[scenario=NAME|PATH] [key=value …]")] = ()

    def run(self) -> int:
        """Play a game, or go on with one, or play one again."""
        from sim.cli.desk import Desk
        from sim.experiments.play import load_game

        _read_anything()
        say_overrides(self.overrides)
        if self.moves is not None:
            return _tell(load_game(self.moves, self._scenario()), None)
        path = self.game or _free()
        desk = Desk(path, self.overrides)
        try:
            game = self._play(path, desk)
        except KeyboardInterrupt:
            say("")
            desk.say_how_to_go_on()
            return 0
        return _tell(game, desk)

    @property
    def _named(self) -> bool:
        """Tell whether a scenario is named."""
        return any(word.startswith("scenario=") for word in self.overrides)

    def _scenario(self) -> Scenario | None:
        """Return the scenario that is named, if any is."""
        from sim.io.config import load_run

        return load_run(None, self.overrides)[0] if self.overrides else None

    def _play(self, path: Path, desk: Desk) -> PlayedWorld:
        from sim.experiments.play import load_game, play

        if path.is_dir():
            raise ScenarioError([_fault("game", "a file", f"the folder {path}")])
        if path.is_file():
            self._check_alone()
            return load_game(path, self._scenario(), ask=desk.ask)
        scenario, side = self._begun()
        return play(scenario, self.deal, side=side, world=self.world or 0, ask=desk.ask)

    def _begun(self) -> tuple[Scenario, str]:
        """Return what a new game is about and whose side is played; tell all faults at once."""
        from sim.experiments.branching.branch import check_deal

        faults, scenario = [], None
        try:
            scenario = self._scenario() if self._named else None
            if scenario is None:
                faults.append(_fault("scenario", "a scenario, as scenario=NAME", "none"))
            else:
                check_deal(scenario, self.deal)
        except ScenarioError as error:
            faults += error.faults
        if self.side is None:
            faults.append(_fault("side", "claimant or holder", "none"))
        if scenario is None or self.side is None or faults:
            raise ScenarioError(faults)
        return scenario, self.side

    def _check_alone(self) -> None:
        """Refuse to begin a game where there is one."""
        for name in ("side", "deal", "world"):
            if getattr(self, name) is not None:
                expected = "a new file, or game=FILE without side, deal and world to go on with it"
                raise ScenarioError([_fault("game", expected, str(self.game))])


def _fault(key: str, expected: str, got: str) -> Fault:
    return Fault(key, expected, got, file="command line")


def _read_anything() -> None:
    """Let bytes that are no text be read as such, not fail."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")


def _free() -> Path:
    """Return the first name for a game that no file has."""
    path, number = Path(f"{_GAME}.json"), 1
    while path.exists():
        number += 1
        path = Path(f"{_GAME}_{number}.json")
    return path


def _tell(game: PlayedWorld, desk: Desk | None) -> int:
    """Tell what has happened since the last question, and the debriefing of a game that is over."""
    from sim.cli.desk import say_filled
    from sim.experiments.debriefing import debrief
    from sim.report.play import debriefing_page, news, opening

    if desk is None:
        display(opening(game))
    for line in news(game, desk.told if desk else 0):
        say_filled(line)
    if not game.over:
        if desk is not None:
            desk.say_how_to_go_on()
        elif game.sight is not None:
            say(f"The moves end in round {game.sight.round_}; the game is not over.")
        return 0
    say("\nThe game is over.\n")
    display(debriefing_page(debrief(game)))
    if desk is not None:
        desk.keep(game)
        say(f"\nThe game is in {desk.path}.")
    return 0
