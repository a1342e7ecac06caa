"""Axes of a sweep on the command line: Hydra's sweep syntax, and a few words more."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from hydra.core.override_parser.types import IntervalSweep, Override
from hydra.errors import HydraException

from sim.domain.quantity import LARGEST
from sim.errors import Fault, ScenarioError
from sim.io import library
from sim.io.grammar import MOST, in_grammar, values_of
from sim.io.hydra_source import COMMAND_LINE
from sim.io.overrides import _number, _plain

__all__ = ["UNCERTAIN", "AxisText", "take_axes"]

UNCERTAIN = "uncertain"
"""Alone: an axis for every declared uncertainty; as a value: the uncertainty declared for a key."""

_LINSPACE = re.compile(r"([^=]+)=\s*linspace\(([^(),]+),([^(),]+),([^(),]+)\)\s*")


@dataclass(frozen=True, slots=True)
class AxisText:
    """One axis as it was asked for.

    Parameters
    ----------
    key : str
        Dotted key of a number or a setting, or a part such as ``strategy@claimant.strategy``;
        `UNCERTAIN` for every declared uncertainty.
    values : tuple
        Plain data; empty for `UNCERTAIN` and for an interval.
    span : pair of float, optional
        Ends of an interval.
    text : str
        As it was written.
    """

    key: str
    values: tuple[Any, ...]
    span: tuple[float, float] | None
    text: str

    @property
    def is_part(self) -> bool:
        """Tell whether values are names of files."""
        return "@" in self.key or self.key in library.PARTS

    @property
    def is_choice(self) -> bool:
        """Tell whether its values cannot all be those of a number: names, or no value at all."""
        return self.is_part or None in self.values


def take_axes(texts: Iterable[str]) -> tuple[list[str], list[AxisText]]:
    """Return the overrides without a sweep, and the axes.

    Parameters
    ----------
    texts : iterable of str
        ``key=value`` stays; ``key=a,b``, ``key=range(a,b,step)``, ``key=choice(a,b)``,
        ``key=interval(a,b)``, ``key=linspace(a,b,n)``, ``key=uncertain`` and ``uncertain`` are
        axes. ``deals=a,b`` is a list: every cell plays all structures.

    Raises
    ------
    ScenarioError
        With every axis that cannot be read.
    """
    kept: list[str] = []
    axes: list[AxisText] = []
    faults: list[Fault] = []
    for text in texts:
        try:
            axis = _axis(text)
        except ScenarioError as error:
            faults += [fault.located(COMMAND_LINE) for fault in error.faults]
            continue
        if axis is None:
            kept.append(text)
        elif axis.key == "deals":
            kept.append(f"deals=[{','.join(map(str, axis.values))}]")
        else:
            axes.append(axis)
    faults += _twice([axis.key for axis in axes] + [text.partition("=")[0] for text in kept])
    if faults:
        raise ScenarioError(faults)
    return kept, axes


def _twice(keys: list[str]) -> list[Fault]:
    twice = {key for key in keys if keys.count(key) > 1}
    return [
        Fault(key, "one axis or one value for each key", "several", file=COMMAND_LINE)
        for key in sorted(twice)
    ]


def _axis(text: str) -> AxisText | None:
    if text.strip() == UNCERTAIN:
        return AxisText(UNCERTAIN, (), None, text)
    if match := _LINSPACE.fullmatch(text):
        return AxisText(match[1].strip(), _linspace(match), None, text)
    try:
        override = in_grammar(text)
    except HydraException:
        return None  # the overrides are read once more, with all complaints
    key = override.key_or_group + (f"@{override.package}" if override.package else "")
    if not override.is_sweep_override():
        declared = override.value() == UNCERTAIN
        return AxisText(key, (), None, text) if declared else None
    if override.is_interval_sweep():
        return AxisText(key, (), _span(override, key), text)
    return AxisText(key, _values(override, key), None, text)


def _linspace(match: re.Match[str]) -> tuple[float, ...]:
    key, *numbers = match.groups()
    try:
        first, last, number = float(numbers[0]), float(numbers[1]), int(numbers[2])
    except ValueError:
        number = 0
        first = last = 0.0
    if not 2 <= number <= MOST or not max(abs(first), abs(last)) <= LARGEST:
        expected = f"linspace(first,last,n) of numbers, with n from 2 to {MOST:,}"
        raise ScenarioError([Fault(key, expected, match[0].partition("=")[2])])
    values = [float(f"{value:.12g}") for value in np.linspace(first, last, number)]
    return _different(values, key.strip())


def _span(override: Override, key: str) -> tuple[float, float]:
    value = override.value()
    if not isinstance(value, IntervalSweep) or value.start is None or value.end is None:
        raise ScenarioError([Fault(key, "interval(low,high)", str(override.input_line))])
    low, high = float(value.start), float(value.end)
    if not -LARGEST <= low < high <= LARGEST:
        raise ScenarioError(
            [Fault(key, "interval(low,high) with low below high", f"{low}, {high}")]
        )
    return low, high


def _values(override: Override, key: str) -> tuple[Any, ...]:
    return _different([_rounded(_number(_plain(v))) for v in values_of(override, key)], key)


def _different(values: Sequence[Any], key: str) -> tuple[Any, ...]:
    """Return values, each of which occurs once."""
    seen = Counter(str(float(v)) if type(v) in (int, float) else str(v) for v in values)
    if doubled := sorted(value for value, times in seen.items() if times > 1):
        more = f" and {len(doubled) - 3:,} more" if len(doubled) > 3 else ""
        got = f"{', '.join(doubled[:3])}{more} twice"
        raise ScenarioError([Fault(key, "different values", got)])
    return tuple(values)


def _rounded(value: Any) -> Any:
    """Return a number without the dust that steps of a range leave: 0.7, not 0.7000000000000001."""
    return float(f"{value:.12g}") if isinstance(value, float) else value
