"""The page of what it would take: sentences first, in 80 columns, nothing bare."""

import dataclasses
from io import StringIO
from pathlib import Path

import pytest
import yaml
from rich.console import Console

from sim.domain.narration import one_in
from sim.domain.scenario import Scenario
from sim.experiments.conditions.conditions import Conditions
from sim.report.conditions import conditions_page, sentences
from tests.plotting import planted

ISLES = Path(__file__).parents[1] / "experiments" / "isles.yaml"


@pytest.fixture(scope="module")
def found() -> Conditions:
    scenario = Scenario.model_validate(yaml.safe_load(ISLES.read_text(encoding="utf-8")))
    return planted.would_take(scenario)


def test_it_begins_with_who_is_nearest_and_what_must_give(found: Conditions) -> None:
    told = list(sentences(found))
    deals = found.scenario.deals
    assert deals["strait"].label in told[0]
    assert deals["two_steps"].label in told[0]
    assert "drops “title first”" in " ".join(told)
    assert "1 in 10,000 worlds" in " ".join(told)
    assert deals["projects_only"].label in told[-1]
    assert "nothing comes about" in told[-1]


def test_it_says_of_the_event_that_was_asked_for_that_it_never_comes_about(
    found: Conditions,
) -> None:
    asked = dataclasses.replace(found, event="transferred")
    told = [*sentences(asked)]
    assert told[-1].startswith("Whatever gives, “land moved” never comes about: ")
    console = Console(width=80, record=True, file=StringIO())
    console.print(conditions_page(asked))
    assert "ranks are of “land moved”" in " ".join(console.export_text().split())


def test_the_page_fits_eighty_columns(found: Conditions) -> None:
    console = Console(width=80, record=True, file=StringIO())
    console.print(conditions_page(found))
    lines = console.export_text().splitlines()
    assert max(map(len, lines)) <= 80
    text = "\n".join(lines)
    assert "in every set" in text
    assert "is absolute in 10.0 % of them, 80.0 % of all" in " ".join(text.split())
    assert text.index("Nearest to") < text.index("structure")


def test_the_likeliest_set_is_shown_and_what_was_not_tried_again_is_said(
    found: Conditions,
) -> None:
    one = found.structures["strait"]
    assert one.coalitions is not None
    first = one.coalitions.found[0]
    shares = [0.3, 0.2, 0.25, 0.2, 0.41, *[0.3] * 3, float("nan"), float("nan")]
    sets = tuple(dataclasses.replace(first, share=share) for share in shares)
    several = dataclasses.replace(one.coalitions, found=sets)
    more = {"strait": dataclasses.replace(one, coalitions=several)}
    console = Console(width=80, record=True, file=StringIO())
    console.print(conditions_page(dataclasses.replace(found, structures=found.structures | more)))
    said = " ".join(console.export_text().split())
    assert "5. and " in said
    assert "then 41.0 % of worlds" in said
    assert said.count("the highest share of them") == 1
    assert "and 6 more; 2 of them not tried in other worlds, so without a share (out=DIR" in said
    worlds = "looked at in 64 worlds of each structure, least sets were sought in 128 worlds and"
    assert f"{worlds} tried in 256 others" in said


@pytest.mark.parametrize(
    ("probability", "told"),
    [
        (1.0, "100 %"),
        (0.996, "99.6 %"),
        (0.9996, "over 99.9 %"),
        (0.125, "12.5 %"),
        (1e-6, "1 in 1 million"),
        (0, "0"),
    ],
)
def test_rare_is_told_as_one_in_so_many(probability: float, told: str) -> None:
    assert one_in(probability) == told
