"""Two small islands that have been played, and a shell to type in."""

from pathlib import Path

import pytest
import yaml

from sim.domain.scenario import Scenario
from sim.experiments.ensemble import run
from sim.experiments.result import EnsembleResult
from tests.cli.conftest import islands, small

__all__ = ["islands", "isles", "played", "small"]

_ISLES = Path(__file__).parents[1] / "experiments" / "isles.yaml"


@pytest.fixture(scope="session")
def isles() -> Scenario:
    return Scenario.model_validate(yaml.safe_load(_ISLES.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def played(isles: Scenario) -> EnsembleResult:
    """Give a run of a block and a bit, with its ranking under few draws."""
    return run(isles, worlds=1100, workers=1, reversal_draws=16)
