"""Every option of every command is read by one parser, and refused in one line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Literal

import pytest
from annotated_types import Ge, Gt, Le
from pydantic import Field

from sim.cli import main
from sim.cli.dispatch import COMMANDS, command_named
from sim.cli.options import (
    Argument,
    Command,
    Flag,
    Form,
    Number,
    Overrides,
    Pair,
    Target,
    Whole,
    help_text,
    options_of,
    parse,
    takes_overrides,
)
from sim.errors import ScenarioError

Islands = Callable[..., SimpleNamespace]


class Harvest(Command):
    """Bring a harvest in.

    Before it rains.
    """

    field: Annotated[str, Argument("FIELD")]
    tools: Annotated[tuple[str, ...], Argument("[TOOL …]")] = ()
    carts: Annotated[Whole, Ge(1), Le(10_000)] = Field(2, description="how many go there")
    days: Whole | None = None
    share: Annotated[Number, Gt(0), Le(1)] = 0.5
    dry: Flag = True
    crop: Literal["oats", "barley"] = "oats"
    limit: Literal["none"] | Annotated[Whole, Ge(2)] = "none"
    ends: Annotated[Pair, Form("A,B", "two ends, as in ends=A,B")] | None = None
    within: Target | None = Field(None, alias="in")


def refused(*words: str, command: type[Command] = Harvest) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        parse(command, words)
    return str(caught.value).splitlines()


def test_every_kind() -> None:
    words = ["carts=8", "days=0", "share=1e-3", "dry=false", "crop=barley", "limit=9", "ends=a,b"]
    found = parse(Harvest, ["south", "in=x/y", *words, "rake", "fork"])
    assert found == Harvest(
        field="south",
        tools=("rake", "fork"),
        carts=8,
        days=0,
        share=0.001,
        dry=False,
        crop="barley",
        limit=9,
        ends=("a", "b"),
        within=Path("x/y"),
    )
    assert parse(Harvest, ["south"]) == Harvest(field="south")


@pytest.mark.parametrize(
    "text", ["²", "٣", "1.5", "-1", "+1", "1_0", " 1", "0x1", "nan", "9" * 5_000]
)
@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("carts", "a whole number from 1 to 10,000"),
        ("days", "a whole number"),
        ("limit", "'none' or a whole number of at least 2"),
    ],
)
def test_whole_numbers(key: str, expected: str, text: str) -> None:
    (line,) = refused("x", f"{key}={text}")
    assert line.startswith(f"{key}: expected {expected}, got {text[:900]!r}"[:900])


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("carts=0", "carts: expected a whole number from 1 to 10,000, got '0'"),
        ("limit=1", "limit: expected 'none' or a whole number of at least 2, got '1'"),
        ("share=0", "share: expected a number above 0 and up to 1, got '0'"),
        ("share=٠.٥", "share: expected a number above 0 and up to 1, got '٠.٥'"),
        ("share=nan", "share: expected a number above 0 and up to 1, got 'nan'"),
        ("dry=yes", "dry: expected true or false, got 'yes'"),
        (
            "crop=bareley",
            "crop: expected one of oats, barley, got 'bareley'; did you mean 'barley'?",
        ),
        ("ends=a", "ends: expected two ends, as in ends=A,B, got 'a'"),
        ("ends=a,b,c", "ends: expected two ends, as in ends=A,B, got 'a,b,c'"),
        ("carts=", "expected key=value, got 'carts='"),
        ("--carts", "expected key=value, got '--carts'"),
        (
            "within=a",
            "expected one of carts, days, share, dry, crop, limit, ends, in, got 'within'",
        ),
    ],
)
def test_what_is_refused(word: str, said: str) -> None:
    assert refused("x", word) == [said]


def test_places_are_below() -> None:
    (line,) = refused("x", "in=../y")
    assert line.startswith("command line: in: expected a folder below this one")


def test_every_fault_is_told_at_once() -> None:
    lines = refused("x", "catrs=1", "days=1", "days=1", "share=2", "dry=2")
    assert [line.split(", got")[0] for line in lines] == [
        "expected one of carts, days, share, dry, crop, limit, ends, in",
        "expected days once",
        "share: expected a number above 0 and up to 1",
        "dry: expected true or false",
    ]
    assert lines[0].endswith("did you mean 'carts'?")


def test_words_without_a_key() -> None:
    assert refused() == ["expected FIELD [TOOL …], got nothing"]
    assert parse(Harvest, ["a=b/c=d", "./x=y"][1:]).field == "./x=y"


class Play(Command):
    """Play a scenario."""

    world: Whole | None = None
    overrides: Annotated[tuple[str, ...], Overrides()] = ()


def test_the_rest_is_for_the_loader() -> None:
    rest = ("worlds=3", "seed=1", "uncertain", "~title", "side@holder=x", "holder.public.x=²")
    assert parse(Play, ["world=2", *rest]) == Play(world=2, overrides=rest)
    said = "command line: unknown key 'wrld'; did you mean 'world'?"
    assert refused("wrld=2", command=Play) == [said]


def test_help_follows_from_the_declaration() -> None:
    lines = help_text(Harvest, "harvest").splitlines()
    assert lines[0] == "Bring a harvest in."
    assert lines[2] == "Usage: islands harvest FIELD [TOOL …] [key=value …]"
    assert lines[4] == "Before it rains."
    assert "  carts=N                 how many go there (2)" in lines
    assert "  crop=oats|barley        (oats)" in lines
    assert "  in=FILE" in lines


EVERY = [
    (name, key)
    for name in COMMANDS
    for key, field in options_of(command_named(name)).items()
    if any(kind in str(field.annotation) for kind in ("int", "float", "bool", "Literal"))
]
WORDS = {
    "discover": ["x"],
    "evidence": ["x"],
    "negotiate": ["a", "b", "c"],
    "plot": ["x"],
    "report": ["x"],
    "stability": ["x"],
}


@pytest.mark.parametrize("text", ["²", "١", "", "-1", "1e400", "9" * 40, "-0.5", "[1]", "None"])
@pytest.mark.parametrize(("name", "key"), EVERY)
def test_no_command_takes_nonsense_for_a_value(
    name: str, key: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, *WORDS.get(name, []), f"{key}={text}"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "expected " in said.err
    assert repr(text or f"{key}=") in said.err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_refuses_what_is_given_twice_or_misspelt(islands: Islands, name: str) -> None:
    for key in options_of(command_named(name)):
        answer = islands(name, *WORDS.get(name, []), f"{key}=none", f"{key}=none")
        assert answer.code == 2
        assert f"expected {key} once, got it twice" in answer.err
        if len(key) > 3 and "." not in key:
            answer = islands(name, *WORDS.get(name, []), f"{key[0]}{key}=1")
            assert answer.code == 2
            assert f"did you mean '{key}'?" in answer.err


def test_a_base_of_unicode_is_no_failure(islands: Islands) -> None:
    answer = islands("sensitivity", "top=²")
    assert answer.code == 2
    assert answer.err == "islands: top: expected a whole number of at least 1, got '²'\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_only_what_is_declared_is_taken(islands: Islands, name: str) -> None:
    if not takes_overrides(command_named(name)):
        answer = islands(name, *WORDS.get(name, []), "--nothing")
        assert (answer.code, answer.out) == (2, "")
        assert "expected key=value, got '--nothing'" in answer.err


@pytest.mark.parametrize("word", ["report", "plot"])
def test_the_root_is_no_run(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([word, "/"]) == 2
    assert "/: expected the folder of a run, got one without" in capsys.readouterr().err


def test_help_is_there_where_python_drops_docstrings() -> None:
    environment = {**os.environ, "PYTHONOPTIMIZE": "2"}
    command = command_named("sweep")
    ask = [sys.executable, "-m", "sim", "sweep", "--help"]
    done = subprocess.run(ask, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == help_text(command, "sweep") + "\n"
