"""Check a deal structure against its dispute."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from sim.domain.check.names import check_condition, check_levels, unknown
from sim.domain.clause import ClauseKind
from sim.domain.deal import Deal, Stage
from sim.domain.dispute import Dispute
from sim.domain.package import PackageTable, tabulate
from sim.domain.state import State
from sim.errors import Fault

MOST_PACKAGES = 6_000
"""Packages of a stage beyond which a structure is refused: a block of it takes some 1.6 GB."""

MOST_STAGES = 20
"""Stages of a structure beyond which it is refused."""


def check_deal(name: str, deal: Deal, dispute: Dispute, *, sound: bool) -> Iterator[Fault]:
    """Yield the faults of a deal structure; what its packages do, only in a sound dispute."""
    if deal.name != name:
        yield Fault(f"deals.{name}.name", f"{name!r}, as it is listed", f"{deal.name!r}")
    if len(deal.stages) > MOST_STAGES:
        got = f"{len(deal.stages)}"
        yield Fault(f"deals.{name}.stages", f"at most {MOST_STAGES} stages", got)
        return
    before: State | None = None
    for stage_name, stage in deal.stages.items():
        key = f"deals.{name}.stages.{stage_name}"
        faults = [*_check_stage(key, stage, dispute)]
        yield from faults
        if faults:
            return
        if not sound:
            continue
        table = tabulate(dispute, stage, name, before)
        if not len(table):
            yield Fault(f"{key}.exclude", "at least one package left", "none")
            return
        yield from _check_finality(key, table, stage, dispute)
        before = table.states[0]


def _check_stage(key: str, stage: Stage, dispute: Dispute) -> Iterator[Fault]:
    yield from check_levels(f"{key}.fixed", stage.fixed, dispute)
    sizes = []
    for clause, levels in stage.negotiable.items():
        if clause not in dispute.clauses:
            known = dispute.clauses
            yield unknown(f"{key}.negotiable.{clause}", "a clause of the dispute", clause, known)
            continue
        known_levels = dispute.clauses[clause].levels
        listed = tuple(known_levels) if levels == "all" else levels
        sizes.append(len(listed))
        for level in listed:
            if level not in known_levels:
                place = f"{key}.negotiable.{clause}"
                yield unknown(place, f"a level of {clause}", level, known_levels)
    if prod(sizes) > MOST_PACKAGES:
        yield Fault(f"{key}.negotiable", f"at most {MOST_PACKAGES} packages", f"{prod(sizes)}")
    for number, condition in enumerate(stage.exclude):
        yield from check_condition(f"{key}.exclude.{number}", condition, dispute)
    yield from _check_allocated_once(key, stage, dispute)


def _check_allocated_once(key: str, stage: Stage, dispute: Dispute) -> Iterator[Fault]:
    for kind in (ClauseKind.ADMINISTRATION, ClauseKind.TITLE):
        taken: dict[str, str] = {}
        for clause_name, clause in dispute.clauses_of(kind).items():
            if clause_name not in stage.fixed and clause_name not in stage.negotiable:
                continue
            for item in sorted(clause.objects):
                if item in taken:
                    yield Fault(
                        f"{key}.{clause_name}",
                        f"{kind.value} of {item} allocated once",
                        f"twice: by {taken[item]} and {clause_name}",
                    )
                taken[item] = clause_name


def _check_finality(
    key: str, table: PackageTable, stage: Stage, dispute: Dispute
) -> Iterator[Fault]:
    for name, clause in dispute.clauses_of(ClauseKind.FINALITY).items():
        if name not in stage.fixed and name not in stage.negotiable:
            continue
        for state in table.states:
            level = state.levels[name]
            closes = clause.levels[level].closes
            if closes is not None and closes != state.closed:
                really = "fixes title to everything" if state.closed else "leaves title open"
                yield Fault(
                    f"{key}.{name}",
                    "a finality that agrees with the titles",
                    f"{level!r} in a package that {really}",
                )
                return
