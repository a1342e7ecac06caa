"""Publics: segments or citizens, the polls they answer, and what moves them between polls."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.domain.frozen import CalendarSpan, Frozen
from sim.domain.quantity import FixedShare, NonNegative, Percent, Real, Share


class Network(Frozen):
    """Who listens to whom; the same in all worlds.

    Parameters
    ----------
    kind : {"none", "small_world"}
        ``none``: everybody to everybody; ``small_world``: a ring with shortcuts.
    neighbours : int
        Even number of nearest neighbours on the ring, before rewiring.
    rewiring : Quantity, optional
        Probability that a link is moved to a random citizen; needed by ``small_world``.

    References
    ----------
    D. J. Watts, S. H. Strogatz (1998). Collective dynamics of 'small-world' networks.
    https://doi.org/10.1038/30918
    """

    kind: Literal["none", "small_world"] = "none"
    neighbours: Annotated[int, Field(ge=2, le=1000, multiple_of=2)] = 6
    rewiring: FixedShare | None = None

    @model_validator(mode="after")
    def _complete(self) -> Network:
        if self.kind == "small_world" and self.rewiring is None:
            raise ValueError("a small world needs 'rewiring'")
        return self


class Updating(Frozen):
    """How citizens' least acceptable values move towards those of others.

    Parameters
    ----------
    kind : {"none", "degroot", "bounded_confidence"}
        ``degroot``: towards the mean of all others one listens to; ``bounded_confidence``: of
        those among them who are not too far away.
    confidence : Quantity, optional
        Greatest distance at which one is still listened to, in points.
    speed : Quantity, optional
        Share of the way to that mean that is gone in a year.

    References
    ----------
    M. H. DeGroot (1974). Reaching a consensus. https://doi.org/10.1080/01621459.1974.10480137
    R. Hegselmann, U. Krause (2002). Opinion dynamics and bounded confidence.
    https://www.jasss.org/5/3/2.html
    G. Deffuant, D. Neau, F. Amblard, G. Weisbuch (2000). Mixing beliefs among interacting agents.
    https://doi.org/10.1142/S0219525900000078
    """

    kind: Literal["none", "degroot", "bounded_confidence"] = "none"
    confidence: NonNegative | None = None
    speed: Share | None = None

    @model_validator(mode="after")
    def _complete(self) -> Updating:
        if self.kind != "none" and self.speed is None:
            raise ValueError(f"updating by {self.kind} needs 'speed'")
        if self.kind == "bounded_confidence" and self.confidence is None:
            raise ValueError("updating by bounded_confidence needs 'confidence'")
        return self


class Segment(Frozen):
    """A part of a public that thinks alike.

    Parameters
    ----------
    label : str
        The segment in words.
    share : Quantity or "rest"
        Share of the public; one segment may take the rest.
    weights : mapping of interest to Quantity
        Points per unit of the interest; interests not named weigh nothing.
    threshold : Quantity
        Least acceptable value theta, in points.
    spread : Quantity
        Standard deviation sigma of theta within the segment, in points.
    """

    label: str
    share: Share | Literal["rest"]
    weights: dict[str, Real]
    threshold: Real
    spread: NonNegative


class Choice(Frozen):
    """A poll that asks for the best of several answers.

    Parameters
    ----------
    question : str
        The question in words.
    date : str
        When it was asked.
    answers : mapping of segment to package
        Which segment gives which answer, the answer as levels of clauses.
    reported : mapping of segment to evidence id
        Where the share of each answer stands.
    """

    type: Literal["choice"]
    question: str
    date: CalendarSpan
    answers: Annotated[dict[str, dict[str, str]], Field(min_length=2)]
    reported: dict[str, str]


class Approval(Frozen):
    """A poll that asks for or against one package.

    Parameters
    ----------
    question : str
        The question in words.
    date : str
        When it was asked.
    package : mapping of clause to level
        The package that the question describes.
    """

    type: Literal["approval"]
    question: str
    date: CalendarSpan
    package: dict[str, str]


class Backlash(Frozen):
    """How opinion hardens while a concession is on the table.

    Parameters
    ----------
    growth : Quantity
        Points added a year while a full concession is on the table.
    half_life_years : Quantity
        Years after which half of it has gone.
    """

    growth: NonNegative
    half_life_years: NonNegative


class Goodwill(Frozen):
    """How delivered projects and exchanges soften opinion.

    Parameters
    ----------
    gain : Quantity
        Points added a year while functional cooperation is in force.
    half_life_years : Quantity
        Years after which half of it has gone.
    """

    gain: NonNegative
    half_life_years: NonNegative


class Campaign(Frozen):
    """A campaign by which a leader asks the public for a text before the vote.

    Parameters
    ----------
    effect : Quantity
        By how many spreads it moves each segment.
    cost : Quantity
        Points of the leader's approval that it costs.
    half_life_years : Quantity
        Years after which the public has forgotten half of it.
    """

    effect: NonNegative
    cost: NonNegative
    half_life_years: NonNegative


class Cues(Frozen):
    """How a leader moves the public, measured in the spread of opinions within each segment.

    Who is sure of an opinion follows nobody: the wider opinions vary, the further cues move them.

    Parameters
    ----------
    advocacy : Quantity
        Spreads by which ten points of the leader's approval above `neutral_approval` move each
        segment in favour of what the leader advocates.
    campaign : Campaign, optional
        Absent, leaders do not campaign.

    References
    ----------
    A. Guisinger, E. N. Saunders (2017). Mapping the boundaries of elite cues.
    https://doi.org/10.1093/isq/sqx022
    """

    advocacy: NonNegative
    campaign: Campaign | None = None


class Public(Frozen):
    """A public made of segments.

    Parameters
    ----------
    label : str
        The public in words.
    segments : mapping of name to Segment
        Shares add to 1; the sum is checked, or made by a segment that takes the rest.
    opposition : Quantity, optional
        Share opposed at the calibration question; thresholds are shifted to meet it. Absent, the
        segments say how many are opposed, and an override such as `opposition=0.4` moves them.
    undecided : Quantity, optional
        Share without an answer to the calibration question.
    calibration : str, optional
        Name of the approval poll that `opposition` answers, where it is given.
    polls : mapping of name to Choice or Approval
        The polls that the public must reproduce.
    frame_factor : Quantity, optional
        The public's own frame factor phi; absent, its government's.
    advocacy : Quantity
        Points that each point of the leader's approval above `neutral_approval` adds to what the
        leader advocates.
    cues : Cues, optional
        Where the environment's `cues` are enabled, what takes the place of `advocacy`.
    neutral_approval : Quantity
        Approval at which advocacy moves nobody, in percent.
    backlash, goodwill : Backlash, Goodwill
        What moves opinion between polls.
    citizens : int, optional
        Run the public as so many citizens instead of segments, which are their limit.
    network : Network
        Who listens to whom among citizens.
    updating : Updating
        How citizens' thresholds move towards those of others, each round.
    """

    label: str
    segments: Annotated[dict[str, Segment], Field(min_length=1)]
    opposition: Share | None = None
    undecided: Share | None = None
    calibration: str | None = None
    polls: dict[str, Annotated[Choice | Approval, Field(discriminator="type")]] = {}
    frame_factor: Share | None = None
    advocacy: NonNegative
    cues: Cues | None = None
    neutral_approval: Percent
    backlash: Backlash
    goodwill: Goodwill
    citizens: Annotated[int, Field(ge=1, le=100_000)] | None = None
    network: Network = Network()
    updating: Updating = Updating()

    @model_validator(mode="after")
    def _coherent(self) -> Public:
        shares = [segment.share for segment in self.segments.values()]
        rests = sum(share == "rest" for share in shares)
        known = [share for share in shares if not isinstance(share, str)]
        if rests > 1:
            raise ValueError(f"at most one segment takes the rest, got {rests}")
        least = sum(share.bounds[0] for share in known)
        most = sum(share.bounds[1] for share in known)
        if rests == 0 and (abs(least - 1) > 1e-9 or abs(most - 1) > 1e-9):
            raise ValueError(f"shares of segments must add to 1, got {least:g} to {most:g}")
        if most > 1 + 1e-9:
            raise ValueError(f"shares of segments must not add to more than 1, got {most:g}")
        if self.citizens is None and (self.network.kind, self.updating.kind) != ("none", "none"):
            raise ValueError("a network and updating are for 'citizens': say how many there are")
        if self.opposition is not None and self.calibration is None:
            raise ValueError(
                "'opposition' answers the approval poll that 'calibration' names, and there is "
                "none; without one, opinions are moved by the segments' 'threshold'"
            )
        return self
