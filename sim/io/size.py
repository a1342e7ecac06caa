"""Size limits of runs: memory and time of a run, and this machine's."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sim.domain.scenario import Scenario
from sim.errors import Fault, ScenarioError

__all__ = ["check_size", "cost", "memory", "with_cost"]

_BYTES = 200.0
"""Memory of one world under one structure: its row of the results and the copies made of it."""
_RATE = 2e6
"""Worlds times rounds that one process plays in a second."""
_UNITS = ((1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB"))
_SPANS = ((31_557_600.0, "years"), (86_400.0, "days"), (3_600.0, "hours"), (60.0, "minutes"))


def cost(worlds: int, rounds: int, structures: int) -> tuple[float, float]:
    """Return roughly what a run needs: bytes of memory, and seconds of one process.

    Parameters
    ----------
    worlds, rounds, structures : int
        The size of the run.

    Examples
    --------
    >>> cost(10_000, 40, 14)
    (28000000.0, 2.8)
    """
    return _BYTES * worlds * structures, worlds * rounds * structures / _RATE


def check_size(scenario: Scenario) -> None:
    """Refuse a scenario whose results would not fit into this machine's memory.

    Raises
    ------
    ScenarioError
        With the memory and the time that the run would need.
    """
    worlds, structures = scenario.worlds, len(scenario.structures)
    needed, _ = cost(worlds, scenario.rounds, structures)
    if needed > memory():
        most = int(memory() / (_BYTES * structures))
        got = _needs(worlds, scenario.rounds, structures)
        raise ScenarioError([Fault("worlds", f"at most {most:,} on this machine", got)])


def with_cost(faults: Iterable[Fault], values: dict[str, Any]) -> list[Fault]:
    """Add to the fault of too many worlds what they would need."""
    worlds, rounds, deals = (values.get(key) for key in ("worlds", "rounds", "deals"))
    if type(worlds) is not int or worlds < 1:
        return list(faults)
    rounds = rounds if type(rounds) is int and rounds > 0 else 40
    got = _needs(worlds, rounds, len(deals) if isinstance(deals, dict) and deals else 1)
    return [replace(fault, got=got) if fault.key == "worlds" else fault for fault in faults]


def _needs(worlds: int, rounds: int, structures: int) -> str:
    needed, seconds = cost(worlds, rounds, structures)
    return (
        f"{worlds:,}, which needs about {_rounded(needed, _UNITS, 'kB', 1e3)} of memory "
        f"and {_rounded(seconds, _SPANS, 'seconds', 1.0)} of work"
    )


def _rounded(
    amount: float, units: tuple[tuple[float, str], ...], smallest: str, factor: float
) -> str:
    for size, name in units:
        if amount >= size:
            return (
                f"{amount / size:,.3g} {name}"
                if amount < 1e3 * size
                else f"{amount / size:,.0f} {name}"
            )
    return f"{amount / factor:,.3g} {smallest}"


def memory() -> float:
    """Return the memory that this process may use in bytes, 8 GB where nobody can be asked."""
    try:
        there = float(os.sysconf("SC_PAGE_SIZE")) * float(os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, OSError, ValueError):
        there = 8e9
    try:
        import resource
    except ImportError:  # Windows
        return there
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return there if limit == resource.RLIM_INFINITY else min(there, float(limit))
