"""Print what the engine costs: ratios within one run, and how cost grows."""

from __future__ import annotations

import argparse

from rich.console import Console
from rich.table import Table

from benchmarks.commands import Cost, costs
from benchmarks.curve import curve
from benchmarks.jobs import DEAL, ENGINES, ROUNDS, SCENARIO
from benchmarks.limit import fused
from benchmarks.measure import Measured, measure
from benchmarks.rivals import VARIABLE, negmas


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each job")
    parser.add_argument("--largest", type=int, default=1_000_000, help="worlds of the curve")
    parser.add_argument("--no-commands", action="store_false", dest="commands", help="rates only")
    arguments = parser.parse_args()
    console = Console()
    # Commands first: the memory of a large process would count as its children's.
    waited = list(costs()) if arguments.commands else []
    measured = [measure(name, job, arguments.runs) for name, job in ENGINES.items()]
    measured.insert(2, measure("(c) plain compiled loops, the limit", fused, arguments.runs))
    rival = negmas(runs=arguments.runs)
    console.print(ratios([*measured, *([rival] if rival else [])]))
    if rival is None:
        console.print(f"(d) NegMAS left out: set {VARIABLE} to an interpreter that has it")
    console.print(growth(arguments.largest))
    if waited:
        console.print(waits(waited))


def ratios(measured: list[Measured]) -> Table:
    """Return the table of rates and ratios."""
    by_letter = {item.name[:3]: item for item in reversed(measured)}
    title = f"{SCENARIO}, {DEAL}, {ROUNDS} rounds; medians, lowest and highest in brackets"
    table = Table(title=title)
    for heading in ("", "world-rounds / s", "spread", "× (b)", "× (c)", "peak MB"):
        table.add_column(heading, justify="left" if not heading else "right")
    for item in measured:
        low, high = item.spread
        table.add_row(
            item.name,
            f"{item.rate:,.0f}",
            f"[{low:,.0f} to {high:,.0f}]",
            f"{item.rate / by_letter['(b)'].rate:,.2f}",
            f"{item.rate / by_letter['(c)'].rate:,.3f}",
            f"{item.memory:,.0f}",
        )
    return table


def growth(largest: int) -> Table:
    """Return the table of costs."""
    table = Table(
        title="40 rounds; a pie of 50 packages, 1 worker unless varied; flagship from structures on"
    )
    for heading in ("varied", "value", "seconds", "world-rounds / s"):
        table.add_column(heading, justify="left" if heading == "varied" else "right")
    for name, value, seconds, rate in curve(largest):
        table.add_row(name, f"{value:,}", f"{seconds:.2f}", f"{rate:,.0f}")
    return table


def waits(measured: list[Cost]) -> Table:
    """Return the table of what a user waits for."""
    table = Table(title="whole commands, two workers where they pay")
    for heading in ("command", "first line", "seconds", "aim", "CPU seconds", "GB at most"):
        table.add_column(heading, justify="left" if heading == "command" else "right")
    for item in measured:
        aim = "" if item.aim is None else f"{item.aim:g}"
        first, seconds = f"{item.first:.2f}", f"{item.seconds:.2f}"
        table.add_row(item.name, first, seconds, aim, f"{item.cpu:.1f}", f"{item.memory:.2f}")
    return table


if __name__ == "__main__":
    main()
