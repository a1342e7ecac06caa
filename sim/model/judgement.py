"""Turn the course of a block's worlds into its result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.domain.outcome import OUTCOMES, Outcome, Phase
from sim.domain.results import BlockResult
from sim.quantities import Ints

if TYPE_CHECKING:
    from sim.model.talks import TalksModel


def block_result(model: TalksModel) -> BlockResult:
    """Return the worlds of a block, judged as if the window ended now."""
    course = model.course
    outcome = course.judge(model.nodes, len(model.deal.stages))
    settled = outcome == OUTCOMES.index(Outcome.settled)
    pending = course.in_phase(Phase.CARRYING_OUT)
    ended = np.where(pending & settled, course.force_round, course.round_end)
    columns = {
        "world": model.first_world + np.arange(course.worlds),
        "outcome": outcome,
        "stage": course.stages_done + pending,
        "barrier_next": np.where(settled | course.in_phase(Phase.DONE), -1, course.barrier()),
        "ladder": course.ladder_of(model.rungs),
        "pending": pending,
        "unvoted": course.in_phase(Phase.VOTE),
        "refused_voluntarily": course.refused,
        "round_signed": course.round_signed,
        "round_end": ended,
        "package": _package_codes(model),
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
    ids = [node.table.id_of(k) for node in model.nodes for k in range(len(node.table))]
    names = [
        f"{party.role.value}.{name}" for party in model.parties for name in party.ratifiers.names
    ]
    return BlockResult(model.deal.name, columns, tuple(ids), tuple(names), model.record)


def _package_codes(model: TalksModel) -> Ints:
    sizes = [len(node.table) for node in model.nodes]
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    course = model.course
    codes = offsets[np.maximum(course.signed_node, 0)] + course.signed_package
    return np.where(course.signed_node >= 0, codes, -1)
