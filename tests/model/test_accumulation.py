"""Preconditions that a state lifts once it has lasted, not a clause of the same text."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.model import TalksModel
from tests.disputes import ENGINES, pie, q, uniform

TIES = {
    "label": "ties first",
    "blocks": [{"title": ["shared"], "wording": ["silent"]}],
    "firmness": q(1),
    "penalty": q(0),
    "lifted_by": {
        "blocks": [{"title": ["shared"]}],
        "states": [{"wording": ["explicit"]}],
        "years": q(3, "years"),
    },
}
HALF = {"administration": ["0.5000"]}
STAGES = {
    "ties": {"label": "ties", "fixed": {"wording": "explicit"}},
    "land": {"label": "land", "fixed": {"title": "shared"}, "negotiable": HALF},
}
SHARED = {"label": "land", "fixed": {"title": "shared"}, "negotiable": {"administration": "all"}}
ON = {"environment.accumulation": {"enabled": True}}
CASE = {"claimant.preconditions": {"ties": TIES}, "deals.divide.stages": STAGES, "rounds": 12}


def played(changes: dict[str, Any], worlds: int = 1) -> dict[str, np.ndarray]:
    """Return the worlds of the pie in two stages: ties, then land."""
    return TalksModel(pie({**CASE, **changes}), "divide", worlds=worlds).run().columns


def test_a_state_lifts_a_precondition_once_it_has_lasted() -> None:
    # in force from round 1, so lifted from round 4
    assert played(ON)["round_signed"].tolist() == [4]
    assert played({})["round_signed"].tolist() == [2]  # a clause of an earlier text is enough


def test_a_clause_of_the_same_text_is_not_a_state() -> None:
    both = {"label": "both", "fixed": {"wording": "explicit", "title": "shared"}}
    once = {"deals.divide.stages": {"land": {**both, "negotiable": HALF}}}
    assert played({**ON, **once})["round_signed"].tolist() == [-1]
    assert played(once)["round_signed"].tolist() == [0]


def test_a_process_lifts_it_as_well() -> None:
    trade = {
        "kind": "ar1",
        "start": q(0),
        "mean": q(0),
        "sd": q(0),
        "persistence_month": q(1),
    }
    event = {"label": "trade takes off", "round": 5, "steps": {"trade": q(2)}}
    lifted = {"process": "trade", "at_least": q(1), "years": q(2, "years")}
    changes = {
        "environment.processes.trade": trade,
        "environment.events": {"off": event},
        "claimant.preconditions": {"ties": {**TIES, "lifted_by": {**lifted, "blocks": [{}]}}},
        "deals.divide.stages": {"land": STAGES["land"]},
    }
    assert played({**ON, **changes})["round_signed"].tolist() == [7]


def test_a_state_that_ends_begins_anew() -> None:
    model = TalksModel(pie({**CASE, **ON}), "divide", worlds=2)
    states = model.parties[0].government.positions
    for there in ([1, 1], [1, 0], [1, 1]):
        assert states.accumulate("ties", np.array(there, dtype=bool)).tolist() == []
    assert states.accumulate("ties", np.ones(2, dtype=bool)).tolist() == [0]
    assert states.lifted["ties"].tolist() == [True, False]
    assert states.accumulate("ties", np.zeros(2, dtype=bool)).tolist() == [0]


def test_foresight_counts_on_what_will_have_lasted() -> None:
    weights = {"territory": q(1), "recognition": q(0.05)}  # the ties by themselves do not pay
    dear = {"claimant.preferences.weights": weights}
    assert played({**ON, **dear})["stage"][0] == 2
    never = {**TIES, "lifted_by": None, "blocks": [{"title": ["shared"]}]}
    assert played({**dear, "claimant.preconditions": {"ties": never}})["stage"][0] == 0


def test_numbers_play_a_part_where_it_is_on() -> None:
    key = "claimant.preconditions.ties.lifted_by.years"
    assert key not in dict(pie(CASE).quantities())
    assert key in dict(pie({**CASE, **ON}).quantities())


@pytest.mark.skipif(len(ENGINES) < 2, reason="the compiled engine needs numba (extra: fast)")
def test_engines_agree_where_states_lift_preconditions() -> None:
    ties = {**TIES, "firmness": uniform(0, 1), "penalty": uniform(0, 1)}
    ties["lifted_by"] = {**TIES["lifted_by"], "years": uniform(0, 8)}
    red = {"error": q(1), "bluff": q(0.2), "slip": q(0.1), "barred_tolerance": uniform(0.5, 0.95)}
    changes = {
        **ON,
        "deals.divide.stages": {**STAGES, "land": SHARED},
        "claimant.preconditions": {"ties": ties},
        "claimant.leader.deadline_rounds": uniform(2, 12),
        "environment.red_lines": {"enabled": True},
        "holder.beliefs.red_lines": red,
        "holder.leader.deadline_rounds": uniform(2, 12),
    }
    found = [played({**changes, "engine": engine}, worlds=64) for engine in ENGINES]
    for name, column in found[0].items():
        np.testing.assert_array_equal(column, found[1][name], err_msg=name)
    assert len(np.unique(found[0]["round_signed"])) > 4
