"""Record of the past: fit what all episodes share, and forecast each of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from annotated_types import Ge, Le
from pydantic import Field

from sim.cli.options import Command, Form, Target, Whole
from sim.report.screen import display, say, say_moved, say_overrides, watched

if TYPE_CHECKING:
    from sim.experiments.history.judging import Hindcast as HindcastResult

__all__ = ["Calibrate", "Hindcast"]


class Calibrate(Command):
    """Fit the factors that all episodes share to what is known of them together.

    The same arguments give the same files, to the byte.
    """

    draws: Annotated[Whole, Ge(2)] = Field(1024, description="draws of the factors")
    each: Annotated[Whole, Ge(1), Le(1024)] = Field(
        32, description="worlds of each structure for each draw, a divisor of 1,024"
    )
    keep: Annotated[Whole, Ge(1), Le(99)] = Field(
        5, description="how many draws in a hundred are kept"
    )
    seed: Whole = 1855
    agenda: Literal["tabled", "single"] = Field(
        "tabled", description="whether sides may change the table, or each structure is by itself"
    )
    prior: str = Field("prior", description="what to start from, of `islands list calibrations`")
    out: Target | None = Field(
        None, description="write the fitted ranges; choose them with calibration=FILE"
    )
    doc: Target | None = Field(
        None, description="write a page: misfits by mark, and what history says nothing about"
    )
    workers: Whole | None = Field(None, description="processes")

    def run(self) -> int:
        """Calibrate, and show what came of it."""
        from sim.experiments.history.calibration import CalibrationSizes, run
        from sim.io.files import check_place, write_atomically
        from sim.io.history import load_calibration
        from sim.report.calibration import page, ranges

        for target in filter(None, (self.out, self.doc)):
            check_place(target.parent)
        sizes = CalibrationSizes(self.draws, self.each, self.keep / 100)
        prior = load_calibration(self.prior)
        shown = watched()
        how = self.model_dump(include={"seed", "agenda", "workers"})
        result = run(prior=prior, sizes=sizes, **how, progress=shown)
        told = page(result)
        for path, text in ((self.out, ranges(result)), (self.doc, told)):
            if path:
                write_atomically(path, text.encode())
        say(told.rstrip())
        return 0


class Hindcast(Command):
    """Forecast the episodes of the record, and be judged by what happened.

    Exit code 0 says that it ran, not that all fits: what does not is named.
    """

    worlds: Whole = Field(2048, description="worlds of each structure")
    seed: Whole | None = Field(None, description="in place of each scenario's own")
    calibration: str | None = Field(
        None, description="factors shared by all episodes, of `islands list calibrations`"
    )
    beside: Annotated[str, Form("DEAL")] | None = Field(
        None, description="read every table as if half of the weight had been on that structure"
    )
    agenda: Literal["tabled", "single"] = Field(
        "tabled", description="whether sides may change the table, or each structure is by itself"
    )
    drafted: bool = Field(False, description="let every text take its time to be drafted")
    out: Annotated[Target, Form("DIR")] | None = Field(
        None, description="write episodes, scores and targets as Parquet, and the page"
    )
    format: Literal["parquet", "csv"] = Field("parquet", description="csv: tables as CSV, too")
    doc: Target | None = Field(
        None,
        description="write the page in Markdown: this reading, and others for comparison",
    )
    workers: Whole | None = Field(None, description="processes")

    def run(self) -> int:
        """Run the hindcast and show it."""
        from sim.experiments.history.hindcast import hindcast
        from sim.io.files import check_place, check_writable, write_atomically
        from sim.io.history import load_calibration
        from sim.report.hindcast import page, render

        if self.out is not None:
            check_writable(self.out)
        if self.doc is not None:
            check_place(self.doc.parent)
        asked = self.model_dump(
            include={"worlds", "seed", "beside", "agenda", "drafted", "workers"}
        )
        asked["calibration"] = load_calibration(self.calibration) if self.calibration else None
        result = hindcast(**asked, progress=watched())
        told = {"seed", "calibration", "beside", "agenda", "drafted"}
        said = self.model_dump(include=told, exclude_defaults=True)
        earlier: list[Path] = []
        if self.out:
            also = {"hindcast.md": page(result).encode()}
            result.save(self.out, also, self.format, earlier.append)
        if self.doc:
            write_atomically(self.doc, page(result, _others(asked)).encode())
        say_overrides(f"{key}={value}" for key, value in said.items())
        display(render(result))
        say_moved(self.out, earlier)
        return 0


def _others(given: dict[str, Any]) -> dict[str, HindcastResult]:
    """Return other readings of the same history, to be set beside the one that was asked for."""
    from sim.experiments.history.hindcast import hindcast
    from sim.io.history import load_calibration, load_history
    from sim.io.library import list_names

    small = {"beside": load_history().beside}
    settings: dict[str, dict[str, Any]] = {"small matters on every table": small}
    if given["agenda"] == "tabled":
        settings["each structure by itself"] = {"agenda": "single"}
    if not given["drafted"]:
        settings["texts take time to be drafted"] = {"drafted": True}
    if "fitted" in list_names("calibration"):
        fitted = load_calibration("fitted")
        settings["with fitted factors"] = {"calibration": fitted}
        settings["both"] = {**small, "calibration": fitted}
    progress = watched()
    return {
        label: hindcast(**{**given, **change}, progress=progress)
        for label, change in settings.items()
    }
