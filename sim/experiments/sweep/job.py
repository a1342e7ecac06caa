"""Hold what all parts of a sweep have in common, packed for workers."""

from __future__ import annotations

import hashlib
import pickle
from dataclasses import dataclass, field
from functools import lru_cache

from sim.domain.quantity import Quantity
from sim.domain.scenario import Scenario
from sim.experiments.sweep.axes import Axis, point_of
from sim.quantities import Floats

__all__ = ["Job", "Packed", "pack", "unpack"]


@dataclass(frozen=True)
class Job:
    """What all parts of a sweep have in common.

    Parameters
    ----------
    variants : tuple of Scenario
        One for each combination of choices.
    axes : tuple of Axis
    precision : float, optional
    save_worlds : bool
    folder : str
        That of the sweep.
    config : str
        Digest of the sweep's config.
    code : str
        Digest of the program.
    """

    variants: tuple[Scenario, ...]
    axes: tuple[Axis, ...]
    precision: float | None
    save_worlds: bool
    folder: str
    config: str
    code: str

    def scenario(self, variant: int, row: Floats) -> Scenario:
        """Return the scenario of a cell that lies at a row's places."""
        known = _quantities(self.config, variant, self)
        values = {
            axis.key: known[axis.key].at(point_of(float(place)))
            for axis, place in zip(self.axes, row, strict=True)
            if axis.is_number
        }
        return self.variants[variant].replaced(values)


_known: dict[tuple[str, int], dict[str, Quantity]] = {}


def _quantities(config: str, variant: int, job: Job) -> dict[str, Quantity]:
    """Return the quantities that vary, looked up once in a process."""
    key = (config, variant)
    if key not in _known:
        _known.clear()
        keys = {axis.key for axis in job.axes}
        found = job.variants[variant].quantities()
        _known[key] = {name: quantity for name, quantity in found if name in keys}
    return _known[key]


@dataclass(frozen=True)
class Packed:
    """A job packed once, to be sent with every part and unpacked once by each worker."""

    digest: str
    data: bytes = field(repr=False, compare=False)


def pack(job: Job) -> Packed:
    """Return a job packed for workers."""
    data = pickle.dumps(job)
    return Packed(hashlib.sha256(data).hexdigest(), data)


@lru_cache(maxsize=2)
def unpack(packed: Packed) -> Job:
    """Return the job that was packed."""
    job: Job = pickle.loads(packed.data)  # noqa: S301 - packed by `pack`, in this sweep
    return job
