"""Outcomes of worlds, talks and offers; each value is the sentence shown."""

from __future__ import annotations

from enum import Enum, IntEnum


class Outcome(Enum):
    """Say how a world ended, judged at the end of the simulated window."""

    settled = "every stage carried out as far as due, title to every object fixed"
    reneged = "a ratified stage was walked back"
    interim = "at least one stage carried out or on schedule, title left open"
    rejected = "the last signed text failed ratification"
    no_bargain = "in no round was any package worth signing to both governments"
    preconditions = "what was worth signing to both ran into stated preconditions"
    publics = "what both governments could sign would not have passed both second levels"
    not_reached = "a package that could have passed was there, but was not agreed"

    @property
    def code(self) -> int:
        """Return the place of the outcome in the order of the table."""
        return list(Outcome).index(self)


OUTCOMES: tuple[Outcome, ...] = tuple(Outcome)
BARRIERS: tuple[Outcome, ...] = OUTCOMES[4:]
"""Barriers by the deepest level that talks reached in any one round."""


class Ladder(Enum):
    """Say how much is in force at the end of the window."""

    none = "nothing new in force"
    functional = "fisheries, visits or joint projects in force"
    procedural = "a commission, a timetable or a treaty without territory in force"
    partial = "some territory or title settled"
    full = "title to every object settled"


LADDER: tuple[Ladder, ...] = tuple(Ladder)


class Phase(IntEnum):
    """Say what a world is doing."""

    TALKS = 0
    VOTE = 1
    CARRYING_OUT = 2
    DONE = 3


class Answer(Enum):
    """Say how an offer was answered, or why none was made."""

    accepted = "accepted"
    passed = "no offer: nothing at or above the demand could be offered"
    below_reservation = "refused: worth less than never signing"
    below_demand = "refused: worth less than what the next offer of one's own would bring"
    precondition = "refused: against an absolute precondition of one's own"
    doubts_own = "refused: believed too likely to fail at home"
    doubts_other = "refused: believed too likely to fail abroad"
    suspended = "talks suspended"
    awaiting_vote = "signed; ratification pending"
    ratified = "ratified"
    took_effect = "takes effect without a vote"
    rejected = "failed ratification"
    on_schedule = "in force; being carried out"
    walked_back = "walked back from a ratified text"
    carried_out = "stage carried out"
    ended = "nothing left to negotiate"


ANSWERS: tuple[Answer, ...] = tuple(Answer)
