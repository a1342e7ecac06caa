"""Play a part of a sweep: a group of cells, written to a file of its own.

A part is the task that a worker gets. It depends on nothing but the sweep, writes its file in one
stroke and returns a receipt only, so it can be done twice, anywhere, with the same bytes.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from sim.domain.results import OUTCOMES_TABLE, Kinds
from sim.errors import RunError, ScenarioError
from sim.experiments.sweep.code import code_digest
from sim.experiments.sweep.job import Job, Packed, unpack
from sim.experiments.sweep.tally import Tally
from sim.experiments.sweep.worlds import write_worlds
from sim.io.files import write_atomically
from sim.io.tables import config_of, parquet, read_parquet
from sim.quantities import Floats

__all__ = ["PART", "Part", "Receipt", "finished", "play_part", "read_part", "write_part"]

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

    job: Packed
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
    tallies = _tallies(part, job)
    if job.save_worlds:
        write_worlds(Path(job.folder), part.name, tallies, part.cells, job.config)
    write_part(path, _table(part, tallies), job.config)
    played = sum(tally.worlds for tally in tallies)
    return Receipt(part.name, len(part.cells), played, time.perf_counter() - started)


def _tallies(part: Part, job: Job) -> list[Tally]:
    """Play block by block, all cells in each: they share that block's random numbers."""
    scenarios = [
        job.scenario(int(variant), row)
        for variant, row in zip(part.variants, part.points, strict=True)
    ]
    tallies = [Tally(scenario, job.precision, job.save_worlds) for scenario in scenarios]
    while going := [tally for tally in tallies if not tally.enough]:
        for tally in going:
            tally.add_block()
    return tallies


def _table(part: Part, tallies: Sequence[Tally]) -> pd.DataFrame:
    rows = [
        {"cell": cell, "hash": name, **row}
        for cell, name, tally in zip(part.cells, part.hashes, tallies, strict=True)
        for row in tally.rows()
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
