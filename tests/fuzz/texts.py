"""Target: the text of a scenario, read, judged, and played when it is sound."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.fuzz.guard import judged
from tests.fuzz.place import scratch

if TYPE_CHECKING:
    from sim.domain.scenario import Scenario


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
    """Return three whole scenarios, and two files that are parts of one."""
    from yaml import safe_load

    from sim.domain.scenario import Scenario
    from sim.io.config import load_scenario
    from sim.io.dump import dump_scenario
    from sim.paths import configs_dir
    from tests.fuzz.commands import lake
    from tests.fuzz.games import small

    isles = (Path(__file__).parents[1] / "experiments" / "isles.yaml").read_text()
    rich = Scenario.model_validate(safe_load(isles))
    cases = (small(), rich, _concise(load_scenario(lake())))
    parts = ("side/my_dispute_holder.yaml", "scenario.yaml")
    template = configs_dir() / "template" / "my_dispute"
    return [
        *(dump_scenario(case).encode() for case in cases),
        *((template / part).read_bytes() for part in parts),
    ]


def second_seeds() -> list[bytes]:
    """Return a scenario that has all keys of the second edition, once for each kind of agenda."""
    from sim.io.dump import dump_scenario
    from tests.fuzz.second import switched_on

    case = switched_on()
    agendas = (case, *(case.model_copy(update={"agenda": word}) for word in ("open", "single")))
    return [dump_scenario(each).encode() for each in agendas]


def _concise(scenario: Scenario) -> Scenario:
    """Return a scenario without the evidence that nothing in it rests on."""
    rest = scenario.model_dump_json(by_alias=True, exclude={"evidence"})
    kept = {key: item for key, item in scenario.evidence.items() if f'"{key}"' in rest}
    return scenario.model_copy(update={"evidence": kept})
