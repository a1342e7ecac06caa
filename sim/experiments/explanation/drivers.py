"""Follow facts to the numbers that rest on them, and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from sim.domain.scenario import Scenario


@dataclass(frozen=True)
class Drivers:
    """What rests on which facts.

    Parameters
    ----------
    by_fact : mapping of fact to tuple of key
        What a fact drives: dotted keys of quantities, levels, events and structures. Facts that
        drive nothing are left out.
    by_key : mapping of key to tuple of fact
        The same, the other way round.
    context : tuple of fact
        The facts of the register that drive nothing, in its order.
    """

    by_fact: dict[str, tuple[str, ...]]
    by_key: dict[str, tuple[str, ...]]
    context: tuple[str, ...]


def drivers(scenario: Scenario) -> Drivers:
    """Return what rests on which facts of a scenario's register."""
    by_key: dict[str, tuple[str, ...]] = {}
    for key, names in _sources(scenario, ""):
        facts = tuple(name for name in names if name in scenario.evidence)
        if facts:
            by_key[key] = facts
    by_fact: dict[str, list[str]] = defaultdict(list)
    for key, facts in by_key.items():
        for name in facts:
            by_fact[name].append(key)
    ordered = {name: tuple(by_fact[name]) for name in scenario.evidence if name in by_fact}
    context = tuple(name for name in scenario.evidence if name not in by_fact)
    return Drivers(ordered, by_key, context)


def _sources(value: object, path: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield everything below a value that names sources, in the order of the schema."""
    if isinstance(value, BaseModel):
        source = getattr(value, "source", ())
        if source and isinstance(source, tuple):
            yield path, source
        for name in type(value).model_fields:
            if name != "evidence":
                yield from _sources(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _sources(item, f"{path}.{name}")
