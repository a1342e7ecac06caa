"""Options are given once, by name, and only where something may be written."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.cli import main
from sim.cli.options import options
from sim.errors import ScenarioError, UsageError

KNOWN = {"worlds": int, "name": str, "out": Path}


def test_every_kind() -> None:
    assert options(["worlds=8", "name=a=b", "out=x/y"], KNOWN) == {
        "worlds": 8,
        "name": "a=b",
        "out": "x/y",
    }


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("worlds", "expected key=value, got 'worlds'"),
        ("worlds=", "expected key=value, got 'worlds='"),
        ("wrolds=1", "expected one of worlds, name, out, got 'wrolds'; did you mean 'worlds'?"),
        ("worlds=-1", "worlds: expected a whole number, got '-1'"),
        ("worlds=1.5", "worlds: expected a whole number, got '1.5'"),
        ("worlds=²", "worlds: expected a whole number, got '²'"),
        (f"worlds={'9' * 5_000}", "worlds: expected a whole number, got '999"),
    ],
)
def test_what_is_refused(argument: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        options([argument], KNOWN)
    assert str(caught.value).startswith(said)


def test_twice() -> None:
    with pytest.raises(UsageError, match="expected worlds once, got it twice"):
        options(["worlds=1", "worlds=1"], KNOWN)


@pytest.mark.parametrize("word", ["report", "plot"])
def test_the_root_is_no_run(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([word, "/"]) == 2
    assert "/: expected the folder of a run, got one without" in capsys.readouterr().err


def test_nowhere_else() -> None:
    with pytest.raises(ScenarioError, match=r"out: expected a folder below this one"):
        options(["out=../x"], KNOWN)
