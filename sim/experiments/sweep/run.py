"""Runs of sweeps, begun or gone on with, by workers that may die."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from sim.domain.scenario import Scenario
from sim.errors import RunError
from sim.experiments.executors import OTHERS, Lent, Serial, cores, other_executor, processes
from sim.experiments.sweep.folder import Folder
from sim.experiments.sweep.layout import Layout, Source, lay_out
from sim.experiments.sweep.part import Part, Receipt, play_part
from sim.experiments.sweep.progress import Meter, metered
from sim.experiments.sweep.result import SweepResult, load_sweep
from sim.experiments.tasks import complete
from sim.io.sweep_settings import SweepSettings
from sim.quantities import as_index

__all__ = ["Axes", "Make", "crew", "drive", "play", "sweep", "texts"]

Make = Callable[[], Executor]
"""Returns a new executor."""

_TINY = 500_000
"""Worlds times rounds below which new processes take longer to start than the work takes."""


def crew(layout: Layout, workers: int | None) -> tuple[Make, int]:
    """Return how to make the executor a sweep asks for, and how many tasks to hand it at a time.

    Parameters
    ----------
    layout : Layout
    workers : int, optional
        Processes; absent, one for each processor, or this one for a small sweep.
    """
    settings = layout.settings
    if settings.executor in OTHERS:
        return other_executor(settings.executor, workers or cores()), 256
    if settings.executor == "dask":
        from sim.experiments.executors import cluster

        make = partial(cluster, settings.address, workers or cores())
        return make, 2 * (workers or cores()) if settings.address is None else 256
    base = layout.base
    small = len(layout) * base.worlds * base.rounds * len(base.structures) < _TINY
    if workers is None and small and settings.precision is None:
        return Serial, 1
    return partial(processes, workers or cores()), 2 * (workers or cores())


def drive(folder: Folder, make: Make, in_flight: int, show: bool) -> list[int]:
    """Play all that is left of a sweep and finish its folder.

    Parameters
    ----------
    folder : Folder
    make : callable
        Returns a new executor.
    in_flight : int
        How many tasks are handed over at a time.
    show : bool
        Show a progress bar on the terminal.

    Returns
    -------
    list of int
        Cells that were given up because they kept killing their workers.
    """
    todo = folder.open()
    with metered(folder.path, len(folder.layout), folder.count(), show) as meter:
        split = [part for part in todo if folder.split(part)]
        given_up = _played(make, [part for part in todo if part not in split], in_flight, meter)
        lost = _one_by_one(folder, make, split + given_up, meter)
        if len(lost) < len(folder.layout):
            folder.finish(lost)
        meter.close()
    return lost


def _played(make: Make, parts: Sequence[Part], in_flight: int, meter: Meter) -> list[Part]:
    """Play parts; return those that were given up."""
    given_up: list[Part] = []
    with closing(_receipts(make, parts, in_flight, given_up.append)) as receipts:
        for receipt in receipts:
            meter.advance(receipt)
    return given_up


def _receipts(
    make: Make, parts: Sequence[Part], in_flight: int, give_up: Callable[[Part], None]
) -> Generator[Receipt, None, None]:
    with closing(
        complete(make, play_part, parts, in_flight=in_flight, give_up=give_up)
    ) as finished:
        for _, receipt in finished:
            yield receipt


def _one_by_one(folder: Folder, make: Make, parts: Sequence[Part], meter: Meter) -> list[int]:
    """Play the cells of parts that were given up one at a time; return those that still kill."""
    singles = [part.single(place) for part in parts for place in range(len(part.cells))]
    _played(make, [one for one in singles if not folder.has(one)], 1, meter)
    return [cell for part in parts for cell in folder.join_singles(part)]


def complaint(folder: Folder, lost: Sequence[int]) -> RunError:
    """Return the error that names the cells that were given up."""
    shown = "; ".join(folder.layout.describe(cell) for cell in lost[:5])
    more = f"; and {len(lost) - 5} more" if len(lost) > 5 else ""
    return RunError(
        f"workers kept dying on {shown}{more}: killed, or short of memory? All other cells are in "
        f"{folder.path}; the same command tries these again"
    )


Axes = Iterable[str] | Mapping[str, Any]


def sweep(
    scenario: Scenario | str | Path,
    axes: Axes,
    out: str | Path | None = None,
    *,
    workers: int | None = None,
    progress: bool = False,
    executor: Executor | str = "local",
    **settings: Any,
) -> SweepResult:
    """Play a scenario in many settings, all on the same random numbers.

    Every finished group of cells is a file in `out`. Stopped at any moment and called again with
    the same arguments it goes on where it was; the files are the same in the end.

    Parameters
    ----------
    scenario : Scenario, str or Path
        By name or path where axes choose parts or settings of it.
    axes : mapping, str or iterable of str
        ``{"holder.public.opposition": [0.3, 0.5], "worlds": 1024}``, or as on the command line:
        ``["holder.public.opposition=range(0.3,0.95,0.05)", "worlds=1024"]``.
    out : str or Path, optional
        Folder of the results; absent, one in ``outputs`` that is named by what is asked for.
    workers : int, optional
        Processes; no result depends on it.
    progress : bool
        Show a progress bar on the terminal (standard error).
    executor : concurrent.futures.Executor or str
        Any executor, which is left running; or the name of one, as `SweepSettings` has it. No
        result depends on it. Its workers see `out` under the same path.
    **settings
        Further fields of `SweepSettings`: ``design="lhs", n=100, precision=0.02`` ...

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
    if others := {*settings} - {one.name for one in fields(SweepSettings)}:
        wanted = "a key of the scenario is an axis, 'KEY=VALUE'"
        raise TypeError(f"sweep() has no setting {', '.join(sorted(others))}; {wanted}")
    given: dict[str, Any] = {key: as_index(value) for key, value in settings.items()}
    lent = executor if isinstance(executor, Executor) else None
    if not isinstance(executor, Executor):
        given["executor"] = executor
    layout = lay_out(source, texts(axes), SweepSettings(**given))
    return play(layout, Path(out) if out else None, workers, progress, lent)


def play(
    layout: Layout,
    out: Path | None,
    workers: int | None = None,
    progress: bool = False,
    executor: Executor | None = None,
) -> SweepResult:
    """Play a sweep that is laid out, or what is left of it; see `sweep`."""
    folder = folder_of(layout, out)
    made = crew(layout, workers) if executor is None else (partial(Lent, executor), 256)
    lost = drive(folder, *made, show=progress)
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
        return [axes] if isinstance(axes, str) else list(axes)
    return [key if value is None else f"{key}={_text(value)}" for key, value in axes.items()]


def _text(value: Any) -> str:
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return f"choice({','.join(map(_text, value))})"
    if value is None or isinstance(value, bool):
        return str(value).lower().replace("none", "null")
    return str(value)
