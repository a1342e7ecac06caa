"""Large tables measured by whole arrays: the same numbers as text by text, to the bit."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.domain.scenario import Scenario
from sim.model import TalksModel
from sim.model.plain import is_plain, plain_plan
from sim.model.plan import plan_for
from tests.disputes import pie, q
from tests.rules import both, rule

amounts = st.floats(-2, 2)
effects = st.dictionaries(st.sampled_from(("use", "joy")), amounts, max_size=2)


@st.composite
def clauses(draw: st.DrawFn) -> dict[str, Any]:
    count = draw(st.integers(1, 3))
    return {f"issue{place}": clause(draw) for place in range(count)}


def clause(draw: st.DrawFn) -> dict[str, Any]:
    levels = {
        f"level{number}": {
            "label": "a level",
            "effects": {"claimant": draw(effects), "holder": draw(effects)},
            "assumption": "test",
        }
        for number in range(draw(st.integers(1, 4)))
    }
    return {"label": "an issue", "levels": levels}


def issues(found: dict[str, Any], **changes: Any) -> Scenario:
    """Return the pie with issues in place of the pie."""
    weights = {"use": q(1), "joy": q(0.75)}
    return pie(
        {
            "dispute.interests": {"use": "use", "joy": "joy"},
            **{f"dispute.clauses.{name}": item for name, item in found.items()},
            "deals.divide.stages.pie.negotiable": dict.fromkeys(found, "all"),
            "claimant.preferences.weights": weights,
            "holder.preferences.weights": weights,
            "rounds": 6,
            **changes,
        }
    )


@given(clauses())
def test_every_number_of_the_table_is_the_same(found: dict[str, Any]) -> None:
    scenario = issues(found)
    deal = scenario.deals["divide"]
    slow, fast = plan_for(scenario, deal), plain_plan(scenario, deal)
    tables = slow.nodes[0].table, fast.nodes[0].table
    assert len(tables[0]) == len(tables[1])
    for facts in ("facts", "alone"):
        one, two = (getattr(table, facts) for table in tables)
        assert {n: v.tolist() for n, v in one.items()} == {n: v.tolist() for n, v in two.items()}
    for state, same in zip(tables[0].states, tables[1].states, strict=True):
        assert list(state.levels.items()) == list(same.levels.items())
        assert (state.administration == same.administration).all()
        assert (state.title == same.title).all()
    assert (tables[0].years == tables[1].years).all()
    for side in (0, 1):
        pair = slow.features[0][side], fast.features[0][side]
        for item in dataclasses.fields(pair[0]):
            assert np.array_equal(*(getattr(each, item.name) for each in pair)), item.name
    assert (slow.rungs[0] == fast.rungs[0]).all()
    assert (slow.nodes[0].next_nodes == fast.nodes[0].next_nodes).all()


@settings(max_examples=15)
@given(clauses(), st.sampled_from(("time_dependent", "tit_for_tat", "subgame_perfect")))
def test_every_world_is_the_same(found: dict[str, Any], kind: str) -> None:
    deadlines = {f"{side}.leader.deadline_rounds": 4 for side in ("claimant", "holder")}
    scenario = issues(found, **both(rule(kind)), **deadlines)
    plan = plain_plan(scenario, scenario.deals["divide"])
    slow = TalksModel(scenario, "divide", worlds=3).run()
    fast = TalksModel(scenario, "divide", worlds=3, plan=plan).run()
    for name, column in slow.columns.items():
        assert np.array_equal(column, fast.columns[name], equal_nan=True), name


def test_texts_are_a_sequence() -> None:
    levels = {
        name: {"label": name, "effects": {"claimant": {"use": 1}}, "assumption": "test"}
        for name in "ab"
    }
    found = {f"issue{place}": {"label": "an issue", "levels": levels} for place in range(3)}
    scenario = issues(found)
    texts = plain_plan(scenario, scenario.deals["divide"]).nodes[0].table.states
    assert len(texts) == 8
    assert texts[-1].levels == texts[7].levels
    assert [text.levels["issue1"] for text in texts[2:5]] == ["b", "b", "a"]
    with pytest.raises(IndexError):
        texts[8]


@pytest.mark.parametrize(
    "changes",
    [
        {"dispute.clauses.issue0.kind": "recognition"},
        {"dispute.clauses.issue0.baseline": "level0"},
        {"dispute.clauses.issue0.levels.level0.ladder": "functional"},
        {"dispute.clauses.issue0.levels.level0.effects": {"holder": {"access": 1}}},
        {"dispute.clauses.issue0.levels.level0.yearly": {"holder": {"use": 1}}},
        {"deals.divide.stages.later": {"label": "later", "fixed": {"form": "treaty"}}},
        {"deals.divide.stages.pie.exclude": [{"issue0": ["level1"]}]},
        {"deals.divide.stages.pie.negotiable": {"administration": "all"}},
    ],
)
def test_what_is_not_plain_is_refused(changes: dict[str, Any]) -> None:
    level = {"label": "a level", "effects": {"claimant": {"use": 1}}, "assumption": "test"}
    found = {"issue0": {"label": "an issue", "levels": {"level0": level, "level1": level}}}
    assert is_plain(issues(found), issues(found).deals["divide"])
    scenario = issues(found, **changes)
    assert not is_plain(scenario, scenario.deals["divide"])
    with pytest.raises(ValueError, match="differ in effects only"):
        plain_plan(scenario, scenario.deals["divide"])
