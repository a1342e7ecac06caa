"""The commands that look and do not play."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim.cli.completion import candidates
from sim.cli.dispatch import COMMANDS
from sim.io.json_schema import SCHEMAS, schema_text

Islands = Callable[..., SimpleNamespace]
Case = Callable[..., Path]


def test_list_names_everything(islands: Islands, case: Case, small: Path) -> None:
    (small / "scenarios").mkdir()
    case("title: Mine\n", "scenarios/mine.yaml")
    case("title: [\n", "scenarios/broken.yaml")
    lines = islands("list").out.splitlines()
    assert "scenarios: what a user writes and runs" in lines
    assert "  base    The base case" in lines
    assert "  mine    Mine" in lines
    assert any(
        line.startswith("  broken  (cannot be read: scenarios/broken.yaml:") for line in lines
    )
    assert max(map(len, lines)) <= 120


def test_list_one_group_in_either_number(islands: Islands) -> None:
    assert (
        islands("list", "sides").out
        == islands("list", "side").out
        == "east   East\nnorth  North\nwest   West\n"
    )
    assert islands("list", "strategies").out.startswith("time_dependent")
    assert islands("list", "evidence").out == "facts  1 facts\n"
    answer = islands("list", "dials")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.endswith("got 'dials'; did you mean 'deals'?\n")


def test_list_leaves_out_what_is_for_editors(islands: Islands, small: Path) -> None:
    path = small.parent / "_shipped" / "configs" / "strategy" / "quick.yaml"
    path.write_text(
        "# yaml-language-server: $schema=a.json\n# Be quick.\ndefaults: [time_dependent]\n"
    )
    try:
        assert "quick           Be quick.\n" in islands("list", "strategies").out
    finally:
        path.unlink()


@pytest.mark.parametrize("arguments", [(), ("scenario",), ("deal",)])
def test_schema_is_printed_as_it_is_shipped(islands: Islands, arguments: tuple[str, ...]) -> None:
    answer = islands("schema", *arguments)
    assert answer.code == 0
    assert answer.out == schema_text(arguments[0] if arguments else "scenario")


def test_schemas_of_all_kinds_are_written(islands: Islands, tmp_path: Path) -> None:
    assert islands("schema", f"out={tmp_path / 'there'}").code == 0
    assert {path.stem for path in (tmp_path / "there").iterdir()} == set(SCHEMAS)
    answer = islands("schema", "sied")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.endswith("got 'sied'; did you mean 'side'?\n")
    assert islands("schema", "out=").code == islands("schema", "side", "deal").code == 2


def test_validate(islands: Islands, case: Case) -> None:
    sound, faulty = case("name: a\n", "a.yaml"), case("rounds: 0\n", "b.yaml")
    answer = islands("validate", sound.name, faulty.name, "storm")
    assert answer.code == 2
    assert answer.out == "a.yaml: sound (scenario)\nstorm: sound (scenario)\n"
    assert answer.err == "islands: b.yaml: rounds: expected a value of at least 1, got 0\n"
    assert islands("validate").code == 2
    assert islands("validate", "a.yaml").code == 0


def test_show_tells_each_number_with_its_reason(islands: Islands) -> None:
    answer = islands("show", "scenario=base", "holder.leader.audience_cost=2")
    assert answer.code == 0
    assert max(map(len, answer.out.splitlines())) <= 120
    text = " ".join(answer.out.split())
    assert "The base case" in text
    assert "opposition 0.2 to 0.4 share poll_one: A paper (2018-12)" in text
    assert "audience cost 2 points override" in text
    assert "No peace, no deal (blocks: peace is none)" in text


def test_evidence_both_ways(islands: Islands) -> None:
    overview = islands("evidence").out
    assert "poll_one" in overview
    assert max(map(len, overview.splitlines())) <= 120
    about = islands("evidence", "poll_one").out
    assert "figure: 20 to 40 percent" in about
    assert "holder.public.opposition = 0.2 to 0.4 share" in about
    answer = islands("evidence", "pol_one")
    assert answer.code == 2
    assert answer.err.endswith("did you mean 'poll_one'?\n")


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
    ],
)
def test_completion(small: Path, line: str, expected: list[str]) -> None:
    assert sorted(candidates(line)) == sorted(expected)


def test_completion_of_paths(case: Case, small: Path) -> None:
    case("name: a\n", "a.yaml")
    (small / "more").mkdir()
    assert candidates("islands run scenario=./") == ["scenario=./a.yaml ", "scenario=./more/"]
    assert candidates("islands validate a") == ["a.yaml "]


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_completion_scripts(islands: Islands, shell: str) -> None:
    assert "complete -o nospace" in islands("--shell-completion", f"install={shell}").out
    assert islands("-sc", "query", "islands ru").out == "run \n"
    assert islands("-sc", "install=fish").code == 2
