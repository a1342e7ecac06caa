"""Numbers of a scenario (`sim.report.numbers`): listed, searched in words, shown with keys."""

import re
from io import StringIO

import pytest
from rich.console import Console, RenderableType

from sim.domain.public import Approval
from sim.domain.quantity import Quantity
from sim.domain.scenario import Scenario
from sim.errors import nearest
from sim.experiments.comparison import compare
from sim.report.comparison import case_sentences
from sim.report.numbers import found_numbers, number_label, numbers_table, unset_numbers
from sim.report.scenario import PARTS, told
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


def asked(**opposition: Quantity) -> Scenario:
    """Return a pie whose claimant's public was asked, and whose segments alone say what it said."""
    poll = {
        "type": "approval",
        "question": "Half of it?",
        "date": "2000",
        "package": {"title": "shared"},
    }
    side = pie().claimant
    public = side.public.model_copy(
        update={
            "polls": {"halves": Approval(**poll)},
            "calibration": "halves",
            "opposition": None,
            **opposition,
        }
    )
    return pie().model_copy(update={"claimant": side.model_copy(update={"public": public})})


def test_a_knob_that_nothing_sets_is_listed_with_what_it_stands_at() -> None:
    key = "claimant.public.opposition"
    assert key not in unset_numbers(pie()), "no poll says to what they would be opposed"
    found = unset_numbers(asked(), ["opposition"])
    assert [*found] == [key]
    assert "in the poll halves, “Half of it?”" in found[key].label
    assert found[key].stands_at == "as the segments declare, 0 % opposed [0 to 0]"
    assert found[key].told.startswith(f"unset: {found[key].stands_at} (mean, and the middle 95 %")
    said = shown(numbers_table(asked(), ["opposition"]), 120)
    assert key in said
    assert "unset: as the segments declare" in shown(told(asked(), "claimant"), 120)
    override = unset_numbers(asked(), ["leverage"])["holder.commitment.leverage"]
    assert number_label(asked(), "holder.commitment.leverage") == override.label


def test_a_comparison_tells_at_what_an_unset_number_stands() -> None:
    fewer = asked(opposition=Quantity(value=0.4, unit="share", assumption="test"))
    found = compare(asked(), fewer, labels=("a", "b"), worlds=8, workers=1)
    wanted = "A unset (as the segments declare, 0 % opposed [0 to 0]), B 0.4."
    assert f"claimant.public.opposition: {wanted}" in [*case_sentences(found)]


def shown(content: RenderableType, width: int) -> str:
    written = StringIO()
    Console(width=width, file=written).print(content)
    return written.getvalue()


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


def test_what_a_key_says_comes_before_what_only_a_source_says() -> None:
    key = "holder.leader.discount_factor"
    quantity = pie().holder.leader.discount_factor
    far = quantity.model_copy(
        update={"source": (), "assumption": "as audience costs, not measured"}
    )
    leader = pie().holder.leader.model_copy(update={"discount_factor": far})
    scenario = pie().model_copy(
        update={"holder": pie().holder.model_copy(update={"leader": leader})}
    )
    assert key in found_numbers(scenario, ["audience"])
    said = shown(numbers_table(scenario, ["audience"]), 200)
    assert said.index("holder.leader.audience_cost") < said.index(key)
