"""Words on how the worlds of a run match what was observed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.domain.narration import listed, percent
from sim.experiments.result import EnsembleResult

__all__ = ["matching"]

_NAMED = 3
"""How many of the numbers that moved are named."""


def matching(result: EnsembleResult) -> Iterator[str]:
    """Yield what is to be said of the statements that a run's worlds reproduce.

    Parameters
    ----------
    result : EnsembleResult
        Nothing is said where its scenario asks for none.
    """
    found: Mapping[str, Any] = result.provenance.get("observed") or {}
    if not found:
        return
    count = len(result.scenario.observed)
    each = listed([f"{name} {percent(share)} %" for name, share in found["statements"].items()])
    yield (
        f"Worlds reproduce {count} observed statement{'s' if count > 1 else ''}: "
        f"{percent(found['accepted'])} % of draws do (one by one: {each})."
    )
    if found["not_admitted"] > 0:
        yield f"No draw does in {percent(found['not_admitted'])} % of worlds; they are kept."
    moved = [f"{key} by {each['shift']:+.2f}" for key, each in [*found["moved"].items()][:_NAMED]]
    if moved:
        yield f"Moved most, in standard deviations: {listed(moved)}."
