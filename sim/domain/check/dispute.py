"""Check a dispute: its objects, clauses and levels."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from sim.domain.check.names import check_names
from sim.domain.clause import Clause, ClauseKind, Level
from sim.domain.dispute import Dispute
from sim.domain.state import shares
from sim.errors import Fault

_DERIVED = (ClauseKind.LEGAL_FORM, ClauseKind.FINALITY, ClauseKind.SCHEDULE)


def check_dispute(dispute: Dispute) -> Iterator[Fault]:
    """Yield the faults of a dispute."""
    for name, clause in dispute.clauses.items():
        for level_name, level in clause.levels.items():
            key = f"dispute.clauses.{name}.levels.{level_name}"
            yield from _check_level(key, clause, level, dispute)
            if level_name != clause.baseline and _unvalued(clause, level):
                yield Fault(
                    key,
                    "a level that at least one side values (effects, allocation, flow or relief)",
                    "a level that changes nothing",
                )


def _unvalued(clause: Clause, level: Level) -> bool:
    moves = level.has_effects or level.allocation or level.flow or level.relief or level.ladder
    return not moves and clause.kind not in _DERIVED


def _check_level(key: str, clause: Clause, level: Level, dispute: Dispute) -> Iterator[Fault]:
    known = dispute.interest_names
    for side in ("claimant", "holder"):
        for kind in ("effects", "yearly"):
            moved = getattr(getattr(level, kind), side)
            yield from check_names(f"{key}.{kind}.{side}", "an interest", moved, known)
    yield from check_names(
        f"{key}.allocation", "an object in dispute", level.allocation, dispute.objects
    )
    if level.allocation and not clause.kind.allocates:
        yield Fault(f"{key}.allocation", "no allocation", f"one in a clause of kind {clause.kind}")
    yield from _check_divisible(key, level, dispute)
    if clause.kind is ClauseKind.ADMINISTRATION:
        yield from _check_nesting(key, level, dispute)


def _check_divisible(key: str, level: Level, dispute: Dispute) -> Iterator[Fault]:
    for name, allocation in level.allocation.items():
        if name not in dispute.objects or dispute.objects[name].divisible:
            continue
        if not isinstance(allocation, str) and allocation not in (0.0, 1.0):
            yield Fault(
                f"{key}.allocation.{name}", "0 or 1: the object is not divisible", f"{allocation}"
            )


def _check_nesting(key: str, level: Level, dispute: Dispute) -> Iterator[Fault]:
    given = [
        (name, shares(level.allocation[name])[0])
        for name in dispute.nesting
        if name in level.allocation
    ]
    for (near, first), (far, second) in pairwise(given):
        if second > 0 and first < 1:
            yield Fault(
                f"{key}.allocation.{far}",
                f"nothing beyond the line while {near} is not wholly on the claimant's side",
                f"{second:g}",
            )
