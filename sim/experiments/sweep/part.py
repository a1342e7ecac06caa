"""Parts of a sweep: groups of cells, each played in one task and written to a file of its own.

A part is the task that a worker gets. It depends on nothing but the sweep, writes its file in one
stroke and returns a receipt only, so it can be done twice, anywhere, with the same bytes.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.domain.quantity import Quantity
from sim.domain.results import OUTCOMES_TABLE, Kinds
from sim.domain.scenario import Scenario
from sim.errors import RunError, ScenarioError
from sim.experiments.sweep.axes import Axis, point_of
from sim.experiments.sweep.cells import PlayedCell, write_worlds
from sim.experiments.sweep.layout import Layout
from sim.experiments.tasks import Packed, pack, unpack
from sim.io.files import write_atomically
from sim.io.tables import config_of, parquet, read_parquet
from sim.memo import Memo
from sim.quantities import Floats

__all__ = [
    "PART",
    "Job",
    "Part",
    "Receipt",
    "code_digest",
    "count_cells",
    "cut",
    "finished",
    "play_part",
    "read_part",
    "write_part",
]

_ROOT = Path(__file__).resolve().parents[2]


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Return a digest of the program's own source files."""
    result = hashlib.sha256()
    for path in sorted(_ROOT.rglob("*.py")):
        result.update(f"{path.relative_to(_ROOT).as_posix()}\n".encode())
        result.update(path.read_bytes())
    return result.hexdigest()


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


_varied: Memo[dict[str, Quantity]] = Memo(1)


def _quantities(config: str, variant: int, job: Job) -> dict[str, Quantity]:
    """Return the quantities that vary, looked up once in a process."""
    key = (config, variant)
    known = _varied.get(key)
    if known is None:
        keys = {axis.key for axis in job.axes}
        found = job.variants[variant].quantities()
        known = _varied.add(key, {name: quantity for name, quantity in found if name in keys})
    return known


PART: Kinds = {
    "cell": "count",
    "hash": "text",
    **OUTCOMES_TABLE,
    "deal": "text",
    "zopa_margin": "number",
}
"""Columns of a part; `zopa_margin` is the median over worlds."""


@dataclass(frozen=True, eq=False)
class Part:
    """Some cells of a sweep.

    Parameters
    ----------
    job : Packed
    name : str
        Of its file, without suffix.
    cells, variants : ndarray of int, shape (cells,)
    points : ndarray, shape (cells, axes)
    hashes : list of str
    """

    job: Packed[Job]
    name: str
    cells: np.ndarray
    variants: np.ndarray
    points: Floats = field(repr=False)
    hashes: list[str] = field(repr=False)

    def single(self, place: int) -> Part:
        """Return a part of one of its cells."""
        rows = slice(place, place + 1)
        name = f"{self.name}.cell-{self.cells[place]:07d}"
        picked = self.cells[rows], self.variants[rows], self.points[rows], self.hashes[rows]
        return Part(self.job, name, *picked)

    def __str__(self) -> str:
        """Say which cells these are."""
        return f"cells {self.cells[0]} to {self.cells[-1]}"


@dataclass(frozen=True)
class Receipt:
    """What a worker returns of a part that it has written.

    Parameters
    ----------
    name : str
    cells, worlds : int
        How many cells, and how many worlds were played for all their structures together.
    seconds : float
    """

    name: str
    cells: int
    worlds: int
    seconds: float


def play_part(part: Part) -> Receipt:
    """Play a part's cells, write its file, and say so; a part that is there is left alone."""
    started = time.perf_counter()
    job = unpack(part.job)
    if code_digest() != job.code:
        raise RunError("the worker runs another version of the program than the sweep")
    path = file_of(job, part.name)
    if finished(path, part, job.config):
        return Receipt(part.name, len(part.cells), 0, time.perf_counter() - started)
    played_cells = _played_cells(part, job)
    if job.save_worlds:
        write_worlds(Path(job.folder), part.name, played_cells, part.cells, job.config)
    write_part(path, _table(part, played_cells), job.config)
    played = sum(played_cell.worlds for played_cell in played_cells)
    return Receipt(part.name, len(part.cells), played, time.perf_counter() - started)


def _played_cells(part: Part, job: Job) -> list[PlayedCell]:
    """Play block by block, and of each one structure after another in all cells.

    They share the block's random numbers, and the structure what does not hang on where they lie.
    """
    scenarios = [
        job.scenario(int(variant), row)
        for variant, row in zip(part.variants, part.points, strict=True)
    ]
    played_cells = [PlayedCell(scenario, job.precision, job.save_worlds) for scenario in scenarios]
    while going := [played_cell for played_cell in played_cells if not played_cell.enough]:
        for deal in going[0].blocks:
            for played_cell in going:
                played_cell.play(deal)
    return played_cells


def _table(part: Part, played_cells: Sequence[PlayedCell]) -> pd.DataFrame:
    rows = [
        {"cell": cell, "hash": name, **row}
        for cell, name, played_cell in zip(part.cells, part.hashes, played_cells, strict=True)
        for row in played_cell.rows()
    ]
    return pd.DataFrame(rows, columns=list(PART))


def file_of(job: Job, name: str) -> Path:
    """Return the file of a part."""
    return Path(job.folder) / "parts" / f"{name}.parquet"


def write_part(path: Path, table: pd.DataFrame, config: str) -> None:
    """Write a part's table in one stroke."""
    write_atomically(path, parquet(table, PART, config))


def read_part(path: Path) -> pd.DataFrame:
    """Return a part's table.

    Raises
    ------
    ScenarioError
        If the file is missing, damaged or foreign.
    """
    return read_parquet(path, PART, {})


def finished(path: Path, part: Part, config: str) -> bool:
    """Tell whether a part's file is there, whole, and of this sweep."""
    try:
        if config_of(path) != config:
            return False
        return list(dict.fromkeys(read_part(path)["hash"])) == part.hashes
    except (ScenarioError, pa.ArrowException):
        return False


def cut(layout: Layout, folder: Path, config: str) -> list[Part]:
    """Return the parts of a sweep, in the order of their cells.

    Parameters
    ----------
    layout : Layout
    folder : Path
        Absolute; where the parts are written.
    config : str
        Digest of the sweep.
    """
    settings = layout.settings
    job = pack(
        Job(
            variants=tuple(v.model_copy(update={"evidence": {}}) for v in layout.variants),
            axes=layout.axes,
            precision=settings.precision,
            save_worlds=settings.save_worlds,
            folder=str(folder),
            config=config,
            code=code_digest(),
        )
    )
    cells = np.arange(len(layout))
    parts = []
    for number, first in enumerate(range(0, len(layout), layout.part_size)):
        rows = slice(first, first + layout.part_size)
        picked = cells[rows], layout.variant_of[rows], layout.points[rows], layout.hashes[rows]
        parts.append(Part(job, f"part-{number:06d}", *picked))
    return parts


def count_cells(folder: Path, deals: int) -> int:
    """Return how many cells the parts in a folder hold."""
    files = (folder / "parts").glob("part-*.parquet")
    return sum(map(_rows, files)) // deals


def _rows(path: Path) -> int:
    try:
        return int(pq.read_metadata(path).num_rows)
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError):
        return 0  # damaged, or of another program
