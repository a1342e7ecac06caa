"""What each world has become: what is carried out, and the barrier behind the first."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from sim.domain.clause import Level
from sim.domain.outcome import LADDER, OUTCOMES, TITLE_FIXED, Outcome
from sim.domain.results import BlockResult
from sim.io.config import load_scenario
from sim.model import TalksModel
from sim.model.plan import plan_for
from sim.model.worlds import barrier_behind
from tests.disputes import ENGINES, pie, q

FEW = 96


def played(engine: str, deal: str) -> BlockResult:
    changes = ["dependence=strong", f"engine={engine}", f"deals=[{deal}]"]
    return TalksModel(load_scenario("singapore_2018", changes), deal, worlds=FEW).run()


@pytest.mark.parametrize("engine", ENGINES)
def test_land_and_title_are_told_apart_and_fit_the_outcome(engine: str) -> None:
    """Under one structure land moves and title stays open, under another the reverse."""
    land = played(engine, "two_islands_first").columns
    title = played(engine, "residual_sovereignty").columns
    for columns in (land, title):
        settled = columns["outcome"] == Outcome.settled.code
        interim = columns["outcome"] == Outcome.interim.code
        assert settled.any() or interim.any()
        assert columns["closed"][settled].all()
        assert columns["first_stage"][settled | interim].all()
        assert not columns["first_stage"][columns["stage"] == 0].any()
        full = columns["title_fixed"] == 2
        np.testing.assert_array_equal(full, columns["closed"])
    assert land["transferred"].any()
    assert (land["title_fixed"] == TITLE_FIXED.index(TITLE_FIXED[1])).any()
    assert title["closed"].any()
    assert not title["transferred"].any()


def test_both_engines_see_the_same_behind_barriers() -> None:
    one, two = (played(engine, "two_islands_final").columns for engine in ENGINES)
    for name in ("next_barrier", "transferred", "title_fixed", "closed", "first_stage"):
        np.testing.assert_array_equal(one[name], two[name], err_msg=name)
    stopped = one["next_barrier"] >= 0
    assert stopped.any()
    assert (one["next_barrier"] > one["outcome"])[stopped].all()  # barriers in their order


@pytest.mark.parametrize(
    ("deepest", "signable", "ratifiable", "expected"),
    [
        (0, False, True, "preconditions"),
        (0, True, False, "publics"),
        (0, True, True, "not_reached"),
        (1, False, False, "publics"),
        (1, False, True, "not_reached"),
        (2, True, False, "not_reached"),
        (3, True, True, None),
    ],
)
def test_the_barrier_behind_is_the_next_gate_that_is_shut(
    deepest: int, signable: bool, ratifiable: bool, expected: str | None
) -> None:
    found = barrier_behind(np.array([deepest]), np.array([signable]), np.array([ratifiable]))
    assert (OUTCOMES[found[0]].name if found[0] >= 0 else None) == expected


def test_what_is_behind_a_precondition_is_told() -> None:
    nothing = {
        "label": "nothing",
        "blocks": [{"closed": True}],
        "firmness": q(1, "probability"),
        "penalty": q(0),
    }
    model = TalksModel(pie({"holder.preconditions.nothing": nothing}), "divide", worlds=4)
    columns = model.run().columns
    assert {OUTCOMES[code].name for code in columns["outcome"]} == {"preconditions"}
    assert {OUTCOMES[code].name for code in columns["next_barrier"]} == {"not_reached"}


@pytest.mark.parametrize(
    ("without_content", "rungs"),
    [
        (False, ["none", "procedural", "functional", "procedural"]),
        (True, ["none", "procedural", "functional", "functional"]),
    ],
)
def test_talk_about_talks_does_not_outrank_what_is_functional(
    without_content: bool, rungs: list[str]
) -> None:
    shy, bare = {"label": "nothing"}, {"without_content": True} if without_content else {}
    clauses = {
        "ferry": {"ladder": "functional", "effects": {"claimant": {"access": 1}}},
        "commission": {"ladder": "procedural", "effects": {"claimant": {"dialogue": 1}}, **bare},
    }
    changes: dict[str, Any] = {
        f"dispute.clauses.{name}": {
            "label": name,
            "baseline": "no",
            "levels": {"no": shy, "yes": {"label": name, "assumption": "test", **said}},
        }
        for name, said in clauses.items()
    }
    stage = {"label": "small things", "negotiable": dict.fromkeys(clauses, "all"), "fixed": {}}
    changes["deals.divide.stages"] = {"pie": stage}
    scenario = pie(changes)
    plan = plan_for(scenario, scenario.deals["divide"])
    assert [LADDER[rung].name for rung in plan.rungs[0]] == rungs


def test_only_what_is_procedural_may_be_without_content() -> None:
    level = {"label": "a ferry", "ladder": "functional", "without_content": True}
    with pytest.raises(ValidationError, match="needs 'ladder: procedural', got 'ladder: func"):
        Level.model_validate(level)
