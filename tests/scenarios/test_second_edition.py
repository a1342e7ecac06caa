"""The second edition switched on whole, and by letters that can each be left out."""

from __future__ import annotations

import re

import numpy as np
import pytest

from benchmarks.editions import BETWEEN, OFF, WHAT_IFS, Case, scenario_of, without_degrees
from sim.domain.draws import Draws
from sim.domain.environment import Switch
from sim.domain.scenario import Scenario
from sim.io.config import list_names, load_scenario
from sim.model.admissible import statements_held
from sim.model.talks import TalksModel
from sim.paths import scenarios_dir
from sim.randomness import Streams
from tests.pages import ROOT

PAGE = (ROOT / "docs" / "second_edition.md").read_text(encoding="utf-8")
WORLDS = 16


@pytest.fixture(scope="module")
def whole() -> Scenario:
    return load_scenario("second_edition")


def test_every_process_that_is_off_by_itself_is_on(whole: Scenario) -> None:
    switches = {name: value for name, value in whole.environment if isinstance(value, Switch)}
    assert len(switches) > 10
    assert [name for name, value in switches.items() if not value.enabled] == []
    assert whole.protocol.drafting is not None
    assert whole.protocol.drafting.enabled
    assert (whole.conditioned, whole.dependence, whole.ladder) == (True, "declared", "in_force")
    assert set(BETWEEN) < set(whole.deals)


def test_all_letters_off_is_the_first_edition() -> None:
    deal = "untethered_delimitation"
    off = scenario_of(Case("off", on="", dependence="independent", deals=(deal,)))
    flagship = load_scenario("singapore_2018", ["dependence=independent", f"deals=[{deal}]"])
    ends = [
        TalksModel(each.model_copy(update={"engine": "array"}), deal, worlds=WORLDS).run()
        for each in (off, flagship)
    ]
    for name, column in ends[0].columns.items():
        np.testing.assert_array_equal(column, ends[1].columns[name], err_msg=name)


def test_without_degrees_no_wording_meets_or_breaches_anything(whole: Scenario) -> None:
    levels = [
        level
        for scenario in (whole, without_degrees(whole))
        for clause in scenario.dispute.clauses.values()
        for level in clause.levels.values()
    ]
    speaks = [level.speaks_by_degree for level in levels]
    assert any(speaks[: len(speaks) // 2])
    assert not any(speaks[len(speaks) // 2 :])


def test_each_observed_statement_holds_somewhere_and_all_together(whole: Scenario) -> None:
    held = statements_held(Draws(whole, Streams(whole.seed, 0, 64)))
    assert (held.mean(axis=1) > 0.2).all()
    assert 0.1 < held.all(axis=0).mean() < 0.9


def test_the_page_tells_of_every_letter_and_of_every_what_if_on_the_flagship() -> None:
    folder, plain = scenarios_dir(), "defaults: [singapore_2018, _self_]"
    laid = {
        name
        for name in list_names("scenario")
        if plain in (folder / f"{name}.yaml").read_text("utf-8")
    }
    assert laid == {*WHAT_IFS, "second_edition", "positions_move", "between_the_poles"}
    assert [name for name in sorted(laid) if name not in PAGE] == []
    assert [letter for letter in (*OFF, "E") if f"| {letter} |" not in PAGE] == []


LETTERS_ON = ("A alone", "all")


@pytest.mark.parametrize("name", WHAT_IFS)
def test_what_a_what_if_says_it_moves_is_what_the_page_measured(name: str) -> None:
    said = load_scenario(name).description
    section = PAGE.partition(f"\n### {name}\n")[2].partition("\n### ")[0]
    rows = re.findall(r"`\w+`: [a-z ]+ [\d.]+ to [\d.]+ %", said)
    assert [row for row in rows if row not in section] == []
    assert rows or section.count("it moves nothing") == len(LETTERS_ON)
    assert said.count("it moves nothing") == section.count("it moves nothing")
