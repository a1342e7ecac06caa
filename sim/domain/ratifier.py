"""Describe ratifiers: who can stop a signed text, and by what rule."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.domain.frozen import Frozen
from sim.domain.quantity import NonNegative, Real, Share


class PollBoundLeader(Frozen):
    """A leader who does not bring into force what too few support.

    Parameters
    ----------
    label : str
        In words.
    quota : Quantity
        Least support, as a share of the public.
    noise : Quantity
        Standard deviation of what the leader reads as support.
    """

    kind: Literal["leader"]
    label: str
    quota: Share
    noise: NonNegative


class Referendum(Frozen):
    """A vote of the public.

    Parameters
    ----------
    label : str
        In words.
    quota : Quantity
        Least share of votes.
    noise : Quantity
        Standard deviation between support in polls and at the vote.
    """

    kind: Literal["referendum"]
    label: str
    quota: Share
    noise: NonNegative


class Region(Frozen):
    """An assembly of a region whose public differs from the nation's.

    Parameters
    ----------
    label : str
        In words.
    quota : Quantity
        Least support in the region.
    offset : Quantity
        Support in the region less support in the nation, as a share.
    noise : Quantity
        Standard deviation between support and vote.
    """

    kind: Literal["region"]
    label: str
    quota: Share
    offset: Real
    noise: NonNegative


class Parliament(Frozen):
    """A parliament: members of the governing camp follow the whip, others their public.

    Each member votes yes independently with probability
    ``y = g (d + (1 - d) S) + (1 - g) S``, where g is `governing_share`, d `discipline` and S the
    public's support; the text passes when at least `votes_needed` of `seats` say yes.

    Parameters
    ----------
    label : str
        In words.
    seats, votes_needed : int
        Members, and how many must say yes.
    governing_share, discipline : Quantity
        Shares in [0, 1].
    """

    kind: Literal["parliament"]
    label: str
    seats: Annotated[int, Field(ge=1, le=100_000)]
    votes_needed: Annotated[int, Field(ge=0)]
    governing_share: Share
    discipline: Share

    @model_validator(mode="after")
    def _possible(self) -> Parliament:
        if self.votes_needed > self.seats:
            raise ValueError(f"votes_needed must not exceed seats, got {self.votes_needed}")
        return self


class Ally(Frozen):
    """An outside power that can veto for one side.

    Parameters
    ----------
    label : str
        In words.
    interest : str
        Interest by which the ally judges a text (the side's own column of it).
    tolerance : Quantity
        How far below zero that interest may fall before the ally objects.
    pressure : Quantity
        Tolerance lost per unit of outside pressure.
    noise : Quantity
        Standard deviation of the ally's judgement.
    """

    kind: Literal["ally"]
    label: str
    interest: str = "alliance"
    tolerance: NonNegative
    pressure: NonNegative
    noise: NonNegative


Ratifier = Annotated[
    PollBoundLeader | Referendum | Region | Parliament | Ally, Field(discriminator="kind")
]
