"""Scenario in words: who wants what and why, each number with its source."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from sim.domain.deal import Stage
from sim.domain.dispute import Dispute
from sim.domain.evidence import Register
from sim.domain.interest import ROLES, Role
from sim.domain.narration import amount, condition, key_words, reason, side_name
from sim.domain.public import Choice
from sim.domain.quantity import Quantity
from sim.domain.scenario import Scenario
from sim.domain.side import Side
from sim.report.numbers import unset_numbers
from sim.report.tables import table

__all__ = ["PARTS", "told"]

_MANY = 12
_RATIOS = (34, 16, 16, 54)

_SECTIONS = {
    "leader": "Who negotiates",
    "public": "Whom the government answers to",
    "ratifiers": "Who must agree, in this order",
    "reservation": "What it has without an agreement",
    "strategy": "How it concedes",
    "beliefs": "What it believes, and how wrong it may be",
    "commitment": "What holds it to its word",
}


_PLAYED = {
    "single": "each on the same worlds",
    "open": "all on the table at once",
    "tabled": "one on the table at a time",
}


PARTS = ("dispute", "claimant", "holder", "resolve", "environment", "protocol", "deals")
"""What can be told alone."""


def told(scenario: Scenario, part: str | None = None, *, keys: bool = False) -> RenderableType:
    """Return a scenario in words and tables.

    Parameters
    ----------
    scenario : Scenario
    part : str, optional
        One of `PARTS`, to tell only this.
    keys : bool
        Say under each number by which key it is changed.
    """
    found = {
        "dispute": _dispute(scenario),
        **{role.value: _side(scenario, role, keys) for role in ROLES},
        "resolve": _resolve(scenario, keys),
        "environment": _named("Environment", "environment", scenario, keys),
        "protocol": _protocol(scenario, keys),
        "deals": _deals(scenario),
    }
    if part:
        return Group(Text(scenario.title, style="bold"), *found[part])
    return Group(*_opening(scenario), *(each for parts in found.values() for each in parts))


def _resolve(scenario: Scenario, keys: bool) -> Iterator[RenderableType]:
    if scenario.dependence != "independent":
        yield _heading(f"How far a side's numbers go with its resolve: {scenario.dependence}")
        yield _numbers("", _rows_of(scenario.resolve, "resolve"), scenario.evidence, keys)


def _named(heading: str, name: str, scenario: Scenario, keys: bool) -> Iterator[RenderableType]:
    value = getattr(scenario, name)
    yield _heading(f"{heading}: {value.label}")
    yield _numbers("", _rows_of(value, name), scenario.evidence, keys)


def _protocol(scenario: Scenario, keys: bool) -> Iterator[RenderableType]:
    protocol = scenario.protocol
    heading, numbers = _named("Rules", "protocol", scenario, keys)
    yield heading
    first = side_name(scenario.side(Role(protocol.first_mover)).label)
    chance = "at even odds" if protocol.proposes is None else "with the chance proposes"
    drawn = f"Who offers is drawn in each round, {first} {chance}."
    yield Text(drawn if protocol.draws_turns else f"Sides offer in turn, {first} first.")
    yield numbers


def _deals(scenario: Scenario) -> Iterator[RenderableType]:
    yield _heading(f"Structures: {len(scenario.deals)}, {_PLAYED[scenario.agenda]}")
    yield _structures(scenario)


def _opening(scenario: Scenario) -> Iterator[RenderableType]:
    yield Text(scenario.title, style="bold")
    if scenario.description:
        yield Text(" ".join(scenario.description.split()))
    years = scenario.rounds * scenario.protocol.round_years
    yield Text(
        f"From {scenario.start}: {scenario.rounds} rounds ({years:g} years), "
        f"{scenario.worlds:,} worlds, seed {scenario.seed}"
    )


def _dispute(scenario: Scenario) -> Iterator[RenderableType]:
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


def _side(scenario: Scenario, role: Role, keys: bool) -> Iterator[RenderableType]:
    side = scenario.side(role)
    yield _heading(f"{role.value.title()}: {side.label}")
    wants, refusals = _wants(scenario, side, role.value), _refusals(side, role.value)
    yield _numbers("What it wants, the most first", wants, scenario.evidence, keys)
    yield _numbers("What it will not sign, and how firmly", refusals, scenario.evidence, keys)
    for name, title in _SECTIONS.items():
        part = getattr(side, name)
        label = f": {part.label}" if hasattr(part, "label") else ""
        rows = _rows_of(part, f"{role.value}.{name}")
        yield _numbers(f"{title}{label}", rows, scenario.evidence, keys)
        if name == "public" and side.public.polls:
            yield _polls(side)
            yield from _opposition(scenario, role)
        if name == "ratifiers" and side.ratifiers:
            yield _votes(side, scenario.evidence)


def _wants(scenario: Scenario, side: Side, path: str) -> list[Row]:
    weights, key = side.preferences.weights, f"{path}.preferences"
    ordered = sorted(weights, key=lambda name: -abs(weights[name].point))
    wants: list[Row] = [
        (
            f"{key_words(name)}: {scenario.dispute.interest(name).label}",
            weights[name],
            f"{key}.weights.{name}",
        )
        for name in ordered
    ]
    return [*wants, *_rows_of(side.preferences.model_copy(update={"weights": {}}), key)]


def _refusals(side: Side, path: str) -> list[Row]:
    rows: list[Row] = []
    for name, stance in side.preconditions.items():
        key = f"{path}.preconditions.{name}"
        blocked = " or ".join(condition(test) for test in stance.blocks)
        rows.append((f"{stance.label} (blocks: {blocked})", None, key))
        rows.append(("  chance that it is absolute", stance.firmness, f"{key}.firmness"))
        rows.append(("  penalty where it is not", stance.penalty, f"{key}.penalty"))
        for frame, chance in stance.survives.items():
            words = f"  chance that it stands under {key_words(frame)}"
            rows.append((words, chance, f"{key}.survives.{frame}"))
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


def _opposition(scenario: Scenario, role: Role) -> Iterator[RenderableType]:
    """Yield how many are opposed to what, where nothing says so but the segments."""
    key = f"{role.value}.public.opposition"
    if number := unset_numbers(scenario).get(key):
        yield Text(f"\n{number.label}: {number.told}")


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


Row = tuple[str, Quantity | None, str]
"""A number under its name, with its key; without one, the heading of those indented below it."""


def _rows_of(value: object, path: str) -> list[Row]:
    """Return the numbers below a value, indented under the parts that they belong to."""
    return list(_rows(value, path, ""))


def _rows(value: object, path: str, indent: str) -> Iterator[Row]:
    if isinstance(value, BaseModel):
        parts = {name: getattr(value, name) for name in type(value).model_fields}
    else:
        parts = value if isinstance(value, dict) else {}
    for name, part in parts.items():
        key = f"{path}.{name}"
        if isinstance(part, Quantity):
            yield f"{indent}{key_words(name)}", part, key
        elif below := list(_rows(part, key, f"{indent}  ")):
            yield f"{indent}{getattr(part, 'label', key_words(name))}", None, key
            yield from below


def _numbers(title: str, rows: list[Row], register: Register, keys: bool) -> RenderableType:
    """Return a table of numbers, each with its unit and its origin.

    Parameters
    ----------
    title : str
        What the numbers are about; may be empty.
    rows : list of Row
    register : Register
        The facts to which sources refer.
    keys : bool
        Whether to say the key of each.
    """
    if not rows:
        return Text(f"\n{title}: nothing" if title else "")
    body = table("", "value", "unit", "why", ratios=_RATIOS)
    for words, quantity, key in rows:
        if quantity is None:
            body.add_row(_hanging(words))
        else:
            why = reason(quantity, register)
            name = _hanging(words, key if keys else "")
            body.add_row(name, amount(quantity), quantity.unit, why)
    return Group(Text(f"\n{title}", style="bold"), body) if title else body


def _hanging(words: str, key: str = "") -> RenderableType:
    """Return words whose further lines are indented like the first, and a key below them."""
    text = words.lstrip()
    below = (f"\n{key}", "dim") if key else ""
    return Padding(Text.assemble(text, below), (0, 0, 0, len(words) - len(text)))
