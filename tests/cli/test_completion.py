"""What TAB completes."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim.cli.completion import candidates
from sim.cli.dispatch import COMMANDS, command_named
from sim.cli.options import takes_overrides

Islands = Callable[..., SimpleNamespace]
Case = Callable[..., Path]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("islands ", [f"{name} " for name in COMMANDS]),
        ("islands ru", ["run "]),
        ("islands list de", ["deals "]),
        ("islands run scen", ["scenario="]),
        ("islands run scenario=", ["scenario=base ", "scenario=storm "]),
        ("islands run side@", ["side@claimant=", "side@holder="]),
        ("islands run side@holder=w", ["side@holder=west "]),
        ("islands run deals=", ["deals=[peace_now", "deals=[status_quo"]),
        ("islands run deals=[peace_now,s", ["deals=[peace_now,status_quo"]),
        ("islands run wor", ["workers=", "worlds="]),
        ("islands run hol", ["holder."]),
        ("islands run holder.public.op", ["holder.public.opposition="]),
        ("islands run scenario=storm holder.pre", ["holder.preferences.", "holder.preconditions."]),
        ("islands run scenario=none holder.pre", []),
        ("islands validate b", ["base "]),
        ("islands nonsense x", []),
        ("islands explain worl", ["world=", "worlds="]),
        ("islands unlock to", ["to=", "top="]),
        ("islands play side=", ["side=claimant ", "side=holder "]),
        ("islands calibrate se", ["seed="]),
        ("islands calibrate scen", []),
        ("islands sweep scenario=", ["scenario=base ", "scenario=storm "]),
    ],
)
def test_completion(small: Path, line: str, expected: list[str]) -> None:
    assert sorted(candidates(line)) == sorted(expected)


TAKING = [
    f"{name} numbers" if name == "list" else name
    for name in COMMANDS
    if takes_overrides(command_named(name))
]


@pytest.mark.parametrize("command", TAKING)
def test_every_command_that_takes_a_scenario_completes_it_as_run_does(
    small: Path, command: str
) -> None:
    for word in ("scenario=", "scenario=st", "environment=", "deals=[st", "scen", "holder.pre"):
        found = candidates(f"islands {command} {word}")
        assert found
        assert found == candidates(f"islands run {word}")


def test_the_commands_that_play_take_a_scenario() -> None:
    assert {"run", "sweep", "explain", "unlock", "sensitivity", "show", "explore"} <= {*TAKING}


def test_completion_of_paths(case: Case, small: Path) -> None:
    case("name: a\n", "a.yaml")
    (small / "more").mkdir()
    assert candidates("islands run scenario=./") == ["scenario=./a.yaml ", "scenario=./more/"]
    assert candidates("islands validate a") == ["a.yaml "]


@pytest.mark.parametrize("shell", ["bash", "fish", "zsh"])
def test_completion_scripts(islands: Islands, shell: str) -> None:
    script = islands("--shell-completion", f"install={shell}").out
    assert ("complete -c islands" if shell == "fish" else "complete -o nospace") in script
    assert islands("-sc", "query", "islands ru").out == "run \n"
    assert islands("-sc", "install=tcsh").code == 2
