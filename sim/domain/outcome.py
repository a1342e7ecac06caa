"""Outcomes of worlds, talks and offers; each value is the sentence shown."""

from __future__ import annotations

from dataclasses import dataclass
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
        return OUTCOMES.index(self)

    @property
    def label(self) -> str:
        """Return the outcome in the few words of a legend."""
        return OUTCOME_LABELS[self].legend


OUTCOMES: tuple[Outcome, ...] = tuple(Outcome)
BARRIERS: tuple[Outcome, ...] = OUTCOMES[4:]
"""Barriers by the deepest level that talks reached in any one round."""


@dataclass(frozen=True, slots=True)
class OutcomeLabel:
    """The one label of an outcome and its one short label, where its sentence has no room.

    Parameters
    ----------
    legend : str
        In a legend, a sentence, or the head of a wide table.
    column : str
        In the head of a narrow column, or as what stops a world.
    stops : bool
        Whether worlds that end so were stopped by something.
    """

    legend: str
    column: str
    stops: bool = True

    @property
    def barrier(self) -> str | None:
        """Return what stops the worlds that end so, if anything does."""
        return self.column if self.stops else None


OUTCOME_LABELS: dict[Outcome, OutcomeLabel] = {
    Outcome.settled: OutcomeLabel("settled", "settled", stops=False),
    Outcome.reneged: OutcomeLabel("walked back", "walked back"),
    Outcome.interim: OutcomeLabel("interim: title open", "interim", stops=False),
    Outcome.rejected: OutcomeLabel("failed ratification", "failed vote"),
    Outcome.no_bargain: OutcomeLabel("no gain for both", "no gain"),
    Outcome.preconditions: OutcomeLabel("stopped by preconditions", "preconditions"),
    Outcome.publics: OutcomeLabel("stopped by publics and ratifiers", "publics"),
    Outcome.not_reached: OutcomeLabel("possible, not agreed", "not agreed"),
}
"""The one table of words for outcomes: of pictures, tables, sentences and pages alike."""


GATES: dict[str, str] = {
    "worth": "worth signing to both",
    "preconditions": "clear of absolute preconditions",
    "claimant_public": "passes the claimant's public",
    "claimant_parliament": "passes the claimant's parliament",
    "holder_public": "passes the holder's public",
    "holder_parliament": "passes the holder's parliament",
    "allies": "vetoed by no ally",
    "table": "meets both sides' demands",
    "all": "one text passes all gates",
}
"""What a text must pass, by name: each is judged on its own, and at the end all on one text."""


GATE_HEADS: dict[str, str] = {
    "worth": "worth\nsigning",
    "preconditions": "clear of\npreconditions",
    "claimant_public": "claimant's\npublic",
    "claimant_parliament": "claimant's\nparliament",
    "holder_public": "holder's\npublic",
    "holder_parliament": "holder's\nparliament",
    "allies": "no ally's\nveto",
    "table": "both\ndemands",
    "all": "all on\none text",
}
"""The same in two short lines, as the head of a column."""


class Ladder(Enum):
    """Say how much is in force at the end of the window."""

    none = "nothing new in force"
    functional = "fisheries, visits or joint projects in force"
    procedural = "a commission, a timetable or a treaty without territory in force"
    partial = "some territory or title settled"
    full = "title to every object settled"


LADDER: tuple[Ladder, ...] = tuple(Ladder)


class TitleFixed(Enum):
    """Say how much of the title that was open has been fixed."""

    none = "no title fixed"
    some = "title to some objects fixed"
    all = "title to every object fixed"


TITLE_FIXED: tuple[TitleFixed, ...] = tuple(TitleFixed)


class Phase(IntEnum):
    """Say what a world is doing."""

    TALKS = 0
    VOTE = 1
    CARRYING_OUT = 2
    DONE = 3
    DRAFTING = 4


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
    text_ready = "text ready, and signed"
    left_draft = "left before the text was ready"
    tabled = "puts another structure on the table"
    declined = "refused"


class Milestone(IntEnum):
    """Say what became of a structure on an agenda."""

    tabled = 0
    signed = 1
    rejected = 2
    walked_back = 3
    in_force = 4
    carried_out = 5


ANSWERS: tuple[Answer, ...] = tuple(Answer)
