"""Keep the course of every world of a block, and judge it at the window's end."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.domain.outcome import OUTCOMES, Outcome, Phase
from sim.domain.tree import END, Node
from sim.equations.offering import NONE
from sim.quantities import Bools, Floats, Ints

NOBODY = -1
"""Stands for "no ratifier" and "no side"."""
NEVER = -1
"""Stands for "no round"."""


def _ints(worlds: int, value: int) -> Ints:
    return np.full(worlds, value, dtype=np.int64)


@dataclass
class WorldStates:
    """Where each world stands; every array has one entry per world.

    Parameters
    ----------
    worlds : int
        How many worlds.
    """

    worlds: int
    phase: Ints = field(init=False)
    node: Ints = field(init=False)
    resume_at: Ints = field(init=False)
    package: Ints = field(init=False)
    vote_round: Ints = field(init=False)
    force_round: Ints = field(init=False)
    due_round: Ints = field(init=False)
    stages_done: Ints = field(init=False)
    signed_node: Ints = field(init=False)
    signed_package: Ints = field(init=False)
    round_signed: Ints = field(init=False)
    round_end: Ints = field(init=False)
    rejected_by: Ints = field(init=False)
    walked_back_by: Ints = field(init=False)
    deepest: Ints = field(init=False)
    ladder: Ints = field(init=False)
    failed: Bools = field(init=False)
    reneged: Bools = field(init=False)
    refused: Bools = field(init=False)
    closed: Bools = field(init=False)
    margin: Floats = field(init=False)
    at_signature: Floats = field(init=False)
    at_vote: Floats = field(init=False)

    def __post_init__(self) -> None:
        """Start every world in the talks of the first stage."""
        n = self.worlds
        for name in ("phase", "node", "resume_at", "stages_done", "deepest", "ladder"):
            setattr(self, name, _ints(n, 0))
        for name in ("package", "signed_node", "signed_package", "rejected_by", "walked_back_by"):
            setattr(self, name, _ints(n, NONE))
        for name in ("vote_round", "force_round", "due_round", "round_signed", "round_end"):
            setattr(self, name, _ints(n, NEVER))
        for name in ("failed", "reneged", "refused", "closed"):
            setattr(self, name, np.zeros(n, dtype=bool))
        self.margin = np.full(n, -np.inf)
        self.at_signature = np.full((n, 4), np.nan)
        self.at_vote = np.full((n, 2), np.nan)

    def in_phase(self, phase: Phase) -> Bools:
        """Tell which worlds are in a phase."""
        return np.asarray(self.phase == phase.value)

    def by_node(self, chosen: Bools) -> list[tuple[int, Ints]]:
        """Return the nodes at which chosen worlds stand, and which worlds stand there.

        Parameters
        ----------
        chosen : ndarray of bool, shape (worlds,)

        Returns
        -------
        list of (node, ndarray of int)
            In the order of nodes; nodes without a chosen world are left out.
        """
        worlds = np.flatnonzero(chosen)
        if not len(worlds):
            return []
        at = self.node[worlds]
        return [(int(node), worlds[at == node]) for node in np.flatnonzero(np.bincount(at))]

    def observe(self, worlds: Ints, level: Ints, margin: Floats) -> None:
        """Note how deep talks reached in a round, and the best smaller surplus."""
        self.deepest[worlds] = np.maximum(self.deepest[worlds], level)
        self.margin[worlds] = np.maximum(self.margin[worlds], margin)

    def sign(self, worlds: Ints, package: Ints, round_: int, vote_round: Ints) -> None:
        """Put a text to ratification."""
        self.phase[worlds] = Phase.VOTE
        self.package[worlds] = self.signed_package[worlds] = package
        self.signed_node[worlds] = self.node[worlds]
        self.round_signed[worlds] = round_
        self.vote_round[worlds] = vote_round

    def reject(self, worlds: Ints, ratifier: Ints, resume_at: int) -> None:
        """Send worlds back to talks after a failed ratification."""
        self.failed[worlds] = True
        self.rejected_by[worlds] = ratifier
        self._back_to_talks(worlds, resume_at)

    def ratify(self, worlds: Ints, round_: int, due_round: Ints) -> None:
        """Bring a text into force; nobody stopped this one, whatever became of those before."""
        self.failed[worlds] = False
        self.rejected_by[worlds] = NOBODY
        self.phase[worlds] = Phase.CARRYING_OUT
        self.force_round[worlds] = round_
        self.due_round[worlds] = due_round

    def walk_back(self, worlds: Ints, side: Ints, resume_at: int) -> None:
        """Undo a ratified text before it was carried out."""
        self.reneged[worlds] = True
        self.walked_back_by[worlds] = side
        self._back_to_talks(worlds, resume_at)

    def carry_out(self, worlds: Ints, node: Node, rung: Ints, resume_at: int) -> None:
        """Finish a stage, and open the next one where there is one."""
        self.ladder[worlds] = rung[self.package[worlds]]
        following = node.next_nodes[self.package[worlds]]
        last = following == END
        self.stages_done[worlds] = node.stage + 1
        self.phase[worlds] = np.where(last, Phase.DONE, Phase.TALKS)
        self.round_end[worlds[last]] = self.force_round[worlds[last]]
        self.closed[worlds[last]] = node.table.closed[self.package[worlds[last]]]
        onward = worlds[~last]
        self.node[onward] = following[~last]
        self.deepest[onward] = 0
        self.margin[onward] = -np.inf
        self.package[worlds] = NONE
        self.resume_at[onward] = resume_at

    def _back_to_talks(self, worlds: Ints, resume_at: int) -> None:
        self.phase[worlds] = Phase.TALKS
        self.package[worlds] = NONE
        self.resume_at[worlds] = resume_at

    def judge(self, nodes: tuple[Node, ...], stages: int) -> Ints:
        """Return the outcome of each world, by the first line that holds.

        Returns
        -------
        ndarray of int, shape (worlds,)
            Places in `OUTCOMES`.
        """
        in_force = self.in_phase(Phase.CARRYING_OUT)
        final, closed = self._final_in_force(nodes, stages)
        lines = (
            (self.closed | (final & closed), Outcome.settled),
            (self.reneged, Outcome.reneged),
            ((self.stages_done > 0) | in_force, Outcome.interim),
            (self.failed, Outcome.rejected),
        )
        result = self.barrier()
        for holds, outcome in reversed(lines):
            result[holds] = outcome.code
        return result

    def _final_in_force(self, nodes: tuple[Node, ...], stages: int) -> tuple[Bools, Bools]:
        final = np.zeros(self.worlds, dtype=bool)
        closed = np.zeros(self.worlds, dtype=bool)
        pending = self.in_phase(Phase.CARRYING_OUT)
        for index, node in enumerate(nodes):
            rows = np.flatnonzero(pending & (self.node == index))
            final[rows] = node.stage + 1 == stages
            closed[rows] = node.table.closed[self.package[rows]]
        return final, closed

    def barrier(self) -> Ints:
        """Return the barrier at the stage under negotiation, as places in `OUTCOMES`."""
        first = OUTCOMES.index(Outcome.no_bargain)
        return first + self.deepest

    def barrier_next(self) -> Ints:
        """Return the barrier of the next stage, as places in `OUTCOMES`.

        Returns
        -------
        ndarray of int, shape (worlds,)
            -1 where no stage follows, and where the next one has not yet come to a round of talks.
        """
        waiting = self.in_phase(Phase.CARRYING_OUT) | self.in_phase(Phase.DONE)
        return np.where(waiting | np.isneginf(self.margin), -1, self.barrier())

    def ladder_of(self, tables: tuple[Ints, ...]) -> Ints:
        """Return what is in force at the end, as places in `LADDER`.

        Parameters
        ----------
        tables : tuple of ndarray
            For each node, the rung of each package.
        """
        result = self.ladder.copy()
        pending = self.in_phase(Phase.CARRYING_OUT)
        for index, rungs in enumerate(tables):
            rows = np.flatnonzero(pending & (self.node == index))
            result[rows] = rungs[self.package[rows]]
        return result
