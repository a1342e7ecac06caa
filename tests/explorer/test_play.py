"""A side that is played on the page: the same game, words and debriefing as at a terminal."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

pytest.importorskip("solara", reason="needs the extra explore")

from sim.domain.scenario import Scenario
from sim.errors import ScenarioError
from sim.experiments.debriefing import debrief
from sim.experiments.play import PlayedWorld, advised, load_game, play
from sim.explorer import state as pages
from sim.explorer.play import (
    MOST_BYTES,
    GameRequest,
    GameView,
    Menu,
    _next,
    begun,
    loaded,
    play_on,
)
from sim.explorer.settings import Setting, setting_of
from sim.explorer.state import AppState
from sim.report.play import debriefing_words, round_words, text_rows
from tests.disputes import DEADLINES, pie, stance
from tests.experiments.test_debriefing import PLANTED, stubborn
from tests.model.test_campaigns import LED

HELD: dict[str, Any] = {
    **PLANTED,
    "claimant.preconditions.no_shares": stance(1.0, 1.0),
    "claimant.beliefs.interest_error": 0.3,
}
"""A side that is often wrong, with a precondition to withdraw."""
VOTED = {**LED, **DEADLINES, "engine": "array"}
"""One text, on which there is a vote, and a leader who may campaign for it."""


@pytest.fixture
def planted() -> Setting:
    return setting_of(pie(PLANTED))


def first(setting: Setting, **how: Any) -> GameView:
    asked = {"deal": None, "side": "claimant", "world": 0, "seed": None, **how}
    return play_on(begun(setting, asked["deal"], asked["side"], asked["world"], asked["seed"]))


def click(setting: Setting, view: GameView, name: str, **asked: Any) -> GameView:
    """Click something on the page that is seen, and get the next."""
    request = _next(setting, view, name, {"turn": view.shown["turn"], **asked})
    assert request is not None
    return play_on(request)


def do(setting: Setting, view: GameView, does: str, what: str = "") -> GameView:
    return click(setting, view, "do", does=does, what=what)


def the_game(setting: Setting, view: GameView) -> PlayedWorld:
    moves = json.loads(view.saved)["moves"]
    return play(setting.base, side=view.game.side, world=view.game.world, moves=moves)


def test_a_planted_world_is_played_to_its_debriefing(planted: Setting) -> None:
    view = first(planted)
    while view.shown["question"]:
        does = {"turn": "pass", "answer": "refuse"}[view.shown["question"]]
        assert does in [deed["name"] for deed in view.shown["deeds"]]
        view = do(planted, view, does)
    game = stubborn()
    assert view.saved == game.to_json()
    found = debrief(game)
    told = {part["head"]: part["lines"] for part in view.shown["debriefing"]}
    assert told == debriefing_words(found)
    assert "You have +0.0: 0.4 points were left." in " ".join(told["What was left"])
    [left] = [part for part in view.shown["debriefing"] if part["rows"]]
    assert [int(row[0]) - 1 for row in left["rows"]] == found.never_offered["place"].tolist()


@pytest.mark.parametrize(
    ("changes", "does", "what", "asked"),
    [(HELD, "pass", "", {"turn", "answer"}), (VOTED, "offer", "1", {"turn", "vote"})],
)
def test_every_question_is_asked_in_the_words_of_the_terminal(
    changes: dict[str, Any], does: str, what: str, asked: set[str]
) -> None:
    setting = setting_of(pie(changes))
    view, questions = first(setting, world=1), set()
    for item in view.shown["preconditions"]:
        view = do(setting, view, "withdraw", item["name"])
    assert view.shown["preconditions"] == []
    while view.shown["question"]:
        questions.add(view.shown["question"])
        game = the_game(setting, view)
        assert game.sight is not None
        assert [view.shown["head"], *view.shown["lines"]] == [*round_words(game.sight, game)]
        texts = view.shown["texts"]
        if texts is not None:
            places = [int(row[0]) - 1 for row in texts["rows"]]
            assert text_rows(game.sight, game, places) == (texts["alike"], texts["rows"])
        assert "debriefing" not in view.shown
        view = do(setting, view, *((does, what) if "turn" in view.shown["question"] else ("auto",)))
    assert asked <= questions
    assert the_game(setting, view).over


def test_what_is_seen_of_the_other_side_is_what_is_believed() -> None:
    """The truth of the other side is 0.7 to -0.2 less 0.3; what is shown is the belief."""
    view = first(setting_of(pie({**HELD, "claimant.preconditions": {}})))
    true = {2: "+0.3", 3: "+0.2", 4: "+0.1"}
    seen = {int(row[0]): row[2] for row in view.shown["texts"]["rows"]}
    assert set(seen) == set(true) | {5}
    assert all(seen[number] != worth for number, worth in true.items())


def test_who_leaves_it_to_the_strategy_gets_its_game(planted: Setting) -> None:
    view = do(planted, first(planted, side="holder", world=2), "auto", "99")
    assert view.shown["question"] == ""
    automatic = play(planted.base, side="holder", world=2, ask=advised)
    assert view.saved == automatic.to_json()
    assert view.shown["fresh"] == len(view.shown["news"])


def test_the_strategy_says_why_it_offers_nothing() -> None:
    setting = setting_of(pie({**PLANTED, "claimant.reservation.dialogue": 2.0}))
    view = do(setting, first(setting), "auto", "1")
    assert view.shown["said"].endswith("nothing: there is no text that you could sign.")


@pytest.mark.parametrize(
    ("does", "what", "said"),
    [
        ("offer", "6", "Expected the number of a text from 1 to 5."),
        ("offer", "x", "Expected the number of a text from 1 to 5."),
        ("offer", "1", "Expected a text worth signing to you"),
        ("accept", "", "Expected one of offer, pass, table, withdraw"),
        ("withdraw", "nothing", "Expected one of none."),
        ("table", "", "Expected one of none."),
        ("withdraw", "\ud800", "Expected a name that can be written."),
    ],
)
def test_what_does_not_fit_is_said_and_asked_again(
    planted: Setting, does: str, what: str, said: str
) -> None:
    before = first(planted)
    view = do(planted, before, does, what)
    assert view.shown["fault"].startswith(said)
    assert {**view.shown, "fault": ""} == before.shown
    assert do(planted, view, "pass").shown["fault"] == ""


def test_what_no_page_of_ours_sends_changes_nothing(planted: Setting) -> None:
    view = first(planted)
    for name, asked in [
        ("do", {"turn": 0, "does": "bluff"}),
        ("do", {"turn": 7, "does": "pass"}),
        ("do", {"does": "pass"}),
        ("look", {"turn": 0, "order": ["mine"], "only": "x", "shown": True, "whole": "2"}),
        ("odd", {"turn": 0}),
    ]:
        request = _next(planted, view, name, asked)
        assert request is not None
        assert play_on(request).shown == view.shown
    assert _next(planted, view, "leave", {}) is None


def test_texts_are_listed_and_shown_as_is_asked(planted: Setting) -> None:
    view = first(planted)
    assert [row[0] for row in view.shown["texts"]["rows"]] == ["4", "3", "2", "5"]
    asked = {"order": "all", "only": "administration=0.5000", "shown": 10**9, "whole": 3}
    view = click(planted, view, "look", **asked)
    assert view.game.menu == Menu("all", ("administration", "0.5000"), 400, 3)
    assert [row[0] for row in view.shown["texts"]["rows"]] == ["3"]
    assert view.shown["texts"]["whole"][0] == "Text 3"
    assert click(planted, view, "do", does="pass").game.menu == Menu()


def test_a_move_is_taken_back(planted: Setting) -> None:
    before = first(planted)
    there = do(planted, do(planted, before, "offer", "4"), "auto")
    for _ in there.game.moves:
        there = click(planted, there, "undo")
    assert there.shown == before.shown


def test_a_game_goes_on_at_the_terminal_and_back(
    scenario: Scenario, setting: Setting, serial_pool: Any, tmp_path: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(pages, "_SHARED", [AppState(serial_pool, setting.name, setting)])
    begins = begun(setting, "hans_line", "claimant", 3, 7)
    view = do(setting, play_on(begins), "pass")
    path = tmp_path / "game.json"
    path.write_text(view.saved, encoding="utf-8")
    there = load_game(path)
    assert (there.scenario.seed, len(there.moves)) == (7, 1)
    elsewhere = setting_of(pie(PLANTED))
    for known in (setting, elsewhere):
        request = loaded(known, path.read_bytes(), "game.json")
        assert play_on(request).shown == click(setting, view, "look").shown
    moved = setting.moving("claimant.preconditions.about_half.firmness", 0.8)
    assert play_on(begun(moved, "hans_line", "claimant", 3, 7)).saved != play_on(begins).saved


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"world": 10_000_000}, "mine.json: world: expected a value of at most 9,999,999, got 1"),
        ({"seed": -1}, "mine.json: seed: expected a value of at least 0, got -1"),
        ({"deal": "nowhere"}, "mine.json: deal: expected one of divide, got 'nowhere'"),
        ({"scenario": "/etc/passwd"}, "mine.json: scenario: expected a name of letters"),
        ({"config_sha256": "0"}, "mine.json: scenario: 'pie' is unknown; expected one of "),
        ({"moves": [{"round": 0, "does": "bluff"}]}, "mine.json: moves.0.does: expected one of"),
        ({"more": 1}, "mine.json: unknown key 'more'"),
    ],
)
def test_a_file_from_a_stranger_is_checked(
    planted: Setting,
    change: dict[str, Any],
    said: str,
    serial_pool: Any,
    setting: Setting,
    monkeypatch: Any,
) -> None:
    monkeypatch.setattr(pages, "_SHARED", [AppState(serial_pool, setting.name, setting)])
    values = {**json.loads(first(planted).saved), **change}
    with pytest.raises(ScenarioError) as found:
        loaded(planted, json.dumps(values).encode(), "mine.json")
    assert str(found.value).startswith(said)


def test_only_small_texts_are_read(planted: Setting) -> None:
    with pytest.raises(ScenarioError, match="at most 120,000 bytes, got 120,001"):
        loaded(planted, b"[" * (MOST_BYTES + 1), "mine.json")
    with pytest.raises(ScenarioError, match=r"mine\.json: expected JSON"):
        loaded(planted, b"[" * MOST_BYTES, "mine.json")


def test_moves_of_another_world_are_refused_when_they_are_played(planted: Setting) -> None:
    view = do(planted, first(planted), "auto", "99")
    for more in ([{"round": 3, "does": "pass"}], [{"round": 9, "does": "accept"}]):
        values = json.loads(view.saved)
        values["moves"] = [*values["moves"], *more]
        request = loaded(planted, json.dumps(values).encode(), "mine.json")
        with pytest.raises(ScenarioError, match=r"game: moves: round \d: expected no more"):
            play_on(request)
    values["moves"] = [{"round": 0, "does": "accept"}]
    request = loaded(planted, json.dumps(values).encode(), "mine.json")
    with pytest.raises(ScenarioError, match="saved game: moves: round 0: expected one of o"):
        play_on(request)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"side": "third"}, "this page: side: expected one of claimant, holder"),
        ({"world": None}, "this page: world: expected a world from 0 to 9,999,999, got None"),
        ({"world": 10_000_000}, "this page: world: expected a world from 0 to 9,999,999"),
        ({"deal": ["x"]}, "this page: deal: expected one of divide"),
        ({"seed": -1}, "seed: expected a whole number from 0"),
    ],
)
def test_a_game_of_nothing_is_not_begun(planted: Setting, how: dict[str, Any], said: str) -> None:
    with pytest.raises(ScenarioError) as found:
        first(planted, **how)
    assert str(found.value).startswith(said)


def test_a_request_is_compared_by_what_is_played(planted: Setting) -> None:
    one, two = (begun(planted, "divide", "claimant", 0, 5) for _ in range(2))
    assert one == two
    assert hash(one) == hash(two)
    assert replace(one, does="pass") != two
    assert isinstance(one, GameRequest)
