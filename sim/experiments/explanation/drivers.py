"""Follow facts to the numbers that rest on them, and back."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sim.domain.scenario import Scenario, models_of


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
    for key, item in models_of(scenario):
        facts = tuple(name for name in _sources(item) if name in scenario.evidence)
        if facts:
            by_key[key] = facts
    by_fact: dict[str, list[str]] = defaultdict(list)
    for key, facts in by_key.items():
        for name in facts:
            by_fact[name].append(key)
    ordered = {name: tuple(by_fact[name]) for name in scenario.evidence if name in by_fact}
    context = tuple(name for name in scenario.evidence if name not in by_fact)
    return Drivers(ordered, by_key, context)


def _sources(item: object) -> tuple[str, ...]:
    """Return the facts that something names as its sources, if it has such a thing."""
    source = getattr(item, "source", ())
    return source if isinstance(source, tuple) else ()
