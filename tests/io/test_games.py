"""Conflicts as files: both forms say the same, and faults are told in one line each.

Tests `sim.domain.game` and `sim.io.kinds`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from sim.domain.game import Game
from sim.errors import ScenarioError
from sim.io.kinds import read_game
from sim.io.library import list_names

BY_MOVES = """
states: [war, one, two, peace]
makers:
  north: {moves: {war: [one], one: [war], two: [peace], peace: [two]},
          prefers: [one, peace, war, two]}
  south: {moves: {war: [two], two: [war], one: [peace], peace: [one]},
          prefers: [[two], peace, [war, one]]}
"""
BY_OPTIONS = """
states: {war: [], one: [north_talks], two: [south_talks], peace: [south_talks, north_talks]}
makers:
  north: {options: [north_talks], prefers: [one, peace, war, two]}
  south: {options: [south_talks], prefers: [[two], peace, [war, one]]}
"""


def read(tmp_path: Path, text: str) -> Game:
    path = tmp_path / "conflict.yaml"
    path.write_text(text, encoding="utf-8")
    return read_game(str(path))


def test_moves_and_options_say_the_same(tmp_path: Path) -> None:
    listed, taken = (read(tmp_path, text) for text in (BY_MOVES, BY_OPTIONS))
    assert (listed.moves == taken.moves).all()
    assert listed.moves.sum() == 8
    assert (listed.payoff == taken.payoff).all()
    assert listed.payoff.tolist() == [[-2, 0, -3, -1], [-2, -2, 0, -1]]


def test_statements_on_options_are_a_ranking(tmp_path: Path) -> None:
    said = "statements: [north_talks & south_talks, south_talks if north_talks, -south_talks]"
    game = read(tmp_path, BY_OPTIONS.replace("prefers: [one, peace, war, two]", said))
    assert game.payoff[0].tolist() == [-1, -3, -2, 0]


def test_what_is_irreversible_is_not_taken_back(tmp_path: Path) -> None:
    firm = BY_OPTIONS.replace("prefers: [one", "irreversible: [north_talks], prefers: [one")
    both, kept = read(tmp_path, BY_OPTIONS).moves, read(tmp_path, firm).moves
    states = ["war", "one", "two", "peace"]
    lost = {(states[start], states[end]) for _, start, end in np.argwhere(both & ~kept)}
    assert lost == {("one", "war"), ("peace", "two")}


FAULTS = [
    (
        BY_MOVES,
        "[war, one, two, peace]",
        "[war, one, two, one]",
        "states: expected 'one' once, got it",
    ),
    (BY_MOVES, "war: [one]", "war: [won]", "makers.north.moves: expected a state, got 'won'; did"),
    (BY_MOVES, "prefers: [one, peace, war, two]", "prefers: [one, peace]", "got none of war, two"),
    (BY_MOVES, "prefers: [one, peace, war, two]", "prefers: [one, one, peace, war, two]", "once"),
    (BY_MOVES, "prefers: [one, peace, war, two]", "prefers: [one, peace, war, too]", "mean 'two'"),
    (BY_MOVES, "prefers: [one, peace, war, two]", "", "north.prefers: expected a value, got noth"),
    (
        BY_MOVES,
        "north: {moves",
        "north: {options: [x], moves",
        "expected no options where states a",
    ),
    (
        BY_MOVES,
        "states:",
        "equilibria: {nash: [pease]}\nstates:",
        "equilibria.nash: expected a sta",
    ),
    (BY_MOVES, "states:", "equilibria: {nahs: [peace]}\nstates:", "equilibria.nahs"),
    (BY_MOVES, "states:", "sanctions: chain\nstates:", "sanctions: expected one of 'joint', 'sing"),
    (BY_MOVES, "states:", "stats:", "unknown key 'stats'; did you mean 'states'?"),
    (BY_MOVES, "states:", "start: pease\nstates:", "start: expected a state, got 'pease'; did you"),
    (BY_OPTIONS, "two: [south_talks]", "two: [south_talk]", "states.two: expected an option of a"),
    (BY_OPTIONS, "two: [south_talks]", "two: []", "states.two: expected other options than war, g"),
    (
        BY_OPTIONS,
        "options: [south_talks]",
        "options: [south_talks, north_talks]",
        "makers: expected",
    ),
    (
        BY_OPTIONS,
        "options: [south_talks]",
        "irreversible: [x], options: [south_talks]",
        "an own opti",
    ),
    (
        BY_OPTIONS,
        "options: [south_talks]",
        "moves: {war: [two]}, options: [south_talks]",
        "no moves",
    ),
    (
        BY_OPTIONS,
        "prefers: [[two], peace, [war, one]]",
        "statements: [-south_talks, south_talk | north_talks]",
        "makers.south.statements.1: expected an option of a maker at character 1 of",
    ),
    (
        BY_OPTIONS,
        "prefers: [[two], peace, [war, one]]",
        "statements: [-south_talks], prefers: [war]",
        "makers.south.prefers: expected none beside statements, got some",
    ),
    (
        BY_MOVES,
        "prefers: [one, peace, war, two]",
        "statements: [war]",
        "makers.north.statements: expected none where states are only named, got some",
    ),
    (BY_OPTIONS, "prefers: [[two], peace, [war, one]]", "statements: []", "at least one item"),
    (BY_OPTIONS, "prefers: [[two], peace, [war, one]]", "statements: 3", "statements: expected a"),
    (
        BY_MOVES,
        "prefers: [one, peace, war, two]",
        "prefers: [one, peace, war, two], sees: {suoth: {prefers: [war]}}",
        "makers.north.sees: expected another decision maker, got 'suoth'; did you mean 'south'?",
    ),
    (
        BY_MOVES,
        "prefers: [one, peace, war, two]",
        "prefers: [one, peace, war, two], sees: {south: {prefers: [war]}}",
        "makers.north.sees.south.prefers: expected every state, got none of one, two, peace",
    ),
    (
        BY_MOVES,
        "prefers: [one, peace, war, two]",
        "prefers: [one, peace, war, two], sees: {north: {prefers: [one, peace, war, two]}}",
        "makers.north.sees: expected another decision maker, got 'north'",
    ),
    (BY_OPTIONS, "states: {war: []", "states: {war: !!python/name:os.system []", "conflict.yaml"),
]


@pytest.mark.parametrize(("text", "old", "new", "said"), FAULTS)
def test_faults(tmp_path: Path, text: str, old: str, new: str, said: str) -> None:
    assert old in text
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, text.replace(old, new, 1))
    assert any(said in str(fault) for fault in caught.value.faults), str(caught.value)
    assert all("conflict.yaml" in str(fault) for fault in caught.value.faults)


def test_a_single_decision_maker_has_no_conflict(tmp_path: Path) -> None:
    values = yaml.safe_load(BY_MOVES)
    del values["makers"]["south"]
    with pytest.raises(ScenarioError, match=r"makers: .*at least 2"):
        read(tmp_path, yaml.safe_dump(values))


def test_shipped_conflicts_are_sound_and_found_by_name() -> None:
    assert list_names("game") == ["elmira", "garrison"]
    for name in list_names("game"):
        game = read_game(name)
        assert game.name == name
        assert game.label
        assert game.source
    with pytest.raises(ScenarioError, match="did you mean 'elmira'"):
        read_game("elmyra")
    with pytest.raises(ScenarioError, match="a file that exists"):
        read_game("./elmyra.yaml")


def test_a_conflict_that_would_take_minutes_is_refused(tmp_path: Path) -> None:
    states = [f"s{number}" for number in range(201)]
    makers = {name: {"prefers": [*states]} for name in ("north", "south")}
    with pytest.raises(ScenarioError, match=r"states: expected at most 200 items"):
        read(tmp_path, yaml.safe_dump({"states": [*states], "makers": makers}))
