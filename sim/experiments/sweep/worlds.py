"""Keep every world of a sweep: a Parquet data set, partitioned by structure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from sim.domain.results import WORLDS, Kinds
from sim.experiments.packages import packages_table
from sim.experiments.sweep.tally import Tally
from sim.experiments.tables import words_of, worlds_table
from sim.io.files import write_atomically
from sim.io.tables import parquet

__all__ = ["SWEPT_WORLDS", "write_worlds"]

SWEPT_WORLDS: Kinds = {
    "cell": "count",
    **{name: kind for name, kind in WORLDS.items() if name != "deal"},
}
"""Columns of a file of worlds; `deal` is in the name of its folder, ``deal=NAME``."""


def write_worlds(
    folder: Path, name: str, tallies: Sequence[Tally], cells: np.ndarray, config: str
) -> None:
    """Write the worlds of some cells, one file for each structure.

    Parameters
    ----------
    folder : Path
        That of the sweep.
    name : str
        Of the part.
    tallies : sequence of Tally
        One for each cell, with all columns kept.
    cells : ndarray of int, shape (cells,)
    config : str
        Digest of the sweep's config.
    """
    tables = [_of_cell(tally, int(cell)) for tally, cell in zip(tallies, cells, strict=True)]
    for deal in tallies[0].blocks:
        rows = pd.concat([table[table["deal"] == deal] for table in tables], ignore_index=True)
        path = folder / "worlds" / f"deal={deal}" / f"{name}.parquet"
        write_atomically(path, parquet(rows, SWEPT_WORLDS, config))


def _of_cell(tally: Tally, cell: int) -> pd.DataFrame:
    scenario = tally.scenario
    words = words_of(scenario, packages_table(scenario))
    blocks = [block for blocks in tally.blocks.values() for block in blocks]
    table = worlds_table(blocks, words)
    text = {item: table[item].astype(object) for item in ("package", "rejected_by")}
    return table.assign(cell=np.int32(cell), **text)
