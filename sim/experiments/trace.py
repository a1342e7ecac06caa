"""Table of what happens in one world, round by round, from a replay."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sim.domain.interest import ROLES, Role
from sim.domain.outcome import Answer
from sim.domain.results import BlockResult
from sim.domain.scenario import Scenario
from sim.domain.tree import Node
from sim.experiments.explanation.sight import RoundSnapshot, watch

_OF_SIDES = ("value", "reservation", "aspiration", "support", "approval")
_COLUMNS = (
    "round",
    "years",
    "stage",
    "proposer",
    "package",
    "offer",
    *(f"{name}_{role.value}" for name in _OF_SIDES for role in ROLES),
    "zopa",
    "signable",
    "passable",
    "answer",
    "why",
)


def trace(scenario: Scenario, deal: str, world: int) -> pd.DataFrame:
    """Return what happens in one world of a structure; see `EnsembleResult.trace`."""
    if deal not in scenario.structures:
        raise KeyError(f"no structure named {deal!r}; known are {', '.join(scenario.structures)}")
    if world < 0:
        raise ValueError(f"expected a world from 0 on, got {world}")
    return trace_of(scenario, *watch(scenario, deal, world))


def trace_of(
    scenario: Scenario, ended: BlockResult, seen: dict[int, RoundSnapshot], nodes: tuple[Node, ...]
) -> pd.DataFrame:
    """Return what happened in a world that was watched; see `watch_model`."""
    rows = []
    for line in ended.record or []:
        sight = seen[line["round"]]
        why = _why(scenario, ended.ratifier_names, line, sight)
        rows.append({**_row(scenario, nodes, line), "why": why})
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _row(scenario: Scenario, nodes: tuple[Node, ...], line: dict[str, Any]) -> dict[str, Any]:
    answer: Answer = line["answer"]
    row = {name: line[name] for name in _COLUMNS if name in line and name != "package"}
    row |= {"years": line["round"] * scenario.protocol.round_years, "answer": answer.name}
    if "node" in line:
        node = nodes[line["node"]]
        row["stage"] = node.label
        row |= _offer(scenario, node, line.get("package", -1))
    if "proposer" in line:
        row["proposer"] = line["proposer"].value
    return row


def _offer(scenario: Scenario, node: Node, package: int) -> dict[str, str]:
    if package < 0:
        return {}
    before, clauses = node.table.before.levels, scenario.dispute.clauses
    changed = [
        clauses[name].levels[level].label
        for name, level in node.table.states[package].levels.items()
        if before.get(name) != level
    ]
    return {"package": node.table.id_of(package), "offer": "; ".join(changed) or "nothing new"}


def _why(
    scenario: Scenario, ratifiers: tuple[str, ...], line: dict[str, Any], sight: RoundSnapshot
) -> str:
    answer: Answer = line["answer"]
    if answer is Answer.rejected:
        role, _, name = ratifiers[line["ratifier"]].partition(".")
        return f"{answer.value}: {scenario.side(Role(role)).ratifiers[name].label}"
    if answer is Answer.precondition:
        responder: Role = line["proposer"].other
        labels = [
            scenario.side(role).preconditions[name].label
            for (role, name), blocked in sight.against.items()
            if role is responder and blocked[line["package"]]
        ]
        return f"{answer.value}: {'; '.join(labels)}"
    return str(answer.value)
