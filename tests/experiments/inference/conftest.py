"""Observations of two small islands."""

from typing import Any

import pytest

from sim.domain.observation import Observation
from sim.domain.scenario import Scenario

NEAR = {"administration": "near"}


def reading(**said: Any) -> Observation:
    return Observation.model_validate({"label": "as read", "assumption": "test", **said})


READINGS = {
    "poll": reading(kind="poll", side="claimant", package=NEAR, at=0, value=0.7, tolerance=0.05),
    "offers": reading(kind="offers", side="holder", at=6, value=2, tolerance=1),
    "approval": reading(kind="approval", side="claimant", at=6, value=50, tolerance=9),
    "signed": reading(kind="signed", at=6, value=False),
}


@pytest.fixture(scope="session")
def few(isles: Scenario) -> Scenario:
    return isles.model_copy(update={"worlds": 256, "engine": "array"})
