"""Games as values: moves that fit or not, saved, played again and gone on with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.domain.scenario import Scenario
from sim.errors import ScenarioError
from sim.experiments.play import PlayedWorld, advised, load_game, play
from tests.disputes import DEADLINES, TWO, pie
from tests.laws.play import same

THREE = {"deals.divide.stages.pie.negotiable": {"administration": ["0.4000", "0.5000", "0.6000"]}}
SCENARIO = {**DEADLINES, **THREE, TWO: 0.1, "rounds": 6, "engine": "array"}


@pytest.fixture
def scenario() -> Scenario:
    return pie(SCENARIO)


@pytest.fixture
def begun(scenario: Scenario) -> PlayedWorld:
    """A game with a refused offer in it; the other's offer is on the table."""
    game = play(scenario, "divide", side="claimant", world=2)
    return game.move("offer", game.nodes[0].table.id_of(2))


def test_a_saved_game_goes_on_where_it_was(
    scenario: Scenario, begun: PlayedWorld, tmp_path: Path
) -> None:
    path = begun.save(tmp_path / "game.json")
    again = load_game(path, scenario)
    assert again.moves == begun.moves
    assert repr(again) == "<PlayedWorld claimant in world 2 of divide: round 1>"
    assert again.to_json() == begun.to_json()
    ended = [load_game(path, scenario, ask=advised), play_on(begun)]
    assert ended[0].to_json() == ended[1].to_json()
    assert ended[0].result is not None
    assert ended[1].result is not None
    same(ended[0].result.columns, ended[1].result.columns)
    assert json.loads(ended[0].to_json())["ending"] == "settled"


def play_on(game: PlayedWorld) -> PlayedWorld:
    """Go on move by move, each a game of its own, as the strategy would."""
    while game.sight is not None:
        move = game.sight.advice[0]
        game = game.move(move.does, move.what)
    return game


def test_a_game_of_a_shipped_scenario_is_found_by_its_name(tmp_path: Path) -> None:
    small = sim.load_scenario("canada_denmark_2018", ["seed=7"])
    game = sim.play(small, "hans_line", side="holder", world=1)
    again = sim.load_game(game.save(tmp_path / "game.json"))
    assert again.to_json() == game.to_json()
    other = sim.play("canada_denmark_2018", "hans_line", side="holder", world=1)
    assert other.sight is not None
    assert again.sight is not None
    assert other.sight.surplus[0] != again.sight.surplus[0]


@pytest.mark.parametrize(
    ("move", "said"),
    [
        ({"does": "accept"}, "expected a move of round 1"),
        ({"round": 1, "does": "offer", "what": "x"}, "one of accept, refuse, withdraw"),
        ({"round": 1, "does": "withdraw", "what": "x"}, "expected one of none, got 'withdraw x'"),
        ({"round": 1, "does": "bluff"}, r"moves\.1\.does: expected one of 'offer', 'pass'"),
        ({"round": 1, "does": "refuse", "why": "pride"}, "unknown key 'moves.1.why'"),
    ],
)
def test_moves_that_do_not_fit_are_refused(
    scenario: Scenario, begun: PlayedWorld, move: dict[str, Any], said: str
) -> None:
    with pytest.raises(ScenarioError, match=said):
        play(scenario, side="claimant", world=2, moves=[*begun.moves, {"round": 0, **move}])


def test_moves_after_the_end_are_refused(scenario: Scenario, begun: PlayedWorld) -> None:
    ended = play_on(begun)
    with pytest.raises(ScenarioError, match="this world is over"):
        ended.move("pass")
    more = [*ended.moves, {"round": 6, "does": "pass"}]
    with pytest.raises(ScenarioError, match="the world is over"):
        play(scenario, side="claimant", world=2, moves=more)


@pytest.mark.parametrize(
    ("how", "said"),
    [({"side": "third"}, "side: expected one of claimant, holder"), ({"world": -1}, "a world")],
)
def test_who_plays_which_world_is_checked(
    scenario: Scenario, how: dict[str, Any], said: str
) -> None:
    with pytest.raises(ScenarioError, match=said):
        play(scenario, **{"side": "claimant", **how})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"moves": [{"round": 0, "does": "bluff"}]}, r"moves\.0\.does: expected one of 'offer'"),
        ({"moves": [{"round": 0, "does": "pass"}] * 20_001}, "moves: expected at most 20000 items"),
        ({"moves": [{"round": 9, "does": "pass"}]}, "moves: round 9: expected a move of round 0"),
        ({"scenario": "../../etc/passwd"}, "scenario: expected a name of letters"),
        ({"side": "third"}, "side: expected one of 'claimant', 'holder', got 'third'"),
        ({"seed": -1}, "seed: expected a value of at least 0, got -1"),
        ({"world": 10_000_000}, "world: expected a value of at most 9,999,999, got 10000000"),
        ({"config_sha256": "0"}, "expected a game of pie as it is now"),
        ({"deal": "nowhere"}, "deal: expected one of divide"),
        ({"more": 1}, "unknown key 'more'"),
    ],
)
def test_a_file_from_a_stranger_is_checked(
    scenario: Scenario, begun: PlayedWorld, tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    path = tmp_path / "game.json"
    path.write_text(json.dumps({**json.loads(begun.to_json()), **change}), encoding="utf-8")
    with pytest.raises(ScenarioError, match=rf"game\.json: {said}"):
        load_game(path, scenario)


def test_all_that_is_wrong_with_a_file_is_said_at_once(
    scenario: Scenario, begun: PlayedWorld, tmp_path: Path
) -> None:
    path = tmp_path / "game.json"
    values = {**json.loads(begun.to_json()), "world": -1, "side": "third", "more": 1}
    path.write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(ScenarioError) as found:
        load_game(path, scenario)
    assert {fault.key for fault in found.value.faults} == {"world", "side", "more"}


def test_a_file_that_is_no_game_is_said_to_be_none(scenario: Scenario, tmp_path: Path) -> None:
    path = tmp_path / "game.json"
    for text, said in [
        ("", "line 1, column 1: expected JSON, got the end"),
        ("[1]", "expected a game, got something else"),
        ('{"seed": 1,\n "world": }', r"line 2, column 11: expected JSON, got '}'"),
        ("\0", r"line 1, column 1: expected JSON, got '\\x00'"),
    ]:
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ScenarioError, match=rf"game\.json: {said}"):
            load_game(path, scenario)
