"""Leaders who weigh what a text does to their ratings, against hand-made numbers.

Tests `sim.equations.ratings`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.model import TalksModel
from tests.disputes import ENGINES, pie, q, uniform
from tests.laws.play import table

FORESEEN = {"environment.ratings": {"enabled": True}, "environment.approval": {"enabled": True}}
EFFECTS = {
    "deals.divide.stages.pie.fixed": {"title": "open"},
    "claimant.leader.approval_weight": 0.02,
    "claimant.leader.approval.win_effect": 10.0,
    "claimant.leader.approval.loss_effect": 5.0,
}


def values(changes: dict[str, Any]) -> np.ndarray:
    """Return the claimant's values of all shares in one world."""
    return table(TalksModel(pie({**EFFECTS, **changes}), "divide", worlds=1)).value(0)[0]


def test_a_share_is_worth_what_it_does_to_the_ratings_as_well() -> None:
    blind, foreseeing = values({}), values(FORESEEN)
    share = np.linspace(0, 1, len(blind))
    np.testing.assert_allclose(foreseeing - blind, 0.02 * 10 * share)


def test_what_is_given_costs_ratings() -> None:
    held = {"dispute.objects.pie.controller": "claimant"}
    blind, foreseeing = values(held), values({**held, **FORESEEN})
    kept = np.linspace(0, 1, len(blind))
    np.testing.assert_allclose(foreseeing - blind, -0.02 * 5 * (1 - kept), atol=1e-12)


def test_nothing_is_foreseen_where_ratings_do_not_move() -> None:
    still = {**FORESEEN, "environment.approval": {"enabled": False}}
    np.testing.assert_array_equal(values(still), values({}))


@pytest.mark.skipif(len(ENGINES) < 2, reason="the compiled engine needs numba (extra: fast)")
def test_engines_agree_where_leaders_foresee_their_ratings() -> None:
    shapes = {
        "claimant.leader.approval.win_effect": uniform(0, 30),
        "holder.leader.approval.win_effect": uniform(0, 30),
        "holder.leader.approval_weight": uniform(0, 0.02),
        "claimant.leader.deadline_rounds": uniform(2, 12),
    }
    found = []
    for engine in ENGINES:
        case = pie({**EFFECTS, **FORESEEN, **shapes, "engine": engine, "rounds": 12})
        found.append(TalksModel(case, "divide", worlds=64).run().columns)
    for name, column in found[0].items():
        np.testing.assert_array_equal(column, found[1][name], err_msg=name)


SLOW = {
    "dispute.clauses.when": {
        "label": "when",
        "kind": "schedule",
        "levels": {"late": {"label": "late", "years": q(3, "years"), "assumption": "test"}},
    },
    "deals.divide.stages.pie.fixed": {"title": "shared", "when": "late"},
    "deals.divide.stages.pie.negotiable": {"administration": ["0.5000"]},
    "claimant.reservation.entrenchment.initial": 0.4,
    "rounds": 6,
}


def test_ratings_make_a_text_worth_signing_and_not_worth_keeping() -> None:
    blind, foreseeing = (
        TalksModel(pie({**EFFECTS, **SLOW, **more}), "divide", worlds=1).run().columns
        for more in ({}, FORESEEN)
    )
    assert blind["round_signed"][0] == -1
    assert foreseeing["round_signed"][0] >= 0
    assert foreseeing["walked_back_by"][0] == 0
