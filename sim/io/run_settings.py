"""Keep apart from a scenario what concerns one run of it only: where results go, and workers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.errors import Fault, ScenarioError
from sim.io.config_layers import COMMAND_LINE
from sim.io.merge import Layered, origin
from sim.io.out import place
from sim.io.wording import shown

__all__ = ["RUN_KEYS", "RunSettings", "take"]

RUN_KEYS = ("out", "workers")
"""Keys of the primary config that are no part of a scenario."""


@dataclass(frozen=True, slots=True)
class RunSettings:
    """Say how a scenario is to be run; no result depends on it.

    Parameters
    ----------
    out : Path, optional
        Folder of the results; absent, one named by the time of the run.
    workers : int, optional
        Processes; absent, one for each processor.
    """

    out: Path | None = None
    workers: int | None = None


def take(values: Layered) -> RunSettings:
    """Take the settings of the run out of merged values.

    Raises
    ------
    ScenarioError
        If `out` is no path to write to (see :func:`sim.io.out.place`) or `workers` no whole number
        of at least 1.
    """
    files = {key: origin(values, (key,)) for key in RUN_KEYS}
    out, workers = (values.pop(key, None) for key in RUN_KEYS)
    faults = []
    if out is not None and (not isinstance(out, str) or not out):
        faults.append(Fault("out", "a path", shown(out), file=files["out"]))
    if workers is not None and (type(workers) is not int or workers < 1):
        expected = "a whole number of at least 1"
        faults.append(Fault("workers", expected, shown(workers), file=files["workers"]))
    if faults:
        raise ScenarioError(faults)
    if out is None:
        return RunSettings(None, workers)
    file = files["out"] or COMMAND_LINE
    return RunSettings(place(str(out), file=file, near=file != COMMAND_LINE), workers)
