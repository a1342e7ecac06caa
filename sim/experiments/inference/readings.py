"""Readings of what was observed, in every world of a run: the simulated side of an inference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from sim.domain.checks import check_levels, unknown
from sim.domain.draws import Draws
from sim.domain.observation import Observation
from sim.domain.results import BlockResult
from sim.domain.scenario import Scenario
from sim.errors import Fault
from sim.experiments.blocks import Block, blocks, pack_scenario, play_all
from sim.experiments.tasks import unpack
from sim.model.admissible import statements_held
from sim.model.talks import TalksModel, playing
from sim.quantities import BLOCK_WORLDS, Floats
from sim.randomness import Streams

__all__ = ["Observed", "faults_of_readings", "read_worlds"]


@dataclass(frozen=True)
class Observed:
    """What is held against each world.

    Parameters
    ----------
    statements : tuple of str
        Names of the scenario's statements about the start; each holds or does not.
    readings : mapping of name to Observation
    """

    statements: tuple[str, ...]
    readings: Mapping[str, Observation]

    @property
    def events(self) -> dict[str, bool]:
        """Return what came out as a yes or a no, and how."""
        read = {name: bool(item.value) for name, item in self.readings.items() if item.is_event}
        return dict.fromkeys(self.statements, True) | read

    @property
    def numbers(self) -> dict[str, Observation]:
        """Return what was read as a number."""
        return {name: item for name, item in self.readings.items() if not item.is_event}


def faults_of_readings(scenario: Scenario, readings: Mapping[str, Observation]) -> Iterator[Fault]:
    """Yield what does not fit a scenario: rounds, clauses, levels, sources, names taken twice."""
    for name, reading in readings.items():
        key = f"observed.{name}"
        if reading.at > scenario.rounds:
            expected = f"a round from 0 to {scenario.rounds}, the end of the window"
            yield Fault(f"{key}.at", expected, f"{reading.at}")
        if name in scenario.observed:
            yield Fault(key, "a name that no statement of the scenario has", repr(name))
        yield from check_levels(f"{key}.package", reading.package, scenario.dispute)
        for source in reading.source:
            if source not in scenario.evidence:
                what = "the id of a fact in the evidence register"
                yield unknown(f"{key}.source", what, source, scenario.evidence)


def read_worlds(
    scenario: Scenario,
    deal: str,
    observed: Observed,
    workers: int | None = None,
    progress: bool = False,
) -> pd.DataFrame:
    """Return what would have been read in each world of a structure.

    Parameters
    ----------
    scenario : Scenario
        Its worlds are played as far as the last reading, whatever its statements say.
    deal : str
    observed : Observed
    workers : int, optional
        Processes; no result depends on it.
    progress : bool

    Returns
    -------
    DataFrame, shape (worlds, statements and readings)
        1 and 0 where something holds or does not.
    """
    work = [one for one in blocks(scenario, pack_scenario(scenario)) if one.deal == deal]
    rounds = max((reading.at for reading in observed.readings.values()), default=0)
    title = scenario.title if progress else None
    task = partial(_read, observed=observed)
    parts: list[pd.DataFrame] = play_all(work, rounds, workers, title, task=task)
    return pd.concat(parts, ignore_index=True)


def _read(block: Block, observed: Observed) -> pd.DataFrame:
    """Return what would have been read in the worlds of a block."""
    scenario, found = unpack(block.scenario), dict[str, Floats]()
    if observed.statements:
        streams = Streams(scenario.seed, block.number * BLOCK_WORLDS, block.worlds)
        held = statements_held(Draws(scenario, streams))
        found = dict(zip(observed.statements, held.astype(np.float64), strict=True))
    if observed.readings:
        record = any(reading.kind == "offers" for reading in observed.readings.values())
        how = {"block": block.number, "worlds": block.worlds, "record": record}
        with playing(scenario, block.deal, **how) as model:
            found |= _readings(model, observed.readings)
    names = (*observed.statements, *observed.readings)
    return pd.DataFrame({name: found[name] for name in names})


def _readings(model: TalksModel, readings: Mapping[str, Observation]) -> dict[str, Floats]:
    """Play a model to each reading in turn, and return them all."""
    found = {}
    for name, reading in sorted(readings.items(), key=lambda item: item[1].at):
        _play_on(model, reading.at)
        found[name] = _reading(model, reading)
    return found


def _play_on(model: TalksModel, at: int) -> None:
    """Play a model up to a round; after all its talks are over, the environment moves on alone.

    What is read in a world must not depend on how long talks last in the worlds beside it.
    """
    while model.running and model.round < at:
        model.step()
    while model.round < min(at, model.case.rounds):
        model.move_environment()
        model.round += 1


def _reading(model: TalksModel, reading: Observation) -> Floats:
    if reading.kind == "offers":
        return _offers(model, reading)
    if reading.is_event:
        return _came(model.result(), reading.kind).astype(np.float64)
    assert reading.side is not None
    if reading.kind == "approval":
        return model.environment.offices[reading.side].approval.copy()
    return model.parties[reading.side.position].public.poll(dict(reading.package))


def _came(result: BlockResult, event: str) -> np.ndarray:
    """Return in which worlds something has come about so far."""
    if event == "signed":
        return np.asarray(result.columns["round_signed"] >= 0)
    return np.asarray(result.columns[event].astype(bool))


def _offers(model: TalksModel, reading: Observation) -> Floats:
    """Return how many offers a side has made, of texts with certain levels."""
    wanted = reading.package.items()
    worlds = [
        line["world"]
        for line in model.record or ()
        if line.get("package", -1) >= 0
        and line.get("proposer") is reading.side
        and wanted <= model.nodes[line["node"]].table.states[line["package"]].levels.items()
    ]
    counts = np.bincount(np.asarray(worlds, dtype=np.int64), minlength=model.states.worlds)
    return counts.astype(np.float64)
