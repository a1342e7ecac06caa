"""A step of standing that is a range: each world values what is at stake by its own step.

Tests `sim.agents.valuation`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.domain.interest import interest_of
from sim.equations.utility import stepped
from sim.model import TalksModel
from tests.agents.test_preconditions import LINE
from tests.disputes import pie, q, uniform

WORLDS = 64
STANDING = 3.0
SHARES = np.array([0.0, 0.5, 1.0])


def played(step: Any, form: str = "treaty", relief: float = 0.0, phi: float = 1.0) -> TalksModel:
    """Return a dispute in which the holder cares for standing alone, and gives more and more."""
    wording = {"label": "explicit", "relief": relief, "assumption": "test"}
    fixed = {"form": form, "wording": "explicit"}
    stage = {"label": "x", "fixed": fixed, "negotiable": {"administration": "all"}}
    segment = {
        "label": "all",
        "share": "rest",
        "weights": {"standing": q(STANDING)},
        "threshold": q(0),
        "spread": q(1),
    }
    changes = {
        "dispute.clauses.administration": LINE,
        "dispute.objects.pie.controller": "holder",
        "dispute.clauses.wording.levels.explicit": wording,
        "deals.divide.stages": {"pie": stage},
        "holder.preferences.weights": {"standing": q(STANDING)},
        "holder.preferences.standing_step": step,
        "holder.preferences.frame_factor": q(phi, "factor"),
        "holder.public.segments": {"all": segment},
    }
    return TalksModel(pie(changes), "divide", worlds=WORLDS)


@pytest.mark.parametrize(("form", "phi"), [("treaty", 0.25), ("line", 0.25)])
@pytest.mark.parametrize("relief", [0.0, 0.25])
def test_each_world_values_standing_by_its_own_step(form: str, phi: float, relief: float) -> None:
    model = played(uniform(0.4, 1, "share"), form, relief, phi)
    steps = model.draws.of(model.case.holder.preferences.standing_step)
    assert np.ptp(steps) > 0.4
    lost = np.array([stepped(SHARES, step) for step in steps])
    framed = phi if form == "line" else 1.0
    expected = -STANDING * framed * (1 - relief) * lost
    found = model.parties[1].government.package_values[0].static_value
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_a_public_has_the_step_of_its_side() -> None:
    model = played(uniform(0.4, 1, "share"))
    steps = model.draws.of(model.case.holder.preferences.standing_step)
    answer = model.parties[1].public.answer(
        {"administration": "half", "form": "treaty", "wording": "explicit"}
    )
    np.testing.assert_allclose(answer[:, 0], -STANDING * stepped(np.array(0.5), steps))


def test_a_range_about_a_point_differs_from_it_in_nothing_but_the_step() -> None:
    """Features are measured at the median, so that a point step has its bits of old."""
    point, wide = played(q(0.7, "share")), played(uniform(0.4, 1, "share"))
    features = [each.parties[1].government.package_values[0].features for each in (point, wide)]
    np.testing.assert_array_equal(features[0].values, features[1].values)
    weights = point.parties[1].government.weights
    steps = [c for c, name in enumerate(weights.names) if "standing_step" in name]
    assert len(steps) == 2
    assert {interest_of(weights.names[column]) for column in steps} == {"standing"}
    assert not weights.values[:, steps].any()
    column = features[0].column("standing")
    np.testing.assert_allclose(column, -stepped(SHARES, 0.7))
