"""Cut a sweep into parts, and count what parts are there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.experiments.sweep.code import code_digest
from sim.experiments.sweep.job import Job, pack
from sim.experiments.sweep.layout import Layout
from sim.experiments.sweep.part import Part

__all__ = ["count_cells", "cut"]


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
