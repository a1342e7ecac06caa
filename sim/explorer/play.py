"""Play of one side on the page: a game from its moves, what the side sees, and the debriefing.

A game is its moves: with every click its world is played again from the beginning by a process of
the pool, which returns words. What nobody on that side could know never comes to the page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import solara
from pydantic import ValidationError

from sim.domain.frozen import LAST_WORLD
from sim.domain.interest import ROLES
from sim.domain.move import MOVES, Move, Question
from sim.domain.narration import side_name
from sim.domain.scenario import Scenario
from sim.errors import Fault, ScenarioError, nearest
from sim.experiments.branching.branch import asked_by, check_deal, check_world
from sim.experiments.debriefing import debrief
from sim.experiments.ensemble import as_asked
from sim.experiments.play import (
    PlayedWorld,
    SavedGame,
    another,
    play,
    reason_against,
    saved_game,
)
from sim.experiments.tasks import Packed, pack, unpack
from sim.explorer.controls import labels
from sim.explorer.hooks import asked_for, fault_text, use_download, use_task
from sim.explorer.settings import Setting, with_values
from sim.explorer.state import app_state
from sim.io.dump import dump_scenario
from sim.model.player import Sight
from sim.report.play import (
    HEADS,
    LEFT,
    NEVER,
    NEVER_NOTE,
    ORDERS,
    SHOWN,
    clauses_of,
    debriefing_words,
    label_of,
    listed_texts,
    never_offered_rows,
    news,
    opening_words,
    round_words,
    strategy_words,
    text_rows,
    text_whole,
)

__all__ = [
    "MOST_BYTES",
    "GameRequest",
    "GameState",
    "GameView",
    "Menu",
    "PlayOneSide",
    "begun",
    "loaded",
    "play_on",
    "use_game",
]

MOST_BYTES = 120_000
"""Largest game that the page takes; one of 400 rounds has some 40,000 bytes."""
_MOST_SHOWN = 400
"""Texts that are listed at most."""
_MOST_ROUNDS = 10_000
_PAGE = "this page"


@dataclass(frozen=True)
class Menu:
    """How texts are listed.

    Parameters
    ----------
    order : str
        One of `ORDERS`.
    only : pair of str
        A clause and its level; empty for all texts.
    shown : int
        How many.
    whole : int
        The number of the text that is shown whole; 0 for none.
    """

    order: str = ""
    only: tuple[str, str] = ("", "")
    shown: int = SHOWN
    whole: int = 0


@dataclass(frozen=True)
class GameRequest:
    """Game that is to be played on.

    Parameters
    ----------
    packed : Packed
        The scenario, with its seed.
    deal, side : str
    world : int
    moves : tuple of Move
        What was done so far.
    does, what : str
        What is done next, and to what: a move (a text by its number), or ``auto`` and for how many
        rounds; empty for nothing.
    menu : Menu
    """

    packed: Packed[Scenario]
    deal: str
    side: str
    world: int
    moves: tuple[Move, ...] = ()
    does: str = ""
    what: str = ""
    menu: Menu = Menu()


@dataclass(frozen=True)
class GameView:
    """Game as a side sees it.

    Parameters
    ----------
    asked : GameRequest
        What it answers.
    game : GameRequest
        The same with what was done, and nothing more to do.
    shown : dict
        What is on the page, in words.
    saved : str
        The game as its file holds it.
    """

    asked: GameRequest
    game: GameRequest
    shown: dict[str, Any]
    saved: str


def begun(setting: Setting, deal: Any, side: Any, world: Any, seed: Any) -> GameRequest:
    """Return a new game of what is set.

    Parameters
    ----------
    setting : Setting
    deal, side, world, seed : object
        As they come from a browser.

    Raises
    ------
    ScenarioError
        If any of them is at fault.
    """
    with asked_by(_PAGE):
        scenario = _scenario(setting, seed)
        deal, world = check_deal(scenario, deal), check_world(world)
    names = [role.value for role in ROLES]
    if side not in names:
        raise ScenarioError([Fault("side", f"one of {', '.join(names)}", repr(side), file=_PAGE)])
    return GameRequest(pack(scenario), deal, side, world)


def _scenario(setting: Setting, seed: Any) -> Scenario:
    """Return the whole scenario of a setting: a game tells all its structures apart by name."""
    return as_asked(with_values(setting.base, setting.values), seed=seed)


def loaded(setting: Setting, data: bytes, file: str) -> GameRequest:
    """Return a game that was saved: of what is set, or of a scenario that can be chosen.

    Parameters
    ----------
    setting : Setting
    data : bytes
        Of a file, from anybody.
    file : str
        What it is called.

    Raises
    ------
    ScenarioError
        If it is no game, or of another scenario.
    """
    if len(data) > MOST_BYTES:
        expected, got = f"a game of at most {MOST_BYTES:,} bytes", f"{len(data):,}"
        raise ScenarioError([Fault("", expected, got, file=file)])
    saved = saved_game(data, file)
    with asked_by(file):
        scenario = _scenario(setting, saved.seed)
        if not saved.is_of(scenario):
            scenario = _named(saved, file)
        deal = check_deal(scenario, saved.deal)
    moves = saved.moves
    return GameRequest(pack(scenario), deal, saved.side.value, saved.world, moves)


def _named(saved: SavedGame, file: str) -> Scenario:
    """Return the scenario that a saved game names, with the seed of then."""
    names = app_state().names
    if saved.scenario not in names:
        expected, near = f"one of {', '.join(names)}", nearest(saved.scenario, names)
        raise ScenarioError([Fault("scenario", expected, repr(saved.scenario), near, file)])
    scenario = as_asked(app_state().setting(saved.scenario).base, seed=saved.seed)
    if not saved.is_of(scenario):
        raise another(scenario, file)
    return scenario


def play_on(request: GameRequest) -> GameView:
    """Play a game to its next question, or to its end, and say what its side sees.

    Parameters
    ----------
    request : GameRequest

    Raises
    ------
    ScenarioError
        If moves that were made before do not fit.
    """
    scenario, player = unpack(request.packed), _Player(request)
    how: dict[str, Any] = {"side": request.side, "world": request.world}
    with asked_by("the saved game"):
        game = play(scenario, request.deal, ask=player.ask, **how)
        if len(game.moves) < len(request.moves):  # more of them than the world has questions
            play(scenario, request.deal, moves=request.moves, **how)
    player.hear(game)
    menu = request.menu if len(game.moves) == len(request.moves) else Menu()
    after = replace(request, moves=game.moves, does="", what="", menu=menu)
    told = {"title": [*opening_words(game)], "turn": len(game.moves), **player.told()}
    told |= _over(game) if game.sight is None else _asked(game.sight, game, menu)
    return GameView(request, after, told, game.to_json())


class _Player:
    """Answers what is asked: by the moves made before, and then by what is to be done next."""

    def __init__(self, request: GameRequest) -> None:
        self._moves, self._does, self._what = request.moves, request.does, request.what
        self._news: list[str] = []
        self._fresh = self._told = 0
        self._now: dict[str, float] | None = None
        self._until = -1
        self._said = self._fault = ""

    def told(self) -> dict[str, Any]:
        """Return what has happened, how much of it just now, and what is said of the last click."""
        return {
            "news": self._news,
            "fresh": len(self._news) - self._fresh,
            "said": self._said,
            "fault": self._fault,
        }

    def hear(self, game: PlayedWorld) -> None:
        """Note what has happened since the last question."""
        self._news += news(game, self._told, self._now)
        self._told, self._now = len(game.record), dict(game.now)

    def ask(self, sight: Sight, game: PlayedWorld) -> Move | None:
        """Return the next move; None where nothing more is to be done."""
        self.hear(game)
        if len(game.moves) < len(self._moves):
            return self._moves[len(game.moves)]
        if len(game.moves) == len(self._moves):
            self._fresh = len(self._news)
        if sight.round_ < self._until:
            return self._advised(sight, game)
        does, self._does = self._does, ""
        if does == "auto":
            rounds = int(self._what)
            self._until = sight.round_ + rounds if rounds > 1 else -1
            return self._advised(sight, game)
        return self._fitting(does, sight, game) if does else None

    def _advised(self, sight: Sight, game: PlayedWorld) -> Move:
        self._said = strategy_words(sight, game)
        return sight.advice[0]

    def _fitting(self, does: str, sight: Sight, game: PlayedWorld) -> Move | None:
        """Return what is to be done as a move; say what is expected where it does not fit."""
        what: str | None = self._what or None
        if does == "offer":
            number, most = int(self._what or 0), len(sight.surplus)
            if not 1 <= number <= most:
                self._fault = f"Expected the number of a text from 1 to {most:,}."
                return None
            what = game.nodes[sight.node].table.id_of(number - 1)
        try:
            move = Move.model_validate({"round": sight.round_, "does": does, "what": what})
        except ValidationError:  # half a letter, which no name has
            self._fault = "Expected a name that can be written."
            return None
        if against := reason_against(move, sight, game):
            self._fault = f"Expected {against}."
            return None
        return move


def _asked(sight: Sight, game: PlayedWorld, menu: Menu) -> dict[str, Any]:
    """Return what is asked, and what the side sees."""
    head, *lines = round_words(sight, game)
    talks = sight.question in (Question.turn, Question.answer)
    deeds = [name for name in MOVES[sight.question] if name in _DEEDS]
    return {
        "question": sight.question.name,
        "head": head,
        "lines": lines,
        "deeds": [{"name": name, "label": _DEEDS[name]} for name in deeds],
        "tables": _labelled(game, sight.tables),
        "preconditions": _labelled(game, sight.preconditions if talks else ()),
        "texts": _texts(sight, game, menu) if talks else None,
    }


_DEEDS = {
    "pass": "Offer nothing",
    "accept": "Accept (votes follow)",
    "refuse": "Refuse",
    "campaign": "Let your leader campaign",
    "no_campaign": "No campaign",
    "walk_back": "Walk back",
    "keep": "Keep your word",
}
"""What is done by one button, and what is written on it."""


def _labelled(game: PlayedWorld, names: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"name": name, "label": label_of(game, name)} for name in names]


def _texts(sight: Sight, game: PlayedWorld, menu: Menu) -> dict[str, Any]:
    """Return the texts that are listed, and how they may be listed."""
    clauses, (clause, level) = clauses_of(sight, game), menu.only
    only = menu.only if level in clauses.get(clause, ()) else ("", "")
    places = listed_texts(sight, game, menu.order, only)
    alike, rows = text_rows(sight, game, places[: menu.shown])
    whole = menu.whole if 1 <= menu.whole <= len(sight.surplus) else 0
    names = game.scenario.dispute.clauses
    return {
        "heads": HEADS,
        "rows": rows,
        "alike": alike,
        "rest": len(places) - len(rows),
        "count": len(sight.surplus),
        "order": menu.order,
        "orders": [{"name": name, "label": label} for name, label in ORDERS.items()],
        "only": "=".join(filter(None, only)),
        "clauses": [
            {"label": names[name].label, "levels": [*levels.items()], "name": name}
            for name, levels in clauses.items()
        ],
        "whole": [*text_whole(sight, game, whole - 1)] if whole else [],
    }


def _over(game: PlayedWorld) -> dict[str, Any]:
    """Return the debriefing of a world that is over."""
    found = debrief(game)
    rows = never_offered_rows(found) if len(found.never_offered) else []
    return {
        "question": "",
        "head": "The game is over.",
        "debriefing": [
            {
                "head": head,
                "lines": lines,
                "heads": NEVER,
                "rows": rows if head == LEFT else [],
                "note": NEVER_NOTE,
            }
            for head, lines in debriefing_words(found).items()
        ],
    }


# ruff: noqa: N802 - components are named like classes, as everywhere in Solara


@solara.component_vue("play.vue", vuetify=False)
def _Panel(
    choices: dict[str, Any],
    game: dict[str, Any],
    now: dict[str, Any],
    event_ask: Callable[[list[Any]], None],
) -> None:
    """Show the panel; what it asks for is checked here, not there."""


@dataclass(frozen=True)
class GameState:
    """The game of a page.

    Parameters
    ----------
    view : GameView, optional
        What was seen last.
    busy : bool
        Whether more is being played.
    fault : str
        Why there is no more of it.
    change : callable
        Sets the request, or none.
    """

    view: GameView | None
    busy: bool
    fault: str
    change: Callable[[GameRequest | None], None]


def use_game() -> GameState:
    """Return the game of this page; what goes wrong never ends it."""
    request: GameRequest | None
    request, change = solara.use_state(None)
    last: Any = solara.use_ref(None)
    state = use_task(play_on, request, app_state().pool)
    answered = state.value is not None and state.value.asked == request
    if request is None:
        last.current = None
    elif answered:
        last.current = state.value
    fault = "" if request is None or answered else state.fault
    busy = request is not None and not answered and not fault
    return GameState(last.current, busy, fault, change)


@solara.component
def PlayOneSide(setting: Setting, game: GameState) -> None:
    """Let somebody play a side of what is set.

    Parameters
    ----------
    setting : Setting
    game : GameState
        Of `use_game`, by whoever stays on the page.
    """
    fault, set_fault = solara.use_state("")
    view = game.view
    downloads = app_state().downloads
    kept = use_download(lambda: view.saved.encode() if view else b"", downloads)
    played = use_download(lambda: _scenario_file(view), downloads)

    def ask(request: Any) -> None:
        name, asked = asked_for(request)
        try:
            game.change(_next(setting, view, name, asked if isinstance(asked, dict) else {}))
            set_fault("")
        except ScenarioError as error:
            set_fault(fault_text(error))

    roles = [{"name": r.value, "label": side_name(setting.base.side(r).label)} for r in ROLES]
    _Panel(
        choices={
            "structures": labels(setting),
            "sides": roles,
            "seed": setting.base.seed,
            "most": LAST_WORLD,
            "bytes": MOST_BYTES,
        },
        game=view.shown if view else {},
        now={
            "busy": game.busy,
            "fault": fault or game.fault,
            "file": f"/files/{kept}/game.json",
            "scenario": f"/files/{played}/scenario.yaml",
        },
        event_ask=ask,
    )


def _scenario_file(view: GameView | None) -> bytes:
    """Return the scenario of a game as a file with which it goes on elsewhere."""
    return dump_scenario(unpack(view.game.packed)).encode() if view else b""


def _next(
    setting: Setting, view: GameView | None, name: str, asked: dict[str, Any]
) -> GameRequest | None:
    """Return what is to be played after a click; what no page of ours sends changes nothing."""
    if name == "begin":
        return begun(setting, *(asked.get(key) for key in ("deal", "side", "world", "seed")))
    if name == "load":
        data = str(asked.get("text")).encode(errors="replace")
        return loaded(setting, data, str(asked.get("name"))[:100])
    if view is None or name == "leave":
        return None
    if asked.get("turn") != view.shown["turn"]:
        return view.asked  # a second click on what was done already
    if name == "undo":
        return replace(view.game, moves=view.game.moves[:-1], menu=Menu())
    if name == "look":
        return replace(view.game, menu=_menu(asked))
    return _doing(view.game, str(asked.get("does")), str(asked.get("what") or ""))


def _doing(game: GameRequest, does: str, what: str) -> GameRequest:
    """Return a game with something to do next."""
    known = {"auto", *(name for names in MOVES.values() for name in names)}
    number = what if what.isascii() and what.isdigit() and len(what) < 10 else "0"
    if does == "auto":
        what = str(min(max(int(number), 1), _MOST_ROUNDS))
    elif does == "offer":
        what = number
    return replace(game, does=does, what=what) if does in known else game


def _menu(asked: dict[str, Any]) -> Menu:
    """Return how texts are to be listed."""
    order, only = str(asked.get("order")), str(asked.get("only") or "").partition("=")
    shown, whole = asked.get("shown"), asked.get("whole")
    return Menu(
        order if order in ORDERS else "",
        (only[0], only[2]),
        min(max(shown, SHOWN), _MOST_SHOWN) if type(shown) is int else SHOWN,
        whole if type(whole) is int else 0,
    )
