"""Layout of a sweep: its axes, the scenarios behind its choices, and its cells."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from pathlib import Path

import numpy as np
import pandas as pd

from sim.domain.quantity import Quantity
from sim.domain.results import Kinds
from sim.domain.scenario import Scenario
from sim.errors import Fault, ScenarioError
from sim.experiments.pinned import FILE
from sim.experiments.sweep.axes import (
    Axis,
    check_choices,
    check_numbers,
    distribution,
    point_of,
)
from sim.experiments.sweep.designs import points, size
from sim.io.axes import UNCERTAIN, AxisText, take_axes
from sim.io.config import load_run
from sim.io.dump import dump_scenario
from sim.io.overrides import RunSettings
from sim.io.sweep_settings import SweepSettings, check_settings
from sim.io.tables import digest
from sim.quantities import BLOCK_WORLDS, Floats, Ints

__all__ = ["Layout", "Source", "lay_out"]

_PART = 1_000_000
"""World-rounds of a part, a few seconds' work."""
_PARTS = 32
"""Parts of a sweep that has so many cells, however little work they are: all workers of a machine
have something to do, and what is stopped loses little."""
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
        cost = worlds * base.rounds * len(base.structures)
        most = -(-len(self) // _PARTS)
        return max(1, min(_PART // cost, 1024, most))

    def describe(self, cell: int) -> str:
        """Say in words which cell it is."""
        pairs = zip(self.axes, self.points[cell], strict=True)
        said = ", ".join(
            f"{axis.key}={point_of(at) if axis.is_number else axis.named(np.array([at]))[0]}"
            for axis, at in pairs
        )
        return f"cell {cell} ({said})"


_MOST_VARIANTS = 1_000

Load = Callable[[list[str]], Scenario]
"""Returns the scenario under some further overrides."""


@dataclass
class Source:
    """Where the scenario of a sweep comes from: its name or path, or the scenario itself.

    Parameters
    ----------
    scenario : Scenario, str, Path or None
        None leaves it to an override ``scenario=NAME``.
    overrides : list of str
    run : RunSettings
        Filled in by loading.
    """

    scenario: Scenario | str | Path | None
    overrides: list[str]
    run: RunSettings = field(default_factory=RunSettings)

    def load(self, texts: list[str]) -> Scenario:
        """Return the scenario under some further overrides."""
        if not isinstance(self.scenario, Scenario):
            loaded, self.run = load_run(self.scenario, [*self.overrides, *texts])
            return loaded
        if others := [*self.overrides, *texts]:
            expected = "the name of a scenario, to choose parts or settings of it"
            raise ScenarioError([Fault(others[0], expected, "a scenario that is already made")])
        return self.scenario


def lay_out(source: Source, texts: Sequence[str], settings: SweepSettings) -> Layout:
    """Return the layout of a sweep, every value on every axis checked.

    Parameters
    ----------
    source : Source
        Its overrides are added to.
    texts : sequence of str
        Axes and overrides.
    settings : SweepSettings

    Raises
    ------
    ScenarioError
        With all faults.
    """
    check_settings(settings)
    kept, asked = take_axes(texts)
    source.overrides += kept
    parts = [axis for axis in asked if axis.is_part]
    _check_combinations([axis.values for axis in parts])
    _check_parts(source, parts)
    before = _before(source, parts)
    base = _with_firsts(source, before, asked)
    known = (before or {}) | dict(base.quantities())
    axes = _spread_out(asked, known)
    numbers = [axis for axis in axes if axis.is_number]
    if axes:
        size(axes, settings)
    choices = [_overrides(axis) for axis in axes if not axis.is_number]
    _check_combinations(choices)
    faults = check_choices(source.load, choices) if choices else []
    faults += [] if faults else check_numbers(base, numbers)
    if not axes:
        faults.append(Fault("", "at least one axis, such as KEY=range(0,1,0.1)", "none", file=FILE))
    if faults:
        raise ScenarioError(faults)
    variants = _variants(source.load, choices, axes)
    found = points(axes, settings, base.seed)
    said = tuple(axis.text for axis in asked)
    return Layout(tuple(axes), tuple(variants), found, settings, said)


def _check_parts(source: Source, parts: Sequence[AxisText]) -> None:
    """Refuse parts that no scenario has."""
    empty = [axis.key for axis in parts if not axis.values]
    if empty:
        raise ScenarioError([Fault(key, "names, as a,b", "a range", file=FILE) for key in empty])
    faults = check_choices(source.load, [[f"{p.key}={v}" for v in p.values] for p in parts])
    if faults:
        raise ScenarioError(faults)


def _before(source: Source, parts: Sequence[AxisText]) -> dict[str, Quantity] | None:
    """Return the numbers of the scenario with the first of all parts, where it needs no more."""
    try:
        return dict(source.load([f"{axis.key}={axis.values[0]}" for axis in parts]).quantities())
    except ScenarioError:
        return None


def _with_firsts(
    source: Source, before: dict[str, Quantity] | None, asked: Sequence[AxisText]
) -> Scenario:
    """Return the scenario with the first of all choices, where every number to be varied is set.

    A number that nothing sets by default is known only once it has a value: its first is added to
    the overrides. What is a number is asked of this scenario, which is the one that is kept.
    """
    known = before or {}
    unknown = [axis for axis in asked if axis.is_part or axis.key not in known]
    firsts = [(axis, first) for axis in unknown if (first := _first(axis))]
    parts = [f"{axis.key}={first}" for axis, first in firsts if axis.is_part]
    told = [f"{axis.key}={first}" for axis, first in firsts]
    try:
        found = source.load(told)
    except ScenarioError:
        return source.load(parts)  # where that can be loaded, each value is tried by itself
    numbers = dict(found.quantities())
    source.overrides += [
        f"{axis.key}={first}"
        for axis, first in firsts
        if axis.key in numbers and not axis.is_choice
    ]
    return found


def _first(axis: AxisText) -> str | None:
    """Return the first value of an axis in the grammar of overrides, or None if it has none."""
    if axis.values:
        return _word(axis.values[0])
    return str(axis.span[0]) if axis.span else None


def _spread_out(asked: Sequence[AxisText], known: dict[str, Quantity]) -> list[Axis]:
    axes: list[Axis] = []
    named = {axis.key for axis in asked}
    for text in asked:
        if text.key == UNCERTAIN:
            uncertain = [key for key, q in known.items() if q.is_uncertain and key not in named]
            axes += [Axis(key, (), known[key].unit, known[key]) for key in uncertain]
        else:
            axes.append(_axis(text, known.get(text.key)))
    return axes


def _axis(text: AxisText, quantity: Quantity | None) -> Axis:
    key = text.key
    if quantity is None or text.is_choice:
        if not text.values:
            raise ScenarioError([Fault(key, "a number of the scenario", text.text, file=FILE)])
        return Axis(key, text.values)
    if text.values:
        return Axis(key, text.values, quantity.unit)
    if text.span is not None:
        return Axis(key, (), quantity.unit, distribution(key, text.span, quantity.unit))
    if not quantity.is_uncertain:
        got = f"{quantity.value}, the same in all worlds"
        raise ScenarioError([Fault(key, "a number with a declared range", got, file=FILE)])
    return Axis(key, (), quantity.unit, quantity)


def _overrides(axis: Axis) -> list[str]:
    return [f"{axis.key}={_word(value)}" for value in axis.values]


def _word(value: object) -> str:
    """Return a value in the grammar of overrides."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)


def _check_combinations(choices: Sequence[Sequence[object]]) -> None:
    """Refuse too many combinations of choices before the first is loaded."""
    count = prod(max(len(values), 1) for values in choices)
    if count > _MOST_VARIANTS:
        got = f"{count:,} (parts and settings are loaded one by one)"
        raise ScenarioError([Fault("", f"at most {_MOST_VARIANTS:,} combinations of choices", got)])


def _variants(load: Load, choices: Sequence[Sequence[str]], axes: Sequence[Axis]) -> list[Scenario]:
    variants = [load(list(texts)) for texts in itertools.product(*choices)]
    numbers = [axis for axis in axes if axis.is_number]
    faults = [fault for variant in variants[1:] for fault in check_numbers(variant, numbers)]
    shape = {(tuple(v.structures), v.worlds, v.rounds > 0, v.seed) for v in variants}
    if len(shape) > 1:
        expected = "choices with the same structures, worlds and seed"
        faults.append(Fault("", expected, "choices that change them", file=FILE))
    idle = set.intersection(*({*variant.idle} for variant in variants))
    expected, got = "a number that plays a part", "one of no effect"
    faults += [Fault(a.key, expected, got, file=FILE) for a in axes if a.key in idle]
    if faults:
        raise ScenarioError(faults)
    return [_shared(variant, variants[0]) for variant in variants]


def _shared(variant: Scenario, first: Scenario) -> Scenario:
    """Let variants share what is equal in them, so that it is measured once."""
    same = {
        name: getattr(first, name)
        for name in ("dispute", "deals", "evidence")
        if getattr(variant, name) == getattr(first, name)
    }
    return variant.model_copy(update=same)
