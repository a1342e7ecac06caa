"""Laws of the agenda (`sim.domain.agenda`): what is alone, unwanted or reordered is the same."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.domain.agenda import AGENDA, structure_of
from sim.domain.deal import Deal
from sim.domain.results import BlockResult
from sim.domain.scenario import Scenario
from sim.domain.tree import END
from sim.io.config import load_scenario
from sim.model import TalksModel
from sim.model.plan import plan_for
from tests.disputes import ENGINES
from tests.laws.play import same

WORLDS = 48
MULTI = ("residual_sovereignty", "treaty_first", "functional_ladder", "joint_economy_only")

fast_by_day = pytest.mark.parametrize(
    "engine",
    [*(pytest.param(name, marks=pytest.mark.nightly) for name in ENGINES[:-1]), ENGINES[-1]],
)
"""Both engines by night; that they play an agenda alike is a law of its own."""


@cache
def shipped() -> Scenario:
    """Return the flagship, always the very same, so that its plans are made once."""
    return load_scenario("singapore_2018")


@cache
def unseparated() -> dict[str, Deal]:
    """Return the flagship's structures, of which nothing may be left out."""
    return {
        name: deal.model_copy(
            update={
                "stages": {
                    key: stage.model_copy(update={"separable": {}})
                    for key, stage in deal.stages.items()
                }
            }
        )
        for name, deal in shipped().deals.items()
    }


def flagship(deals: tuple[str, ...], engine: str = "auto", agenda: str = "open") -> Scenario:
    """Return the flagship where texts are signed, with some structures and no lesser ones."""
    case = shipped()
    chosen = {name: unseparated()[name] for name in deals}
    change = {"deals": chosen, "agenda": agenda, "dependence": "strong", "engine": engine}
    return case.model_copy(update=change)


def play(case: Scenario) -> BlockResult:
    """Play the worlds of a scenario's only structure, or of its agenda."""
    return TalksModel(case, next(iter(case.structures)), worlds=WORLDS).run()


def ids(result: BlockResult) -> list[str]:
    """Return what was signed in each world."""
    return ["" if code < 0 else result.package_ids[code] for code in result.columns["package"]]


def assert_same(one: BlockResult, two: BlockResult) -> None:
    """Compare all columns; packages by what they are called."""
    assert ids(one) == ids(two)
    same(one.columns, two.columns, tuple(name for name in one.columns if name != "package"))


@fast_by_day
@pytest.mark.parametrize("agenda", ["open", "tabled"])
@pytest.mark.parametrize("deal", MULTI)
def test_a_structure_alone_on_the_agenda_equals_single(engine: str, agenda: str, deal: str) -> None:
    alone = play(flagship((deal,), engine, "single"))
    assert_same(play(flagship((deal,), engine, agenda)), alone)


def hated(case: Scenario, deal: str) -> Scenario:
    """Add a structure whose text both sides would pay to be rid of."""
    data = case.model_dump(by_alias=True, exclude={"evidence"})
    lost = dict.fromkeys(("title", "standing", "legacy", "peace", "economy"), -1e4)
    kinds = set(case.claimant.preferences.weights) & set(case.holder.preferences.weights)
    effects = {name: value for name, value in lost.items() if name in kinds}
    assert effects
    sides = {"claimant": effects, "holder": effects}
    clause: dict[str, Any] = {
        "label": "what both hate",
        "kind": "other",
        "levels": {"so": {"label": "so", "assumption": "test", "effects": sides}},
    }
    data["dispute"]["clauses"]["hated"] = clause
    stage = {"label": "hated", "fixed": {"hated": "so"}}
    data["deals"][deal] = {"name": deal, "label": "hated", "stages": {"one": stage}}
    return Scenario.model_validate(data)


@fast_by_day
@pytest.mark.parametrize("agenda", ["open", "tabled"])
@pytest.mark.parametrize("name", ["aaa", pytest.param("zzz", marks=pytest.mark.nightly)])
def test_a_structure_that_nobody_would_sign_changes_nothing(
    engine: str, agenda: str, name: str
) -> None:
    more = hated(flagship(MULTI, engine, agenda), name)
    fewer = {deal: item for deal, item in more.deals.items() if deal != name}
    assert_same(play(more), play(more.model_copy(update={"deals": fewer})))


@fast_by_day
@pytest.mark.parametrize("agenda", ["open", "tabled"])
def test_the_order_of_the_list_changes_nothing(engine: str, agenda: str) -> None:
    one = play(flagship(MULTI, engine, agenda))
    assert_same(play(flagship(MULTI[::-1], engine, agenda)), one)
    assert len({structure_of(name) for name in ids(one) if name}) > 1


@pytest.mark.parametrize("agenda", ["open", "tabled"])
def test_both_engines_play_an_agenda_alike(agenda: str) -> None:
    first = play(flagship(MULTI, ENGINES[0], agenda))
    for engine in ENGINES[1:]:
        assert_same(play(flagship(MULTI, engine, agenda)), first)


def test_packages_that_nobody_can_tell_apart_are_kept_once() -> None:
    case = flagship(("treaty_first", "functional_ladder"))
    copy = case.deals["treaty_first"].model_copy(update={"name": "treaty_again"})
    both = case.model_copy(update={"deals": {**case.deals, "treaty_again": copy}})
    one, two = (plan_for(each, each.structures[AGENDA]) for each in (case, both))
    assert [len(node.table) for node in two.nodes] == [len(node.table) for node in one.nodes]
    assert {name for names in two.twins.values() for name in names} == {"treaty_first"}
    assert not one.twins


def test_later_texts_belong_to_the_structure_that_was_signed() -> None:
    case = flagship(MULTI)
    plan = plan_for(case, case.structures[AGENDA])
    for node in plan.nodes:
        for package, following in enumerate(node.next_nodes):
            if following != END:
                later = plan.nodes[following].table.id_of(0)
                assert structure_of(later) == structure_of(node.table.id_of(package))
    assert np.array_equal(plan.nodes[0].table.where(()), np.zeros(len(plan.nodes[0].table), bool))


@pytest.mark.parametrize("agenda", ["open", "tabled"])
def test_what_a_text_is_worth_does_not_hang_on_its_rivals(agenda: str) -> None:
    deals = ("treaty_first", "untethered_then_treaty", "functional_ladder", "joint_economy_only")
    many = TalksModel(flagship(deals, agenda=agenda), AGENDA, worlds=16)
    places = {
        node.table.id_of(package): (index, package)
        for index, node in enumerate(many.nodes)
        for package in range(len(node.table))
    }
    for deal in deals:
        alone = TalksModel(flagship((deal,), agenda="single"), deal, worlds=16)
        for index, node in enumerate(alone.nodes):
            for package in range(len(node.table)):
                there = places[node.table.id_of(package)]
                for one, other in zip(alone.parties, many.parties, strict=True):
                    values = one.government.package_values[index].static_value[:, package]
                    rival = other.government.package_values[there[0]].static_value[:, there[1]]
                    np.testing.assert_array_equal(values, rival)
