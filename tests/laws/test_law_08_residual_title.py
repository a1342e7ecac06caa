"""Law 8: what the giver gains from residual sovereignty falls in its cost of title."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given

from tests.disputes import q, uniform
from tests.laws.generator import disputes
from tests.laws.play import LAW, Changes, agreed, model, play, table
from tests.laws.sides import eighths


def residual(dispute: Changes, cost: Any) -> Changes:
    """Return a text by which title goes to the claimant, and administration stays."""
    objects = {n: {**o, "controller": "holder"} for n, o in dispute["dispute.objects"].items()}
    only = {"label": "only", "fixed": {"title": "mine"}}
    return {
        **dispute,
        "dispute.objects": objects,
        "deals.divide.stages": {"only": only},
        "holder.preferences.weights.title": cost,
    }


@LAW
@given(disputes(), eighths(0, 2), eighths(0.125, 2))
def test_law_8_the_givers_gain_falls_in_its_cost_of_title(
    dispute: Changes, cost: float, more: float
) -> None:
    values = [
        table(model(residual(dispute, q(weight)))).open_value(1)[:, 0]
        for weight in (cost, cost + more)
    ]
    assert values[0] - values[1] == pytest.approx(more)  # a unit of title lost, in this weight


@pytest.mark.parametrize("seed", range(8))
def test_law_8_the_threshold_and_how_often_it_is_exceeded(seed: int) -> None:
    """The giver gains g from access and loses w: it signs where w <= g, w uniform on [0, 2]."""
    gain = 0.75
    visits = {"label": "visits", "effects": {"holder": {"access": 1}}, "assumption": "test"}
    levels = {"mine": {"label": "title", "allocation": {"pie": "claimant"}}}
    base = {"label": "none", "allocation": {"pie": "open"}}
    game = {
        "seed": seed,
        "rounds": 3,
        "dispute.objects.pie.controller": "holder",
        "dispute.clauses.title.levels": {"open": base, **levels},
        "dispute.clauses.visits": {
            "label": "visits",
            "baseline": "none",
            "levels": {"none": {"label": "none"}, "some": visits},
        },
        "deals.divide.stages.pie": {"label": "x", "fixed": {"title": "mine", "visits": "some"}},
        "holder.preferences.weights": {"title": uniform(0, 2), "access": q(gain)},
        "claimant.leader.deadline_rounds": 0,
        "holder.leader.deadline_rounds": 0,
    }
    signs = float(np.mean(agreed(play(game, worlds=1024))))
    assert signs == pytest.approx(gain / 2, abs=4 * (0.375 * 0.625 / 1024) ** 0.5)
