"""Worlds drawn again until they reproduce what was observed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.stats import kstest

from sim.domain.draws import Draws
from sim.domain.scenario import Scenario
from sim.experiments.nested import NestedDesign, shared_draws
from sim.model import TalksModel
from sim.model.admissible import MOST_ATTEMPTS, admissible, attempts_of, statements_held
from sim.randomness import Streams
from tests.agents.publics import segment
from tests.disputes import pie, q, uniform

HALF = {"administration": "0.5000", "title": "shared"}
OFFERED = {"kind": "offered", "label": "half", "side": "holder", "package": HALF, "tolerance": 0}
FAILED = {"kind": "did_not_come", "label": "half", "package": HALF, "tolerance": 0}
POLLED = {
    "kind": "poll", "label": "half", "side": "claimant", "package": HALF,
    "favour": 0.4, "tolerance": 0.1,
}  # fmt: skip
WIDE = {"holder.reservation.entrenchment.initial": uniform(0.0, 1.0)}


def case(changes: dict[str, Any] | None = None, **statements: dict[str, Any]) -> Scenario:
    said = {name: {**each, "assumption": "test"} for name, each in statements.items()}
    return pie({**WIDE, "observed": said, "conditioned": True, **(changes or {})})


def draws(scenario: Scenario, worlds: int = 512, first: int = 0) -> Draws:
    return Draws(scenario, Streams(scenario.seed, first, worlds))


def initial(scenario: Scenario, drawn: Draws) -> np.ndarray:
    return drawn.of(scenario.holder.reservation.entrenchment.initial)


def test_worlds_are_independent_draws_given_what_a_side_offered() -> None:
    scenario = case(offered=OFFERED)
    first = draws(scenario, 1024)
    assert statements_held(first)[0].tolist() == (initial(scenario, first) <= 0.5).tolist()
    accepted = initial(scenario, admissible(first))
    assert kstest(accepted * 2, "uniform").pvalue > 0.01
    kept = initial(scenario, first) <= 0.5
    np.testing.assert_array_equal(accepted[kept], initial(scenario, first)[kept])
    assert attempts_of(first).place[kept].max() == 0


def test_a_tolerance_lets_a_package_fall_short() -> None:
    scenario = case(offered={**OFFERED, "tolerance": 0.25})
    assert initial(scenario, admissible(draws(scenario))).max() == pytest.approx(0.75, abs=0.02)


def test_what_a_side_offered_is_against_no_absolute_precondition_of_its_own() -> None:
    barred = {
        "label": "no sharing", "blocks": [{"title": "shared"}],
        "firmness": q(0.5), "penalty": q(0),
    }  # fmt: skip
    scenario = case({"holder.preconditions": {"bar": barred}}, offered=OFFERED)
    model = TalksModel(scenario, "divide", worlds=64)
    assert not model.parties[1].government.package_values[0].forbidden.any()


def test_what_did_not_come_is_not_worth_signing_to_both() -> None:
    scenario = case(failed=FAILED)
    assert initial(scenario, admissible(draws(scenario))).min() > 0.5


def test_what_did_not_come_may_have_been_stopped_by_ratifiers() -> None:
    vote = {"kind": "referendum", "label": "a vote", "quota": q(1), "noise": q(0)}
    against = {"all": segment("rest", 5.0, 0.0)}
    opposed = {"claimant.ratifiers": {"vote": vote}, "claimant.public.segments": against}
    scenario = case(opposed, failed=FAILED)
    assert attempts_of(draws(scenario)).place.max() == 0


def test_a_public_answers_as_it_did() -> None:
    torn = {"yes": segment(0.5, -5.0, 0.0), "no": segment("rest", 5.0, 0.0)}
    torn["yes"]["share"] = uniform(0.0, 1.0, "share")
    scenario = case({"claimant.public.segments": torn}, poll=POLLED)
    shares = admissible(draws(scenario)).of(scenario.claimant.public.segments["yes"].share)
    assert 0.3 <= shares.min() < 0.32
    assert 0.48 < shares.max() <= 0.5


def test_nothing_is_drawn_again_unless_the_scenario_says_so() -> None:
    scenario = case({"conditioned": False}, offered=OFFERED)
    first = draws(scenario)
    assert admissible(first) is first


def test_a_world_that_no_draw_admits_is_kept_where_most_holds() -> None:
    scenario = case(offered=OFFERED, never={**OFFERED, "side": "claimant", "tolerance": 0})
    never = scenario.model_dump(by_alias=True) | {}
    never["claimant"]["reservation"]["entrenchment"]["initial"]["value"] = 9.0
    hard = Scenario.model_validate(never)
    found = attempts_of(draws(hard, 128))
    assert not found.admitted.any()
    assert statements_held(admissible(draws(hard, 128)))[0].all()
    assert found.place.max() < MOST_ATTEMPTS


def test_a_world_is_the_same_whoever_it_is_drawn_with() -> None:
    scenario = case(offered=OFFERED)
    whole = initial(scenario, admissible(draws(scenario, 64)))
    part = initial(scenario, admissible(draws(scenario, 5, first=20)))
    np.testing.assert_array_equal(part, whole[20:25])
    played = TalksModel(scenario, "divide", worlds=64).run().columns
    alone = TalksModel(scenario, "divide", worlds=3, first=40).run().columns
    for name, column in alone.items():
        np.testing.assert_array_equal(column, played[name][40:43], err_msg=name)


def test_pins_ask_what_would_be_different_in_the_worlds_that_are() -> None:
    scenario = case(offered=OFFERED)
    pins = {"holder.reservation.entrenchment.initial": np.full(32, 0.9)}
    streams = Streams(scenario.seed, 0, 32)
    pinned = admissible(Draws(scenario, streams, pins=pins))
    assert initial(scenario, pinned).tolist() == [0.9] * 32
    assert pinned.streams == admissible(Draws(scenario, streams)).streams


def test_worlds_that_share_a_draw_share_its_attempt() -> None:
    scenario = case(offered=OFFERED)
    shared = shared_draws(NestedDesign(16, 8))(scenario, Streams(scenario.seed, 0, 128))
    values = initial(scenario, admissible(shared)).reshape(16, 8)
    assert (values == values[:, :1]).all()
    assert values.max() <= 0.5
    assert len(np.unique(values)) == 16


def test_only_what_is_drawn_once_is_drawn_again() -> None:
    streams = Streams(7, 0, 4)
    again = replace(streams, attempts=bytes([0, 1, 0, 2]))
    one, two = streams.uniforms("x"), again.uniforms("x")
    assert (one == two)[:, 0].tolist() == [True, False, True, False]
    np.testing.assert_array_equal(streams.normals("x", round_=1), again.normals("x", round_=1))
    assert two[1] == replace(streams, attempts=bytes([1] * 4)).uniforms("x")[1]
