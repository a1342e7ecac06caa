"""Target: the text of a scenario, read, judged, and played when it is sound."""

from __future__ import annotations

from pathlib import Path

from tests.fuzz.guard import judged
from tests.fuzz.place import scratch
from tests.fuzz.trees import mutated_yaml


def read_text(data: bytes) -> None:
    """Read bytes as the file of a scenario, judge it, and play it when it is sound."""
    from sim.io import yaml
    from sim.io.config import validate
    from sim.io.merge import Layered, lay
    from tests.fuzz.games import play_briefly

    path = scratch() / "case.yaml"
    path.write_bytes(data)

    def call() -> None:
        values = Layered()
        read = yaml.read(path)
        read.pop("defaults", None)  # nothing is built on here
        lay(values, read, "case.yaml")
        play_briefly(validate(values))

    judged(call)


def text_seeds() -> list[bytes]:
    """Return a small and a richer scenario, and files of every kind that ship."""
    from yaml import safe_load

    from sim.domain.scenario import Scenario
    from sim.io.dump import dump_scenario
    from sim.paths import configs_dir
    from tests.fuzz.games import small

    shipped = sorted((configs_dir() / "template").rglob("*.yaml"))
    isles = (Path(__file__).parents[1] / "experiments" / "isles.yaml").read_text()
    rich = Scenario.model_validate(safe_load(isles))
    resolved = [dump_scenario(case).encode() for case in (small(), rich)]
    return [*resolved, *(path.read_bytes() for path in shipped)]


def change_text(data: bytes, seed: int) -> bytes | None:
    """Change YAML text so that it stays YAML."""
    return mutated_yaml(data, seed)
