"""Sweep of a scenario over many settings, and how far it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from annotated_types import Ge, Le
from pydantic import Field

from sim.cli.options import Argument, Command, Flag, Number, Overrides, Whole
from sim.io.files import write_atomically
from sim.io.folders import check_sweep
from sim.report.screen import complain, display, say, say_overrides, watched

if TYPE_CHECKING:
    from sim.io.sweep_settings import SweepSettings

__all__ = ["Status", "Sweep"]


class Sweep(Command):
    """Play a scenario in many settings, on the same random numbers, and lose nothing finished.

    An axis is a key with several values:
      holder.public.opposition=range(0.3,0.95,0.05)   from, until (excluded), step
      claimant.leader.deadline_rounds=8,16,none       these values
      claimant.leader.discount_factor=linspace(0.8,1,9)
      holder.public.opposition=interval(0.3,0.9)      any value between; not for a grid
      holder.public.opposition=uncertain              the range that the scenario declares
      uncertain                                       every number with a declared range
      environment=a,b  strategy@claimant.strategy=a,b  protocol.first_mover=claimant,holder

    How the cells are chosen:
      design=grid             all combinations (the default)
      design=lhs n=200        a Latin hypercube of 200 cells
      design=sobol n=64       Saltelli's sample: 64 times (axes + 2) cells, for sensitivity
      design=morris n=20      20 trajectories of (axes + 1) cells, for sensitivity

    Where and how:
      deals=[a,b] worlds=N rounds=N seed=N and every other key as in `islands run`
      format=csv              cells as CSV, too
      out=DIR                 else outputs/sweep_SCENARIO_DIGEST, the same for the same sweep
      workers=N               processes

    Stop it at any moment. The same command goes on and ends with the same files.
    """

    design: Literal["grid", "lhs", "sobol", "morris"] = Field(
        "grid", description="how the cells are chosen"
    )
    n: Annotated[Whole, Ge(2), Le(1_000_000)] | None = Field(
        None, description="size of a design other than a grid"
    )
    precision: Annotated[Number, Ge(0.001), Le(1)] | None = Field(
        None,
        description="more worlds until the 95 % interval of every share that settled is no wider "
        "than this; without it every cell plays worlds=N",
    )
    save_worlds: Flag = Field(False, description="keep every world, not only shares")
    executor: Literal["local", "dask", "loky", "mpi4py", "submitit"] = Field(
        "local",
        description="processes of this machine, a Dask cluster of local processes, or the executor "
        "of another package, where it is installed",
    )
    address: str | None = Field(
        None,
        description="tcp://HOST:PORT of a running cluster of executor=dask, whose workers see the "
        "folder of the results",
    )
    axes: Annotated[
        tuple[str, ...], Overrides("[scenario=NAME|PATH] AXIS [AXIS …] [key=value …]")
    ] = ()

    def settings(self) -> SweepSettings:
        """Return how the sweep is to be run."""
        from sim.io.sweep_settings import SweepSettings

        return SweepSettings(**self.model_dump(exclude={"axes"}))

    def run(self) -> int:
        """Run a sweep, or go on with one."""
        from sim.experiments.sweep.layout import Source, lay_out
        from sim.experiments.sweep.run import folder_of, play
        from sim.io.axes import take_axes
        from sim.report.sweep import best

        source = Source(None, [])
        layout = lay_out(source, self.axes, self.settings())
        folder = folder_of(layout, source.run.out)
        try:
            result = play(layout, folder.path, source.run.workers, watched())
        except KeyboardInterrupt:
            done = f"{folder.count():,} of {len(layout):,} cells are finished"
            complain(f"{done} in {folder.path}; the same command goes on")
            raise
        if source.run.format == "csv":
            from sim.io.tables import csv

            write_atomically(result.folder / "cells.csv", csv(result.cells))
        say_overrides(take_axes(self.axes)[0])
        base, cells = result.scenario, len(result.design)
        deals = len(base.structures)
        more = "" if deals == 1 else "s"
        say(f"{base.title}: {cells:,} cells × {deals} structure{more}")
        display(best(result))
        say(f"\nEverything is in {result.folder} (cells.parquet)")
        return 0


class Status(Command):
    """Tell how far a sweep is, running or stopped."""

    folder: Annotated[str, Argument("DIR")]

    def run(self) -> int:
        """Print the state of a sweep."""
        check_sweep(Path(self.folder))
        from sim.experiments.sweep.progress import status

        say(str(status(Path(self.folder))))
        return 0
