"""Show the facts of the register, and the numbers that rest on them.

Usage: islands evidence [ID] [scenario=NAME|PATH] [key=value …]

Without an id: every fact, and how many numbers of the scenario rest on it. With one: all about it.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict

from rich.table import Table

from sim.cli.screen import WIDTH, display, say
from sim.cli.words import amount
from sim.domain.evidence import Fact
from sim.domain.quantity import Quantity
from sim.domain.scenario import Scenario
from sim.errors import UsageError
from sim.io.config import load_run
from sim.io.library import nearest

__all__ = ["main", "resting_on"]


def main(arguments: list[str]) -> int:
    """Show one fact, or all."""
    ids = [argument for argument in arguments if "=" not in argument]
    if len(ids) > 1:
        raise UsageError(f"expected one id, got {' '.join(ids)}")
    scenario, _ = load_run(None, [argument for argument in arguments if "=" in argument])
    if not ids:
        display(_overview(scenario))
        return 0
    if ids[0] not in scenario.evidence:
        near = nearest(ids[0], list(scenario.evidence))
        hint = f"; did you mean {near!r}?" if near else ""
        raise UsageError(f"no fact named {ids[0]!r} in the register{hint}")
    say("\n".join(_about(ids[0], scenario)))
    return 0


def resting_on(scenario: Scenario) -> dict[str, dict[str, Quantity]]:
    """Return, for each fact, the numbers of a scenario that rest on it, by their keys."""
    found: dict[str, dict[str, Quantity]] = defaultdict(dict)
    for key, quantity in scenario.quantities():
        for name in quantity.source:
            found[name][key] = quantity
    return dict(found)


def _overview(scenario: Scenario) -> Table:
    moved = resting_on(scenario)
    table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    for column, ratio in (("fact", 34), ("kind", 9), ("numbers", 7), ("says", 62)):
        table.add_column(column, overflow="fold", ratio=ratio)
    for name, fact in scenario.evidence.items():
        numbers = moved.get(name, {})
        table.add_row(name, fact.kind if numbers else "context", str(len(numbers)), fact.says)
    return table


def _about(name: str, scenario: Scenario) -> list[str]:
    fact = scenario.evidence[name]
    numbers = resting_on(scenario).get(name, {})
    lines = [f"{name} ({fact.kind}, {fact.side}, {fact.date})", *_wrapped(fact.says)]
    if fact.figure is not None:
        lines.append(f"  figure: {_figure(fact)}")
    lines.extend(_wrapped(f"source: {fact.source}"))
    if fact.note:
        lines.extend(_wrapped(f"note: {fact.note}"))
    if fact.disagrees_with:
        lines.extend(_wrapped(f"disagrees with: {', '.join(fact.disagrees_with)}"))
    lines.append("  drives:" if numbers else "  drives nothing in this scenario: context")
    lines.extend(f"    {key} = {amount(item)} {item.unit}" for key, item in numbers.items())
    return lines


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")


def _figure(fact: Fact) -> str:
    figure = fact.figure
    ends = f"{figure[0]:g} to {figure[1]:g}" if isinstance(figure, tuple) else f"{figure:g}"
    return f"{ends} {fact.unit or ''}".rstrip()
