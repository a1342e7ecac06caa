"""Tell a scenario in words: who wants what and why, each number with its source.

Usage: islands show [scenario=NAME|PATH] [key=value …]
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.cli.screen import console
from sim.cli.words import amount, condition, key_words, reason
from sim.domain.clause import Clause
from sim.domain.deal import Deal, Stage
from sim.domain.interest import INTERESTS, ROLES, Role
from sim.domain.quantity import Quantity
from sim.domain.scenario import Scenario, quantities_of
from sim.domain.side import Side
from sim.io.config import load_run

__all__ = ["main", "told"]

Row = tuple[str, Quantity]

_SECTIONS = {
    "leader": "Who negotiates",
    "public": "Whom the government answers to",
    "ratifiers": "Who must agree, in this order",
    "reservation": "What it has without an agreement",
    "strategy": "How it concedes",
    "beliefs": "What it believes, and how wrong it may be",
    "commitment": "What holds it to its word",
}


def main(arguments: list[str]) -> int:
    """Tell the scenario that the overrides describe."""
    scenario, _ = load_run(None, arguments)
    console().print(told(scenario))
    return 0


def told(scenario: Scenario) -> RenderableType:
    """Return a scenario in words and tables."""
    parts: list[RenderableType] = [*_opening(scenario)]
    for role in ROLES:
        parts.extend(_side(scenario, role))
    for heading, value in (("Surroundings", scenario.environment), ("Rules", scenario.protocol)):
        rows = list(quantities_of(value))
        parts.append(_heading(f"{heading}: {value.label}"))
        parts.append(_numbers("", [(key_words(key), item) for key, item in rows], scenario))
    parts.append(_heading(f"Structures: {len(scenario.deals)}, each on the same worlds"))
    parts.append(_structures(scenario))
    return Group(*parts)


def _opening(scenario: Scenario) -> Iterator[RenderableType]:
    yield Text(scenario.title, style="bold")
    if scenario.description:
        yield Text(" ".join(scenario.description.split()))
    years = scenario.rounds * scenario.protocol.round_years
    yield Text(
        f"From {scenario.start}: {scenario.rounds} rounds ({years:g} years), "
        f"{scenario.worlds:,} worlds, seed {scenario.seed}"
    )
    yield _heading(f"What is disputed: {scenario.dispute.label}")
    table = _table("object", "area", "held by", *(f"worth to {_name(scenario, r)}" for r in ROLES))
    for thing in scenario.dispute.objects.values():
        worth = [f"{thing.value.of(role):g}" for role in ROLES]
        held = "nobody" if thing.controller == "none" else _name(scenario, Role(thing.controller))
        table.add_row(thing.label, f"{amount(thing.area)} {thing.area.unit}", held, *worth)
    yield table
    yield _clauses(scenario.dispute.clauses)


def _clauses(clauses: dict[str, Clause]) -> Table:
    table = _table("a text settles", "answers")
    for clause in clauses.values():
        labels = [level.label for level in clause.levels.values()]
        shown = labels if len(labels) <= 12 else [*labels[:3], f"… {len(labels)} in all"]
        table.add_row(clause.label, "; ".join(shown))
    return table


def _side(scenario: Scenario, role: Role) -> Iterator[RenderableType]:
    side = scenario.side(role)
    yield _heading(f"{role.value.title()}: {side.label}")
    yield _wants(scenario, side)
    yield _refusals(scenario, side)
    shown = {name: f"{title}" for name, title in _SECTIONS.items()}
    shown["leader"] += f": {side.leader.label}"
    shown["public"] += f": {side.public.label}"
    for name, title in shown.items():
        rows = [(key_words(key), item) for key, item in quantities_of(getattr(side, name))]
        yield _numbers(title, rows, scenario)


def _wants(scenario: Scenario, side: Side) -> RenderableType:
    weights = side.preferences.weights
    described = {**INTERESTS, **scenario.dispute.interests}
    ordered = sorted(weights, key=lambda name: -abs(weights[name].point))
    rows = [(f"{key_words(name)}: {described.get(name, '')}", weights[name]) for name in ordered]
    others = side.preferences.model_copy(update={"weights": {}})
    rows.extend((key_words(key), item) for key, item in quantities_of(others))
    return _numbers("What it wants, the most first", rows, scenario)


def _refusals(scenario: Scenario, side: Side) -> RenderableType:
    rows: list[Row] = []
    for stance in side.preconditions.values():
        blocked = " or ".join(condition(test) for test in stance.blocks)
        rows.append((f"{stance.label} (blocks: {blocked})", stance.firmness))
        rows.append(("  penalty where it is not absolute", stance.penalty))
        for frame, chance in stance.survives.items():
            rows.append((f"  still stands under {key_words(frame)}", chance))
    return _numbers("What it will not sign, and how firmly", rows, scenario)


def _numbers(title: str, rows: list[Row], scenario: Scenario) -> RenderableType:
    """Return a table of numbers, each with its unit and its origin."""
    if not rows:
        return Text(f"{title}: nothing" if title else "")
    table = _table(title, "value", "unit", "why", ratios=(34, 16, 16, 54))
    for words, quantity in rows:
        why = reason(quantity, scenario.evidence)
        table.add_row(words, amount(quantity), quantity.unit, why)
    return table


def _structures(scenario: Scenario) -> Table:
    table = _table("structure", "stage", "settled beforehand", "negotiated")
    for deal in scenario.deals.values():
        for index, stage in enumerate(deal.stages.values()):
            table.add_row(_title(deal) if not index else "", stage.label, *_terms(stage))
    return table


def _title(deal: Deal) -> str:
    return f"{deal.label} ({deal.name})"


def _terms(stage: Stage) -> tuple[str, str]:
    fixed = [f"{key_words(clause)}: {key_words(level)}" for clause, level in stage.fixed.items()]
    return "; ".join(fixed), ", ".join(key_words(clause) for clause in stage.negotiable)


def _name(scenario: Scenario, role: Role) -> str:
    return scenario.side(role).label


def _heading(text: str) -> RenderableType:
    return Padding(Text(text, style="bold underline"), (1, 0, 0, 0))


def _table(*columns: str, ratios: tuple[int, ...] = ()) -> Table:
    table = Table(box=None, pad_edge=False, expand=bool(ratios), header_style="bold")
    for index, column in enumerate(columns):
        table.add_column(column, overflow="fold", ratio=ratios[index] if ratios else None)
    return table
