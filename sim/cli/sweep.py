"""Play a scenario in many settings, on the same random numbers, and never lose what is finished.

Usage: islands sweep scenario=NAME|PATH AXIS [AXIS …] [key=value …]

An axis is a key with several values:
  holder.public.opposition=range(0.3,0.95,0.05)   from, until (excluded), step
  claimant.leader.deadline_rounds=8,16,none       these values
  claimant.leader.discount_factor=linspace(0.8,1,9)
  holder.public.opposition=interval(0.3,0.9)      any value between, for a design other than a grid
  holder.public.opposition=uncertain              the range that the scenario declares
  uncertain                                       every number with a declared range
  environment=a,b  strategy@claimant.strategy=a,b  protocol.first_mover=claimant,holder

How the cells are chosen, and how sure each must be:
  design=grid             all combinations (the default)
  design=lhs n=200        a Latin hypercube of 200 cells
  design=sobol n=64       Saltelli's sample: 64 times (axes + 2) cells, for `islands sensitivity`
  design=morris n=20      20 trajectories of (axes + 1) cells, for `islands sensitivity`
  precision=0.02          more worlds until the 95 % interval of every share that settled is no
                          wider than this; without it every cell plays worlds=N

Where and how:
  deals=[a,b] worlds=N rounds=N seed=N and every other key as in `islands run`
  out=DIR                 else outputs/sweep_SCENARIO_DIGEST, the same for the same sweep
  save_worlds=true        keep every world, not only shares
  workers=N               processes
  executor=dask           a Dask cluster of local processes, or with address=tcp://HOST:PORT a
                          running one whose workers see the folder of the results

Stop it at any moment. The same command goes on and ends with the same files.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from sim.cli.screen import complain, display, say

if TYPE_CHECKING:
    from rich.table import Table

    from sim.experiments.sweep import SweepResult

__all__ = ["main", "report"]

_SHOWN = 12


def main(arguments: list[str]) -> int:
    """Run a sweep, or go on with one."""
    from sim.experiments.sweep.layout import Source, lay_out
    from sim.experiments.sweep.run import folder_of, play
    from sim.io.sweep_settings import take_settings

    texts, settings = take_settings(arguments)
    source = Source(None, [])
    layout = lay_out(source, texts, settings)
    folder = folder_of(layout, source.run.out)
    try:
        result = play(layout, folder.path, source.run.workers, sys.stderr.isatty())
    except KeyboardInterrupt:
        done = f"{folder.count():,} of {len(layout):,} cells are finished"
        complain(f"{done} in {folder.path}; the same command goes on")
        raise
    report(result)
    return 0


def report(result: SweepResult) -> None:
    """Print where the results are, and the cells that settle most often."""
    base, cells = result.scenario, len(result.design)
    say(f"{base.title}: {cells:,} cells × {len(base.deals)} structures")
    display(_best(result))
    say(f"\nEverything is in {result.folder} (cells.parquet)")


def _best(result: SweepResult) -> Table:
    """Return the cells with the highest share that settled, the wider bargaining range first."""
    from sim.cli.numbers import table

    order = ["settled", "zopa_margin"]
    rows = result.cells.sort_values(order, ascending=False, kind="stable").head(_SHOWN)
    keys = list(result.axes)[:3]
    found = table("structure", *keys, "settled", "interval", "margin", "worlds")
    for _, row in rows.iterrows():
        found.add_row(
            str(row["deal"]),
            *(f"{row[key]:g}" if result.axes[key] else str(row[key]) for key in keys),
            f"{row['settled']:.3f}",
            f"{row['settled_low']:.3f} to {row['settled_high']:.3f}",
            f"{row['zopa_margin']:.2f}",
            f"{row['worlds']:,}",
        )
    return found
