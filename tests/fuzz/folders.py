"""Targets: damaged folders of a run, of a sweep, of a branched world and of conditions."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from tests.fuzz.guard import inside, judged
from tests.fuzz.place import islands, scratch
from tests.fuzz.reader import Reader

if TYPE_CHECKING:
    from sim.experiments.conditions.conditions import Conditions


def open_run(data: bytes) -> None:
    """Damage the folder of a run, then load it and do with it what the command line does."""
    from tests.fuzz.games import run_files

    _open_damaged(run_files(), data)


def open_agenda(data: bytes) -> None:
    """Damage the folder of a run of an agenda, with worlds that reproduce what was observed."""
    from tests.fuzz.games import agenda_files

    _open_damaged(agenda_files(), data)


def _open_damaged(files: dict[str, bytes], data: bytes) -> None:
    from sim.experiments.result import load_result
    from sim.plotting import PICTURES
    from sim.report.outcomes import render
    from tests.fuzz.damage import damaged, write

    reader = Reader(data)
    choice, picture = reader.byte() % 16, reader.pick(list(PICTURES))
    folder = _fresh("run")
    write(damaged(files, reader), folder)
    with inside(scratch()):
        if not judged(lambda: render(load_result(folder))) or choice < 4:
            judged(lambda: islands("report", str(folder)))
        elif choice < 8:
            judged(lambda: islands("plot", str(folder), picture))
        elif choice == 8:
            judged(lambda: islands("discover", str(folder)))


def open_sweep(data: bytes) -> None:
    """Damage the folder of a sweep, then load it and do with it what the command line does."""
    from sim.experiments.sweep.result import load_sweep
    from sim.plotting import SWEPT
    from tests.fuzz.damage import damaged, write
    from tests.fuzz.games import go_on, sweep_files

    reader = Reader(data)
    choice, picture = reader.byte() % 16, reader.pick(list(SWEPT))
    folder = _fresh("sweep")
    write(damaged(sweep_files(), reader), folder)
    with inside(scratch()):
        judged(lambda: islands("status", str(folder)))
        found: list[Any] = []
        if judged(lambda: found.append(load_sweep(folder))):
            judged(found[0].worlds)
            judged(found[0].to_xarray)
            if choice == 0:
                judged(lambda: islands("discover", str(folder)))
            if 0 < choice < 4:
                judged(lambda: islands("plot", str(folder), picture))
        if 4 <= choice < 8:
            judged(lambda: go_on(folder))


def open_branches(data: bytes) -> None:
    """Damage the folder of a branched world, then load its tree and do with it what is offered."""
    from sim.experiments.branching.branch import BranchTree, load_branches
    from tests.fuzz.damage import damaged, write
    from tests.fuzz.games import branch_files, small

    reader = Reader(data)
    choice = reader.byte() % 16
    folder = _fresh("branched")
    write(damaged(branch_files(), reader), folder)
    found: list[BranchTree] = []
    with inside(scratch()):
        if judged(lambda: found.append(load_branches(small(), folder / "branch.json"))):
            tree = found[0]
            judged(lambda: (tree.table(), list(tree.sentences()), tree.to_json()))
        if choice < 2:
            judged(lambda: islands("plot", str(folder)))


def open_conditions(data: bytes) -> None:
    """Put bytes in the place of what a search for conditions found, then load, tell and draw it."""
    from sim.experiments.conditions.folder import load_conditions
    from sim.io.folders import CONDITIONS
    from sim.plotting.conditions import condition_pictures
    from sim.report.conditions import conditions_page

    folder = _fresh("conditions")
    for name, sound in _conditions_files().items():
        (folder / name).write_bytes(data if name == CONDITIONS else sound)
    found: list[Conditions] = []
    with inside(scratch()):
        if judged(lambda: found.append(load_conditions(folder))):
            judged(lambda: conditions_page(found[0]))
            if len(data) % 8 == 0:  # pictures take a second
                judged(lambda: condition_pictures(found[0]))
                judged(lambda: islands("report", str(folder)))


@cache
def _conditions_files() -> dict[str, bytes]:
    from sim.experiments.conditions.folder import conditions_files
    from tests.fuzz.second import switched_on
    from tests.plotting.planted import would_take

    return conditions_files(would_take(switched_on().model_copy(update={"agenda": "single"})))


def conditions_seeds() -> list[bytes]:
    """Return what is written of conditions."""
    from sim.io.folders import CONDITIONS

    return [_conditions_files()[CONDITIONS]]


def _fresh(name: str) -> Path:
    folder = scratch() / name
    for path in (folder, folder.with_name(f"{name}-pictures")):
        shutil.rmtree(path, ignore_errors=True)
    folder.mkdir()
    return folder


def folder_seeds() -> list[bytes]:
    """Return decisions long enough for every kind of damage."""
    return [bytes([number % 16]) + Random(number).randbytes(48) for number in range(64)]
