"""Analyses of what has been played: which uncertainty decides, and where structures settle."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from annotated_types import Ge
from pydantic import Field

from sim.cli.options import Argument, Command, Flag, Overrides, Whole
from sim.domain.outcome import OUTCOMES
from sim.io.folders import CONFIG, FOUND_WORLDS, SWEEP, check_run
from sim.report.screen import display, say, say_overrides, watched

if TYPE_CHECKING:
    from collections.abc import Collection

    from sim.domain.scenario import Scenario

__all__ = ["Discover", "Sensitivity"]


class Sensitivity(Command):
    """Ask which declared uncertainty decides how the structures of a scenario end.

    DIR is the folder of a sweep with design=sobol or design=morris; without it, two are played:
      AXIS               as in `islands sweep`: key=uncertain, key=interval(a,b); without any,
                         everything with a declared range
      deals=[a,b] worlds=N …   as in `islands run`
      out=DIR workers=N  as in `islands sweep`; the same command goes on where it stopped

    A first-order index is the share of the outcome's variance that a number decides alone, a total
    one that with all others; both with 95 % intervals. `islands plot DIR` draws them.

    The outcome is the share of worlds that settle (settled), or the median over worlds of the best
    smaller surplus, in points (zopa_margin); auto takes the first where it varies, else the second.

    What should be polled next is another question: value=true plays one run (or takes DIR, that of
    a run) and tells by how much the best choice among structures would improve if a number were
    known before choosing, the survey that would most change the ranking first.
    """

    value: Flag = Field(False, description="the value of knowing each number before choosing")

    outcome: Literal["auto", "settled", "zopa_margin"] = Field(
        "auto", description="what is to be explained"
    )
    trajectories: Annotated[Whole, Ge(1)] = Field(
        8, description="of Morris's screening: so many times (axes + 1) cells"
    )
    top: Annotated[Whole, Ge(1)] = Field(
        6, description="axes that the screening keeps for each structure"
    )
    base: Annotated[Whole, Ge(1)] = Field(
        64,
        description="base points of the Sobol indices, a power of 2: so many times (axes kept + 2) "
        "cells",
    )
    words: Annotated[
        tuple[str, ...], Overrides("[DIR | scenario=NAME|PATH] [AXIS …] [key=value …]")
    ] = ()

    def run(self) -> int:
        """Print what decides the outcome of each structure."""
        from sim.experiments.analysis.indices import of_sweep
        from sim.experiments.analysis.sensitivity import sensitivity
        from sim.experiments.sweep.result import load_sweep
        from sim.io.axes import take_axes
        from sim.report.sweep import deciding

        words = list(self.words)
        if self.value or _of_run(words):
            return _polled_next(words)
        if len(words) == 1 and "=" not in words[0] and Path(words[0]).is_dir():
            swept = load_sweep(words[0])
            _say_overrides_of(swept.scenario, [*swept.axes])
            display(deciding("", of_sweep(swept, self.outcome)))
            return 0
        effort = self.model_dump(include={"trajectories", "top", "base"})
        shown = watched()
        found = sensitivity(None, words, outcome=self.outcome, progress=shown, **effort)
        say_overrides(take_axes(words)[0], found.sweeps[0].scenario)
        display(deciding("Morris's screening", found.screening))
        display(deciding("Sobol indices of what it kept", found.indices))
        folders = " and ".join(str(swept.folder) for swept in found.sweeps)
        say(f"\nBoth sweeps are kept in {folders}; `islands plot` draws them")
        return 0


def _say_overrides_of(scenario: Scenario, axes: Collection[str] = ()) -> None:
    """Write which numbers of what was played stand otherwise than its files say."""
    told = (text for text in scenario.overrides if text.partition("=")[0] not in axes)
    say_overrides(told, scenario)


def _of_run(words: list[str]) -> bool:
    """Tell whether the folder of a run is all that is named."""
    folder = Path(words[0]) if len(words) == 1 and "=" not in words[0] else None
    return folder is not None and (folder / "worlds.parquet").is_file()


def _polled_next(words: list[str]) -> int:
    """Print which survey would most change the ranking of structures."""
    from sim.domain.narration import fill
    from sim.experiments.analysis.information import information
    from sim.experiments.ensemble import run
    from sim.experiments.result import load_result
    from sim.io.config import load_run

    if _of_run(words):
        result = load_result(words[0])
        _say_overrides_of(result.scenario)
    else:
        scenario, settings = load_run(None, tuple(words))
        say_overrides(words, scenario)
        scenario = scenario.model_copy(update={"dependence_check": False})
        result = run(scenario, workers=settings.workers, reversal_draws=0, progress=watched())
    heading = "What should be polled next"
    say(fill([(heading, list(information(result).sentences()))], 80))
    return 0


def _played(folder: Path) -> tuple[Scenario, list[str]]:
    """Return the scenario of a run or a sweep, and the axes of the latter."""
    from sim.experiments.result import read_scenario
    from sim.experiments.sweep.result import load_sweep

    if (folder / SWEEP).is_file():
        swept = load_sweep(folder)
        return swept.scenario, [*swept.axes]
    return read_scenario(folder / CONFIG), []


_VERBS = {"settled": "settles", "zopa": "has something to gain for both"}


class Discover(Command):
    """Say in words where a structure settles, from a run or a sweep.

    DIR is the folder of `islands run` (cases are worlds, by what each drew of everything uncertain)
    or of `islands sweep` (cases are cells, by their place on the axes). Half of the cases find the
    limits, the other half measure them.
    """

    folder: Annotated[str, Argument("DIR")]
    event: str = Field(
        "settled",
        description="or another outcome: reneged, interim, rejected, no_bargain, preconditions, "
        "publics, not_reached; of a run also zopa: some package is worth signing to both",
    )

    def run(self) -> int:
        """Print where an outcome happens, structure by structure."""
        folder = Path(self.folder)
        if not any((folder / name).is_file() for name in (SWEEP, FOUND_WORLDS)):
            check_run(folder)
        from sim.experiments.analysis.discovery import discover

        scenario, axes = _played(folder)
        labels = {outcome.name: f"ends in “{outcome.label}”" for outcome in OUTCOMES}
        verb = (labels | _VERBS).get(self.event, self.event)
        found_all = discover(self.folder, self.event)
        _say_overrides_of(scenario, axes)
        for deal, found in found_all.items():
            first, *rest = found.sentences(verb)
            say("\n  ".join([f"{deal} {first}", *rest]) + "\n")
        return 0
