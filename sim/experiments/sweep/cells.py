"""One cell of a sweep: its worlds played block by block, counted, and kept on request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.domain.results import WORLDS, BlockResult, Kinds
from sim.domain.scenario import Scenario
from sim.experiments.tables import packages_table, words_of, worlds_table
from sim.experiments.tally import COUNTED, shares
from sim.io.files import write_atomically
from sim.io.tables import parquet
from sim.model.talks import TalksModel
from sim.quantities import BLOCK_WORLDS

__all__ = ["SWEPT_WORLDS", "PlayedCell", "write_worlds"]

_KEPT = (*COUNTED, "zopa_margin")


class PlayedCell:
    """The worlds of one cell, all structures.

    Parameters
    ----------
    scenario : Scenario
        That of the cell.
    precision : float, optional
        How narrow the interval of every settlement share must be; absent, the scenario's number
        of worlds is played.
    whole : bool
        Keep all columns of the worlds.
    """

    def __init__(self, scenario: Scenario, precision: float | None, whole: bool) -> None:
        self.scenario, self._precision, self._whole = scenario, precision, whole
        self.blocks: dict[str, list[BlockResult]] = {name: [] for name in scenario.structures}
        self.worlds = 0

    @property
    def enough(self) -> bool:
        """Tell whether the cell needs no further block."""
        played = min(map(len, self.blocks.values()))
        if self._precision is None:
            return played * BLOCK_WORLDS >= self.scenario.worlds
        if not played:
            return False
        return all(
            row["settled_high"] - row["settled_low"] <= self._precision for row in self.rows()
        )

    def play(self, deal: str) -> None:
        """Play the next block of worlds of a structure."""
        blocks = self.blocks[deal]
        left = self.scenario.worlds - len(blocks) * BLOCK_WORLDS
        size = BLOCK_WORLDS if self._precision is not None else min(BLOCK_WORLDS, left)
        model = TalksModel(self.scenario, deal, block=len(blocks), worlds=size)
        model.collects, model.names_next_barrier = False, self._whole
        result = model.run()
        blocks.append(result if self._whole else _trimmed(result))
        self.worlds += size

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield a row for each structure: `deal`, the columns of outcomes, and the margin."""
        for name, blocks in self.blocks.items():
            column = {key: np.concatenate([b.columns[key] for b in blocks]) for key in _KEPT}
            margin = column["zopa_margin"]
            known = margin[~np.isnan(margin)]
            yield {
                "deal": name,
                **shares(column),
                "reversal": np.nan,
                "zopa_margin": float(np.median(known)) if len(known) else np.nan,
            }


def _trimmed(result: BlockResult) -> BlockResult:
    columns = {name: result.columns[name] for name in _KEPT}
    return BlockResult(result.deal, columns, (), ())


SWEPT_WORLDS: Kinds = {
    "cell": "count",
    **{name: kind for name, kind in WORLDS.items() if name != "deal"},
}
"""Columns of a file of worlds; `deal` is in the name of its folder, ``deal=NAME``."""


def write_worlds(
    folder: Path, name: str, played_cells: Sequence[PlayedCell], cells: np.ndarray, config: str
) -> None:
    """Write the worlds of some cells, one file for each structure.

    Parameters
    ----------
    folder : Path
        That of the sweep.
    name : str
        Of the part.
    played_cells : sequence of PlayedCell
        One for each cell, with all columns kept.
    cells : ndarray of int, shape (cells,)
    config : str
        Digest of the sweep's config.
    """
    tables = [
        _of_cell(played_cell, int(cell))
        for played_cell, cell in zip(played_cells, cells, strict=True)
    ]
    for deal in played_cells[0].blocks:
        rows = pd.concat([table[table["deal"] == deal] for table in tables], ignore_index=True)
        path = folder / "worlds" / f"deal={deal}" / f"{name}.parquet"
        write_atomically(path, parquet(rows, SWEPT_WORLDS, config))


def _of_cell(played_cell: PlayedCell, cell: int) -> pd.DataFrame:
    scenario = played_cell.scenario
    words = words_of(scenario, packages_table(scenario))
    blocks = [block for blocks in played_cell.blocks.values() for block in blocks]
    table = worlds_table(blocks, words)
    text = {item: table[item].astype(object) for item in ("package", "rejected_by")}
    return table.assign(cell=np.int32(cell), **text)
