"""Factors on numbers of a kind: what they touch, and that 1 and absence change no bit.

Tests `sim.domain.history`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.domain.draws import Draws
from sim.domain.history import ODDS, SCALED, Calibration, adjusted
from sim.domain.scenario import Scenario
from sim.io.config import load_scenario
from sim.model.talks import TalksModel
from sim.randomness import Streams


def flagship(**factors: float) -> Scenario:
    shown = {"unit": "factor", "assumption": "test"}
    given_ = {name: {"value": value, **shown} for name, value in factors.items()}
    calibration = Calibration.model_validate({"name": "x", "label": "x", **given_})
    return load_scenario("singapore_2018").model_copy(update={"calibration": calibration})


def columns(scenario: Scenario) -> dict[str, Any]:
    return TalksModel(scenario, "two_islands_final", worlds=64).run().columns


def test_factors_of_one_change_no_bit() -> None:
    names = [*SCALED, *ODDS]
    plain = columns(load_scenario("singapore_2018"))
    ones = columns(flagship(**dict.fromkeys(names, 1.0)))
    for name, values in plain.items():
        np.testing.assert_array_equal(values, ones[name], err_msg=name)


def test_every_factor_touches_something() -> None:
    scenario = flagship(**dict.fromkeys([*SCALED, *ODDS], 2.0))
    calibration = scenario.calibration
    assert calibration is not None
    keys = [key.partition(".")[2] for key, _ in scenario.quantities()]
    assert {calibration.factor_on(key) for key in keys} >= {*SCALED, *ODDS}


def test_a_factor_on_odds_multiplies_odds() -> None:
    scenario = flagship(firmness=0.25)
    quantity = scenario.holder.preconditions["recognition_first"].firmness
    before = Draws(load_scenario("singapore_2018"), Streams(1, 0, 8))
    plain = before.of(before.scenario.holder.preconditions["recognition_first"].firmness)
    bent = Draws(scenario, Streams(1, 0, 8)).of(quantity)
    np.testing.assert_allclose(bent / (1 - bent), 0.25 * plain / (1 - plain))


@pytest.mark.parametrize("name", list(ODDS))
@given(p=st.floats(0, 1), factor=st.floats(0, 1e6))
def test_probabilities_stay_probabilities(name: str, p: float, factor: float) -> None:
    found = adjusted(np.array([p]), name, np.array([factor]))
    assert 0 <= found[0] <= 1
