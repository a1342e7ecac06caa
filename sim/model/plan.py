"""Plan of a structure, shared by all blocks: its nodes, and how each side measures them.

Nodes that nobody can tell apart (the same features to both sides, the same preconditions, rungs
and further course) are kept once. The plan of an agenda is made of the plans of its structures, in
the order of their names, so that the order in which they are listed changes nothing: a tabled one
keeps the first node of each, an open one has all of them in one, in which packages that nobody can
tell apart are kept once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

import numpy as np

from sim.agents.valuation import Features, changed, measure
from sim.domain.agenda import AGENDA, LesserStage, structure_of
from sim.domain.deal import Deal, Stage
from sim.domain.interest import ROLES, Role
from sim.domain.package import PackageTable
from sim.domain.scenario import Scenario
from sim.domain.tree import END, Node, lay_out
from sim.domain.wording import blocked_unaided, lasting, presence, spoken
from sim.memo import Memo
from sim.model.ladder import ladder_rungs
from sim.quantities import Bools, Floats, Ints

__all__ = ["Plan", "plan_for"]

_OF_NODES, _OF_VOTERS = ("names", "framed"), ("votes",)
_OF_PACKAGES = tuple(item.name for item in fields(Features) if item.name not in _OF_NODES)


@dataclass(frozen=True)
class Plan:
    """A structure, or an agenda of several, measured.

    Parameters
    ----------
    nodes : tuple of Node
    features : tuple of pair of Features
        For each node, what the claimant and the holder see in its packages.
    rungs : tuple of ndarray
        For each node, the rung of the ladder of each package.
    voted_before : tuple of tuple of float
        For each node, the share of the packages of each earlier stage of its structure on which
        any ratifier votes.
    roots : mapping of structure to int
        The nodes at which talks may begin.
    twins : mapping of id to tuple of str
        Packages of an open agenda that are the same in several structures, and the others.
    """

    nodes: tuple[Node, ...]
    features: tuple[tuple[Features, Features], ...]
    rungs: tuple[Ints, ...]
    voted_before: tuple[tuple[float, ...], ...] = ()
    roots: Mapping[str, int] = field(default_factory=dict)
    twins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def structures(self) -> tuple[str, ...]:
        """Return the structures on the agenda, in the order of their names."""
        ids = [self._ids(node) for node in self.nodes if node.stage == 0]
        names = {structure_of(name) for node in ids for name in node}
        return tuple(sorted(names.union(*self.twins.values())))

    @cached_property
    def structure_of(self) -> tuple[Ints, ...]:
        """Return, for each node, the place of the structure of each package."""
        places = {name: place for place, name in enumerate(self.structures)}
        return tuple(
            np.array([places[structure_of(name)] for name in self._ids(node)], dtype=np.int64)
            for node in self.nodes
        )

    @staticmethod
    def _ids(node: Node) -> list[str]:
        return [node.table.id_of(package) for package in range(len(node.table))]

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
        holds = (scenario.dispute, *_listed(scenario, deal))
        known = _plans.add(key, _make(scenario, deal), holds=holds)
    return known


def _parts(scenario: Scenario, deal: Deal) -> list[Deal]:
    """Return what a plan is made of: a structure, or all of an agenda in the order of names."""
    if scenario.agenda == "single" or deal.name != AGENDA:
        return [deal]
    texts = scenario.texts
    return [texts[name] for name in sorted(texts)]


def _listed(scenario: Scenario, deal: Deal) -> list[Deal]:
    """Return the parts of a plan that the scenario holds; lesser texts follow from them."""
    parts = _parts(scenario, deal)
    return [part for part in parts if part is deal or part.name in scenario.deals]


def _key(scenario: Scenario, deal: Deal) -> _Key:
    """Return everything that a plan depends on; the cells of a sweep mostly agree on it."""
    sides = []
    for role in ROLES:
        side = scenario.side(role)
        wants, leader = side.preferences, side.leader
        seen = (wants.standing_step, wants.economy_scale, leader.discount_factor)
        lifts = scenario.environment.accumulation.enabled
        blocked = [
            (name, item.blocks, tuple(item.survives), lifts and item.lifted_by)
            for name, item in scenario.preconditions(role).items()
        ]
        votes = [item.votes_on and item.votes_on.texts for item in side.ratifiers.values()]
        ends = scenario.environment.fading.enabled and side.reservation.urgency.ended_by
        said = (repr(item) for item in (blocked, votes, ends))
        sides.append((tuple(quantity.point for quantity in seen), *said))
    parts = (id(part) for part in _listed(scenario, deal))
    how = scenario.agenda, scenario.lesser_texts
    return (*how, id(scenario.dispute), *parts, *sides)


def _make(scenario: Scenario, deal: Deal) -> Plan:
    parts = _parts(scenario, deal)
    if parts == [deal]:
        return _of_structure(scenario, deal)
    joined = _joined({part.name: _of_structure(scenario, part) for part in parts})
    return joined if scenario.agenda == "tabled" else _united(scenario, joined)


def _of_structure(scenario: Scenario, deal: Deal) -> Plan:
    nodes = lay_out(scenario, deal)
    stages = list(deal.stages.values())
    features = _sharing([measured(scenario, node, stages[node.stage]) for node in nodes])
    steps = [ladder_rungs(node, scenario.dispute) for node in nodes]
    same = _alike(scenario, nodes, features, steps)
    kept = sorted(set(same))
    place = {index: kept.index(same[index]) for index in range(len(nodes))}
    plan = Plan(
        nodes=tuple(_redirected(nodes[index], place) for index in kept),
        features=tuple(features[index] for index in kept),
        rungs=tuple(steps[index] for index in kept),
        roots={deal.name: 0},
    )
    return replace(plan, voted_before=_voted_before(plan))


def _sharing(pairs: list[tuple[Features, Features]]) -> list[tuple[Features, Features]]:
    """Return features in which equal arrays are one: what they lead to is known by identity."""
    first: dict[tuple[object, ...], np.ndarray] = {}

    def shared(item: Features) -> Features:
        arrays: dict[str, Any] = {name: getattr(item, name) for name in _OF_PACKAGES}
        for name, each in arrays.items():
            key = each.shape, each.dtype.str, each.tobytes()
            arrays[name] = first.setdefault(key, each)
        return replace(item, **arrays)

    return [(shared(one), shared(two)) for one, two in pairs]


def _voted_before(plan: Plan) -> tuple[tuple[float, ...], ...]:
    here = list(zip(plan.nodes, plan.voted, strict=True))
    shares = [
        float(np.concatenate([voted for node, voted in here if node.stage == stage]).mean())
        for stage in range(max(node.stage for node in plan.nodes))
    ]
    return tuple(tuple(shares[: node.stage]) for node in plan.nodes)


def measured(
    scenario: Scenario, node: Node, stage: Stage | None = None
) -> tuple[Features, Features]:
    """Return what the claimant and the holder see in the packages of a node."""
    pair = [measure(node.table, scenario.dispute, role, scenario.side(role)) for role in ROLES]
    if scenario.environment.fading.enabled:
        pair = [_ending(scenario, node.table, *each) for each in zip(ROLES, pair, strict=True)]
    if isinstance(stage, LesserStage):
        left = [np.full(len(node.table), float(stage.untied[role.value])) for role in ROLES]
        pair = [replace(item, untied=many) for item, many in zip(pair, left, strict=True)]
    return pair[0], pair[1]


def _ending(scenario: Scenario, table: PackageTable, role: Role, seen: Features) -> Features:
    """Return what a side sees, with the packages that end its urgency."""
    side = scenario.side(role)
    ending = side.reservation.urgency.ended_by
    if ending is None:
        over, after = changed(table, scenario.dispute, role, side)
    else:
        over, after = lasting(table, ending, scenario.dispute)
    return replace(seen, ends_urgency=after.astype(np.float64) - over)


def _redirected(node: Node, place: Mapping[int, int]) -> Node:
    following = [END if index == END else place[int(index)] for index in node.next_nodes]
    return replace(node, next_nodes=np.array(following, dtype=np.int64))


def _alike(
    scenario: Scenario,
    nodes: Sequence[Node],
    features: Sequence[tuple[Features, Features]],
    steps: Sequence[Ints],
    apart: Sequence[str] | None = None,
) -> list[int]:
    """Return, for each node, the first node that nobody can tell from it; last stages first.

    What else sets nodes apart is in `apart`, where they are not all of one structure.
    """
    first: dict[bytes, int] = {}
    same = list(range(len(nodes)))
    for index in sorted(same, key=lambda item: -nodes[item].stage):
        node, pair = nodes[index], features[index]
        following = [END if later == END else same[int(later)] for later in node.next_nodes]
        parts = [np.array([node.stage, *following]), *(np.array(item.framed) for item in pair)]
        parts += _looks(scenario, node.table, pair, steps[index])
        signature = b"|".join(np.ascontiguousarray(part).tobytes() for part in parts)
        signature += apart[index].encode() if apart else b""
        same[index] = first.setdefault(signature, index)
    return same


def _looks(
    scenario: Scenario, table: PackageTable, pair: tuple[Features, Features], steps: Ints
) -> list[np.ndarray]:
    """Return all by which packages of a table can be told apart, their further course left out.

    Returns
    -------
    list of ndarray, each of shape (packages,) or (packages, columns)
    """
    looks: list[np.ndarray] = [table.years, steps, table.closed]
    looks.append(table.facts["frame"] == "delimitation")
    for seen in pair:
        arrays = {name: getattr(seen, name) for name in _OF_PACKAGES}
        looks += [each.T if name in _OF_VOTERS else each for name, each in arrays.items()]
    looks.append(presence(table, spoken(table, scenario.dispute)))
    for role in ROLES:
        for name, item in scenario.preconditions(role).items():
            looks.append(blocked_unaided(item, name, role, table, scenario.dispute))
            looks += [table.facts["frame"] == frame for frame in item.survives]
            if scenario.environment.accumulation.enabled and item.lifted_by:
                before, after = lasting(table, item.lifted_by, scenario.dispute)
                looks += [np.full(len(table), before), after]
    return looks


def _joined(plans: Mapping[str, Plan]) -> Plan:
    """Return the nodes of several structures one after the other."""
    first, roots, nodes = 0, {}, []
    for name, plan in plans.items():
        roots[name] = first
        place = {index: first + index for index in range(len(plan.nodes))}
        nodes += [_redirected(node, place) for node in plan.nodes]
        first += len(plan.nodes)
    return Plan(
        nodes=tuple(nodes),
        features=tuple(pair for plan in plans.values() for pair in plan.features),
        rungs=tuple(rung for plan in plans.values() for rung in plan.rungs),
        voted_before=tuple(shares for plan in plans.values() for shares in plan.voted_before),
        roots=roots,
    )


def _united(scenario: Scenario, joined: Plan) -> Plan:
    """Return the plan in which the first nodes of all structures are one."""
    roots = list(joined.roots.values())
    root = _union([joined.nodes[index] for index in roots])
    pairs = [joined.features[index] for index in roots]
    seen = _glued([pair[0] for pair in pairs]), _glued([pair[1] for pair in pairs])
    steps = np.concatenate([joined.rungs[index] for index in roots])
    looks = [_courses(scenario, joined)[root.next_nodes]]
    untied = np.stack([item.untied for item in seen], axis=1)
    costless = [replace(item, untied=np.zeros_like(item.untied)) for item in seen]
    looks += _looks(scenario, root.table, (costless[0], costless[1]), steps)
    kept, same = _firsts(np.column_stack([each + 0.0 for each in looks]), untied)
    twins = _twins(root.table, kept, same)
    table, following = _some_of_table(root.table, kept), root.next_nodes[kept]
    root = replace(root, table=table, next_nodes=following)
    later = _reached(root, joined.nodes)
    place = {index: 1 + number for number, index in enumerate(later)}
    return Plan(
        nodes=(
            _redirected(root, place),
            *(_redirected(joined.nodes[index], place) for index in later),
        ),
        features=(
            (_some_of(seen[0], kept), _some_of(seen[1], kept)),
            *(joined.features[index] for index in later),
        ),
        rungs=(steps[kept], *(joined.rungs[index] for index in later)),
        voted_before=((), *(joined.voted_before[index] for index in later)),
        roots={AGENDA: 0},
        twins=twins,
    )


def _reached(root: Node, nodes: Sequence[Node]) -> list[int]:
    """Return which nodes may follow a first one, in order."""
    found: set[int] = set()
    new = {int(index) for index in root.next_nodes} - {END}
    while new:
        found |= new
        new = {int(later) for index in new for later in nodes[index].next_nodes} - {END} - found
    return sorted(found)


def _courses(scenario: Scenario, joined: Plan) -> Ints:
    """Return a number for each node, the same where nobody can tell them apart, and `END`'s."""
    before = (sorted(node.table.before.levels.items()) for node in joined.nodes)
    words = (spoken(node.table, scenario.dispute) for node in joined.nodes)
    apart = [repr(said) for said in zip(joined.voted_before, before, words, strict=True)]
    same = _alike(scenario, joined.nodes, joined.features, joined.rungs, apart)
    return np.array([*same, END])  # END is -1, the last place


def _union(nodes: Sequence[Node]) -> Node:
    tables = [node.table for node in nodes]
    ids = [table.id_of(package) for table in tables for package in range(len(table))]
    table = replace(
        tables[0],
        states=tuple(state for table in tables for state in table.states),
        facts={
            name: np.concatenate([table.facts[name] for table in tables])
            for name in tables[0].facts
        },
        alone={
            name: np.concatenate([table.alone[name] for table in tables])
            for name in tables[0].alone
        },
        years=np.concatenate([table.years for table in tables]),
        ids=tuple(ids),
    )
    following = np.concatenate([node.next_nodes for node in nodes])
    return Node(0, "whichever is signed", table, following)


def _some_of_table(table: PackageTable, kept: Ints) -> PackageTable:
    return replace(
        table,
        states=tuple(table.states[package] for package in kept),
        facts={name: values[kept] for name, values in table.facts.items()},
        alone={name: values[kept] for name, values in table.alone.items()},
        years=table.years[kept],
        ids=tuple(table.ids[package] for package in kept),
    )


def _glued(items: Sequence[Features]) -> Features:
    """Return the features of several tables in the same state as those of one."""
    arrays: dict[str, Any] = {
        name: np.concatenate(
            [getattr(item, name) for item in items], axis=1 if name in _OF_VOTERS else 0
        )
        for name in _OF_PACKAGES
    }
    return replace(items[0], **arrays)


def _some_of(item: Features, kept: Ints) -> Features:
    arrays: dict[str, Any] = {
        name: getattr(item, name)[:, kept] if name in _OF_VOTERS else getattr(item, name)[kept]
        for name in _OF_PACKAGES
    }
    arrays = {name: np.ascontiguousarray(each) for name, each in arrays.items()}
    return replace(item, **arrays)


def _firsts(looks: Floats, untied: Floats) -> tuple[Ints, Ints]:
    """Return which packages are kept, and for each package the kept one that stands for it.

    Of those that look alike, one that leaves out no less of what either side had tied is dropped.
    """
    kept: dict[bytes, list[int]] = {}
    same = np.zeros(len(looks), dtype=np.int64)
    for package in np.argsort(untied.sum(axis=1), kind="stable"):
        alike = kept.setdefault(looks[package].tobytes(), [])
        stands = [one for one in alike if (untied[one] <= untied[package]).all()]
        if not stands:
            alike.append(int(package))
        same[package] = stands[0] if stands else package
    return np.unique(same), same


def _twins(table: PackageTable, kept: Ints, same: Ints) -> dict[str, tuple[str, ...]]:
    result = {}
    for package in kept:
        names = [structure_of(table.id_of(int(each))) for each in np.flatnonzero(same == package)]
        own = structure_of(table.id_of(int(package)))
        others = dict.fromkeys(name for name in names if name != own)
        if others:
            result[table.id_of(int(package))] = tuple(others)
    return result
