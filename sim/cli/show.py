"""Tell a scenario in words: who wants what and why, each number with its source.

Usage: islands show [scenario=NAME|PATH] [key=value …]
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from sim.cli.numbers import Row, numbers, rows_of, table
from sim.cli.screen import display
from sim.domain.deal import Stage
from sim.domain.dispute import Dispute
from sim.domain.evidence import Register
from sim.domain.interest import INTERESTS, ROLES, Role
from sim.domain.narration import amount, condition, key_words, reason
from sim.domain.public import Choice
from sim.domain.scenario import Scenario
from sim.domain.side import Side
from sim.io.config import load_run

__all__ = ["main", "told"]

_MANY = 12

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
    display(told(scenario))
    return 0


def told(scenario: Scenario) -> RenderableType:
    """Return a scenario in words and tables."""
    parts: list[RenderableType] = [*_opening(scenario)]
    for role in ROLES:
        parts.extend(_side(scenario, role))
    if scenario.dependence != "independent":
        title = f"How far a side's numbers go with its resolve: {scenario.dependence}"
        parts += [_heading(title), numbers("", rows_of(scenario.resolve), scenario.evidence)]
    for heading, value in (("Surroundings", scenario.environment), ("Rules", scenario.protocol)):
        parts.append(_heading(f"{heading}: {value.label}"))
        parts.append(numbers("", rows_of(value), scenario.evidence))
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
    names = {role: scenario.side(role).label for role in ROLES}
    objects = table("object", "area", "held by", *(f"worth to {names[role]}" for role in ROLES))
    for thing in scenario.dispute.objects.values():
        worth = [f"{thing.value.of(role):g}" for role in ROLES]
        held = "nobody" if thing.controller == "none" else names[Role(thing.controller)]
        objects.add_row(thing.label, f"{amount(thing.area)} {thing.area.unit}", held, *worth)
    yield objects
    yield _clauses(scenario.dispute)


def _clauses(dispute: Dispute) -> RenderableType:
    clauses = table("What a text settles", "answers", ratios=(40, 80))
    for clause in dispute.clauses.values():
        labels = [level.label for level in clause.levels.values()]
        few = len(labels) <= _MANY
        answers = labels if few else [*labels[:2], f"… {len(labels)} in all", labels[-1]]
        clauses.add_row(clause.label, "; ".join(answers))
    return clauses


def _side(scenario: Scenario, role: Role) -> Iterator[RenderableType]:
    side = scenario.side(role)
    yield _heading(f"{role.value.title()}: {side.label}")
    yield numbers("What it wants, the most first", _wants(scenario, side), scenario.evidence)
    yield numbers("What it will not sign, and how firmly", _refusals(side), scenario.evidence)
    for name, title in _SECTIONS.items():
        part = getattr(side, name)
        label = f": {part.label}" if hasattr(part, "label") else ""
        yield numbers(f"{title}{label}", rows_of(part), scenario.evidence)
        if name == "public" and side.public.polls:
            yield _polls(side)
        if name == "ratifiers" and side.ratifiers:
            yield _votes(side, scenario.evidence)


def _wants(scenario: Scenario, side: Side) -> list[Row]:
    weights = side.preferences.weights
    described = {**INTERESTS, **scenario.dispute.interests}
    ordered = sorted(weights, key=lambda name: -abs(weights[name].point))
    wants: list[Row] = [
        (f"{key_words(name)}: {described.get(name, 'its own interest')}", weights[name])
        for name in ordered
    ]
    return [*wants, *rows_of(side.preferences.model_copy(update={"weights": {}}))]


def _refusals(side: Side) -> list[Row]:
    rows: list[Row] = []
    for stance in side.preconditions.values():
        blocked = " or ".join(condition(test) for test in stance.blocks)
        rows.append((f"{stance.label} (blocks: {blocked})", None))
        rows.append(("  chance that it is absolute", stance.firmness))
        rows.append(("  penalty where it is not", stance.penalty))
        for frame, chance in stance.survives.items():
            rows.append((f"  chance that it stands under {key_words(frame)}", chance))
    return rows


def _votes(side: Side, register: Register) -> RenderableType:
    votes = table("who votes", "on which texts", "why", ratios=(34, 44, 42))
    for ratifier in side.ratifiers.values():
        voting = ratifier.votes_on
        if voting is None:
            votes.add_row(ratifier.label, "every one", "")
        else:
            texts = "; or ".join(condition(test) for test in voting.texts)
            votes.add_row(ratifier.label, texts or "none", reason(voting, register))
    return votes


def _polls(side: Side) -> RenderableType:
    polls = table("What it was asked", "when", "what an answer means", ratios=(48, 12, 60))
    for poll in side.public.polls.values():
        if isinstance(poll, Choice):
            labels = (side.public.segments[name].label for name in poll.answers)
            polls.add_row(poll.question, poll.date, f"a choice: {'; '.join(labels)}")
        else:
            levels = (
                f"{key_words(key)}: {key_words(level)}" for key, level in poll.package.items()
            )
            polls.add_row(poll.question, poll.date, f"for or against: {'; '.join(levels)}")
    return polls


def _structures(scenario: Scenario) -> RenderableType:
    columns = ("structure", "stage", "settled beforehand", "negotiated")
    structures = table(*columns, ratios=(30, 26, 36, 28))
    for deal in scenario.deals.values():
        for index, stage in enumerate(deal.stages.values()):
            name = "" if index else f"{deal.label} ({deal.name})"
            structures.add_row(name, stage.label, *_terms(stage))
    return structures


def _terms(stage: Stage) -> tuple[str, str]:
    fixed = [f"{key_words(clause)}: {key_words(level)}" for clause, level in stage.fixed.items()]
    return "; ".join(fixed), ", ".join(key_words(clause) for clause in stage.negotiable)


def _heading(text: str) -> RenderableType:
    return Padding(Text(text, style="bold underline"), (1, 0, 0, 0))
