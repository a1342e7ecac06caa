"""Governments' terms of waiting, as the environment's switches leave them; what packages share."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.agents.government import Waiting
from sim.domain.draws import Draws
from sim.io.config import load_scenario
from sim.model.talks import TalksModel
from sim.randomness import Streams
from tests.disputes import pie, q

AGEING = {
    "claimant.reservation.urgency": {
        "initial": q(1),
        "growth": q(0.5),
        "peak_years": q(4, "years"),
        "half_life_years": q(2, "years"),
    }
}
ON = {"environment.fading": {"enabled": True}}
FADING = ("claimant.reservation.urgency.peak_years", "claimant.reservation.urgency.half_life_years")


def urgent(changes: dict[str, Any], years: float) -> float:
    """Return what waiting costs the claimant."""
    scenario = pie(changes)
    waiting = Waiting(scenario.claimant, Draws(scenario, Streams(1, 0, 1)))
    fading = waiting.fading(years)
    return float(waiting.seen_from(years)[1][0] if fading is None else fading[0])


def test_urgency_fades_only_where_the_environment_says_so() -> None:
    assert [urgent(AGEING, years) for years in (3.0, 8.0)] == [2.5, 5.0]
    assert [urgent({**AGEING, **ON}, years) for years in (3.0, 8.0)] == pytest.approx([2.5, 0.75])


def test_a_side_that_says_neither_never_fades() -> None:
    plain = {"claimant.reservation.urgency": {"initial": q(1), "growth": q(0.5)}}
    assert urgent({**plain, **ON}, 8.0) == 5.0


@pytest.mark.parametrize("key", FADING)
def test_numbers_of_what_is_off_play_no_part(key: str) -> None:
    assert key not in dict(pie(AGEING).quantities())
    assert key in dict(pie({**AGEING, **ON}).quantities())


@pytest.mark.parametrize("deal", ["two_islands_first", "two_islands_final"])
def test_packages_that_share_a_look_share_all_that_moves(deal: str) -> None:
    model = TalksModel(load_scenario("singapore_2018"), deal, worlds=8)
    for party in model.parties:
        government, shared = party.government, False
        for node, values in zip(model.nodes, government.package_values, strict=True):
            features = government.weights.moving_features(values.features)
            np.testing.assert_array_equal(values.moving_features[values.moving_look], features)
            kept = 1.0 - government._undoing(node.table).risk
            np.testing.assert_array_equal(values.keep_probability[:, values.moving_look], kept)
            shared |= len(values.moving_features) < len(features)
        assert shared
