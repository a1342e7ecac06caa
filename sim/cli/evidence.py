"""Show the facts of the register, what rests on them, and what each stance changes.

Usage: islands evidence [ID] [scenario=NAME|PATH] [changes=WORLDS|none] [key=value …]

Without an id: every fact and how many parts of the scenario rest on it, then for each stance what
changes when it is switched off in the same worlds (CHANGES worlds of each structure; some minutes).
With an id: all about that fact, and what its stances change in each structure.
"""

from __future__ import annotations

import textwrap

from rich.table import Table

from sim.cli.changes import what_changes
from sim.cli.screen import WIDTH, display, say
from sim.domain.evidence import Fact
from sim.domain.narration import amount
from sim.domain.scenario import Scenario
from sim.errors import UsageError, nearest
from sim.io.config import load_run

__all__ = ["main"]

CHANGES = 100
"""Worlds of each structure in which each stance is switched off, unless asked otherwise."""


def main(arguments: list[str]) -> int:
    """Show one fact, or all."""
    ids = [argument for argument in arguments if "=" not in argument]
    if len(ids) > 1:
        raise UsageError(f"expected one id, got {' '.join(ids)}")
    overrides, worlds = _changes_asked([item for item in arguments if "=" in item])
    scenario, settings = load_run(None, overrides)
    if ids and ids[0] not in scenario.evidence:
        near = nearest(ids[0], list(scenario.evidence))
        hint = f"; did you mean {near!r}?" if near else ""
        raise UsageError(f"no fact named {ids[0]!r} in the register{hint}")
    if ids:
        say("\n".join(_about(ids[0], scenario)))
    else:
        display(_overview(scenario))
    if worlds:
        display(what_changes(scenario, worlds, ids[0] if ids else None, settings.workers))
    return 0


def _changes_asked(arguments: list[str]) -> tuple[list[str], int]:
    worlds = CHANGES
    for argument in arguments:
        key, _, value = argument.partition("=")
        if key == "changes":
            if value != "none" and not (value.isascii() and value.isdigit() and int(value) >= 2):
                raise UsageError(f"changes: expected 'none' or at least 2 worlds, got {value!r}")
            worlds = 0 if value == "none" else int(value)
    return [item for item in arguments if not item.startswith("changes=")], worlds


def _overview(scenario: Scenario) -> Table:
    from sim.experiments.explanation.stances import drivers

    rests = drivers(scenario).by_fact
    table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    for column, ratio in (("fact", 34), ("kind", 9), ("drives", 7), ("says", 62)):
        table.add_column(column, overflow="fold", ratio=ratio)
    for name, fact in scenario.evidence.items():
        keys = rests.get(name, ())
        table.add_row(name, fact.kind if keys else "context", str(len(keys)), fact.says)
    return table


def _about(name: str, scenario: Scenario) -> list[str]:
    from sim.experiments.explanation.stances import drivers

    fact = scenario.evidence[name]
    keys = drivers(scenario).by_fact.get(name, ())
    lines = [f"{name} ({fact.kind}, {fact.side}, {fact.date})", *_wrapped(fact.says)]
    if fact.figure is not None:
        lines.append(f"  figure: {_figure(fact)}")
    lines.extend(_wrapped(f"source: {fact.source}"))
    if fact.note:
        lines.extend(_wrapped(f"note: {fact.note}"))
    if fact.disagrees_with:
        lines.extend(_wrapped(f"disagrees with: {', '.join(fact.disagrees_with)}"))
    lines.append("  drives:" if keys else "  drives nothing in this scenario: context")
    numbers = dict(scenario.quantities())
    for key in keys:
        value = f" = {amount(numbers[key])} {numbers[key].unit}" if key in numbers else ""
        lines.append(f"    {key}{value}")
    return lines


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")


def _figure(fact: Fact) -> str:
    figure = fact.figure
    ends = f"{figure[0]:g} to {figure[1]:g}" if isinstance(figure, tuple) else f"{figure:g}"
    return f"{ends} {fact.unit or ''}".rstrip()
