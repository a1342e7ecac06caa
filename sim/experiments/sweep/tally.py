"""Play the worlds of one cell, block by block, and count how they end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.domain.results import BlockResult
from sim.domain.scenario import Scenario
from sim.experiments.shares import shares
from sim.model.talks import TalksModel
from sim.quantities import BLOCK_WORLDS

__all__ = ["Tally"]

_KEPT = ("outcome", "ladder", "round_end", "zopa_margin")


class Tally:
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
        self.blocks: dict[str, list[BlockResult]] = {name: [] for name in scenario.deals}
        self._next = 0
        self.worlds = 0

    @property
    def enough(self) -> bool:
        """Tell whether the cell needs no further block."""
        if self._precision is None:
            return self._next * BLOCK_WORLDS >= self.scenario.worlds
        if not self._next:
            return False
        return all(
            row["settled_high"] - row["settled_low"] <= self._precision for row in self.rows()
        )

    def add_block(self) -> None:
        """Play the next block of worlds of every structure."""
        left = self.scenario.worlds - self._next * BLOCK_WORLDS
        size = BLOCK_WORLDS if self._precision is not None else min(BLOCK_WORLDS, left)
        for name, blocks in self.blocks.items():
            result = _played(self.scenario, name, self._next, size)
            blocks.append(result if self._whole else _trimmed(result))
            self.worlds += size
        self._next += 1

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield a row for each structure: `deal`, the columns of outcomes, and the margin."""
        for name, blocks in self.blocks.items():
            column = {key: np.concatenate([b.columns[key] for b in blocks]) for key in _KEPT}
            margin = column["zopa_margin"]
            known = margin[~np.isnan(margin)]
            yield {
                "deal": name,
                **shares(
                    column["outcome"], column["ladder"], column["round_end"], self.scenario.rounds
                ),
                "reversal": np.nan,
                "zopa_margin": float(np.median(known)) if len(known) else np.nan,
            }


def _played(scenario: Scenario, deal: str, block: int, worlds: int) -> BlockResult:
    model = TalksModel(scenario, deal, block=block, worlds=worlds)
    try:
        return model.run()
    finally:
        model.release()
        del model


def _trimmed(result: BlockResult) -> BlockResult:
    columns = {name: result.columns[name] for name in _KEPT}
    return BlockResult(result.deal, columns, (), ())
