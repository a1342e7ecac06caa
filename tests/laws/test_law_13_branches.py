"""Law 13: a branch that sets nothing is the world itself, and until it sets something it is, too.

Tests `sim.model.branch`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.domain.interest import Role
from sim.domain.scenario import Scenario
from sim.io.config import load_scenario
from sim.model import TalksModel
from sim.model.branch import Intervention, branch
from sim.quantities import EVERYONE
from tests.disputes import DEADLINES, ENGINES, pie, q, uniform
from tests.laws.generator import Changes, disputes
from tests.laws.play import LAW, same

ISLES = Path(__file__).parents[1] / "experiments" / "isles.yaml"
SWITCHED: dict[str, dict[str, Any]] = {
    "as they are": {},
    "successions": {
        "environment.successions": {"enabled": True},
        "claimant.leader.turnover.hazard_year": q(3, "per year"),
        "claimant.leader.successor.deadline_rounds": uniform(4, 9, "rounds"),
        "claimant.leader.successor.discount_factor": uniform(0.5, 0.9, "per year"),
        "claimant.leader.successor.weights": {"territory": uniform(0.2, 2, "factor")},
    },
    "positions": {
        "environment.positions": {"enabled": True},
        "environment.red_lines": {"enabled": True},
        **{
            f"{role}.{key}": value
            for role in ("claimant", "holder")
            for key, value in {
                "movement": {"hazard_year": q(0.6, "per year"), "lapses": q(0.5, "share")},
                "beliefs.red_lines": {
                    "error": q(0.5, "log odds"),
                    "bluff": q(0.3, "share"),
                    "slip": q(0.3, "share"),
                    "barred_tolerance": q(0.5, "share"),
                },
            }.items()
        },
    },
    "citizens": {
        "holder.public.citizens": 40,
        "holder.public.updating": {"kind": "degroot", "speed": q(0.5, "per year")},
    },
    "answering": {
        "claimant.strategy": {
            "kind": "tit_for_tat",
            "measure": "absolute",
            "initial_concession": q(0.1, "share"),
            "intensity": q(1.0, "ratio"),
        }
    },
}
"""What moves in two small islands, beside what moves anyway; see `tests/experiments/isles.yaml`."""


def isles(name: str, engine: str) -> Scenario:
    values = yaml.safe_load(ISLES.read_text(encoding="utf-8"))
    values = json.loads(json.dumps(values))  # aliases become separate values
    for key, value in SWITCHED[name].items():
        *path, last = key.split(".")
        target = values
        for part in path:
            target = target.setdefault(part, {})
        target[last] = value
    return Scenario.model_validate({**values, "engine": engine})


BUSY: Changes = {
    **DEADLINES,
    "environment.turnover.enabled": True,
    "environment.approval.enabled": True,
    "environment.successions.enabled": True,
    "claimant.leader.turnover.hazard_year": 0.5,
    "claimant.leader.successor.discount_factor": uniform(0.5, 0.9),
    "claimant.reservation.dialogue": uniform(0.5, 0.9),
    "holder.reservation.dialogue": uniform(0.5, 0.9),
    "rounds": 16,
    "engine": "array",
}
"""Leaders follow each other, and hardly anybody signs."""


def upto(scenario: Scenario, at: int, deal: str = "divide", **how: Any) -> TalksModel:
    """Return a model that has played all rounds before one."""
    model = TalksModel(scenario, deal, **how)
    while model.running and model.round < at:
        model.step()
    return model


def nothing_changes(scenario: Scenario, at: int, deal: str = "divide", worlds: int = 4) -> None:
    whole = TalksModel(scenario, deal, worlds=worlds).run()
    model = upto(scenario, at, deal, worlds=worlds)
    if not model.running:  # a small random dispute may be over
        assert scenario.name == "pie"
        return
    branched = branch(model, Intervention()).run()
    alone = model.run()
    for other in (branched, alone):
        same(whole.columns, other.columns)
    if whole.agenda is not None and branched.agenda is not None:
        same(whole.agenda.columns, branched.agenda.columns)


@settings(LAW, max_examples=LAW.max_examples // 5)
@given(changes=disputes(), at=st.integers(0, 5), engine=st.sampled_from(ENGINES))
def test_a_branch_that_sets_nothing_is_the_world_itself(
    changes: Changes, at: int, engine: str
) -> None:
    nothing_changes(pie({**changes, "engine": engine}), at)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", SWITCHED)
def test_so_it_is_where_much_moves(name: str, engine: str) -> None:
    scenario = isles(name, engine)
    for at in (0, 5):
        nothing_changes(scenario, at, "two_steps", worlds=64)


@pytest.mark.nightly
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("name", "deal", "overrides"),
    [
        ("positions_move", "treaty_first", []),
        ("second_edition", "joint_economy_only", []),
        ("frames_apart", "two_islands_first", []),
        ("ratings_recovered", "two_islands_first", []),
        ("norway_russia_2010", "barents_equal_split", []),
        ("singapore_2018", "two_islands_first", ["claimant.public.citizens=64"]),
        ("singapore_2018", "agenda", ["agenda=tabled", "deals=[status_quo,joint_economy_only]"]),
    ],
)
def test_so_it_is_in_every_corner_of_the_model(
    name: str, deal: str, overrides: list[str], engine: str
) -> None:
    scenario = load_scenario(name, [*overrides, "rounds=24", f"engine={engine}"])
    for at in (1, 9, 17):
        nothing_changes(scenario, at, deal if deal in scenario.structures else "", worlds=32)


def test_shocks_are_the_same_before_and_after() -> None:
    """What nothing was set on moves as it did, and what is set is so in that round."""
    lasting = {"claimant.leader.approval.persistence_month": 0.99}
    scenario = pie({**BUSY, **lasting, "environment.successions.enabled": False})
    model = upto(scenario, 1, worlds=32)
    changed = branch(model, Intervention(approval={Role.CLAIMANT: 80.0}))
    assert (changed.environment.offices[Role.CLAIMANT].approval == 80.0).all()
    model.move_environment()
    offices = [each.environment.offices[Role.HOLDER] for each in (model, changed)]
    assert offices[0].approval.tobytes() == offices[1].approval.tobytes()
    for _ in range(3):
        if model.running and changed.running:
            model.step()
            changed.step()
    assert offices[0].approval.tobytes() == offices[1].approval.tobytes()
    distance = changed.environment.offices[Role.CLAIMANT].approval - (
        model.environment.offices[Role.CLAIMANT].approval
    )
    assert (distance > 0).any()


def test_a_leader_who_leaves_is_followed_by_the_one_who_would_follow_anyway() -> None:
    scenario = pie(BUSY)
    model = upto(scenario, 3, worlds=64)
    office = model.environment.offices[Role.CLAIMANT]
    first = office.number == 0
    changed = branch(model, Intervention(leaves=(Role.CLAIMANT,)))
    after = changed.environment.offices[Role.CLAIMANT]
    assert (after.number[first] >= 1).all()
    assert after.new.all()
    government = changed.parties[0].government
    drawn = changed.draws.of_successors(
        scenario.claimant.leader.successor.discount_factor or pytest.fail("none"), after.number
    )
    np.testing.assert_array_equal(government.discount_year, drawn)


def test_without_successions_a_leader_leaves_once() -> None:
    scenario = pie({"rounds": 9, "holder.leader.successor.approval": q(33.0, "percent")})
    model = upto(scenario, 2, worlds=4)
    changed = branch(model, Intervention(leaves=(Role.HOLDER,)))
    office = changed.environment.offices[Role.HOLDER]
    assert not office.sits.any()
    assert (office.approval == 33.0).all()
    again = branch(changed, Intervention(leaves=(Role.HOLDER,), approval={Role.HOLDER: 50.0}))
    assert not again.environment.offices[Role.HOLDER].may_leave.any()
    assert (again.environment.offices[Role.HOLDER].approval == 50.0).all()


def test_numbers_that_were_set_stay_set_in_a_branch_of_a_branch() -> None:
    model = upto(pie(BUSY), 2, worlds=4)
    one = branch(model, Intervention(numbers={"holder.reservation.dialogue": 0.9}))
    two = branch(one, Intervention(numbers={"claimant.reservation.dialogue": 0.1}))
    assert (two.parties[1].government.dialogue == 0.9).all()
    assert (two.parties[0].government.dialogue == 0.1).all()
    assert not (model.parties[1].government.dialogue == 0.9).any()


def test_successors_go_on_weighing_interests_their_own_way() -> None:
    model = upto(isles("successions", "array"), 5, "two_steps", worlds=64)
    assert model.environment.offices[Role.CLAIMANT].number.max() > 1
    weighed = []
    for each in (model, branch(model, Intervention())):
        multipliers = each.open_round().conditions[0].multipliers
        weighed.append(each.parties[0].government.weights.moved(multipliers, EVERYONE))
    np.testing.assert_array_equal(*weighed)
