"""Results of a block of worlds as plain columns, and the columns of all tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sim.domain.outcome import GATES, LADDER, OUTCOMES

SCHEMA = "3"
"""Version of the tables below; a change of any column renews it."""

OPEN = tuple(f"gate_{name}" for name in GATES)
"""Columns of gates: whether some package passes each, and shares of worlds in which some does."""

WORLD_COLUMNS = (
    "world",
    "outcome",
    "stage",
    "barrier_next",
    "ladder",
    "first_stage",
    "transferred",
    "title_fixed",
    "closed",
    "next_barrier",
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
    *OPEN,
)
"""Columns of a block's result; integers code outcomes, rungs, packages and ratifiers."""

Kinds = dict[str, Literal["count", "maybe_count", "flag", "number", "word", "text"]]
"""The columns of a table, in order; counts and flags are never missing, words are few."""

WORLDS: Kinds = {
    "deal": "word",
    "world": "count",
    "outcome": "word",
    "stage": "count",
    "barrier_next": "word",
    "ladder": "word",
    "first_stage": "flag",
    "transferred": "flag",
    "title_fixed": "word",
    "closed": "flag",
    "next_barrier": "word",
    "pending": "flag",
    "refused_voluntarily": "flag",
    "round_signed": "maybe_count",
    "round_end": "maybe_count",
    "package": "word",
    "value_claimant": "number",
    "value_holder": "number",
    "reservation_claimant": "number",
    "reservation_holder": "number",
    "support_claimant": "number",
    "support_holder": "number",
    "zopa_margin": "number",
    "unvoted": "flag",
    "rejected_by": "word",
    "walked_back_by": "word",
    **dict.fromkeys(OPEN, "flag"),
}
"""Columns of `worlds.parquet`: a row per structure and world."""

DONE = ("first_stage", "transferred", "title_some", "title_all", "closed")
"""Columns of shares in which something is carried out or on schedule, whatever else happened: a
first stage; an object that changed hands; title to some, or to all objects; every claim closed."""
SHARES = (
    *(outcome.name for outcome in OUTCOMES),
    *(f"ladder_{rung.name}" for rung in LADDER),
    *DONE,
    *OPEN,
)
"""Columns of shares of worlds, of which none is ever missing."""

OUTCOMES_TABLE: Kinds = {
    "deal": "word",
    **{outcome.name: "number" for outcome in OUTCOMES},
    "settled_low": "number",
    "settled_high": "number",
    "median_round": "number",
    **{f"ladder_{rung.name}": "number" for rung in LADDER},
    **dict.fromkeys(DONE, "number"),
    **dict.fromkeys(OPEN, "number"),
    "worlds": "count",
    "reversal": "number",
}
"""Columns of `outcomes.parquet`: a row per structure."""

RANKING: Kinds = {
    "deal": "word",
    "by": "word",
    "score": "number",
    "rank": "count",
    "reversal": "number",
}
"""Columns of `ranking.parquet`: a row per yardstick and structure."""


@dataclass(frozen=True)
class AgendaColumns:
    """What became of the structures on an agenda in the worlds of a block.

    Parameters
    ----------
    structures : tuple of str
        What the codes of `structure` stand for.
    columns : mapping of name to ndarray of int, shape (events,)
        `world`, `round`, `event` (a `Milestone`), `structure`, `side` (-1 for nobody) and
        `displaced` (a structure; -1 for none), in the order of worlds and, in each, of events.
    """

    structures: tuple[str, ...]
    columns: dict[str, np.ndarray]


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
    agenda : AgendaColumns, optional
        What became of each structure, where several are on the agenda.
    """

    deal: str
    columns: dict[str, np.ndarray]
    package_ids: tuple[str, ...]
    ratifier_names: tuple[str, ...]
    record: list[dict[str, Any]] | None = None
    agenda: AgendaColumns | None = None
