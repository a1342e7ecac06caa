"""Tree of the package tables of a deal structure.

What a later stage is about depends on what the earlier stages settled, but only through the
clauses that matter later. Packages that agree on those share one table of the next stage.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import prod

import numpy as np

from sim.domain.clause import ClauseKind, Leverage
from sim.domain.condition import Facts
from sim.domain.deal import Deal
from sim.domain.dispute import Dispute
from sim.domain.interest import ROLES
from sim.domain.package import PackageTable, State, choices, facts_alone, tabulate
from sim.domain.scenario import Scenario
from sim.errors import Fault, ScenarioError
from sim.quantities import Ints

_STRUCTURAL = (
    ClauseKind.ADMINISTRATION,
    ClauseKind.TITLE,
    ClauseKind.RECOGNITION,
    ClauseKind.LEGAL_FORM,
)
MOST_PACKAGES = 500_000
"""Packages of a structure, in all states that its stages may be negotiated in."""
END = -1
"""Stands for "no further stage" among the next nodes."""


@dataclass(frozen=True)
class Node:
    """A stage together with the state in which it is negotiated.

    Parameters
    ----------
    stage : int
        Which stage of the structure, from 0.
    label : str
        The stage in words.
    table : PackageTable
        Its packages.
    next_nodes : ndarray of int, shape (packages,)
        The node that follows once a package is carried out, or `END`.
    """

    stage: int
    label: str
    table: PackageTable
    next_nodes: Ints


@dataclass
class _Builder:
    dispute: Dispute
    deal: Deal
    asked: frozenset[str]
    nodes: dict[tuple[int, tuple[str, ...]], int] = field(default_factory=dict)
    built: dict[int, Node] = field(default_factory=dict)
    packages: int = 0
    alone: dict[int, Facts] = field(default_factory=dict)
    matters: dict[int, list[str]] = field(default_factory=dict)

    def node(self, stage: int, before: State | None) -> int:
        """Return the index of the node of a stage in a state, building it when new."""
        key = (stage, self._key(stage, before))
        if key in self.nodes:
            return self.nodes[key]
        index = self.nodes[key] = len(self.nodes)
        description = list(self.deal.stages.values())[stage]
        prefix = f"{self.deal.name}/{index}"
        if before is not None and stage not in self.alone:
            self.alone[stage] = facts_alone(self.dispute, description)
        table = tabulate(self.dispute, description, prefix, before, self.alone.get(stage))
        following = [END] * len(table)
        if stage + 1 < len(self.deal.stages):
            self._foresee(stage + 1, table)
            following = [self.node(stage + 1, state) for state in table.states]
        self.built[index] = Node(stage, description.label, table, np.array(following, dtype=int))
        return index

    def _foresee(self, stage: int, table: PackageTable) -> None:
        """Refuse a next stage whose tables would be too large, before they are made."""
        keys = {(stage, self._key(stage, state)) for state in table.states} - set(self.nodes)
        description = list(self.deal.stages.values())[stage]
        self.packages += len(keys) * prod(map(len, choices(self.dispute, description).values()))
        if self.packages > MOST_PACKAGES:
            wanted = f"at most {MOST_PACKAGES:,} packages in all stages and states"
            raise ScenarioError([Fault(f"deals.{self.deal.name}", wanted, "more")])

    def _key(self, stage: int, before: State | None) -> tuple[str, ...]:
        """Return what a stage is about in a state: the levels of the clauses that matter then."""
        if before is None:
            return ()
        if stage not in self.matters:
            self.matters[stage] = self._matters(stage)
        return tuple(before.levels.get(name, "") for name in self.matters[stage])

    def _matters(self, stage: int) -> list[str]:
        """Return the clauses that matter from a stage on."""
        later = list(self.deal.stages.values())[stage:]
        named = {name for item in later for name in (*item.fixed, *item.negotiable)}
        structural = set(self.dispute.clauses_of(*_STRUCTURAL))
        lasting = {*_shifting(self.dispute), *_of_degree(self.dispute, self.deal)}
        matters = structural | self.asked | named | lasting
        return [name for name in self.dispute.clauses if name in matters]


def lay_out(scenario: Scenario, deal: Deal) -> tuple[Node, ...]:
    """Return the nodes of a deal structure; node 0 is its first stage.

    Parameters
    ----------
    scenario : Scenario
    deal : Deal

    Raises
    ------
    ScenarioError
        If its stages multiply beyond `MOST_PACKAGES`.
    """
    builder = _Builder(scenario.dispute, deal, frozenset(_asked(scenario)))
    builder.node(0, None)
    return tuple(builder.built[index] for index in range(len(builder.built)))


def can_close(scenario: Scenario, deal: str) -> bool:
    """Tell whether any text of a structure closes every claim.

    Parameters
    ----------
    scenario : Scenario
    deal : str
    """
    nodes = lay_out(scenario, scenario.structures[deal])
    return any(bool(node.table.closed.any()) for node in nodes)


def _shifting(dispute: Dispute) -> Iterator[str]:
    for name, clause in dispute.clauses.items():
        if any(level.leverage != Leverage() for level in clause.levels.values()):
            yield name


def _of_degree(dispute: Dispute, deal: Deal) -> Iterator[str]:
    """Yield the clauses of which a structure puts a level on the table that declares a degree."""
    for stage in deal.stages.values():
        tabled = {name: (level,) for name, level in stage.fixed.items()} | choices(dispute, stage)
        for name, levels in tabled.items():
            if any(dispute.clauses[name].levels[level].speaks_by_degree for level in levels):
                yield name


def _asked(scenario: Scenario) -> Iterator[str]:
    for role in ROLES:
        for precondition in scenario.preconditions(role).values():
            for condition in precondition.blocks:
                yield from condition
            if scenario.environment.accumulation.enabled and precondition.lifted_by:
                for condition in precondition.lifted_by.states:
                    yield from condition
        ending = scenario.side(role).reservation.urgency.ended_by
        if scenario.environment.fading.enabled and ending:
            for condition in ending.states:
                yield from condition
