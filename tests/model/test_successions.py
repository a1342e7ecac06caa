"""Successions: as many leaders as the window holds, each drawn anew, with what is left of resolve.

Bounds are four Monte-Carlo standard errors, stated where they are used.

Tests `sim.domain.draws`, `sim.model.environment` and `sim.domain.resolve`.
"""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np
import pytest
from scipy.stats import kstest

from sim.domain.draws import Draws
from sim.domain.interest import Role
from sim.domain.resolve import succeeded
from sim.io.config import load_scenario
from sim.model import TalksModel
from sim.model.environment import EnvironmentState, Office
from sim.model.view import round_context
from sim.randomness import Streams
from tests.disputes import ENGINES, pie, q, uniform
from tests.laws.play import same

WORLDS = 2048
STREAMS = Streams(5, 0, WORLDS)
ON = {"environment.turnover.enabled": True, "environment.successions.enabled": True}
OFTEN = {**ON, "claimant.leader.turnover.hazard_year": 0.5}
TIED = {
    "dependence": "strong",
    "resolve": {"loading": q(0.9, "share"), "kappa": q(0.0, "share")},
    "claimant.leader.successor.resolve_persistence": q(0.6, "share"),
    "claimant.leader.successor.discount_factor": uniform(0.5, 0.9) | {"resolve": "firmer"},
}


def office(changes: dict[str, Any], rounds: int) -> Office:
    """Return the claimant's office after some rounds of a year."""
    scenario = pie(changes)
    environment = EnvironmentState(mesa.Model(rng=1), scenario, Draws(scenario, STREAMS))
    for round_ in range(1, rounds + 1):
        environment.move(round_)
    return environment.offices[Role.CLAIMANT]


def test_leaders_follow_each_other_at_the_hazard() -> None:
    # Once a round at most: binomial with the probability of a removal in a year.
    rounds, chance = 40, 1 - np.exp(-0.5)
    number, variance = office(OFTEN, rounds).number, rounds * chance * (1 - chance)
    assert number.mean() == pytest.approx(rounds * chance, abs=4 * np.sqrt(variance / WORLDS))
    assert number.var() == pytest.approx(variance, rel=4 * np.sqrt(2 / WORLDS))


def test_without_successions_the_first_successor_stays_for_ever() -> None:
    found = office({**OFTEN, "environment.successions.enabled": False}, 40)
    assert not found.sits.any()  # nobody stays forty years
    assert not found.number.any()
    assert not found.since.any()


def test_a_term_ends_once_and_who_comes_takes_office_then() -> None:
    found = office({**ON, "claimant.leader.turnover.term_ends_round": 7}, 12)
    assert (found.number == 1).all()
    assert (found.since == 7).all()


def test_each_leader_brings_an_approval_of_their_own() -> None:
    drawn = {
        **ON,
        "claimant.leader.turnover.hazard_year": 50,
        "environment.approval.enabled": False,
    }
    wide = {"claimant.leader.successor.approval": uniform(20, 60, "percent")}
    first, second = (office({**drawn, **wide}, rounds).approval for rounds in (1, 2))
    assert abs(np.corrcoef(first, second)[0, 1]) < 4 / np.sqrt(WORLDS)
    for found in (first, second):
        assert kstest((found - 20) / 40, "uniform").pvalue > 1e-3


def test_the_first_successor_draws_what_a_single_one_would() -> None:
    scenario = pie({**ON, "claimant.leader.successor.approval": uniform(20, 60, "percent")})
    draws, approval = Draws(scenario, STREAMS), scenario.claimant.leader.successor.approval
    first = draws.of_successors(approval, np.ones(WORLDS, dtype=np.int64))
    np.testing.assert_array_equal(first, draws.of(approval))
    assert (draws.of_successors(approval, np.full(WORLDS, 2)) != first).all()


def test_resolve_outlasts_leaders_by_its_persistence_and_keeps_its_distribution() -> None:
    z, own = STREAMS.normals("z")[:, 0], STREAMS.normals("own")[:, 0]
    for persistence in (0.0, 0.3, 0.9, 1.0):
        after = succeeded(z, np.full(WORLDS, persistence), own)
        assert kstest(after, "norm").pvalue > 1e-3
        assert np.corrcoef(z, after)[0, 1] == pytest.approx(persistence, abs=4 / np.sqrt(WORLDS))
    np.testing.assert_array_equal(succeeded(z, np.ones(WORLDS), own), z)


def test_what_a_successor_wants_goes_with_the_resolve_that_is_left() -> None:
    # Scores of two leaders n apart correlate at loading^2 a^n: .81 * .6, .81 * .36.
    scenario = pie({**ON, **TIED})
    discount = scenario.claimant.leader.successor.discount_factor
    assert discount is not None
    draws = Draws(scenario, STREAMS)
    leaders = [draws.of_successors(discount, np.full(WORLDS, n)) for n in (1, 2, 3)]
    for found in leaders:
        assert kstest((found - 0.5) / 0.4, "uniform").pvalue > 1e-3
    for apart in (1, 2):
        expected = 6 / np.pi * np.arcsin(0.81 * 0.6**apart / 2)  # of uniform numbers
        found = np.corrcoef(leaders[0], leaders[apart])[0, 1]
        assert found == pytest.approx(expected, abs=4 / np.sqrt(WORLDS))


def test_a_new_leader_brings_patience_audience_and_a_clock_of_their_own() -> None:
    leader = "claimant.leader."
    scenario = pie(
        {
            **ON,
            leader + "turnover.term_ends_round": 3,
            leader + "deadline_rounds": 4,
            leader + "successor.deadline_rounds": q(10, "rounds"),
            leader + "successor.discount_factor": q(0.5, "per year"),
            leader + "successor.audience_cost": q(0.7),
        }
    )
    model = TalksModel(scenario, "divide", worlds=4)
    government = model.parties[0].government
    demands = []
    for _ in range(5):
        context = model.open_round()
        side = context.conditions[0]
        clock = government.demand.by_clock(model.round, side.deadline, side.since, slice(None))
        demands.append(float(clock[0]))
        model.step()
    np.testing.assert_allclose(side.deadline, 13.0)
    np.testing.assert_allclose(side.since, 3.0)
    assert demands[3] == demands[0]  # the clock starts anew
    assert demands[2] > demands[3] < demands[4]
    np.testing.assert_allclose(government.discount, 0.5)
    np.testing.assert_allclose(government.audience_cost, 0.7)


def test_what_weighs_only_in_office_comes_back_with_a_leader_who_wants_it() -> None:
    leader = {
        "dispute.interests": {"name": {"label": "a name in history", "only_in_office": True}},
        "claimant.preferences.weights": {"name": q(2)},
        "claimant.leader.turnover.term_ends_round": 2,
        "claimant.leader.deadline_rounds": 2,
    }
    for factor, expected in ((q(0.5), 1.0), (None, 0.0)):
        weights = {} if factor is None else {"name": factor}
        changes = {**ON, **leader, "claimant.leader.successor.weights": weights}
        model = TalksModel(pie(changes), "divide", worlds=2)
        for _ in range(2):
            model.step()
        model.open_round()
        context = round_context(model.parties, model.environment, 2, 2.0)
        government = model.parties[0].government
        line = government.weights.moved(context.conditions[0].multipliers, slice(None))
        name = government.weights.moving.index(government.weights.names.index("name"))
        np.testing.assert_allclose(line[name], expected)


FLAGSHIP = ["environment.successions.enabled=true", "dependence=declared"]
REDRAWN = [
    f"{side}.leader.successor.{key}={{value: {value}, unit: x, assumption: test}}"
    for side in ("claimant", "holder")
    for key, value in (("discount_factor", 0.7), ("audience_cost", 0.2), ("deadline_rounds", 12))
]


def test_engines_agree_and_worlds_stand_alone_where_leaders_change() -> None:
    scenario = load_scenario("singapore_2018", [*FLAGSHIP, *REDRAWN])
    for deal in ("two_islands_final", "functional_ladder"):
        cases = [scenario.model_copy(update={"engine": engine}) for engine in ENGINES]
        played = [TalksModel(case, deal, worlds=96).run().columns for case in cases]
        for one in played[1:]:
            same(played[0], one)
        alone = TalksModel(scenario, deal, worlds=5, first=40).run().columns
        same({name: values[40:45] for name, values in played[0].items()}, alone)


def test_a_leader_is_the_same_in_every_structure() -> None:
    scenario = load_scenario("singapore_2018", [*FLAGSHIP, *REDRAWN])
    approval = scenario.holder.leader.successor.approval
    found = []
    for deal in ("two_islands_final", "functional_ladder"):
        model = TalksModel(scenario, deal, worlds=16)
        found.append(model.draws.of_successors(approval, np.full(16, 3)))
    np.testing.assert_array_equal(*found)
