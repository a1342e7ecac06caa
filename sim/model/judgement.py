"""Turn the course of a block's worlds into its result."""

from __future__ import annotations

import numpy as np

from sim.domain.outcome import OUTCOMES, Outcome, Phase
from sim.domain.results import BlockResult
from sim.domain.tree import Node
from sim.model.course import WorldStates
from sim.model.view import Party
from sim.quantities import Ints


def judged(
    course: WorldStates, nodes: tuple[Node, ...], stages: int, rung_tables: tuple[Ints, ...]
) -> dict[str, np.ndarray]:
    """Return the columns of a block's result, judged as if the window ended now.

    Parameters
    ----------
    course : WorldStates
    nodes : tuple of Node
    stages : int
        How many stages the structure has.
    rung_tables : tuple of ndarray
        For each node, the rung of each package.
    """
    outcome = course.judge(nodes, stages)
    settled = outcome == OUTCOMES.index(Outcome.settled)
    pending = course.in_phase(Phase.CARRYING_OUT)
    ended = np.where(pending & settled, course.force_round, course.round_end)
    return {
        "outcome": outcome,
        "stage": course.stages_done + pending,
        "barrier_next": np.where(settled, -1, course.barrier_next()),
        "ladder": course.ladder_of(rung_tables),
        "pending": pending,
        "unvoted": course.in_phase(Phase.VOTE),
        "refused_voluntarily": course.refused,
        "round_signed": course.round_signed,
        "round_end": ended,
        "package": _package_codes(course, nodes),
        "value_claimant": course.at_signature[:, 0],
        "value_holder": course.at_signature[:, 1],
        "reservation_claimant": course.at_signature[:, 2],
        "reservation_holder": course.at_signature[:, 3],
        "support_claimant": course.at_vote[:, 0],
        "support_holder": course.at_vote[:, 1],
        "zopa_margin": np.where(np.isfinite(course.margin), course.margin, np.nan),
        "rejected_by": course.rejected_by,
        "walked_back_by": course.walked_back_by,
    }


def block_result(
    deal: str,
    columns: dict[str, np.ndarray],
    nodes: tuple[Node, ...],
    parties: tuple[Party, Party],
) -> BlockResult:
    """Return a block's result with what its codes stand for.

    Parameters
    ----------
    deal : str
        Name of the structure.
    columns : mapping of name to ndarray, shape (worlds,)
    nodes : tuple of Node
    parties : pair of Party
    """
    ids = [node.table.id_of(k) for node in nodes for k in range(len(node.table))]
    names = [f"{party.role.value}.{name}" for party in parties for name in party.ratifiers.names]
    return BlockResult(deal, columns, tuple(ids), tuple(names))


def _package_codes(course: WorldStates, nodes: tuple[Node, ...]) -> Ints:
    sizes = [len(node.table) for node in nodes]
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    codes = offsets[np.maximum(course.signed_node, 0)] + course.signed_package
    return np.where(course.signed_node >= 0, codes, -1)
