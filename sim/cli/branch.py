"""Branch of a history: from words to two courses, a table and a picture."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from annotated_types import Ge, Le
from pydantic import Field

from sim.cli.options import Command, Form, Overrides, Target, Whole
from sim.cli.results import write_results
from sim.domain.frozen import LAST_WORLD
from sim.errors import Fault, ScenarioError
from sim.io.files import check_writable
from sim.report.screen import display, say_overrides, watched

if TYPE_CHECKING:
    from sim.experiments.branching.branch import BranchTree
    from sim.experiments.branching.pairs import BranchedWorlds

__all__ = ["Branch"]


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
        if self.out is not None:
            check_writable(self.out)
        if self.world is not None:
            tree = branch(scenario, self.deal, world=self.world, at=self.at, set=self.set)
            _write(tree, _tree_files(tree), self.out, started)
            say_overrides(self.overrides, scenario)
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
        say_overrides(self.overrides, scenario)
        display(worlds_page(found, self.out))
        return 0


def _tree_files(tree: BranchTree) -> dict[str, Any]:
    """Return the tables of two courses and the picture, by their names."""
    from sim.experiments.branching.folder import BRANCHES
    from sim.plotting.branching import courses

    both = tree.courses[-2:]
    traces = {f"course_{place}": each.trace for place, each in enumerate(both)}
    return {
        "branch": tree.table(),
        **traces,
        "picture": courses(tree),
        BRANCHES: tree.to_json().encode(),
    }


def _worlds_files(found: BranchedWorlds) -> dict[str, Any]:
    from sim.experiments.branching.folder import WORLDS, branched_as_json
    from sim.plotting.branching import branched_worlds

    return {
        "branch": found.table,
        "worlds": found.worlds,
        "picture": branched_worlds(found),
        WORLDS: branched_as_json(found),
    }


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

    from sim.io.tables import csv
    from sim.plotting.canvas import image

    data = {}
    for name, value in files.items():
        if isinstance(value, pd.DataFrame):
            data[f"{name}.csv"] = csv(value)
            data[f"{name}.parquet"] = value.to_parquet(index=False)
        elif isinstance(value, bytes):
            data[name] = value
        else:
            data["branch.png"] = image(value)
    write_results(folder, data, found.scenario, started)
