"""Describe the answers to a clause: who gets what, who gains what, and what follows from it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.domain.frozen import Frozen
from sim.domain.interest import Role
from sim.domain.moderate import Moderate
from sim.domain.quantity import FixedNonNegative

__all__ = ["Allocation", "Effects", "Frame", "Level", "Leverage"]

Allocation = Literal["claimant", "holder", "joint", "open"] | Annotated[float, Field(ge=0, le=1)]
"""Who gets an object: a side, both in halves, nobody yet, or the claimant's share of it."""


class Frame(StrEnum):
    """Tell as what a text is signed."""

    NONE = "none"
    TREATY = "treaty"
    DELIMITATION = "delimitation"


class Effects(Frozen):
    """Say how a level moves each side's interests, in units of the interest's full scale."""

    claimant: dict[str, Moderate] = {}
    holder: dict[str, Moderate] = {}

    def of(self, role: Role) -> dict[str, float]:
        """Return the effects on one side, by interest."""
        return self.claimant if role is Role.CLAIMANT else self.holder


class Leverage(Frozen):
    """Say by how much a level in force moves each side's value of never signing what comes next.

    Powell (2006) calls it a shift of power: who has given cannot take back, and who has received
    need not ask again. In units of the side's `commitment.leverage`; it counts only where a
    later stage of the same structure is left to negotiate.

    References
    ----------
    R. Powell (2006). War as a commitment problem. https://doi.org/10.1017/S0020818306060061
    """

    claimant: Moderate = 0.0
    holder: Moderate = 0.0

    def of(self, role: Role) -> float:
        """Return the shift of one side."""
        return self.claimant if role is Role.CLAIMANT else self.holder


class Level(Frozen):
    """One answer to a clause.

    Parameters
    ----------
    label : str
        What the text would say, in words.
    allocation : mapping of object to Allocation
        Who gets what (clauses of kind administration and title).
    effects : Effects
        Direct effects on interests, each in units of the interest's full scale (-1 to 1 usual).
    yearly : Effects
        What the level brings each year, from the year after entry into force on and for as long
        as the text is kept, in units of the interest's full scale a year; a side counts it at
        d / (1 - d) years' worth, d being its yearly discount factor.
    leverage : Leverage
        How the level in force shifts power before the next stage.
    relief : float in [0, 1]
        Share of the giver's loss of standing that this wording removes (kind recognition).
    frame : Frame, optional
        As what the text is signed (kind legal_form).
    flow : Quantity, optional
        Money paid, in thousand millions of US dollars a year (kind economy).
    payer : {"claimant", "holder"}, optional
        Who pays `flow`.
    profile : {"front", "even", "back"}
        When `flow` is paid during the carrying out (kind economy).
    years : Quantity, optional
        Years from entry into force to the hand-over (kind schedule).
    closes : bool, optional
        Whether the level declares all claims closed (kind finality); checked, never believed.
    ladder : {"functional", "procedural"}, optional
        What being in force means on the ladder of outcomes.
    source : tuple of str
        Evidence for the effects.
    assumption : str, optional
        Why these effects, where no source gives them.
    """

    label: str
    allocation: dict[str, Allocation] = {}
    effects: Effects = Effects()
    yearly: Effects = Effects()
    leverage: Leverage = Leverage()
    relief: Annotated[float, Field(ge=0, le=1)] = 0.0
    frame: Frame | None = None
    flow: FixedNonNegative | None = None
    payer: Role | None = None
    profile: Literal["front", "even", "back"] = "even"
    years: FixedNonNegative | None = None
    closes: bool | None = None
    ladder: Literal["functional", "procedural"] | None = None
    source: tuple[str, ...] = ()
    assumption: str | None = None

    @property
    def has_effects(self) -> bool:
        """Tell whether any side values the level directly."""
        given = (
            self.effects.claimant,
            self.effects.holder,
            self.yearly.claimant,
            self.yearly.holder,
        )
        return any(given) or self.leverage != Leverage()

    @model_validator(mode="after")
    def _sourced(self) -> Level:
        moves = self.has_effects or self.relief > 0
        if moves and not self.source and not self.assumption:
            raise ValueError("effects need 'source: [ids]' or 'assumption: why', got neither")
        if (self.flow is None) != (self.payer is None):
            raise ValueError("expected 'flow' and 'payer' together")
        return self
