"""Targets: texts of scenarios, played when they are sound, and of the record."""

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


def read_record(data: bytes) -> None:
    """Read bytes as a history, as a calibration and as what was observed of a scenario."""
    from sim.experiments.inference.readings import faults_of_readings
    from sim.io.history import load_calibration, load_history, load_observations
    from tests.fuzz.second import switched_on

    path = scratch() / "record.yaml"
    path.write_bytes(data)
    judged(lambda: load_history(path))
    judged(lambda: load_calibration(str(path)))
    judged(lambda: list(faults_of_readings(switched_on(), load_observations(path).observed)))


def record_seeds() -> list[bytes]:
    """Return the record that is shipped, and readings of every kind."""
    from sim.paths import configs_dir

    shipped = ("hindcast/history.yaml", "calibration/prior.yaml", "calibration/fitted.yaml")
    return [*((configs_dir() / name).read_bytes() for name in shipped), _READINGS.encode()]


_READINGS = """
observed:
  asked: {kind: poll, at: 2, value: 0.6, tolerance: 0.1, side: holder, label: a poll,
    package: {administration: near, title: near}, assumption: test}
  liked: {kind: approval, at: 1, value: 62, tolerance: 3, side: claimant, label: approval,
    assumption: test}
  said: {kind: offers, at: 3, value: 1, side: holder, label: offers, assumption: test}
  nothing: {kind: signed, at: 4, value: false, label: no text, assumption: test}
"""


def _concise(scenario: Scenario) -> Scenario:
    """Return a scenario without the evidence that nothing in it rests on."""
    rest = scenario.model_dump_json(by_alias=True, exclude={"evidence"})
    kept = {key: item for key, item in scenario.evidence.items() if f'"{key}"' in rest}
    return scenario.model_copy(update={"evidence": kept})
