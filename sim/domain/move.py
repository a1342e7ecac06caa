"""Move of a side that somebody plays: what is said where its strategy would decide."""

from __future__ import annotations

from enum import Enum
from typing import Literal

from pydantic import Field

from sim.domain.frozen import Frozen

__all__ = ["MOVES", "Move", "Question"]

_Deed = Literal[
    "offer",
    "pass",
    "accept",
    "refuse",
    "table",
    "withdraw",
    "campaign",
    "no_campaign",
    "walk_back",
    "keep",
]


class Move(Frozen):
    """What a side does in a round.

    Parameters
    ----------
    round : int
    does : str
        One of `MOVES` of the question that is asked.
    what : str, optional
        Id of the package that is offered, name of the structure that is tabled, or of the
        precondition that is withdrawn.
    """

    round: int = Field(ge=0)
    does: _Deed
    what: str | None = None


class Question(Enum):
    """Say what a side is asked."""

    turn = "what do you offer?"
    answer = "do you accept?"
    vote = "does your leader campaign?"
    walk_back = "do you walk back?"


MOVES: dict[Question, tuple[str, ...]] = {
    Question.turn: ("offer", "pass", "table", "withdraw"),
    Question.answer: ("accept", "refuse", "withdraw"),
    Question.vote: ("campaign", "no_campaign"),
    Question.walk_back: ("walk_back", "keep"),
}
"""What may be done when something is asked; who tables or withdraws is asked again."""
