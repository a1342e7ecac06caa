"""States of the worlds of a block, and the outcome of each at the end of the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from sim.domain.outcome import BARRIERS, GATES, Outcome, Phase
from sim.domain.tree import END, Node
from sim.equations.offering import NONE
from sim.model.ladder import LadderStates
from sim.quantities import Bools, Floats, Ints

NOBODY = -1
"""Stands for "no ratifier" and "no side"."""
NEVER = -1
"""Stands for "no round"."""
_CODES = {outcome: outcome.code for outcome in Outcome}


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
    ready_round: Ints = field(init=False)
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
    transferred: Bools = field(init=False)
    title_fixed: Ints = field(init=False)
    next_barrier: Ints = field(init=False)
    margin: Floats = field(init=False)
    at_signature: Floats = field(init=False)
    at_vote: Floats = field(init=False)
    gates: Bools = field(init=False)

    def __post_init__(self) -> None:
        """Start every world in the talks of the first stage."""
        n = self.worlds
        counts = ("phase", "node", "resume_at", "stages_done", "deepest", "ladder", "title_fixed")
        for name in counts:
            setattr(self, name, _ints(n, 0))
        for name in ("package", "signed_node", "signed_package", "rejected_by", "walked_back_by"):
            setattr(self, name, _ints(n, NONE))
        for name in (
            "ready_round",
            "vote_round",
            "force_round",
            "due_round",
            "round_signed",
            "round_end",
        ):
            setattr(self, name, _ints(n, NEVER))
        self.next_barrier = _ints(n, -1)
        for name in ("failed", "reneged", "refused", "closed", "transferred"):
            setattr(self, name, np.zeros(n, dtype=bool))
        self.margin = np.full(n, -np.inf)
        self.at_signature = np.full((n, 4), np.nan)
        self.at_vote = np.full((n, 2), np.nan)
        self.gates = np.zeros((len(GATES), n), dtype=bool)

    def resume(self, earlier: WorldStates) -> None:
        """Stand where the same worlds stand in another model."""
        for item in fields(self):
            if not item.init:
                getattr(self, item.name)[...] = getattr(earlier, item.name)

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

    def agree(self, worlds: Ints, package: Ints, ready_round: Ints) -> None:
        """Let a package that is agreed in principle be drafted."""
        self.phase[worlds] = Phase.DRAFTING
        self.package[worlds] = package
        self.ready_round[worlds] = ready_round

    def leave_draft(self, worlds: Ints, resume_at: int) -> None:
        """Send worlds back to talks whose text was not to be signed after all."""
        self._back_to_talks(worlds, resume_at)

    def sign(self, worlds: Ints, package: Ints, round_: int, vote_round: Ints) -> None:
        """Put a package to ratification."""
        self.phase[worlds] = Phase.VOTE
        self.package[worlds] = self.signed_package[worlds] = package
        self.signed_node[worlds] = self.node[worlds]
        self.round_signed[worlds] = round_
        self.vote_round[worlds] = vote_round

    def amend(self, worlds: Ints, package: Ints) -> None:
        """Put another package in place of one that is signed: a parliament has changed it."""
        self.package[worlds] = self.signed_package[worlds] = package

    def reject(self, worlds: Ints, ratifier: Ints, resume_at: int) -> None:
        """Send worlds back to talks after a failed ratification."""
        self.failed[worlds] = True
        self.rejected_by[worlds] = ratifier
        self._back_to_talks(worlds, resume_at)

    def ratify(self, worlds: Ints, round_: int, due_round: Ints) -> None:
        """Bring a package into force; nobody stopped this one, whatever became of those before."""
        self.failed[worlds] = False
        self.rejected_by[worlds] = NOBODY
        self.phase[worlds] = Phase.CARRYING_OUT
        self.force_round[worlds] = round_
        self.due_round[worlds] = due_round

    def walk_back(self, worlds: Ints, side: Ints, resume_at: int) -> None:
        """Undo a ratified package before it was carried out."""
        self.reneged[worlds] = True
        self.walked_back_by[worlds] = side
        self._back_to_talks(worlds, resume_at)

    def carry_out(self, worlds: Ints, node: Node, rung: Ints, resume_at: int) -> None:
        """Finish a stage, which brings a rung, and open the next one where there is one."""
        self.ladder[worlds] = rung
        self.transferred[worlds] = node.table.facts["transferred"][self.package[worlds]]
        self.title_fixed[worlds] = node.table.facts["title_fixed"][self.package[worlds]]
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


def classify_outcome(states: WorldStates, nodes: tuple[Node, ...]) -> Ints:
    """Return the outcome of each world as if the window ended now, by the first line that holds.

    Parameters
    ----------
    states : WorldStates
    nodes : tuple of Node

    Returns
    -------
    ndarray of int, shape (worlds,)
        Places in `OUTCOMES`.
    """
    in_force = states.in_phase(Phase.CARRYING_OUT)
    settled = states.closed.copy()
    for index, worlds in states.by_node(in_force):
        packages = states.package[worlds]
        last = nodes[index].next_nodes[packages] == END
        settled[worlds] |= last & nodes[index].table.closed[packages]
    lines = (
        (settled, Outcome.settled),
        (states.reneged, Outcome.reneged),
        ((states.stages_done > 0) | in_force, Outcome.interim),
        (states.failed, Outcome.rejected),
    )
    result = _barrier(states)
    for holds, outcome in reversed(lines):
        result[holds] = _CODES[outcome]
    return result


def _barrier(states: WorldStates) -> Ints:
    """Return the barrier at the stage under negotiation, as places in `OUTCOMES`."""
    return _CODES[Outcome.no_bargain] + states.deepest


def _barrier_next(states: WorldStates) -> Ints:
    """Return the barrier of the next stage, -1 where none follows or has come to a round yet."""
    waiting = states.in_phase(Phase.CARRYING_OUT) | states.in_phase(Phase.DONE)
    return np.where(waiting | np.isneginf(states.margin), -1, _barrier(states))


def outcome_columns(
    states: WorldStates, nodes: tuple[Node, ...], ladder: LadderStates
) -> dict[str, np.ndarray]:
    """Return the columns of a block's result, judged as if the window ended now.

    Parameters
    ----------
    states : WorldStates
    nodes : tuple of Node
    ladder : LadderStates
    """
    outcome = classify_outcome(states, nodes)
    settled = outcome == Outcome.settled.code
    pending = states.in_phase(Phase.CARRYING_OUT)
    return {
        "outcome": outcome,
        "stage": states.stages_done + pending,
        "barrier_next": np.where(settled, -1, _barrier_next(states)),
        "ladder": _rung(states, ladder),
        **in_force(states, nodes),
        "next_barrier": np.where(settled, -1, states.next_barrier),
        "pending": pending,
        "unvoted": states.in_phase(Phase.VOTE),
        "refused_voluntarily": states.refused,
        "round_signed": states.round_signed,
        "round_end": np.where(pending & settled, states.force_round, states.round_end),
        "package": _package_codes(states, nodes),
        "value_claimant": states.at_signature[:, 0],
        "value_holder": states.at_signature[:, 1],
        "reservation_claimant": states.at_signature[:, 2],
        "reservation_holder": states.at_signature[:, 3],
        "support_claimant": states.at_vote[:, 0],
        "support_holder": states.at_vote[:, 1],
        "zopa_margin": np.where(np.isfinite(states.margin), states.margin, np.nan),
        "rejected_by": states.rejected_by,
        "walked_back_by": states.walked_back_by,
        **{f"gate_{name}": states.gates[place] for place, name in enumerate(GATES)},
    }


def _rung(states: WorldStates, ladder: LadderStates) -> Ints:
    """Return on which rung worlds stand, packages that are being carried out among it."""
    result = states.ladder.copy()
    for index, worlds in states.by_node(states.in_phase(Phase.CARRYING_OUT)):
        result[worlds] = ladder.rung(index, worlds, states.package[worlds])
    return result


def _reached(states: WorldStates, done: np.ndarray, of_packages: Sequence[np.ndarray]) -> Any:
    """Return what carried out stages have brought, or a package that is being carried out.

    Parameters
    ----------
    states : WorldStates
    done : ndarray, shape (worlds,)
        What stages that are done have brought.
    of_packages : sequence of ndarray
        For each node, what each package brings.
    """
    result = done.copy()
    for index, worlds in states.by_node(states.in_phase(Phase.CARRYING_OUT)):
        result[worlds] = of_packages[index][states.package[worlds]]
    return result


def in_force(states: WorldStates, nodes: tuple[Node, ...]) -> dict[str, np.ndarray]:
    """Return what is in force or on schedule: a stage, land that changed hands, title.

    Parameters
    ----------
    states : WorldStates
    nodes : tuple of Node

    Returns
    -------
    mapping of name to ndarray, shape (worlds,)
        The columns `first_stage`, `transferred`, `title_fixed` and `closed` of a block.
    """
    facts = [node.table.facts for node in nodes]
    of = {name: [each[name] for each in facts] for name in ("transferred", "title_fixed", "closed")}
    title = _reached(states, states.title_fixed, of["title_fixed"])
    return {
        "first_stage": (states.stages_done > 0) | states.in_phase(Phase.CARRYING_OUT),
        "transferred": _reached(states, states.transferred, of["transferred"]),
        "title_fixed": title,
        "closed": _reached(states, states.closed, of["closed"]).astype(bool),
    }


def barrier_behind(deepest: Ints, signable: Bools, ratifiable: Bools) -> Ints:
    """Return what would stop talks if the barrier that stops them did not.

    Asked of the package that comes nearest to a gain for both: clear of preconditions? ratifiable?

    Parameters
    ----------
    deepest : ndarray of int, shape (rows,)
        How deep talks reached; see `sim.model.round.depth`.
    signable, ratifiable : ndarray of bool, shape (rows,)
        Of that package: against no absolute precondition, and passing on both second levels.

    Returns
    -------
    ndarray of int, shape (rows,)
        Places in `OUTCOMES`; -1 where the last barrier is what stops them.
    """
    preconditions, publics, reached = (outcome.code for outcome in BARRIERS[1:])
    after_value = np.where(~signable, preconditions, np.where(ratifiable, reached, publics))
    after_preconditions = np.where(ratifiable, reached, publics)
    choices = [after_value, after_preconditions, np.full(len(deepest), reached)]
    return np.select([deepest == level for level in range(3)], choices, default=-1)


def _package_codes(states: WorldStates, nodes: tuple[Node, ...]) -> Ints:
    sizes = [len(node.table) for node in nodes]
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    codes = offsets[np.maximum(states.signed_node, 0)] + states.signed_package
    return np.where(states.signed_node >= 0, codes, -1)
