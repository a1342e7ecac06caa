"""Interests of the sides, and the columns in which packages are measured.

An *interest* carries one weight per side (or per segment of a public). A *feature* is a column of
the package table; the interest `standing` is measured in two columns, because the frame factor
multiplies only what is signed as a delimitation.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """Tell the two sides of a dispute apart; the roles carry no behaviour of their own."""

    CLAIMANT = "claimant"
    HOLDER = "holder"

    @property
    def other(self) -> Role:
        """Return the opposite role."""
        return Role.HOLDER if self is Role.CLAIMANT else Role.CLAIMANT

    @property
    def position(self) -> int:
        """Return the place on an axis of sides: 0 for the claimant and 1 for the holder."""
        return 0 if self is Role.CLAIMANT else 1


ROLES: tuple[Role, Role] = (Role.CLAIMANT, Role.HOLDER)

INTERESTS: dict[str, str] = {
    "territory": "administering the objects, each weighted by its value to the side",
    "title": "lawful title to the objects: own titles less the other side's",
    "closure": "the end of the claim: share of value whose title the text fixes",
    "recognition": "wording on past acts and titles",
    "standing": "status: a milestone for who receives, capitulation for who gives",
    "economy": "flows received and gains from trade and projects (concave)",
    "payment": "flows paid",
    "peace": "a peace treaty in force",
    "security": "bases, demilitarisation, military value of the objects",
    "alliance": "room left by, and loyalty to, outside powers",
    "legacy": "what the sitting leader wants to be remembered for",
    "precedent": "encouragement of further claims by whoever gives ground",
    "access": "fisheries, visits, residents",
    "dialogue": "an institutional frame in which both go on talking",
}
"""Built-in interests and what each measures; a dispute may declare further ones."""

STANDING_TREATY = "standing_treaty"
STANDING_DELIMITATION = "standing_delimitation"


def features(custom: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the names of the feature columns, built-in ones first.

    Examples
    --------
    >>> features()[4:6]
    ('standing_treaty', 'standing_delimitation')
    """
    names: list[str] = []
    for interest in (*INTERESTS, *custom):
        pair = (STANDING_TREATY, STANDING_DELIMITATION)
        names.extend(pair if interest == "standing" else (interest,))
    return tuple(names)


def interest_of(feature: str) -> str:
    """Return the interest whose weight multiplies a feature column."""
    return "standing" if feature in (STANDING_TREATY, STANDING_DELIMITATION) else feature
