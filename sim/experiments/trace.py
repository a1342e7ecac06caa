"""Tell one world round by round, by playing it once more and writing down what happens."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sim.domain.interest import ROLES, Role
from sim.domain.outcome import Answer
from sim.domain.scenario import Scenario
from sim.domain.tree import Node
from sim.model.talks import TalksModel
from sim.quantities import BLOCK_WORLDS

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
    if deal not in scenario.deals:
        raise KeyError(f"no structure named {deal!r}; known are {', '.join(scenario.deals)}")
    if world < 0:
        raise ValueError(f"expected a world from 0 on, got {world}")
    block, first = divmod(world, BLOCK_WORLDS)
    model = TalksModel(scenario, deal, block=block, worlds=1, first=first, record=True)
    try:
        names = model.run().ratifier_names
        rows = [_row(model, names, line) for line in model.record or []]
    finally:
        model.release()
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _row(model: TalksModel, ratifiers: tuple[str, ...], line: dict[str, Any]) -> dict[str, Any]:
    answer: Answer = line["answer"]
    row = {name: line[name] for name in _COLUMNS if name in line and name != "package"}
    row |= {"years": line["round"] * model.scenario.protocol.round_years, "answer": answer.name}
    row["why"] = _why(model, ratifiers, line)
    if "node" in line:
        node = model.nodes[line["node"]]
        row["stage"] = node.label
        row |= _offer(model.scenario, node, line.get("package", -1))
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


def _why(model: TalksModel, ratifiers: tuple[str, ...], line: dict[str, Any]) -> str:
    answer: Answer = line["answer"]
    if answer is Answer.rejected:
        role, _, name = ratifiers[line["ratifier"]].partition(".")
        return f"{answer.value}: {model.scenario.side(Role(role)).ratifiers[name].label}"
    if answer is Answer.precondition:
        party = model.parties[line["proposer"].other.position]
        stances = party.government.package_values[line["node"]].preconditions
        names = stances.names_against(line["round"], 0, line["package"])
        labels = [party.government.side.preconditions[name].label for name in names]
        return f"{answer.value}: {'; '.join(labels)}"
    return str(answer.value)
