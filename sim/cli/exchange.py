"""Disputes of other programs: domains of Genius, and conflicts of the graph model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from annotated_types import Ge, Le
from pydantic import Field

from sim.cli.options import Argument, Command, Form, Overrides, Target, Whole, one_of, options_of
from sim.errors import Fault, ScenarioError, UsageError, nearest
from sim.io.yaml import scalar
from sim.report.screen import display, say_moved, say_overrides

__all__ = ["Negotiate", "Stability"]

_PARTS = ("claimant", "holder", "protocol", "seed")


class Negotiate(Command):
    """Let two profiles of a bargaining domain negotiate, by the protocol of every other dispute.

    The files are those of Genius and the ANAC competitions; A is the claimant, who begins, and B
    the holder. Prints the ZOPA, the Pareto frontier, the Nash, Kalai-Smorodinsky, egalitarian and
    utilitarian points, and the talks round by round.

      key=value   any number of either side or the protocol, such as
                  protocol.first_mover=holder, protocol.kind=random_proposer or
                  holder.beliefs.interest_error=0.2
    """

    domain: Annotated[str, Argument("DOMAIN.xml")]
    claimant: Annotated[str, Argument("A.xml")]
    holder: Annotated[str, Argument("B.xml")]
    claimant_strategy: str = Field(
        "linear",
        alias="claimant.strategy",
        description="how A concedes; islands list strategies names the others",
    )
    holder_strategy: str = Field("linear", alias="holder.strategy", description="how B concedes")
    rounds: Annotated[Whole, Ge(2), Le(10_000)] = Field(
        20, description="offers that can be made; the last round is both sides' deadline"
    )
    discretise: Annotated[Whole, Ge(2), Le(5_001)] = Field(
        11, description="evenly spaced values into which a real issue is cut"
    )
    out: Annotated[Target, Form("DIR")] | None = Field(
        None, description="write all packages, the points and the rounds there, too"
    )
    game: Annotated[Target, Form("FILE.efg|FILE.nfg")] | None = Field(
        None, description="write the offers as a game for Gambit there: as a tree, or as a table"
    )
    format: Literal["parquet", "csv"] = Field("parquet", description="csv: tables as CSV, too")
    numbers: Annotated[tuple[str, ...], Overrides("[key=value …]", of_scenario=False)] = ()

    def run(self) -> int:
        """Read the files, let them negotiate, and tell what came of it."""
        from sim.experiments.bargaining import bargain, save
        from sim.io.bargaining import Terms
        from sim.io.files import check_writable
        from sim.io.gambit import check_gambit, write_gambit
        from sim.io.genius import read_domain, read_profile
        from sim.report.bargaining import render_bargain

        numbers = _numbers(self.numbers)
        if self.out is not None:
            check_writable(self.out)
        if self.game is not None and (self.game == self.out or self.game.is_dir()):
            raise ScenarioError([Fault("game", "a file", f"the folder {self.game}")])
        domain = read_domain(self.domain)
        if self.game is not None:
            packages = math.prod(issue.count(self.discretise) for issue in domain.issues)
            drawn = (("protocol", "kind"), "random_proposer") in numbers
            check_gambit(self.game, packages, self.rounds, drawn=drawn)
        one, two = (read_profile(file, domain) for file in (self.claimant, self.holder))
        strategies = self.claimant_strategy, self.holder_strategy
        try:
            result = bargain(one, two, Terms(self.rounds, self.discretise, strategies, numbers))
        except ScenarioError as error:
            raise ScenarioError(fault.located(self.domain) for fault in error.faults) from None
        earlier: list[Path] = []
        if self.out is not None:
            save(result, self.out, self.format, earlier.append)
        if self.game is not None:
            write_gambit(self.game, result.offers())
        say_overrides(self.numbers, result.scenario)
        display(render_bargain(result, self.out))
        say_moved(self.out, earlier)
        return 0


def _numbers(texts: Sequence[str]) -> list[tuple[tuple[str, ...], Any]]:
    """Return keys of the sides and the protocol, and their values."""
    from sim.domain.quantity import key_path

    found = []
    own = list(options_of(Negotiate))
    for text in texts:
        key, _, value = text.partition("=")
        path = key_path(key)
        if path[0] not in _PARTS:
            near = nearest(path[0], [*own, *_PARTS])
            known = ", ".join((*own[2:], *_PARTS))
            expected = f"a key that begins with one of {known}"
            raise ScenarioError([Fault("", expected, repr(key), near)])
        found.append((path, scalar(value)))
    return found


class Stability(Command):
    """Tell which states of a conflict nobody would leave: the graph model for conflict resolution.

    A file lists the states, and for each decision maker its moves (or its options) and how it ranks
    the states; NAME is a shipped example (islands list games). A state is stable for a decision
    maker

      N  Nash        if it has no improvement
      G  general     if every improvement can be sanctioned by the others
      M  symmetric   if it cannot even escape the sanction afterwards
      S  sequential  if it can be sanctioned by moves that are improvements for those who make them

    and an equilibrium in a sense where it is so for all. Sanctions are chains of moves by any of
    the others, nobody twice in a row (joint), or one move of one of them (single).

    start=STATE asks which equilibria are reached from there by improvements only, and how;
    make=STATE which least change of each ranking would make a state an equilibrium, and who would
    have to consent to it.
    """

    conflict: Annotated[str, Argument("FILE.yaml|NAME")]
    sanctions: Literal["joint", "single"] | None = Field(None, description="else as the file says")
    start: Annotated[str, Form("STATE")] | None = Field(
        None, description="the status quo; else as the file says, if it does"
    )

    make: Annotated[str, Form("STATE")] | None = Field(
        None, description="the state that is to be an equilibrium"
    )
    sense: Literal["nash", "general", "symmetric", "sequential"] | None = Field(
        None, description="in which sense; else in each"
    )

    def run(self) -> int:
        """Read a conflict and tell its stable states."""
        from sim.equations.stability import CONCEPTS
        from sim.io.kinds import read_game
        from sim.report.conflict import render_conflict, render_inverse

        if self.sense is not None and self.make is None:
            raise UsageError(f"sense={self.sense}: expected make=STATE beside it")
        game = read_game(self.conflict)
        if self.start is not None:
            game = game.model_copy(update={"start": one_of("start", self.start, game.states)})
        sanctions = self.sanctions or game.sanctions
        if self.make is not None:
            state = one_of("make", self.make, game.states)
            senses = (self.sense,) if self.sense else CONCEPTS
            display(render_inverse(game, sanctions, state, senses))
            return 0
        display(render_conflict(game, sanctions))
        return 0
