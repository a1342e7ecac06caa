"""The ladder counts what is in force, and talk about talks no higher than what is functional."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from sim.domain.clause import Level
from sim.domain.outcome import LADDER
from sim.domain.scenario import Scenario
from sim.model import TalksModel
from sim.model.ladder import LadderStates
from sim.model.plan import plan_for
from tests.disputes import pie

SMALL: dict[str, dict[str, Any]] = {
    "ferry": {"ladder": "functional", "effects": {"claimant": {"access": 1}}},
    "commission": {"ladder": "procedural", "effects": {"claimant": {"dialogue": 1}}},
    "fishing": {"ladder": "functional", "effects": {"holder": {"access": 1}}},
}


def small_things(stages: list[dict[str, Any]], bare: bool = False, **more: Any) -> Scenario:
    """Return a dispute whose stages are about a ferry, a commission and fishing."""
    changes: dict[str, Any] = {}
    for name, said in SMALL.items():
        mark = {"without_content": True} if bare and said["ladder"] == "procedural" else {}
        levels = {
            "no": {"label": "nothing"},
            "yes": {"label": name, "assumption": "test", **said, **mark},
        }
        clause = {"label": name, "baseline": "no", "levels": levels}
        changes[f"dispute.clauses.{name}"] = clause
    whole = [{"label": "x", "fixed": {}, "negotiable": {}, **stage} for stage in stages]
    changes["deals.divide.stages"] = {f"s{turn}": stage for turn, stage in enumerate(whole)}
    return pie({**changes, **more})


@pytest.mark.parametrize(
    ("bare", "rungs"),
    [
        (False, ["none", "procedural", "functional", "procedural"]),
        (True, ["none", "procedural", "functional", "functional"]),
    ],
)
def test_talk_about_talks_does_not_outrank_what_is_functional(bare: bool, rungs: list[str]) -> None:
    table = {"negotiable": {"ferry": "all", "commission": "all"}}
    for counted in ("last_text", "in_force"):
        scenario = small_things([table], bare, ladder=counted)
        plan = plan_for(scenario, scenario.deals["divide"])
        ladder = LadderStates(scenario, plan.nodes, plan.rungs, 4)
        found = ladder.rung(0, np.arange(4), np.arange(4))
        assert [LADDER[rung].name for rung in found] == rungs


@pytest.mark.parametrize(
    ("counted", "bare", "rungs"),
    [
        ("last_text", False, ["functional", "functional"]),  # as in the first state of the stage
        ("in_force", False, ["functional", "procedural"]),
        ("in_force", True, ["functional", "functional"]),
    ],
)
def test_what_an_earlier_text_has_said_counts_as_long_as_it_is_in_force(
    counted: str, bare: bool, rungs: list[str]
) -> None:
    stages = [{"negotiable": {"commission": "all"}}, {"fixed": {"fishing": "yes"}}]
    scenario = small_things(stages, bare, ladder=counted)
    plan = plan_for(scenario, scenario.deals["divide"])
    assert len(plan.nodes) == 2  # nobody can tell the states of the second stage apart
    ladder, both = LadderStates(scenario, plan.nodes, plan.rungs, 2), np.arange(2)
    ladder.carry_out(0, both, both)
    found = ladder.rung(1, both, np.zeros(2, dtype=np.int64))
    assert [LADDER[rung].name for rung in found] == rungs


def test_what_a_later_text_takes_back_counts_no_more() -> None:
    stages = [{"fixed": {"ferry": "yes"}}, {"negotiable": {"ferry": "all"}}]
    scenario = small_things(stages, ladder="in_force")
    plan = plan_for(scenario, scenario.deals["divide"])
    ladder, both = LadderStates(scenario, plan.nodes, plan.rungs, 2), np.arange(2)
    ladder.carry_out(0, both, np.zeros(2, dtype=np.int64))
    found = ladder.rung(1, both, both)
    assert [LADDER[rung].name for rung in found] == ["none", "functional"]


def test_the_table_of_worlds_says_so() -> None:
    stages = [{"fixed": {"commission": "yes"}}, {"fixed": {"fishing": "yes"}}]
    for counted in ("last_text", "in_force"):
        scenario = small_things(stages, ladder=counted, rounds=12)
        columns = TalksModel(scenario, "divide", worlds=2).run().columns
        assert columns["stage"].tolist() == [2, 2]
        assert {LADDER[rung].name for rung in columns["ladder"]} == {"procedural"}


def test_only_what_is_procedural_may_be_without_content() -> None:
    level = {"label": "a ferry", "ladder": "functional", "without_content": True}
    with pytest.raises(ValidationError, match="needs 'ladder: procedural', got 'ladder: func"):
        Level.model_validate(level)
