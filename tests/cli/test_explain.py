"""The commands that answer why, and what would have to change."""

import pytest
from annotated_types import Le

from sim.cli import main
from sim.cli.dispatch import COMMANDS
from sim.cli.explain import Explain
from sim.domain.narration import COLUMNS
from sim.quantities import BLOCK_WORLDS

SMALL = ["scenario=singapore_2018", "deals=[status_quo,renounce]", "rounds=3"]


def lines(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert main(arguments) == 0
    told = capsys.readouterr().out.splitlines()
    assert max(map(len, told)) <= COLUMNS
    return told


def test_explain_tells_each_structure_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    told = lines(["explain", *SMALL, "worlds=16", "world=3", "workers=1"], capsys)
    headings = [line for line in told if line and not line.startswith(" ")]
    assert headings[0].startswith("Overrides: ")
    assert "(status_quo), first 16 worlds" in headings[1]
    assert "(renounce), first 16 worlds" in headings[5]
    assert headings[4] == headings[8] == "World 3, round by round"


def test_a_block_of_worlds_is_what_is_looked_at() -> None:
    """The bound is written out, for help is shown without arrays."""
    field = Explain.model_fields["worlds"]
    assert field.default == BLOCK_WORLDS
    assert Le(BLOCK_WORLDS) in field.metadata


@pytest.mark.nightly
def test_workers_change_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["explain", *SMALL, "worlds=16"]
    alone = lines([*asked, "workers=1"], capsys)
    assert lines([*asked, "workers=2"], capsys) == alone


def test_unlock_answers(capsys: pytest.CaptureFixture[str]) -> None:
    told = lines(["unlock", SMALL[0], "deals=[status_quo]", "rounds=2", "workers=1"], capsys)
    assert "0 % [0, 0.4] of worlds settle; wanted: 50 %" in told[2]
    assert "can never settle" in " ".join(told)


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["unlock", "to=2"], "to: expected a number above 0 and up to 1, got '2'"),
        (["unlock", "to=half"], "got 'half'"),
        (["explain", "world=-1"], "world: expected a whole number from 0"),
        (["explain", "worlds=4096"], "worlds: expected a whole number from 1 to 1,024"),
        (["explain", "deals=[two_island_first]"], "two_islands_first"),
    ],
)
def test_faults_are_told_in_a_line(
    arguments: list[str], fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "scenario=singapore_2018"]) == 2
    assert fault in capsys.readouterr().err


def test_both_have_help(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("explain", "unlock"):
        assert name in COMMANDS
        assert lines([name, "--help"], capsys)
