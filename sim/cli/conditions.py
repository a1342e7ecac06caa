"""What it would take: how far structures are from settling, what must give, and how rare it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from annotated_types import Gt, Le
from pydantic import Field

from sim.cli.options import Command, Form, Number, Overrides, Target
from sim.cli.results import write_results
from sim.errors import UsageError
from sim.io.files import check_writable
from sim.io.folders import FOUND_WORLDS
from sim.report.screen import display, say_overrides

if TYPE_CHECKING:
    from sim.experiments.conditions.conditions import Conditions as Found

__all__ = ["Conditions"]


class Conditions(Command):
    """Ask what it would take for structures to settle, and which is nearest.

    Along one declared way, from the numbers as drawn (0) to the friendly end of every range with a
    sign (1) and on to preconditions and ratifiers out of the way (2): where a tenth and a half of
    worlds take the first step, move land, close all. Then the least sets of changes that bring it
    about often enough, what is in all of them, and how probable it is as things are, down to one in
    a million, with what those worlds look like.

    In a minute with effort=quick, in some minutes without.
    """

    to: Annotated[Number, Gt(0), Le(1)] = Field(
        0.2, description="the share of worlds that a set of changes must bring about"
    )
    axes: Annotated[str, Form("KEY,KEY,KEY")] | None = Field(
        None, description="of the map: three numbers, or patterns with *"
    )
    effort: Literal["quick", "usual", "thorough"] = Field(
        "usual", description="how many worlds: half, as many as do, or twice as many"
    )
    event: Literal["first_stage", "transferred", "closed"] | None = Field(
        None,
        description="what is to come about: all claims closed, land moved or a first step; "
        "absent, the most that each structure can bring about",
    )
    out: Annotated[Target, Form("DIR")] | None = Field(
        None, description="folder for the tables and the pictures: ladder, matrix, maps"
    )
    overrides: Annotated[
        tuple[str, ...], Overrides("[scenario=NAME|PATH] [deals=[a,b]] [key=value …]")
    ] = ()

    def run(self) -> int:
        """Answer for each structure."""
        from sim.experiments.conditions.conditions import Effort, conditions
        from sim.experiments.provenance import now
        from sim.io.config import load_run
        from sim.report.conditions import conditions_page

        started = now()
        scenario, settings = load_run(None, self.overrides)
        if self.out is not None:
            check_writable(self.out)
        factor = {"quick": 0.5, "usual": 1.0, "thorough": 2.0}[self.effort]
        axes = tuple(self.axes.split(",")) if self.axes else ()
        try:
            found = conditions(
                scenario,
                self.to,
                axes,
                event=self.event,
                effort=Effort().times(factor),
                workers=settings.workers,
            )
        except ValueError as error:
            raise UsageError(f"axes: {error}") from None
        if self.out is not None:
            write_results(self.out, _files(found), scenario, started)
        say_overrides(self.overrides, scenario)
        display(conditions_page(found, self.out))
        return 0


def _files(found: Found) -> dict[str, bytes]:
    """Return tables and pictures by the names of their files."""
    from sim.experiments.conditions.folder import conditions_files
    from sim.io.tables import csv
    from sim.plotting.conditions import condition_pictures

    tables = {
        "distances": found.distances(),
        "coalitions": found.coalitions(),
        "probabilities": found.probabilities(),
    }
    files = conditions_files(found)
    files |= {f"{name}.csv": csv(frame) for name, frame in tables.items()}
    if len(worlds := found.worlds()):
        files[FOUND_WORLDS] = worlds.to_parquet(index=False)
    return files | condition_pictures(found)
