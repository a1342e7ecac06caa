"""Settings of a sweep: its design, how sure it must be, and on which machines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sim.errors import Fault, ScenarioError, nearest

__all__ = ["DESIGNS", "EXECUTORS", "SweepSettings", "check_settings"]

DESIGNS = ("grid", "lhs", "sobol", "morris")
EXECUTORS = ("local", "dask", "loky", "mpi4py", "submitit")
"""Who may play a sweep, by name; all but the first are packages that may not be installed."""
_FILE = "command line"


@dataclass(frozen=True, slots=True)
class SweepSettings:
    """Say how a sweep is to be run.

    Parameters
    ----------
    design : {"grid", "lhs", "sobol", "morris"}
        All combinations of values; a Latin hypercube; Saltelli's sample for Sobol indices;
        Morris's trajectories.
    n : int, optional
        Size of a design other than a grid: cells of a hypercube, base points of Saltelli's sample
        (a power of 2), trajectories.
    precision : float, optional
        Widest admissible 95 % interval of a settlement share; cells play more blocks of worlds
        until all structures have it. Absent, every cell plays the scenario's worlds.
    save_worlds : bool
        Keep every world, not only shares.
    executor : {"local", "dask", "loky", "mpi4py", "submitit"}
        Processes of this machine, a Dask cluster, or executors of other packages. No result depends
        on it.
    address : str, optional
        Of the scheduler of a running Dask cluster, such as ``tcp://host:8786``; absent, a cluster
        of local processes.
    """

    design: str = "grid"
    n: int | None = None
    precision: float | None = None
    save_worlds: bool = False
    executor: str = "local"
    address: str | None = None


def check_settings(settings: SweepSettings) -> None:
    """Refuse settings that make no sense.

    Raises
    ------
    ScenarioError
        With every setting at fault.
    """
    faults = [*_of_design(settings), *_of_precision(settings), *_of_executor(settings)]
    if faults:
        raise ScenarioError([fault.located(_FILE) for fault in faults])


def _of_design(settings: SweepSettings) -> Iterable[Fault]:
    design, n = settings.design, settings.n
    if design not in DESIGNS:
        near = nearest(str(design), list(DESIGNS))
        yield Fault("design", f"one of {', '.join(DESIGNS)}", repr(design), near)
    elif design == "grid":
        if n is not None:
            yield Fault("n", "none for design=grid: its axes name their values", repr(n))
    elif type(n) is not int or not 2 <= n <= 1_000_000:
        yield Fault("n", f"a whole number from 2 for design={design}", repr(n))
    elif design == "sobol" and n & (n - 1):
        yield Fault("n", "a power of 2 for design=sobol", repr(n), str(1 << n.bit_length()))


def _of_precision(settings: SweepSettings) -> Iterable[Fault]:
    precision: Any = settings.precision
    if precision is not None and not (
        isinstance(precision, (int, float))
        and not isinstance(precision, bool)
        and 0.001 <= precision <= 1
    ):
        expected = "the width of an interval of shares, 0.001 to 1"
        yield Fault("precision", expected, repr(precision))
    whole: Any = settings.save_worlds
    if not isinstance(whole, bool):
        yield Fault("save_worlds", "true or false", repr(whole))


def _of_executor(settings: SweepSettings) -> Iterable[Fault]:
    if settings.executor not in EXECUTORS:
        near = nearest(str(settings.executor), list(EXECUTORS))
        got = repr(settings.executor)
        yield Fault("executor", f"one of {', '.join(EXECUTORS)}", got, near)
    address: Any = settings.address
    if address is not None:
        if settings.executor != "dask":
            yield Fault("address", "none unless executor=dask", repr(address))
        elif not isinstance(address, str) or not address:
            yield Fault("address", "that of a scheduler, tcp://host:8786", repr(address))
