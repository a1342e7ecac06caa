"""Lay a sweep out: its axes, the scenarios behind its choices, and its cells."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from sim.domain.results import Kinds
from sim.domain.scenario import Scenario
from sim.experiments.sweep.axes import Axis, point_of
from sim.experiments.sweep.designs import points
from sim.io.dump import dump_scenario
from sim.io.sweep_settings import SweepSettings
from sim.io.tables import digest
from sim.quantities import BLOCK_WORLDS, Floats, Ints

__all__ = ["Layout"]

_PART = 1_000_000
"""World-rounds of a part, a few seconds' work."""
_LEAST_WORLDS = 128
"""A smaller block takes about as long as one of so many worlds."""


@dataclass(frozen=True, eq=False)
class Layout:
    """What is to be played.

    Parameters
    ----------
    axes : tuple of Axis
    variants : tuple of Scenario
        One for each combination of choices, the last choice moving fastest.
    points : ndarray, shape (cells, axes)
        Where each cell lies; see `Axis`.
    settings : SweepSettings
    texts : tuple of str
        The axes as they were asked for.
    """

    axes: tuple[Axis, ...]
    variants: tuple[Scenario, ...]
    points: Floats = field(repr=False)
    settings: SweepSettings
    texts: tuple[str, ...] = ()

    def narrowed(self, axes: tuple[Axis, ...], settings: SweepSettings) -> Layout:
        """Return the layout of another design over some of the axes, all of them numbers."""
        found = points(axes, settings, self.base.seed)
        texts = tuple(axis.key for axis in axes)
        return Layout(axes, self.variants[:1], found, settings, texts)

    @property
    def base(self) -> Scenario:
        """Return the scenario with the first of all choices."""
        return self.variants[0]

    def __len__(self) -> int:
        """Return the number of cells."""
        return len(self.points)

    @cached_property
    def variant_of(self) -> Ints:
        """Return which variant each cell is of."""
        result = np.zeros(len(self), dtype=np.int64)
        for place, axis in enumerate(self.axes):
            if not axis.is_number:
                result = result * len(axis.values) + self.points[:, place].astype(np.int64)
        return result

    @cached_property
    def hashes(self) -> list[str]:
        """Return for each cell a digest of all that its result depends on."""
        dumps = [digest(dump_scenario(variant).encode()) for variant in self.variants]
        precision = self.settings.precision
        return [
            digest(json.dumps([dumps[variant], precision, self._named(row)]).encode())[:32]
            for variant, row in zip(self.variant_of, self.points.tolist(), strict=True)
        ]

    def _named(self, row: Sequence[float]) -> list[object]:
        return [
            [axis.key, point_of(place)]
            for axis, place in zip(self.axes, row, strict=True)
            if axis.is_number
        ]

    @cached_property
    def design(self) -> pd.DataFrame:
        """Return the table of cells: `cell`, `hash`, and the value on every axis."""
        columns = {axis.key: axis.named(self.points[:, n]) for n, axis in enumerate(self.axes)}
        cells = np.arange(len(self), dtype=np.int32)
        return pd.DataFrame({"cell": cells, "hash": self.hashes, **columns})

    @property
    def kinds(self) -> Kinds:
        """Return the kinds of the columns of the axes."""
        return {axis.key: "number" if axis.is_number else "word" for axis in self.axes}

    @property
    def part_size(self) -> int:
        """Return how many cells make a part; it depends on nothing but the sweep itself."""
        base = self.base
        worlds = BLOCK_WORLDS if self.settings.precision else max(base.worlds, _LEAST_WORLDS)
        cost = worlds * base.rounds * len(base.deals)
        return int(np.clip(_PART // cost, 1, 1024))

    def describe(self, cell: int) -> str:
        """Say in words which cell it is."""
        pairs = zip(self.axes, self.points[cell], strict=True)
        said = ", ".join(f"{axis.key}={axis.named(np.array([at]))[0]}" for axis, at in pairs)
        return f"cell {cell} ({said})"
