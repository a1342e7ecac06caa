"""Governments' terms of waiting, as the environment's switches leave them."""

from __future__ import annotations

from typing import Any

import pytest

from sim.agents.government import Waiting
from sim.domain.draws import Draws
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
