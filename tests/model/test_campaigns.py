"""Campaigns before a vote: whether one is run, what it does and what it costs.

Tests `sim.model.ratification`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import ndtr

from sim.model import TalksModel
from tests.agents.publics import segment
from tests.disputes import ENGINES, pie, q, uniform

CAMPAIGN = {"effect": q(0.5), "cost": q(4.0), "half_life_years": q(1, "years")}
VOTE = {"kind": "referendum", "label": "a vote", "quota": q(0.6), "noise": q(0)}
LED = {
    "environment.cues": {"enabled": True},
    "environment.approval": {"enabled": True},
    "claimant.public.cues": {"advocacy": q(0), "campaign": CAMPAIGN},
    "claimant.public.segments": {"all": segment("rest", 0.0, 1.0)},
    "claimant.ratifiers": {"vote": VOTE},
    "claimant.leader.approval_weight": 0.1,
    "claimant.leader.approval.persistence_month": 1.0,
    "deals.divide.stages.pie.negotiable": {"administration": ["0.5000"]},
    "rounds": 2,
}


def played(changes: dict[str, Any]) -> TalksModel:
    """Return two rounds of talks in one world: a signature, then the vote."""
    model = TalksModel(pie({**LED, **changes}), "divide", worlds=1)
    for _ in range(2):
        model.step()
    return model


def test_a_leader_campaigns_for_what_is_worth_more_than_its_cost_and_pays() -> None:
    model = played({})  # half of the pie against four points of approval, 0.4 together
    assert model.states.at_vote[0, 0] == pytest.approx(float(ndtr(0.5)))
    assert model.environment.offices[model.parties[0].role].approval[0] == 46.0
    assert model.parties[0].public.campaign[0] == 0.5
    assert not model.states.failed[0]
    assert model.states.stages_done[0] == 1


def test_what_is_worth_less_than_a_campaign_is_not_even_offered() -> None:
    model = played({"claimant.leader.approval_weight": 0.2})
    assert model.states.round_signed[0] == -1
    assert model.environment.offices[model.parties[0].role].approval[0] == 50.0


def test_nobody_campaigns_where_nobody_votes() -> None:
    nothing = {"texts": [], "assumption": "test"}
    model = played({"claimant.ratifiers": {"vote": {**VOTE, "votes_on": nothing}}})
    assert model.states.stages_done[0] == 1
    assert model.environment.offices[model.parties[0].role].approval[0] == 50.0
    assert model.parties[0].public.campaign[0] == 0.0


@pytest.mark.skipif(len(ENGINES) < 2, reason="the compiled engine needs numba (extra: fast)")
def test_engines_agree_where_publics_are_led_and_quotas_fall() -> None:
    noisy = {"sd": uniform(5, 15), "persistence_month": uniform(0.5, 0.9)}
    changes: dict[str, Any] = {
        "environment.cues": {"enabled": True},
        "environment.approval": {"enabled": True},
        "environment.quotas": {"enabled": True},
        "rounds": 12,
    }
    for side in ("claimant", "holder"):
        cues = {"effect": uniform(0, 1), "cost": uniform(0, 8), "half_life_years": uniform(0, 2)}
        bound = {"quota": uniform(0.3, 0.7), "noise": q(0.02), "quota_fall": uniform(0, 0.08)}
        changes |= {
            f"{side}.public.cues": {"advocacy": uniform(0, 0.8), "campaign": cues},
            f"{side}.public.segments": {
                "keen": segment(0.4, 0.2, 0.3, territory=1.0),
                "cool": segment("rest", 0.5, 0.4, territory=0.8),
            },
            f"{side}.ratifiers": {"it": {"kind": "leader", "label": "it", **bound}, "vote": VOTE},
            f"{side}.leader.approval_weight": uniform(0, 0.1),
            f"{side}.leader.deadline_rounds": uniform(2, 12),
            **{f"{side}.leader.approval.{name}": value for name, value in noisy.items()},
        }
    found = [
        TalksModel(pie({**changes, "engine": engine}), "divide", worlds=96).run().columns
        for engine in ENGINES
    ]
    for name, column in found[0].items():
        np.testing.assert_array_equal(column, found[1][name], err_msg=name)
    off = pie({**changes, "environment.cues": {"enabled": False}})
    other = TalksModel(off, "divide", worlds=96).run().columns["round_signed"]
    assert np.count_nonzero(other != found[0]["round_signed"]) > 48
