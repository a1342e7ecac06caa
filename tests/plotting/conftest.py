"""Two small islands, played in few worlds, to be drawn."""

from pathlib import Path

import pytest
import yaml

from sim.domain.scenario import Scenario
from sim.experiments.ensemble import run
from sim.experiments.result import EnsembleResult

_ISLES = Path(__file__).parents[1] / "experiments" / "isles.yaml"


@pytest.fixture(scope="session")
def isles() -> Scenario:
    return Scenario.model_validate(yaml.safe_load(_ISLES.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def played(isles: Scenario) -> EnsembleResult:
    return run(isles, worlds=200, workers=1)
