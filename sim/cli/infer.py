"""Inference: from words to posteriors of declared numbers, their files and the check of it all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from annotated_types import Ge, Le
from pydantic import Field

from sim.cli.options import Command, Form, Keys, Overrides, Target, Whole
from sim.cli.results import write_results
from sim.io.files import check_writable
from sim.report.screen import display, say_overrides, watched

if TYPE_CHECKING:
    from sim.experiments.inference.coverage import Coverage
    from sim.experiments.inference.posterior import Posterior

__all__ = ["Infer"]


class Infer(Command):
    """Say what declared numbers must be, given what was observed: which moved, and how far.

    Every world is a draw of all uncertain numbers, with what would have been read in it: worlds
    that reproduce what was observed are the posterior. What the scenario lists as observed counts
    where no file is named, and where it is conditioned. A file of readings:

      observed:
        poll_2019:
          kind: poll             # or approval, offers: numbers, with a tolerance
          side: holder           #   signed, first_stage, transferred, closed: true or false
          package: {administration: two}
          at: 4                  # rounds that were over
          value: 0.2
          tolerance: 0.03
          label: in favour of two islands
          source: [FACT]         # or assumption: why

    out=DIR writes tables, a picture, posterior.nc for ArviZ (extra infer), and posterior.yaml, a
    scenario with the numbers that moved as they are now: islands run scenario=DIR/posterior.yaml
    """

    observed: Annotated[str, Form("FILE")] | None = Field(
        None, description="a file of readings; else what the scenario lists as observed"
    )
    targets: Annotated[Keys, Form("[KEY,KEY]")] | None = Field(
        None, description="uncertain numbers (islands list numbers); else all of them"
    )
    deal: str | None = Field(
        None, description="the structure; may be left out where all was read at the start"
    )
    keep: Annotated[Whole, Ge(20), Le(1_000_000)] = Field(
        200, description="worlds to keep at least: where fewer agree, the nearest stand in"
    )
    check: Annotated[Whole, Le(100_000)] = Field(
        0, description="worlds to plant, to see whether intervals hold what they should"
    )
    out: Annotated[Target, Form("DIR")] | None = Field(
        None, description="folder for the tables, the picture and the posterior"
    )
    overrides: Annotated[tuple[str, ...], Overrides("[scenario=NAME|PATH] [key=value …]")] = ()

    def run(self) -> int:
        """Play the worlds, weigh them and tell the posterior."""
        from sim.experiments.inference.coverage import check_coverage
        from sim.experiments.inference.posterior import check_arviz, infer
        from sim.experiments.provenance import now
        from sim.io.config import load_run
        from sim.report.inference import posterior_page

        started = now()
        if self.out is not None:
            check_arviz()
            check_writable(self.out)
        scenario, settings = load_run(None, self.overrides)
        found = infer(
            scenario,
            self.observed,
            self.targets,
            self.deal,
            keep=self.keep,
            workers=settings.workers,
            progress=watched(),
        )
        coverage = check_coverage(found, self.check) if self.check else None
        if self.out is not None:
            write_results(self.out, _files(found, coverage), found.scenario, started)
        say_overrides(self.overrides, found.scenario)
        display(posterior_page(found, coverage, self.out))
        return 0


def _files(found: Posterior, coverage: Coverage | None) -> dict[str, bytes]:
    """Return the files of an inference by name."""
    from sim.io.tables import csv
    from sim.plotting.canvas import image
    from sim.plotting.inference import posteriors, rank_histograms
    from sim.report.inference import posterior_scenario

    files = {
        "posterior.csv": csv(found.table),
        "readings.csv": csv(found.readings_table),
        "posterior.nc": found.to_netcdf(),
        "posterior.png": image(posteriors(found)),
        "posterior.yaml": posterior_scenario(found).encode(),
    }
    if coverage is not None:
        files["coverage.csv"] = csv(coverage.table)
        files["ranks.csv"] = csv(coverage.ranks)
        files["ranks.png"] = image(rank_histograms(found, coverage))
    return files
