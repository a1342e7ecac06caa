"""Say why the next stage of a structure came, or did not."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

import numpy as np

from sim.domain.outcome import BARRIERS, OUTCOMES, Outcome
from sim.quantities import Ints


class NextStage(Enum):
    """Say what became of the stage after the last one in force; the value is the sentence shown."""

    finished = "nothing is left to come: every stage is carried out, or in force as the last one"
    pending = "the stage before is in force and still being carried out"
    walked_back = "a side walked back from the stage before"
    unvoted = "its text is signed and waits for its vote"
    rejected = "its text failed ratification"
    untabled = "no round of talks about it was held"
    no_bargain = "nothing was worth signing to both once the stage before was done"
    preconditions = "what was worth signing to both ran into stated preconditions"
    publics = "what both governments could sign would not have passed both second levels"
    not_reached = "a package that could have passed was there, but was not agreed"


NEXT_STAGES: tuple[NextStage, ...] = tuple(NextStage)


def next_stage(columns: Mapping[str, np.ndarray]) -> Ints:
    """Return what became of each world's next stage.

    Parameters
    ----------
    columns : mapping of name to ndarray, shape (worlds,)
        A block's result; `outcome`, `round_end`, `pending`, `unvoted`, `rejected_by` and
        `barrier_next` are read.

    Returns
    -------
    ndarray of int, shape (worlds,)
        Places in `NEXT_STAGES`.

    Examples
    --------
    >>> reneged = np.array([Outcome.reneged.code])
    >>> none, no = np.array([-1]), np.array([False])
    >>> columns = {"outcome": reneged, "round_end": none, "pending": no, "unvoted": no,
    ...            "rejected_by": none, "barrier_next": none}
    >>> NEXT_STAGES[next_stage(columns)[0]].name
    'walked_back'
    """
    barrier, outcome = columns["barrier_next"], columns["outcome"]
    lines = [
        ((outcome == Outcome.settled.code) | (columns["round_end"] >= 0), NextStage.finished),
        (columns["pending"], NextStage.pending),
        (columns["unvoted"], NextStage.unvoted),
        (outcome == Outcome.reneged.code, NextStage.walked_back),
        (columns["rejected_by"] >= 0, NextStage.rejected),
        (barrier < 0, NextStage.untabled),
        *((barrier == OUTCOMES.index(item), NextStage[item.name]) for item in BARRIERS),
    ]
    result = np.full(len(outcome), NEXT_STAGES.index(NextStage.untabled))
    for holds, reason in reversed(lines):
        result[holds] = NEXT_STAGES.index(reason)
    return result
