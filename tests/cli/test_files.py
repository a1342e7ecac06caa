"""The commands that list, tell, check and begin files."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim.io.json_schema import SCHEMAS, schema_text
from sim.io.kinds import TEMPLATE_WORDS

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
    case(f"description: {TEMPLATE_WORDS}\n", "c.yaml")
    answer = islands("validate", "c.yaml")
    assert (answer.code, answer.out) == (0, "c.yaml: sound (scenario)\n")
    assert answer.err.startswith(
        "islands: c.yaml: description: expected what is in dispute, in your"
    )
    assert islands("validate", "a.yaml").out == islands("validate", "scenario=a.yaml").out


def test_what_has_no_effect_is_said(islands: Islands) -> None:
    key, turns = "protocol.proposes", "protocol.kind=random_proposer"
    said = f"Of no effect here: {key}\n"
    assert said in islands("show", "scenario=base", f"{key}=0.7").out
    assert said not in islands("show", "scenario=base", f"{key}=0.7", turns).out
    few = ("scenario=base", "worlds=8")
    told = islands("compare", *few, "vs", f"{key}=0.7").out
    assert told.count(said) == 1
    other = "set=holder.leader.approval=30"
    told = islands("branch", *few, "deal=peace_now", f"{key}=0.7", "at=1", "world=1", other).out
    assert told.count(said) == 1


def test_show_tells_each_number_with_its_reason(islands: Islands) -> None:
    answer = islands("show", "scenario=base", "holder.leader.audience_cost=2")
    assert answer.code == 0
    assert max(map(len, answer.out.splitlines())) <= 120
    text = " ".join(answer.out.split())
    assert "The base case" in text
    assert "opposition 0.2 to 0.4 share poll_one: A paper (2018-12)" in text
    assert "audience cost 2 points override" in text
    assert "No peace, no deal (blocks: peace is none)" in text
