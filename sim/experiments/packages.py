"""List the packages of a run: what each text says, and what it moves for either side."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.agents.valuation import Features
from sim.domain.interest import ROLES, features
from sim.domain.results import Kinds
from sim.domain.scenario import Scenario
from sim.domain.tree import Node
from sim.errors import Fault, ScenarioError
from sim.model.plan import plan_for


def packages_kinds(scenario: Scenario) -> Kinds:
    """Return the columns of the table of packages, in order.

    Parameters
    ----------
    scenario : Scenario

    Raises
    ------
    ScenarioError
        If a clause has the name of another column.
    """
    interests = features(tuple(scenario.dispute.interests))
    moved = [f"{role.value}_{name}" for role in ROLES for name in interests]
    kinds: Kinds = {"id": "text", "deal": "word", "stage": "count"}
    taken = sorted({*kinds, *moved} & set(scenario.dispute.clauses))
    if taken:
        got = f"the name of a column of the table of packages: {', '.join(taken)}"
        raise ScenarioError([Fault("dispute.clauses", "another name of a clause", got)])
    kinds |= dict.fromkeys(scenario.dispute.clauses, "word")
    return kinds | dict.fromkeys(moved, "number")


def packages_table(scenario: Scenario) -> pd.DataFrame:
    """Return the table of packages, structure by structure and stage by stage.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    DataFrame
        `id`, `deal`, `stage` (from 0), the level of every clause of the dispute that is in force
        with the text, and what it moves for either side compared with the state before it, as
        ``claimant_territory``, in units of the interest's full scale.

    Raises
    ------
    ScenarioError
        If a clause has the name of another column.
    """
    kinds = packages_kinds(scenario)
    plans = [(deal.name, plan_for(scenario, deal)) for deal in scenario.deals.values()]
    parts = [
        _part(scenario, deal, node, pair, kinds)
        for deal, plan in plans
        for node, pair in zip(plan.nodes, plan.features, strict=True)
    ]
    table = pd.concat(parts, ignore_index=True)
    for name in ("deal", *scenario.dispute.clauses):
        table[name] = pd.Categorical(table[name], categories=levels_of(scenario)[name])
    return table


def levels_of(scenario: Scenario) -> dict[str, list[str]]:
    """Return what the words in the columns of the table of packages may be."""
    clauses = scenario.dispute.clauses.items()
    return {"deal": list(scenario.deals), **{name: list(item.levels) for name, item in clauses}}


def _part(
    scenario: Scenario, deal: str, node: Node, pair: tuple[Features, Features], kinds: Kinds
) -> pd.DataFrame:
    dispute, table = scenario.dispute, node.table
    said = {
        "id": [table.id_of(package) for package in range(len(table))],
        "deal": deal,
        "stage": np.int32(node.stage),
        **{name: [state.levels.get(name) for state in table.states] for name in dispute.clauses},
    }
    names = [name for name, kind in kinds.items() if kind == "number"]
    moved = np.concatenate([item.values for item in pair], axis=1)
    numbers = pd.DataFrame(moved, columns=names)
    return pd.concat([pd.DataFrame(said), numbers], axis=1)
