"""Hold the results of a block of worlds, as plain columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

WORLD_COLUMNS = (
    "world",
    "outcome",
    "stage",
    "barrier_next",
    "ladder",
    "pending",
    "unvoted",
    "refused_voluntarily",
    "round_signed",
    "round_end",
    "package",
    "value_claimant",
    "value_holder",
    "reservation_claimant",
    "reservation_holder",
    "support_claimant",
    "support_holder",
    "zopa_margin",
    "rejected_by",
    "walked_back_by",
)
"""Columns of a block's result; integers code outcomes, rungs, packages and ratifiers."""


@dataclass(frozen=True)
class BlockResult:
    """The judged worlds of one block of one structure.

    Parameters
    ----------
    deal : str
        The structure.
    columns : mapping of name to ndarray, shape (worlds,)
        The columns of `WORLD_COLUMNS`; -1 (or NaN) where a column does not apply.
    package_ids : tuple of str
        What the codes of `package` stand for.
    ratifier_names : tuple of str
        What the codes of `rejected_by` stand for.
    record : list of dict, optional
        What happened round by round, where it was recorded.
    """

    deal: str
    columns: dict[str, np.ndarray]
    package_ids: tuple[str, ...]
    ratifier_names: tuple[str, ...]
    record: list[dict[str, Any]] | None = None
