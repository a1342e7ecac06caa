"""Two small islands, played in few worlds."""

from pathlib import Path

import pytest
import yaml

from sim.domain.scenario import Scenario
from sim.experiments.ensemble import run
from sim.experiments.result import EnsembleResult

_ISLES = Path(__file__).with_name("isles.yaml")


@pytest.fixture(scope="session")
def isles() -> Scenario:
    return Scenario.model_validate(yaml.safe_load(_ISLES.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def played(isles: Scenario) -> EnsembleResult:
    """Give a run of a block and a bit, with its ranking under few draws."""
    return run(isles, worlds=1100, workers=1, reversal_draws=16)
