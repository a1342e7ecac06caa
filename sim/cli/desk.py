"""Desk of somebody who plays a side in a terminal: lines that are typed become moves."""

from __future__ import annotations

import shlex
import sys
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from sim.domain.move import MOVES, Move, Question
from sim.domain.narration import printable
from sim.errors import IslandsError, RunError
from sim.experiments.play import PlayedWorld, reason_against
from sim.model.player import Sight
from sim.paths import alone
from sim.report.play import (
    ORDERS,
    SHOWN,
    WIDTH,
    clauses_of,
    label_of,
    listed_texts,
    news,
    opening,
    round_page,
    strategy_words,
    text_page,
    texts_page,
)
from sim.report.screen import complain, display, say

__all__ = ["Desk", "say_filled"]

_LONGEST = 200
"""Letters of a line that are read."""
_LEAVING = ("quit", "q", "exit")


class Desk:
    """Where somebody sits who plays: what was told, how texts are shown, and what is typed.

    Parameters
    ----------
    path : Path
        Where the game is kept.
    overrides : sequence of str
        With which it was begun.
    """

    def __init__(self, path: Path, overrides: Sequence[str]) -> None:
        self.path, self._overrides = path, overrides
        self._kept = path.read_bytes() if path.is_file() else None
        self.told = 0
        self._now: dict[str, float] | None = None
        self._auto_until, self._reason = -1, ""
        self._counter: tuple[int, int] | None = None
        self._menu = _Menu()

    def keep(self, game: PlayedWorld) -> None:
        """Write the game; where that fails later on, say so and go on.

        Raises
        ------
        RunError
            If another process has written the file meanwhile: its moves would be lost.
        """
        with alone(self.path.absolute().parent):
            if self._kept != (self.path.read_bytes() if self.path.is_file() else None):
                raise RunError(
                    f"{self.path}: another process has written this game meanwhile; your last move "
                    f"is not in it. islands play game={self.path} goes on from what is"
                )
            try:
                self._kept = game.save(self.path).read_bytes()
            except IslandsError as error:
                if not game.moves and not game.over:
                    raise
                complain(str(error))

    def say_how_to_go_on(self) -> None:
        """Say where the game is, and what goes on with it."""
        if not self.path.is_file():
            return
        words = shlex.join(["islands", "play", f"game={self.path}", *self._overrides])
        say(f"The game is kept. To go on: {words}")

    def ask(self, sight: Sight, game: PlayedWorld) -> Move | None:
        """Tell what is new, and read lines until one is a move; None at the end of all lines."""
        if self._now is None:
            self.keep(game)
            display(opening(game))
        if sight.round_ >= self._auto_until:
            say("")
        for line in news(game, self.told, self._now):
            say_filled(line)
        self.told, self._now = len(game.record), dict(game.now)
        move = self._unasked(sight, game)
        if move is None:
            self._menu.begin()
            display(round_page(sight, game))
            if sight.question is Question.turn:
                display(self._menu.page(sight, game))
            move = self._read(sight, game)
        if move is not None:
            self.keep(replace(game, moves=(*game.moves, move)))
        return move

    def _unasked(self, sight: Sight, game: PlayedWorld) -> Move | None:
        """Return what was said before: to leave it to the strategy, or to counter with a text."""
        if sight.round_ < self._auto_until:
            return self._advised(sight, game)
        counter, self._counter = self._counter, None
        if counter is None or sight.question is not Question.turn or sight.node != counter[0]:
            return None
        move = self._offer(counter[1], sight, game)
        if against := reason_against(move, sight, game):
            say_filled(f"You cannot counter with text {counter[1] + 1}: expected {against}.")
            return None
        say(f"You counter with text {counter[1] + 1}.")
        return move

    def _read(self, sight: Sight, game: PlayedWorld) -> Move | None:
        """Read lines until one is a move."""
        say(_PROMPTS[sight.question])
        while (line := _typed()) is not None:
            words = printable(line[:_LONGEST]).split()
            if words and words[0].lower() in _LEAVING:
                return None
            move = self._understood(words, sight, game)
            if move is None:
                continue
            against = reason_against(move, sight, game)
            if not against:
                return move
            self._counter = None
            self._auto_until = -1
            say_filled(f"Expected {against}.")
        return None

    def _understood(self, words: list[str], sight: Sight, game: PlayedWorld) -> Move | None:
        """Return the move that a line is; None where it only shows something or is none."""
        if not words:
            say(_PROMPTS[sight.question])
            return None
        verb, rest = words[0].lower(), words[1:]
        if verb.isascii() and verb.isdigit() and not rest:
            verb, rest = "offer", [verb]
        if verb in ("a", "auto"):
            return self._automatic(rest, sight, game)
        if verb == "counter" and sight.question is Question.answer:
            return self._counters(rest, sight)
        if (does := _DEEDS.get((sight.question, verb)) or _as_is(verb, sight)) is not None:
            return self._move(does, rest, sight, game)
        shown = self._menu.show(verb, rest, sight, game)
        if isinstance(shown, str):
            for line in shown.split("\n"):
                say_filled(line)
        elif shown is not None:
            display(shown)
        else:
            near = printable(" ".join(words))[:40]
            lead = _FIRST[sight.question] if verb in _OF_OTHERS else ""
            say_filled(f"{lead}Expected one of {_known(sight.question)}, got {near!r}; ? helps.")
        return None

    def _move(self, does: str, rest: list[str], sight: Sight, game: PlayedWorld) -> Move | None:
        if does == "offer":
            place = _number(rest, len(sight.surplus))
            if place is not None:
                return self._offer(place, sight, game)
            say_filled(f"Expected the number of a text from 1 to {len(sight.surplus):,}.")
            return None
        takes = does in ("table", "withdraw")
        known = sight.tables if does == "table" else sight.preconditions
        if takes and (len(rest) != 1 or rest[0] not in known):
            say_filled(f"Expected {does} and one of {', '.join(known) or 'none'}.")
            for name in known:
                say_filled(f"{name}: {label_of(game, name)}")
            return None
        if rest and not takes:
            say_filled(f"Expected {does.replace('_', ' ')} alone.")
            return None
        return self._of(sight, does, rest[0] if takes else None)

    def _offer(self, place: int, sight: Sight, game: PlayedWorld) -> Move:
        return self._of(sight, "offer", game.nodes[sight.node].table.id_of(place))

    def _of(self, sight: Sight, does: Any, what: str | None = None) -> Move:
        return Move(round=sight.round_, does=does, what=what)

    def _automatic(self, rest: list[str], sight: Sight, game: PlayedWorld) -> Move | None:
        rounds = 1 if not rest else (_number(rest, 10_000) or 0) + 1
        if len(rest) > 1 or (rest and _number(rest, 10_000) is None):
            say_filled("Expected auto, or auto and a number of rounds.")
            return None
        self._auto_until, self._reason = sight.round_ + rounds if rest else -1, ""
        return self._advised(sight, game)

    def _advised(self, sight: Sight, game: PlayedWorld) -> Move:
        """Return what the strategy would do; say why where that is to offer nothing."""
        move = sight.advice[0]
        if move.does == "pass":
            told, before = strategy_words(sight, game), self._reason
            self._reason = "".join(filter(str.isalpha, told))
            if self._reason != before:  # the same with other points is told once
                say_filled(told)
        return move

    def _counters(self, rest: list[str], sight: Sight) -> Move | None:
        place = _number(rest, len(sight.surplus))
        if place is None:
            say_filled(
                f"Expected counter and the number of a text from 1 to {len(sight.surplus):,}."
            )
            return None
        self._counter = sight.node, place
        return self._of(sight, "refuse")


def _typed() -> str | None:
    """Return the next line; None at the end, or where somebody interrupts."""
    seen = sys.stdin is not None and sys.stdin.isatty()
    try:
        if seen:
            sys.stdout.write("> ")
            sys.stdout.flush()
        line = sys.stdin.readline() if sys.stdin is not None else ""
    except KeyboardInterrupt:
        say("")
        return None
    except (OSError, ValueError):
        return None
    if not line:
        return None
    if not seen:
        say(f"> {printable(line[:_LONGEST].rstrip())}")
    return line


def _number(words: list[str], most: int) -> int | None:
    """Return the place that a number from 1 on stands for."""
    word = words[0] if len(words) == 1 else ""
    if not (word.isascii() and word.isdigit() and len(word) < 12 and 1 <= int(word) <= most):
        return None
    return int(word) - 1


_PROMPTS = {
    Question.turn: "What do you offer? A number, pass, auto, list, show N, only …; ? helps.",
    Question.answer: "Your answer? accept, refuse, counter N, show N, list, auto; ? helps.",
    Question.vote: "Does your leader campaign? yes, no, auto; ? helps.",
    Question.walk_back: "Do you walk back? yes, no, auto; ? helps.",
}
_DEEDS = {
    (Question.vote, "yes"): "campaign",
    (Question.vote, "no"): "no_campaign",
    (Question.walk_back, "yes"): "walk_back",
    (Question.walk_back, "no"): "keep",
    (Question.answer, "yes"): "accept",
    (Question.answer, "no"): "refuse",
}
_FIRST = {
    Question.turn: "It is your turn: no offer of theirs is on the table. ",
    Question.answer: "Their offer comes first: counter N refuses it and offers text N. ",
    Question.vote: "The vote comes first. ",
    Question.walk_back: "What is in force comes first. ",
}
"""What is said of words that are right where something else is asked."""
_OF_OTHERS = {*chain(*MOVES.values()), "counter", "yes", "no"}
_HELP = {
    Question.turn: (
        "N, offer N       offer text N",
        "pass             offer nothing in this round",
    ),
    Question.answer: (
        "accept           sign the text (votes follow)",
        "refuse           refuse it",
        "counter N        refuse it, and offer text N in the next round",
    ),
    Question.vote: ("yes, no          let your leader campaign before the vote, or not",),
    Question.walk_back: ("yes, no          walk back from the text in force, or keep your word",),
}
_HELP_TALKS = (
    *(f"{f'list {name}':<17}{words}" for name, words in ORDERS.items()),
    "more             further texts of the list",
    "clauses          what texts are about; only CLAUSE=LEVEL: such texts; only: all",
    "show N           text N whole",
    "withdraw NAME    withdraw one of your preconditions for good, and be asked again",
)
_HELP_ANYWHERE = (
    "auto, auto K     do what your own strategy would do, now or for K rounds",
    "quit             keep the game and leave (so does Ctrl-D)",
)


def _as_is(verb: str, sight: Sight) -> str | None:
    """Return a verb that is a move by its own name where something is asked."""
    return verb if verb in MOVES[sight.question] else None


def _known(question: Question) -> str:
    names = [*MOVES[question], "auto", "quit"]
    if question in (Question.vote, Question.walk_back):
        names = ["yes", "no", "auto", "quit"]
    return ", ".join(names)


def _help(sight: Sight) -> str:
    lines = [*_HELP[sight.question]]
    if sight.question in (Question.turn, Question.answer):
        lines += _HELP_TALKS
    if sight.tables:
        lines.append("table NAME       put another structure on the table, and be asked again")
    lines += _HELP_ANYWHERE
    lines.append("you, them: points over never signing, theirs as believed")
    lines.append("passes: the votes that it is believed to pass: both, home, abroad, neither")
    return "\n".join(lines)


class _Menu:
    """Which texts are listed, in which order, and from which one on."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """List all texts in the order of a new question."""
        self._order, self._only, self._first = "", ("", ""), 0

    def page(self, sight: Sight, game: PlayedWorld) -> Any:
        """Return the texts that are listed now."""
        return texts_page(sight, game, self._places(sight, game), self._first)

    def show(self, verb: str, rest: list[str], sight: Sight, game: PlayedWorld) -> Any:
        """Return what a word shows; None where it shows nothing."""
        if verb in ("?", "help", "h"):
            return _help(sight)
        ways: dict[str, Callable[[list[str], Sight, PlayedWorld], Any]] = {
            "list": self._list,
            "more": self._more,
            "only": self._filter,
            "clauses": _clauses,
            "show": _show,
        }
        talks = sight.question in (Question.turn, Question.answer)
        return ways[verb](rest, sight, game) if talks and verb in ways else None

    def _list(self, rest: list[str], sight: Sight, game: PlayedWorld) -> Any:
        order = " ".join(rest)
        if order not in ORDERS:
            return "Expected list, or list and one of mine, theirs, near, all."
        self._order, self._first = order, 0
        return self.page(sight, game)

    def _more(self, rest: list[str], sight: Sight, game: PlayedWorld) -> Any:
        if self._first + SHOWN >= len(self._places(sight, game)):
            return "No more texts."
        self._first += SHOWN
        return self.page(sight, game)

    def _filter(self, rest: list[str], sight: Sight, game: PlayedWorld) -> Any:
        clause, _, level = " ".join(rest).partition("=")
        if rest and level not in clauses_of(sight, game).get(clause, ()):
            return f"Expected only CLAUSE=LEVEL.\n{_clauses([], sight, game)}"
        self._only, self._first = (clause, level), 0
        return self.page(sight, game)

    def _places(self, sight: Sight, game: PlayedWorld) -> list[int]:
        """Return the texts that are listed, in order."""
        return listed_texts(sight, game, self._order, self._only)


def _clauses(rest: list[str], sight: Sight, game: PlayedWorld) -> Any:
    lines = []
    for name, levels in clauses_of(sight, game).items():
        shown = [f"{level} ({label})" for level, label in [*levels.items()][:12]]
        more = ", …" if len(levels) > 12 else ""
        lines.append(f"{name}: {', '.join(shown)}{more}")
    return "\n".join(lines) or "All texts here say the same."


def _show(rest: list[str], sight: Sight, game: PlayedWorld) -> Any:
    place = _number(rest, len(sight.surplus))
    if place is None:
        return f"Expected show and the number of a text from 1 to {len(sight.surplus):,}."
    return text_page(sight, game, place)


def say_filled(text: str) -> None:
    """Write a text in lines that fit."""
    say(textwrap.fill(text, WIDTH, break_on_hyphens=False))
