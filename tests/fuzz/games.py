"""Small results on disk, for a fuzzer to damage: a run, and a sweep."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

import sim
from sim.domain.deal import Deal
from sim.domain.scenario import Scenario
from sim.experiments.sweep.result import SweepResult
from sim.io.dump import dump_scenario
from sim.io.yaml import parse
from sim.model.talks import TalksModel
from sim.plotting import pictures
from tests.disputes import ENGINES, pie, uniform
from tests.fuzz.commands import small_case
from tests.fuzz.place import islands
from tests.fuzz.second import switched_on

_SMALL = {
    "dispute.clauses.administration.grid.steps": 5,
    "worlds": 6,
    "rounds": 3,
    "engine": "array",
    "claimant.reservation.dialogue": uniform(0.0, 0.3),
}
_FEW = 300


def small() -> Scenario:
    """Return a scenario of few packages, two structures and one uncertain number."""
    scenario = pie(dict(_SMALL))
    deal = scenario.deals["divide"]
    again = deal.model_copy(update={"name": "again"})
    return scenario.model_copy(update={"deals": {"divide": deal, "again": again}})


def play_briefly(scenario: Scenario) -> None:
    """Write a sound scenario and read it again; play it for a moment, where it is small.

    All engines that there are must give the same bits, and outcomes that are known.
    """
    values = parse(dump_scenario(scenario))
    del values["defaults"]
    assert Scenario.model_validate(values) == scenario, "written and read, it is another"
    brief = scenario.model_copy(update={"rounds": min(scenario.rounds, 4)})
    for name in list(brief.structures)[:2]:
        texts = brief.texts if brief.agenda != "single" else {name: brief.deals[name]}
        if any(len(text.stages) > 3 for text in texts.values()):
            continue
        if sum(_packages(brief, text) for text in texts.values()) > _FEW:
            continue
        columns, *others = (_played(brief, name, engine) for engine in ENGINES)
        assert len(columns["world"]) == 2
        assert ((columns["outcome"] >= 0) & (columns["outcome"] < 8)).all()
        for other in others:
            for key, values in columns.items():
                assert values.tobytes() == other[key].tobytes(), f"engines differ in {key}"


def _played(scenario: Scenario, deal: str, engine: str) -> dict[str, np.ndarray]:
    return TalksModel(scenario.model_copy(update={"engine": engine}), deal, worlds=2).run().columns


def _packages(scenario: Scenario, deal: Deal) -> int:
    most = 1
    for stage in deal.stages.values():
        for clause, levels in stage.negotiable.items():
            most *= len(scenario.dispute.clauses[clause].levels if levels == "all" else levels)
    return most


@cache
def run_files() -> dict[str, bytes]:
    """Return the files of a small run."""
    result = sim.run(small(), workers=1)
    return _kept(lambda folder: result.save(folder, also=pictures(result)))


@cache
def agenda_files() -> dict[str, bytes]:
    """Return the files of a run in which structures lie on one table."""
    scenario = switched_on().model_copy(update={"worlds": 6, "rounds": 4, "engine": "array"})
    result = sim.run(scenario, workers=1)
    return _kept(lambda folder: result.save(folder, also=pictures(result)))


@cache
def branch_files() -> dict[str, bytes]:
    """Return the files of a world that branches."""
    asked = ("deal=divide", "world=1", "at=1", "set=holder.leader.discount_factor=0.3")
    words = ("branch", f"scenario={small_case()}", *asked)
    return _kept(lambda folder: islands(*words, f"out={folder}"))


@cache
def sweep_files() -> dict[str, bytes]:
    """Return the files of a small sweep."""
    return _kept(go_on)


def go_on(folder: Path) -> SweepResult:
    """Begin a small sweep in a folder, or go on with it."""
    axes = ["holder.reservation.dialogue=0,0.2", "protocol.first_mover=claimant,holder"]
    return sim.sweep(small_case(), axes, folder, save_worlds=True)


def _kept(save: Callable[[Path], object]) -> dict[str, bytes]:
    import tempfile

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "out"
        save(folder)
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }


def lay_down(files: dict[str, bytes], folder: Path) -> None:
    """Write files to a folder that holds nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
