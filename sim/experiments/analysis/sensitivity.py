"""Sensitivity of outcomes to declared uncertainty: all screened, then a few weighed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from sim.domain.scenario import Scenario
from sim.errors import Fault, ScenarioError
from sim.experiments.analysis.indices import of_sweep
from sim.experiments.sweep.layout import Source, lay_out
from sim.experiments.sweep.result import SweepResult
from sim.experiments.sweep.run import Axes, play, texts
from sim.io.axes import UNCERTAIN, take_axes
from sim.io.sweep_settings import SweepSettings, check_settings
from sim.quantities import as_index

__all__ = ["Effort", "Sensitivity", "sensitivity"]


@dataclass(frozen=True)
class Effort:
    """How much work to put into it.

    Parameters
    ----------
    trajectories : int
        Of the screening, at least 2; each plays one cell more than there are axes.
    base : int
        Base points of the Sobol indices, a power of 2; each plays two cells more than axes kept.
    top : int
        How many axes of the screening to keep for each structure.
    workers : int, optional
    progress : bool
    """

    trajectories: int = 8
    base: int = 64
    top: int = 6
    workers: int | None = None
    progress: bool = False


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """What decides the outcome of each structure.

    Parameters
    ----------
    screening : DataFrame
        Morris's measures of all axes; see `sim.experiments.analysis.indices.of_sweep`.
    indices : DataFrame
        Sobol indices of the axes that the screening kept; the others stay at their declared
        uncertainty, drawn in every world.
    sweeps : tuple of SweepResult
        The sweeps behind the two, in this order, for `sim.plotting.influence`.
    """

    screening: pd.DataFrame
    indices: pd.DataFrame
    sweeps: tuple[SweepResult, SweepResult]


def sensitivity(
    scenario: Scenario | str | Path | None,
    axes: Axes = (UNCERTAIN,),
    out: str | Path | None = None,
    outcome: str = "auto",
    **effort: Any,
) -> Sensitivity:
    """Return what decides how the structures of a scenario end.

    Both steps are sweeps, kept in `out` and gone on with when called again.

    Parameters
    ----------
    scenario : Scenario, str, Path or None
    axes : mapping, str or iterable of str
        Axes and overrides as for a sweep; without an axis, everything declared uncertain.
    out : str or Path, optional
        Folder of the two sweeps, ``screening`` and ``indices``.
    outcome : {"auto", "settled", "zopa_margin"}
        What is to be explained: the share of settled worlds, or the median over worlds of the
        best smaller surplus; `auto` is the first where it varies at all, else the second.
    **effort
        Fields of `Effort`: ``trajectories=4, base=16, top=3`` ...

    Raises
    ------
    ScenarioError, RunError
        As a sweep.
    """
    much = Effort(**{name: as_index(value) for name, value in effort.items()})
    kept, asked = take_axes(texts(axes))
    words = [axis.text for axis in asked] or [UNCERTAIN]
    source = Source(scenario, [])
    settings = SweepSettings(design="morris", n=much.trajectories)
    weighed = SweepSettings(design="sobol", n=much.base)
    _check(trajectories=settings, base=weighed)
    layout = lay_out(source, [*kept, *words], settings)
    folder = Path(out) if out else source.run.out
    workers = much.workers or source.run.workers
    first = play(layout, folder and folder / "screening", workers, much.progress)
    screening = of_sweep(first, outcome)
    chosen = _top(screening, much.top)
    if not chosen:
        raise ScenarioError([Fault("outcome", "one that varies", f"{outcome}, always the same")])
    kept_axes = tuple(axis for axis in layout.axes if axis.key in chosen)
    second = play(
        layout.narrowed(kept_axes, weighed),
        folder and folder / "indices",
        workers,
        much.progress,
    )
    return Sensitivity(screening, of_sweep(second, outcome), (first, second))


def _check(**designs: SweepSettings) -> None:
    """Refuse sizes of designs, by the names that they have here, before any of them is played."""
    faults: list[Fault] = []
    for key, settings in designs.items():
        try:
            check_settings(settings)
        except ScenarioError as error:
            faults += [replace(fault, key=key) for fault in error.faults]
    if faults:
        raise ScenarioError(faults)


def _top(screening: pd.DataFrame, number: int) -> set[str]:
    """Return the most influential axes of each structure."""
    first = screening.groupby("deal", observed=True).head(number)
    return set(first.loc[first["mu_star"] > 0, "key"])
