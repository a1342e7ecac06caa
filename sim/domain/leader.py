"""Describe leaders: standing with the public, time left, and who comes after."""

from __future__ import annotations

from sim.domain.frozen import Frozen
from sim.domain.quantity import MaybeRounds, NonNegative, Percent, Real, Share


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
    """Who takes over: one successor is in office for the rest of a world.

    Parameters
    ----------
    label : str
        In words.
    approval : Quantity
        Approval on taking office, percent.
    deadline_rounds : Quantity
        Own deadline counted from the start of talks, or ``none``.
    weights : mapping of interest to Quantity
        Factors on the side's weights; interests not named keep theirs; `legacy` always ends.
    """

    label: str
    approval: Percent
    deadline_rounds: MaybeRounds
    weights: dict[str, Real] = {}


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
