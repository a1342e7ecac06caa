"""Numbers of a scenario (`sim.report.numbers`): listed, searched in words, shown with keys."""

import re

import pytest

from sim.errors import nearest
from sim.report.numbers import found_numbers
from sim.report.scenario import PARTS
from tests.cli.conftest import Islands
from tests.disputes import pie


def test_every_number_is_listed_with_its_key() -> None:
    scenario = pie()
    assert found_numbers(scenario) == dict(scenario.quantities())


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (["discount"], {"claimant.leader.discount_factor", "holder.leader.discount_factor"}),
        (["Patience"], {"claimant.leader.discount_factor", "holder.leader.discount_factor"}),
        (["holder", "discounts"], {"holder.leader.discount_factor"}),
        (["sea"], set()),
    ],
)
def test_they_are_searched_in_plain_words(words: list[str], keys: set[str]) -> None:
    assert set(found_numbers(pie(), words)) == keys


def test_they_are_typed(islands: Islands) -> None:
    said = islands("list", "numbers", "opposition")
    assert (said.code, said.err) == (0, "")
    assert "opposition" in said.out
    assert islands("list", "scenarios", "worlds=4").code == 2
    assert islands("list", "numbers", "nothingofthatname").code == 0


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_shown_alone_with_keys(islands: Islands, part: str) -> None:
    said = islands("show", f"part={part}", "keys=true")
    assert said.code == 0
    shown = set(re.findall(r"^ *((?:claimant|holder|environment)\.[\w.]+)", said.out, re.MULTILINE))
    assert {key.partition(".")[0] for key in shown} == (
        {part} & {"claimant", "holder", "environment"}
    )


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("sceanrio", ["scenario", "schema_version"], "scenario"),
        ("years", ["deals", "rounds"], "rounds"),
        ("quota", ["error", "tolerance"], "tolerance"),
        ("publik", ["leader", "public"], "public"),
        ("zzz", ["leader", "public"], None),
    ],
)
def test_what_is_near_in_letters_or_in_meaning_is_suggested(
    name: str, known: list[str], meant: str | None
) -> None:
    assert nearest(name, known) == meant
