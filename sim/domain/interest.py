"""Roles of the two sides, their interests, and the features in which packages are measured.

An *interest* carries one weight per side (or per segment of a public). A *feature* is a column of
the package table; the interest `standing` is measured in several columns, because the frame factor
multiplies only what is signed as a delimitation, and worlds may differ in the step of standing.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from sim.domain.frozen import Frozen


class Role(StrEnum):
    """Tell the two sides of a dispute apart; the roles carry no behaviour of their own."""

    CLAIMANT = "claimant"
    HOLDER = "holder"

    position: int
    """Place on an axis of sides: 0 for the claimant and 1 for the holder."""

    def __new__(cls, value: str) -> Role:
        """Give each role its place as a plain attribute: it is looked up in every round."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.position = len(cls.__members__)
        return member

    @property
    def other(self) -> Role:
        """Return the opposite role."""
        return Role.HOLDER if self is Role.CLAIMANT else Role.CLAIMANT


ROLES: tuple[Role, Role] = (Role.CLAIMANT, Role.HOLDER)


class Interest(Frozen):
    """What a side may care about, and how the engine treats it.

    Parameters
    ----------
    label : str
        What it measures, in words.
    money : {"received", "paid"}, optional
        Which flows of clauses of kind economy it measures; they can be withheld while a text is
        carried out, as nothing else can.
    only_in_office : bool
        Whether it weighs only while the leader who began the talks is in office and before that
        leader's deadline. It is said of the interest, not of a leader: what ends with a career
        ends so on either side, while how much it weighs is each side's own number.
    """

    label: str
    money: Literal["received", "paid"] | None = None
    only_in_office: bool = False


INTERESTS: dict[str, Interest] = {
    "territory": Interest(
        label="administering the objects, each weighted by its value to the side"
    ),
    "title": Interest(label="lawful title to the objects: own titles less the other side's"),
    "closure": Interest(label="the end of the claim: share of value whose title the text fixes"),
    "recognition": Interest(label="wording on past acts and titles"),
    "standing": Interest(label="status: a milestone for who receives, capitulation for who gives"),
    "economy": Interest(
        label="flows received and gains from trade and projects (concave)", money="received"
    ),
    "payment": Interest(label="flows paid", money="paid"),
    "peace": Interest(label="a peace treaty in force"),
    "security": Interest(label="bases, demilitarisation, military value of the objects"),
    "alliance": Interest(label="room left by, and loyalty to, outside powers"),
    "legacy": Interest(
        label="what the sitting leader wants to be remembered for", only_in_office=True
    ),
    "precedent": Interest(label="encouragement of further claims by whoever gives ground"),
    "access": Interest(label="fisheries, visits, residents"),
    "dialogue": Interest(label="an institutional frame in which both go on talking"),
}
"""Built-in interests and what each measures; a dispute may declare further ones."""

STANDING_TREATY = "standing_treaty"
STANDING_DELIMITATION = "standing_delimitation"
STEP_TREATY = "standing_step_treaty"
STEP_DELIMITATION = "standing_step_delimitation"
"""By how much standing moves with the step, where worlds differ in it."""
DELIMITED = (STANDING_DELIMITATION, STEP_DELIMITATION)
"""Features of standing that the frame factor multiplies."""
STEPS = (STEP_TREATY, STEP_DELIMITATION)
_STANDING = (STANDING_TREATY, STANDING_DELIMITATION, *STEPS)


def features(custom: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the names of the feature columns, built-in ones first.

    Examples
    --------
    >>> features()[4:6]
    ('standing_treaty', 'standing_delimitation')
    >>> features()[6:8]
    ('standing_step_treaty', 'standing_step_delimitation')
    """
    names: list[str] = []
    for interest in (*INTERESTS, *custom):
        names.extend(_STANDING if interest == "standing" else (interest,))
    return tuple(names)


def interest_of(feature: str) -> str:
    """Return the interest whose weight multiplies a feature column."""
    return "standing" if feature in _STANDING else feature
