"""Run a sweep, or go on with one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sim.domain.scenario import Scenario
from sim.experiments.sweep.drive import complaint, crew, drive
from sim.experiments.sweep.folder import Folder
from sim.experiments.sweep.layout import Layout
from sim.experiments.sweep.planning import Source, lay_out
from sim.experiments.sweep.result import SweepResult, load_sweep
from sim.io.sweep_settings import SweepSettings

__all__ = ["Axes", "play", "sweep", "texts"]

Axes = Iterable[str] | Mapping[str, Any]


def sweep(
    scenario: Scenario | str | Path,
    axes: Axes,
    out: str | Path | None = None,
    *,
    workers: int | None = None,
    progress: bool = False,
    **settings: Any,
) -> SweepResult:
    """Play a scenario in many settings, all on the same random numbers.

    Every finished group of cells is a file in `out`. Stopped at any moment and called again with
    the same arguments it goes on where it was; the files are the same in the end.

    Parameters
    ----------
    scenario : Scenario, str or Path
        By name or path where axes choose parts or settings of it.
    axes : mapping, or iterable of str
        ``{"holder.public.opposition": [0.3, 0.5], "worlds": 1024}``, or as on the command line:
        ``["holder.public.opposition=range(0.3,0.95,0.05)", "worlds=1024"]``.
    out : str or Path, optional
        Folder of the results; absent, one in ``outputs`` that is named by what is asked for.
    workers : int, optional
        Processes; no result depends on it.
    progress : bool
        Show a progress bar on the terminal (standard error).
    **settings
        Fields of `SweepSettings`: ``design="lhs", n=100, precision=0.02, executor="dask"`` ...

    Raises
    ------
    ScenarioError
        If anything is at fault that was asked for, or `out` holds another sweep.
    RunError
        If it cannot be finished; what is finished stays in `out`.

    Examples
    --------
    ``sweep("my_case", {"holder.public.opposition": [0.3, 0.5, 0.7], "worlds": 256}, "out")``
    """
    source = Source(scenario, [])
    layout = lay_out(source, texts(axes), SweepSettings(**settings))
    return play(layout, Path(out) if out else None, workers, progress)


def play(
    layout: Layout, out: Path | None, workers: int | None = None, progress: bool = False
) -> SweepResult:
    """Play a sweep that is laid out, or what is left of it; see `sweep`."""
    folder = folder_of(layout, out)
    lost = drive(folder, *crew(layout, workers), show=progress)
    if lost:
        raise complaint(folder, lost)
    return load_sweep(folder.path)


def folder_of(layout: Layout, out: Path | None) -> Folder:
    """Return the folder of a sweep; without a name, that of the same sweep whenever it is asked."""
    if out is not None:
        return Folder(out, layout)
    name = f"sweep_{layout.base.name}_{Folder(Path(), layout).digest[:8]}"
    return Folder(Path("outputs") / name, layout)


def texts(axes: Axes) -> list[str]:
    """Return axes and overrides as they would be written on the command line."""
    if not isinstance(axes, Mapping):
        return list(axes)
    return [key if value is None else f"{key}={_text(value)}" for key, value in axes.items()]


def _text(value: Any) -> str:
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return f"choice({','.join(map(_text, value))})"
    if value is None or isinstance(value, bool):
        return str(value).lower().replace("none", "null")
    return str(value)
