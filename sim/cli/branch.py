"""Branch of a history: from words to two courses, a table and a picture."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from annotated_types import Ge, Le
from pydantic import Field

from sim.cli.options import Command, Form, Overrides, Target, Whole
from sim.domain.frozen import LAST_WORLD
from sim.errors import Fault, ScenarioError
from sim.report.screen import display, say, say_overrides, watched

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.domain.scenario import Scenario
    from sim.experiments.branching.branch import BranchTree
    from sim.experiments.branching.pairs import BranchedWorlds

__all__ = ["Branch", "write_beside"]


class Branch(Command):
    """Play the same worlds with something set from a round on, and say what would have been.

    The same world up to a round, something set there, and the same shocks from there on: random
    numbers are a function of world and round, so the two courses differ by what is set alone.
    With world=W one world is told, as it was and with it; without, all worlds that reached the
    round are compared pair by pair.

    What may be set, with commas between:
      holder.leader=successor               the leader leaves, whoever follows takes office
      holder.leader.approval=30             approval of the leader in office now, percent
      holder.preconditions.NAME=withdrawn   a precondition asks for nothing any more
      environment.processes.NAME=lifted     or imposed: a measure
      environment.processes.NAME=over       a spell; a number: for how many rounds it lasts
      environment.processes.NAME=0.5        the level of a process that drifts
      holder.offer=PACKAGE                  in its turn, the package that is offered in this round
      on_the_table=STRUCTURE                with agenda=tabled: what talks turn to
      claimant.public.opposition=0.4        any declared number, from now on (islands list numbers)
    """

    deal: str | None = Field(None, description="the structure; may be left out where there is one")
    at: Annotated[Whole, Ge(0), Le(10_000)] | None = Field(
        None, description="the round from whose beginning on something is set"
    )
    set: Annotated[str, Form("'KEY=VALUE, …'")] | None = Field(None, description="what is set")
    world: Annotated[Whole, Ge(0), Le(LAST_WORLD)] | None = Field(
        None, description="the world to tell; else all worlds of the scenario"
    )
    out: Annotated[Target, Form("DIR")] | None = Field(
        None, description="folder for the tables, the picture, and the branch as JSON"
    )
    overrides: Annotated[tuple[str, ...], Overrides("[scenario=NAME|PATH] [key=value …]")] = ()

    def run(self) -> int:
        """Play both courses and tell them."""
        from sim.experiments.branching.branch import branch
        from sim.experiments.branching.pairs import branch_worlds
        from sim.experiments.provenance import now
        from sim.io.config import load_run
        from sim.report.branching import tree_page, worlds_page

        if self.at is None or self.set is None:
            lacks = "at" if self.at is None else "set"
            expected = {"at": "a round, as in at=8", "set": "set='KEY=VALUE, …'"}[lacks]
            raise ScenarioError([Fault(lacks, expected, "none")])
        started = now()
        scenario, settings = load_run(None, self.overrides)
        say_overrides(self.overrides)
        if self.world is not None:
            tree = branch(scenario, self.deal, world=self.world, at=self.at, set=self.set)
            _write(tree, _tree_files(tree), self.out, started)
            display(tree_page(tree, self.out))
            return 0
        found = branch_worlds(
            scenario,
            self.deal,
            at=self.at,
            set=self.set,
            workers=settings.workers,
            progress=watched(),
        )
        _write(found, _worlds_files(found), self.out, started)
        display(worlds_page(found, self.out))
        return 0


def _tree_files(tree: BranchTree) -> dict[str, Any]:
    """Return the tables of two courses and the picture, by their names."""
    from sim.plotting.branching import courses

    both = tree.courses[-2:]
    traces = {f"course_{place}": each.trace for place, each in enumerate(both)}
    return {"branch": tree.table(), **traces, "picture": courses(tree), "branch.json": tree}


def _worlds_files(found: BranchedWorlds) -> dict[str, Any]:
    from sim.plotting.branching import branched_worlds

    return {"branch": found.table, "worlds": found.worlds, "picture": branched_worlds(found)}


def _write(
    found: BranchTree | BranchedWorlds,
    files: dict[str, Any],
    folder: Path | None,
    started: datetime,
) -> None:
    """Write tables as CSV and Parquet, the picture, the scenario and where all this comes from."""
    if folder is None:
        return
    import pandas as pd

    from sim.experiments.branching.branch import BranchTree
    from sim.io.tables import csv
    from sim.plotting.canvas import image

    data = {}
    for name, value in files.items():
        if isinstance(value, pd.DataFrame):
            data[f"{name}.csv"] = csv(value)
            data[f"{name}.parquet"] = value.to_parquet(index=False)
        elif isinstance(value, BranchTree):
            data[name] = value.to_json().encode()
        else:
            data["branch.png"] = image(value)
    write_beside(found.scenario, data, folder, started)


def write_beside(
    scenario: Scenario, data: dict[str, bytes], folder: Path, started: datetime
) -> None:
    """Write files with their scenario; what another command or setting left is set aside."""
    from sim.experiments.provenance import now, provenance
    from sim.io.dump import dump_scenario
    from sim.io.folders import CONFIG, set_aside
    from sim.io.tables import write_run

    data = {CONFIG: dump_scenario(scenario).encode(), **data}
    if not _holds(folder, data) and (earlier := set_aside(folder, b"")):
        say(f"What was in {folder} is now in {earlier}\n")
    write_run(folder, data, provenance(scenario, started, now()))


def _holds(folder: Path, data: Mapping[str, bytes]) -> bool:
    """Tell whether a folder holds these very files already."""
    return all((folder / name).is_file() for name in data) and all(
        (folder / name).read_bytes() == content for name, content in data.items()
    )
