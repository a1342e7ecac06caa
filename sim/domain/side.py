"""Sides: a government with its leader, its public and its ratifiers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.domain.condition import Condition
from sim.domain.frozen import Frozen
from sim.domain.public import Public
from sim.domain.quantity import (
    FixedNonNegative,
    MaybeRounds,
    NonNegative,
    Percent,
    Real,
    Share,
)
from sim.domain.ratifier import Argued, Ratifier
from sim.domain.strategy import Strategy


class ApprovalProcess(Frozen):
    """A leader's approval: mean-reverting, with monthly persistence.

    Parameters
    ----------
    start, mean : Quantity
        Percent.
    sd : Quantity
        Stationary standard deviation, in points of approval.
    persistence_month : Quantity
        AR(1) coefficient of monthly figures; a round of q years takes it to the power 12 q.
    win_effect, loss_effect : Quantity
        Points gained on signing for all the territory, lost on giving all of it.
    """

    start: Percent
    mean: Percent
    sd: NonNegative
    persistence_month: Share
    win_effect: NonNegative
    loss_effect: NonNegative


class Turnover(Frozen):
    """How leaders leave office.

    Parameters
    ----------
    hazard_year : Quantity
        Removals a year at mean approval.
    approval_sensitivity : Quantity
        Log change of the hazard per standard deviation of approval below the mean.
    term_ends_round : Quantity
        Round at which the term ends by law, or ``none``.
    """

    hazard_year: NonNegative
    approval_sensitivity: NonNegative
    term_ends_round: MaybeRounds


class Successor(Frozen):
    """Who takes over: one successor for the rest of a world, or one after the other.

    One after the other where the environment's `successions` are enabled: then every leader who
    takes office is drawn anew.

    Parameters
    ----------
    label : str
        In words.
    approval : Quantity
        Approval on taking office, percent.
    deadline_rounds : Quantity
        Own deadline counted from the start of talks, or ``none``; with successions counted from
        taking office.
    weights : mapping of interest to Quantity
        Factors on the side's weights; interests not named keep theirs. What weighs
        `only_in_office` ends with the first leader; with successions it weighs by its factor, if
        it has one, as long as the leader in office has time.
    discount_factor, audience_cost : Quantity, optional
        With successions, what takes the place of the leader's own; absent, it stays.
    resolve_persistence : Quantity, optional
        With successions, the share a in [0, 1] of the side's resolve that outlasts its leader (see
        `sim.domain.resolve.succeeded`); absent, none.
    """

    label: str
    approval: Percent
    deadline_rounds: MaybeRounds
    weights: dict[str, Real] = {}
    discount_factor: Share | None = None
    audience_cost: NonNegative | None = None
    resolve_persistence: Share | None = None


class Leader(Frozen):
    """The person who negotiates for a government.

    Parameters
    ----------
    label : str
        In words.
    deadline_rounds : Quantity
        Round at which the leader's own deadline falls, or ``none``.
    discount_factor : Quantity
        Per year, in (0, 1).
    audience_cost : Quantity
        Points of approval lost per point of utility by which a signature falls short of the
        leader's public position.
    approval_weight : Quantity
        Exchange weight lambda: points of utility per point of approval.
    approval : ApprovalProcess
    turnover : Turnover
    successor : Successor
    """

    label: str
    deadline_rounds: MaybeRounds
    discount_factor: Share
    audience_cost: NonNegative
    approval_weight: NonNegative
    approval: ApprovalProcess
    turnover: Turnover
    successor: Successor


class Preferences(Frozen):
    """What a government wants.

    Parameters
    ----------
    weights : mapping of interest to Quantity
        Points per unit of the interest; interests not named weigh nothing.
    frame_factor : Quantity
        Frame factor phi in [0, 1]: how much of standing is at stake in a mere delimitation.
    standing_step : Quantity
        Share of standing that any gain or loss at all puts at stake, however small. What counts as
        a concession on the table, and so feeds backlash, is measured at its median.
    economy_scale : Quantity
        Flow at which a payee's gain reaches 63 % of its limit, thousand million USD a year.
    sensitivities : mapping of name to Quantity
        Log change of a weight per unit of the level of a process of the environment that
        multiplies it (see `sim.domain.environment.Multiplier`); those not named are 0.
    """

    weights: dict[str, Real]
    frame_factor: Share
    standing_step: Share
    economy_scale: FixedNonNegative
    sensitivities: dict[str, Real] = {}


class Movement(Frozen):
    """How a precondition changes its state: absolute, priced or lapsed.

    It begins absolute or priced, is drawn anew at each succession, and otherwise at a hazard. Drawn
    anew, it is absolute with probability `firmness`; what is not has lapsed or has a price.

    Parameters
    ----------
    hazard_year : Quantity
        Changes of line a year; one may leave things as they are.
    lapses : Quantity
        Probability that, drawn anew and not absolute, it has lapsed: it asks for nothing.
    """

    hazard_year: NonNegative
    lapses: Share


class Accumulation(Frozen):
    """A state that lifts a precondition once it has lasted.

    It is there in a round where any of `states` holds of what is in force, or where the level of
    `process` is at least `at_least`; where it ends, it begins anew.

    Parameters
    ----------
    blocks : tuple of Condition
        What the precondition blocks until then, in place of its own `blocks`; empty, the same.
    states : tuple of Condition
        Conditions on the state that texts in force have made.
    process : str, optional
        A process of the environment.
    at_least : Quantity, optional
        The level that it must have; needed with `process`.
    years : Quantity
        For how many years the state must have lasted.
    """

    blocks: tuple[Condition, ...] = ()
    states: tuple[Condition, ...] = ()
    process: str | None = None
    at_least: Real | None = None
    years: NonNegative

    @model_validator(mode="after")
    def _coherent(self) -> Accumulation:
        if (self.process is None) != (self.at_least is None):
            raise ValueError("expected 'process' and 'at_least' together")
        if not self.states and self.process is None:
            raise ValueError("expected 'states' or 'process', got neither")
        return self


class Precondition(Frozen):
    """A stance that blocks packages, absolutely or at a price.

    Parameters
    ----------
    label : str
        In words.
    blocks : tuple of Condition
        A package is blocked where any of the conditions holds (on the state it would create).
    firmness : Quantity
        Probability that in a world the stance is absolute.
    penalty : Quantity
        Points lost by signing against it where it is not absolute.
    survives : mapping of frame to Quantity
        Probability that the stance still stands under that legal form; 1 where not named.
    from_round, until_round : int, optional
        Rounds in which it is in force (from inclusive, until exclusive).
    lifted_by : Accumulation, optional
        What lifts it, where the environment's `accumulation` is enabled; absent, nothing.
    moves : Movement or "never", optional
        How it changes, where the environment's `positions` are enabled; absent, as the side's
        `movement` says, unless it has a date. A bar in a constitution never does.
    """

    label: str
    blocks: Annotated[tuple[Condition, ...], Field(min_length=1)]
    firmness: Share
    penalty: NonNegative
    survives: dict[str, Share] = {}
    from_round: Annotated[int, Field(ge=0)] = 0
    until_round: Annotated[int, Field(ge=0)] | None = None
    lifted_by: Accumulation | None = None
    moves: Movement | Literal["never"] | None = None


class Entrenchment(Frozen):
    """What waiting brings: c(t) = initial + gain (1 - exp(-speed t)), t in years.

    Parameters
    ----------
    initial, gain : Quantity
        Points; a negative gain says that waiting hurts.
    speed : Quantity
        Per year.
    """

    initial: Real
    gain: Real
    speed: NonNegative


class Ending(Argued):
    """What ends a side's urgency.

    Parameters
    ----------
    states : tuple of Condition
        Conditions on the state that texts in force have made; it ends where one of them holds.
    """

    states: Annotated[tuple[Condition, ...], Field(min_length=1)]


class Urgency(Frozen):
    """What waiting costs: u(t) = initial + growth t, t in years.

    Where the environment's `fading` is enabled, it grows up to `peak_years`, fades from then on
    with `half_life_years` (see `sim.equations.waiting`), and is over with a text that ends it.
    Where that is not enabled, any text does.

    Parameters
    ----------
    initial : Quantity
        Points.
    growth : Quantity
        Points a year.
    peak_years : Quantity, optional
        Years after which it grows no more; absent, it always does.
    half_life_years : Quantity, optional
        Years after the peak in which half of it has gone; absent, none ever goes.
    ended_by : Ending, optional
        Absent, by any text that changes something for this side.
    """

    initial: NonNegative
    growth: NonNegative
    peak_years: NonNegative | None = None
    half_life_years: NonNegative | None = None
    ended_by: Ending | None = None


class Reservation(Frozen):
    """The terms of the value of never signing: dialogue + entrenchment - urgency.

    Parameters
    ----------
    dialogue : Quantity
        Points drawn from being seen to talk, while talks are alive.
    entrenchment : Entrenchment
    urgency : Urgency
    """

    dialogue: NonNegative
    entrenchment: Entrenchment
    urgency: Urgency


class RedLines(Frozen):
    """What a government believes of the other's preconditions, and how it learns.

    Parameters
    ----------
    error : Quantity
        Standard deviation of the error about the log odds that one of them is absolute.
    bluff : Quantity
        Believed probability, in (0, 1], that a refusal names one that is not absolute.
    slip : Quantity
        Believed probability, in (0, 1], that a text which touches one that is absolute is offered
        or accepted all the same.
    barred_tolerance : Quantity
        Believed probability of being barred beyond which a package is left out of aspiration,
        offers and foresight.
    """

    error: NonNegative
    bluff: Share
    slip: Share
    barred_tolerance: Share


class BelievedWeights(Frozen):
    """What a government takes weights of the other side for, where that is not what they are.

    Of interests that are named nowhere it knows the weight, but for its errors.

    Parameters
    ----------
    factors : mapping of interest to Quantity
        Believed weight as a multiple of the true one; 0 takes the other for indifferent.
    points : mapping of interest to Quantity
        Believed weight in the other side's own points, whatever the true one is.
    """

    factors: dict[str, Real] = {}
    points: dict[str, Real] = {}

    @model_validator(mode="after")
    def _named_once(self) -> BelievedWeights:
        twice = sorted({*self.factors} & {*self.points})
        if twice:
            raise ValueError(f"expected {twice[0]} under 'factors' or 'points', got it under both")
        return self


class Beliefs(Frozen):
    """What a government believes and how wrong it may be; each error is drawn once per world.

    Parameters
    ----------
    interest_error : Quantity
        Standard deviation of the relative error about each weight of the other side, or about what
        `other_weights` says of it.
    reservation_error : Quantity
        Standard deviation of the error about the other's reservation value, in points.
    own_support_error, other_support_error : Quantity
        Standard deviation of the error about support at home and abroad, as shares.
    learning : Quantity
        Errors shrink as 1 / (1 + learning n) with the n offers or polls seen.
    caution : Quantity
        Least believed probability of passing each ratifier at which a text is offered or signed.
    walk_back_year : Quantity
        Believed yearly hazard that the other side walks back from what it owes.
    expected_share : Quantity, optional
        Share of a later stage's surplus that the side expects: its exponent in the generalised
        Nash solution. Absent, one half; 1 where it will make all offers, 0 where the other will.
    red_lines : RedLines, optional
        Where the environment's `red_lines` are enabled; absent, it takes nothing for barred.
    other_weights : BelievedWeights, optional
        What it takes weights of the other side for; the difference to what they are shrinks as
        errors do. Absent, it is right but for its errors.
    """

    interest_error: NonNegative
    reservation_error: NonNegative
    own_support_error: NonNegative
    other_support_error: NonNegative
    learning: NonNegative
    caution: Share
    walk_back_year: Share
    expected_share: Share | None = None
    red_lines: RedLines | None = None
    other_weights: BelievedWeights | None = None


class Commitment(Frozen):
    """What holds a side to a ratified text.

    Parameters
    ----------
    reputation : Quantity
        Points lost by walking back.
    leverage : Quantity, optional
        Points by which one unit of `leverage` in a text in force moves the side's value of never
        signing the next one; absent, texts do not shift its power.
    linkage_cost : Quantity, optional
        Points lost by signing a text without clauses that the side had tied to it, for each
        separable group that is left out; absent, nothing. Of effect on an agenda of several
        structures only.
    """

    reputation: NonNegative
    leverage: NonNegative | None = None
    linkage_cost: NonNegative | None = None


class Side(Frozen):
    """One side of the dispute.

    Parameters
    ----------
    name, label : str
        Identifier and title.
    stream : str
        Label of the side's random streams; swapping two sides' labels mirrors every world.
    preferences : Preferences
    leader : Leader
    public : Public
    ratifiers : mapping of name to Ratifier
        In the order in which they vote.
    preconditions : mapping of name to Precondition
    reservation : Reservation
    beliefs : Beliefs
    commitment : Commitment
    strategy : Strategy
    movement : Movement, optional
        How its preconditions change that have no date and do not say otherwise; absent, never.
    """

    name: str
    label: str
    stream: str
    preferences: Preferences
    leader: Leader
    public: Public
    ratifiers: dict[str, Ratifier] = {}
    preconditions: dict[str, Precondition] = {}
    reservation: Reservation
    beliefs: Beliefs
    commitment: Commitment
    strategy: Strategy
    movement: Movement | None = None

    def movement_of(self, name: str) -> Movement | None:
        """Return how a precondition changes its state; None where it never does."""
        item = self.preconditions[name]
        if item.moves is not None:
            return None if item.moves == "never" else item.moves
        dated = item.from_round > 0 or item.until_round is not None
        return None if dated else self.movement

    @model_validator(mode="after")
    def _stream_named(self) -> Side:
        if not self.stream:
            raise ValueError("expected a label of the side's random streams, got an empty one")
        return self
