"""Ratifiers: who can stop a signed text, and by what rule."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.domain.condition import Condition
from sim.domain.frozen import Frozen
from sim.domain.quantity import NonNegative, Real, Share


class Argued(Frozen):
    """What rests on facts or on an assumption.

    Parameters
    ----------
    source : tuple of str
        Facts that say so.
    assumption : str, optional
        Why this is assumed, where no source says it.
    """

    source: tuple[str, ...] = ()
    assumption: str | None = None

    @model_validator(mode="after")
    def _sourced(self) -> Self:
        if not self.source and not self.assumption:
            raise ValueError("expected 'source: [ids]' or 'assumption: why', got neither")
        return self


class Voting(Argued):
    """On which texts a ratifier votes; what it does not vote on takes effect without it.

    Parameters
    ----------
    texts : tuple of Condition
        It votes on a text where any of the conditions holds, read on the text by itself, as if
        nothing had been signed before. None at all: it votes on nothing.
    """

    texts: tuple[Condition, ...]


class Voter(Frozen):
    """What all ratifiers say, besides what each kind of them adds.

    Parameters
    ----------
    label : str
        In words.
    votes_on : Voting, optional
        On which texts it votes; on every one if left out.
    error : Quantity, optional
        Standard deviation of what governments err by, once a world and alike, about what decides
        its vote (`quota`, `discipline` or `tolerance`, in the same unit), where the environment's
        `ratifier_errors` are enabled; absent, they know it.
    """

    label: str
    votes_on: Voting | None = None
    error: NonNegative | None = None


class PollBoundLeader(Voter):
    """A leader who does not bring into force what too few support.

    Parameters
    ----------
    quota : Quantity
        Least support, as a share of the public.
    noise : Quantity
        Standard deviation of what the leader reads as support.
    quota_fall : Quantity, optional
        By how much `quota` falls with each ten points of approval above the public's
        `neutral_approval`, where the environment's `quotas` are enabled; absent, it stands.
    """

    kind: Literal["leader"]
    quota: Share
    noise: NonNegative
    quota_fall: Share | None = None


class Referendum(Voter):
    """A vote of the public.

    Parameters
    ----------
    quota : Quantity
        Least share of votes.
    noise : Quantity
        Standard deviation between support in polls and at the vote.
    """

    kind: Literal["referendum"]
    quota: Share
    noise: NonNegative


class Region(Voter):
    """An assembly of a region whose public differs from the nation's.

    Parameters
    ----------
    quota : Quantity
        Least support in the region.
    offset : Quantity
        Support in the region less support in the nation, as a share.
    noise : Quantity
        Standard deviation between support and vote.
    """

    kind: Literal["region"]
    quota: Share
    offset: Real
    noise: NonNegative


class Amendment(Frozen):
    """How a parliament changes a text that it ratifies: a reservation, in the words of treaty law.

    It puts another level in place of that of one clause, the one which its public supports most
    among the packages on the table that differ in nothing else, if that is more than it supports
    the text. The other side takes the text as changed or it fails (Milner & Rosendorff 1997).

    Parameters
    ----------
    clauses : tuple of str
        Clauses of wording of which it may change one.
    probability : Quantity
        That it does where it can, at each vote.

    References
    ----------
    H. V. Milner, B. P. Rosendorff (1997). Democratic politics and international trade negotiations.
    https://doi.org/10.1177/0022002797041001006
    """

    clauses: Annotated[tuple[str, ...], Field(min_length=1)]
    probability: Share


class Parliament(Voter):
    """A parliament: members of the governing camp follow the whip, others their public.

    Each member votes yes independently with probability
    ``y = g (d + (1 - d) S) + (1 - g) S``, where g is `governing_share`, d `discipline` and S the
    public's support; the text passes when at least `votes_needed` of `seats` say yes.

    Parameters
    ----------
    seats, votes_needed : int
        Members, and how many must say yes.
    governing_share, discipline : Quantity
        Shares in [0, 1].
    amends : Amendment, optional
        How it may change a text, where the environment's `amendments` are enabled.
    """

    kind: Literal["parliament"]
    seats: Annotated[int, Field(ge=1, le=100_000)]
    votes_needed: Annotated[int, Field(ge=0)]
    governing_share: Share
    discipline: Share
    amends: Amendment | None = None

    @model_validator(mode="after")
    def _possible(self) -> Parliament:
        if self.votes_needed > self.seats:
            raise ValueError(f"votes_needed must not exceed seats, got {self.votes_needed}")
        return self


class Ally(Voter):
    """An outside power that can veto for one side.

    Parameters
    ----------
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
    interest: str = "alliance"
    tolerance: NonNegative
    pressure: NonNegative
    noise: NonNegative


Ratifier = Annotated[
    PollBoundLeader | Referendum | Region | Parliament | Ally, Field(discriminator="kind")
]
