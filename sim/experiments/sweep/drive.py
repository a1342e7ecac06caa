"""Have the parts of a sweep played by workers, and deal with workers that die."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Executor
from contextlib import closing
from functools import partial

from sim.errors import RunError
from sim.experiments.executors import Serial, cores, processes
from sim.experiments.sweep.folder import Folder
from sim.experiments.sweep.layout import Layout
from sim.experiments.sweep.part import Part, Receipt, play_part
from sim.experiments.sweep.progress import Meter, metered
from sim.experiments.tasks import complete

__all__ = ["Make", "crew", "drive"]

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
    if settings.executor == "dask":
        from sim.experiments.cluster import cluster

        make = partial(cluster, settings.address, workers or cores())
        return make, 2 * (workers or cores()) if settings.address is None else 256
    base = layout.base
    small = len(layout) * base.worlds * base.rounds * len(base.deals) < _TINY
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
