"""A small case for sweeps, as a file and as a scenario, and parts small enough to be stopped at."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from sim.domain.scenario import Scenario
from sim.experiments.sweep import layout
from sim.io.dump import dump_scenario

ISLES = Path(__file__).parents[1] / "isles.yaml"


@pytest.fixture(scope="session")
def isles() -> Scenario:
    values = yaml.safe_load(ISLES.read_text())
    return Scenario.model_validate({**values, "engine": "array"})


@pytest.fixture
def case(isles: Scenario, tmp_path: Path) -> Path:
    """Return the file of the case, of two structures and few worlds."""
    deals = {name: isles.deals[name] for name in ("strait", "two_steps")}
    path = tmp_path / "isles.yaml"
    path.write_text(dump_scenario(isles.model_copy(update={"deals": deals, "worlds": 32})))
    return path


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a part of 32 worlds have two cells only."""
    monkeypatch.setattr(layout, "_PART", 2 * 2 * 128 * 12)
    monkeypatch.setattr(layout, "_PARTS", 1)


@pytest.fixture(scope="session")
def bytes_of() -> Callable[[Path], dict[str, bytes]]:
    """Return a function that reads the files of a sweep, but for the one with clock time."""

    def read(folder: Path) -> dict[str, bytes]:
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in files
            if path.name != "provenance.json"
        }

    return read
