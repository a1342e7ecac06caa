"""Strategies of governments as configured, told apart by `kind`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.domain.frozen import Frozen
from sim.domain.quantity import MaybeReal, MaybeRounds, NonNegative, Share


class TimeDependent(Frozen):
    """Concede by the clock of one's own deadline (Faratin, Sierra & Jennings 1998).

    Parameters
    ----------
    concession_exponent : Quantity
        Beta > 0: below 1 boulware (late), 1 linear, above 1 conceder (early).
    initial_concession : Quantity
        Share of the span conceded at once.
    reciprocity : Quantity
        Without a deadline: share of the other's observed concession that is answered in kind.
    """

    kind: Literal["time_dependent"]
    concession_exponent: NonNegative
    initial_concession: Share
    reciprocity: Share


class TitForTat(Frozen):
    """Answer concession with concession, and nothing with nothing (Faratin et al. 1998).

    Parameters
    ----------
    measure : {"absolute", "relative"}
        What is matched: the points that the other has conceded, or the share it has closed of the
        gap between its first offer and one's own best hope.
    initial_concession : Quantity
        Share of the span conceded at once, before anything is heard.
    intensity : Quantity
        Concession per concession: 1 answers in kind, less is stingy, more is generous.
    """

    kind: Literal["tit_for_tat"]
    measure: Literal["absolute", "relative"]
    initial_concession: Share
    intensity: NonNegative


class HoldUp(Frozen):
    """Ask for more as the other concedes.

    Parameters
    ----------
    initial_concession : Quantity
        Share of the span conceded at once.
    intensity : Quantity
        By how much of the span the price rises when the other concedes all of it.
    """

    kind: Literal["hold_up"]
    initial_concession: Share
    intensity: NonNegative


class SubgamePerfect(Frozen):
    """Play the subgame-perfect equilibrium of alternating offers on the package table.

    Parameters
    ----------
    horizon_rounds : Quantity
        Declared number of rounds after which this side signs nothing, or ``none``; where both
        sides declare one, the earlier counts.
    outside_option : Quantity
        Points that this side gets by leaving the table instead of answering, or ``none``.
    breakdown : Quantity
        Probability, after each refusal, that talks end for ever with the reservation values.
    office_weight : Quantity
        Share of the surplus that is lost on this leader when removed from office.
    """

    kind: Literal["subgame_perfect"]
    horizon_rounds: MaybeRounds
    outside_option: MaybeReal
    breakdown: Share
    office_weight: Share


class Mediator(Frozen):
    """Ask for the value of the text that a mediator puts to both sides.

    Parameters
    ----------
    solution : {"nash", "kalai_smorodinsky"}
        How the mediator chooses among texts that both sides could sign.
    """

    kind: Literal["mediator"]
    solution: Literal["nash", "kalai_smorodinsky"]


class Reputational(Frozen):
    """Hold one demand in a war of attrition, and give in at its hazard (Abreu & Gul 2000).

    Parameters
    ----------
    demanded_share : Quantity
        Share of the span that it demands, known to the other; one who bargains by another rule is
        taken to demand as much.
    obstinate, believed_obstinate : Quantity
        Probability in (0, 1) that it will never give in, and that it believes the other will not.
    """

    kind: Literal["reputational"]
    demanded_share: Share
    obstinate: Share
    believed_obstinate: Share


Strategy = Annotated[
    TimeDependent | TitForTat | HoldUp | SubgamePerfect | Mediator | Reputational,
    Field(discriminator="kind"),
]
"""Any strategy; `kind` tells which."""
