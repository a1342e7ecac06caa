"""Plan of a structure, shared by all blocks: its nodes, and how each side measures them.

Nodes that nobody can tell apart (the same features to both sides, the same preconditions, rungs
and further course) are kept once.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from sim.agents.valuation import Features, measure
from sim.domain.deal import Deal
from sim.domain.interest import ROLES
from sim.domain.scenario import Scenario
from sim.domain.tree import END, Node, lay_out
from sim.domain.wording import blocked_unaided, presence, spoken
from sim.memo import Memo
from sim.model.worlds import ladder_rungs
from sim.quantities import Bools, Ints

_ARRAYS = tuple(item.name for item in fields(Features) if item.name != "names")


@dataclass(frozen=True)
class Plan:
    """A structure, measured.

    Parameters
    ----------
    nodes : tuple of Node
    features : tuple of pair of Features
        For each node, what the claimant and the holder see in its packages.
    rungs : tuple of ndarray
        For each node, the rung of the ladder of each package.
    """

    nodes: tuple[Node, ...]
    features: tuple[tuple[Features, Features], ...]
    rungs: tuple[Ints, ...]

    @property
    def voted(self) -> tuple[Bools, ...]:
        """Return, for each node, the packages on which any ratifier of either side votes."""
        votes = [np.concatenate([side.votes for side in pair]) for pair in self.features]
        return tuple(np.asarray(each.any(axis=0)) for each in votes)


_Key = tuple[object, ...]
_plans: Memo[Plan] = Memo(64)


def plan_for(scenario: Scenario, deal: Deal) -> Plan:
    """Return the plan of a structure, made once in a process for all scenarios that share it.

    Parameters
    ----------
    scenario : Scenario
        Its dispute is remembered by identity, so it must not be changed in place (it is frozen).
    deal : Deal
        One of its structures.
    """
    key = _key(scenario, deal)
    known = _plans.get(key)
    if known is None:
        known = _plans.add(key, _make(scenario, deal), holds=(scenario.dispute, deal))
    return known


def _key(scenario: Scenario, deal: Deal) -> _Key:
    """Return everything that a plan depends on; the cells of a sweep mostly agree on it."""
    sides = []
    for role in ROLES:
        side = scenario.side(role)
        wants, leader = side.preferences, side.leader
        seen = (wants.standing_step, wants.economy_scale, leader.discount_factor)
        blocked = [
            (name, item.blocks, tuple(item.survives)) for name, item in side.preconditions.items()
        ]
        votes = [item.votes_on and item.votes_on.texts for item in side.ratifiers.values()]
        sides.append((tuple(quantity.point for quantity in seen), repr(blocked), repr(votes)))
    return (id(scenario.dispute), id(deal), *sides)


def _make(scenario: Scenario, deal: Deal) -> Plan:
    levels: dict[str, dict[str, str]] = {
        name: {level: item.ladder for level, item in clause.levels.items() if item.ladder}
        for name, clause in scenario.dispute.clauses.items()
    }
    nodes = lay_out(scenario, deal)
    features = [measured(scenario, node) for node in nodes]
    steps = [ladder_rungs(node, levels) for node in nodes]
    same = _alike(scenario, nodes, features, steps)
    kept = sorted(set(same))
    place = {index: kept.index(same[index]) for index in range(len(nodes))}
    return Plan(
        nodes=tuple(_redirected(nodes[index], place) for index in kept),
        features=tuple(features[index] for index in kept),
        rungs=tuple(steps[index] for index in kept),
    )


def measured(scenario: Scenario, node: Node) -> tuple[Features, Features]:
    """Return what the claimant and the holder see in the packages of a node."""
    pair = [measure(node.table, scenario.dispute, role, scenario.side(role)) for role in ROLES]
    return pair[0], pair[1]


def _redirected(node: Node, place: dict[int, int]) -> Node:
    following = [END if index == END else place[int(index)] for index in node.next_nodes]
    return replace(node, next_nodes=np.array(following, dtype=np.int64))


def _alike(
    scenario: Scenario,
    nodes: tuple[Node, ...],
    features: list[tuple[Features, Features]],
    steps: list[Ints],
) -> list[int]:
    """Return, for each node, the first node that nobody can tell from it; last stages first."""
    first: dict[bytes, int] = {}
    same = list(range(len(nodes)))
    for index in sorted(same, key=lambda item: -nodes[item].stage):
        node = nodes[index]
        following = [END if later == END else same[int(later)] for later in node.next_nodes]
        parts = [np.array([node.stage, *following]), node.table.years, steps[index]]
        parts += [node.table.closed, node.table.facts["frame"] == "delimitation"]
        parts += [getattr(item, name) for item in features[index] for name in _ARRAYS]
        parts.append(presence(node.table, spoken(node.table, scenario.dispute)))
        for role in ROLES:
            for name, item in scenario.side(role).preconditions.items():
                where = (role, node.table, scenario.dispute)
                parts.append(blocked_unaided(item.blocks, name, *where))
                parts += [node.table.facts["frame"] == frame for frame in item.survives]
        signature = b"|".join(np.ascontiguousarray(part).tobytes() for part in parts)
        same[index] = first.setdefault(signature, index)
    return same
