"""Ladder of outcomes: the rung on which what is in force in a world stands."""

from __future__ import annotations

import numpy as np

from sim.domain.clause import Level
from sim.domain.dispute import Dispute
from sim.domain.outcome import LADDER, Ladder
from sim.domain.scenario import Scenario
from sim.domain.tree import Node
from sim.quantities import Ints

__all__ = ["LadderStates", "ladder_rungs"]

_KEPT, _NOTHING, _FUNCTIONAL, _PROCEDURAL, _BARE = -1, 0, 1, 2, 3
"""What a clause is on the ladder; `_KEPT` where a text leaves it as it was."""
_RUNG = {rung: place for place, rung in enumerate(LADDER)}


def ladder_rungs(node: Node, dispute: Dispute) -> Ints:
    """Return the rung of the ladder on which each package of a node stands.

    What counts is the highest of what is in force with it and was not at the very start. A
    procedural level without content counts where nothing functional is in force.

    Parameters
    ----------
    node : Node
    dispute : Dispute
        Its levels say what they are on the ladder.
    """
    start, closed = node.table.start, node.table.closed
    first = set(start.levels.items())
    rung = np.zeros(len(node.table), dtype=np.int64)
    for package, state in enumerate(node.table.states):
        new = set(state.levels.items()) - first
        levels = [dispute.clauses[name].levels[level] for name, level in new]
        functional = any(level.ladder == "functional" for level in levels)
        procedural = any(
            level.ladder == "procedural" and not (functional and level.without_content)
            for level in levels
        )
        moved = not np.array_equal(state.administration, start.administration)
        titled = not np.array_equal(state.title, start.title)
        if functional:
            rung[package] = _RUNG[Ladder.functional]
        if procedural or node.table.facts["frame"][package] == "treaty":
            rung[package] = _RUNG[Ladder.procedural]
        if moved or titled:
            rung[package] = _RUNG[Ladder.partial]
        if closed[package]:
            rung[package] = _RUNG[Ladder.full]
    return rung


class LadderStates:
    """The ladder in every world of a block.

    Where the scenario counts what is `in_force`, what each clause has become is remembered for
    each world: a stage is negotiated in one of the states that nobody can tell apart by what is to
    come, and there the texts of others may have been signed before.

    Parameters
    ----------
    scenario : Scenario
    nodes : tuple of Node
    rungs : tuple of ndarray of int
        `ladder_rungs` of each node.
    worlds : int
        How many worlds.
    """

    def __init__(
        self, scenario: Scenario, nodes: tuple[Node, ...], rungs: tuple[Ints, ...], worlds: int
    ) -> None:
        self._nodes, self._rungs = nodes, rungs
        self._changes: list[Ints] | None = None
        if scenario.ladder == "in_force":
            self._changes = [_changes(node, scenario.dispute) for node in nodes]
            self._clauses = np.zeros((worlds, self._changes[0].shape[1]), dtype=np.int64)

    def resume(self, earlier: LadderStates) -> None:
        """Go on from what clauses have become in the same worlds of another model."""
        if self._changes is not None:
            self._clauses = earlier._clauses.copy()

    def rung(self, node: int, worlds: Ints, packages: Ints) -> Ints:
        """Return the rung on which some worlds stand with one package each of a node in force."""
        if self._changes is None:
            return np.asarray(self._rungs[node][packages])
        return self._counted(node, packages, self._after(node, worlds, packages))

    def carry_out(self, node: int, worlds: Ints, packages: Ints) -> Ints:
        """Remember what clauses become by packages that are carried out; return their `rung`."""
        rung = self.rung(node, worlds, packages)
        if self._changes is not None:
            self._clauses[worlds] = self._after(node, worlds, packages)
        return rung

    def _after(self, node: int, worlds: Ints, packages: Ints) -> Ints:
        assert self._changes is not None
        changes = self._changes[node][packages]
        return np.where(changes == _KEPT, self._clauses[worlds], changes)

    def _counted(self, node: int, packages: Ints, clauses: Ints) -> Ints:
        facts = self._nodes[node].table.facts
        functional = (clauses == _FUNCTIONAL).any(axis=1)
        procedural = (clauses == _PROCEDURAL).any(axis=1)
        procedural |= (clauses == _BARE).any(axis=1) & ~functional
        procedural |= facts["frame"][packages] == "treaty"
        lines = (
            (facts["closed"][packages].astype(bool), Ladder.full),
            (facts["territorial"][packages].astype(bool), Ladder.partial),
            (procedural, Ladder.procedural),
            (functional, Ladder.functional),
        )
        conditions, rungs = [line[0] for line in lines], [_RUNG[line[1]] for line in lines]
        return np.select(conditions, rungs, default=_RUNG[Ladder.none])


def _changes(node: Node, dispute: Dispute) -> Ints:
    """Return what each package makes of each clause, shape (packages, clauses)."""
    before, start = node.table.before.levels, node.table.start.levels
    result = np.full((len(node.table), len(dispute.clauses)), _KEPT, dtype=np.int64)
    for column, (name, clause) in enumerate(dispute.clauses.items()):
        for row, level in enumerate(node.table.facts[name].tolist()):
            if level and level != before.get(name):
                started = level == start.get(name)
                result[row, column] = _NOTHING if started else _standing(clause.levels[level])
    return result


def _standing(level: Level) -> int:
    if level.ladder == "procedural":
        return _BARE if level.without_content else _PROCEDURAL
    return _FUNCTIONAL if level.ladder == "functional" else _NOTHING
