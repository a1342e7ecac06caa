"""Clauses of a text, and the levels that answer them: who gets what, and what follows."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.domain.condition import Condition
from sim.domain.frozen import Frozen
from sim.domain.interest import Role
from sim.domain.quantity import FixedNonNegative, Moderate, Share

__all__ = [
    "Allocation",
    "Clause",
    "ClauseKind",
    "Degrees",
    "Effects",
    "Frame",
    "Grid",
    "Level",
    "Leverage",
]

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


class Degrees(Frozen):
    """Say how far a level goes in the direction of each side's preconditions, by their names."""

    claimant: dict[str, Share] = {}
    holder: dict[str, Share] = {}

    def of(self, role: Role) -> dict[str, Share]:
        """Return the degrees of one side's preconditions."""
        return self.claimant if role is Role.CLAIMANT else self.holder

    def __bool__(self) -> bool:
        """Tell whether any degree is declared."""
        return bool(self.claimant or self.holder)


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
    meets : Degrees
        How far the level gives each side what one of its preconditions demands, in [0, 1]; 0
        where not named.
    breaches : Degrees
        How far the level by itself goes against a position, in [0, 1]. A package that a
        precondition blocks without the help of such levels breaches it wholly.
    ambiguity : Quantity, optional
        Probability a year in [0, 1] that both sides' readings of the level collide while the text
        is being carried out (Fischhendler 2008).
    contradicts : tuple of Condition
        What a text with this level cannot say as well; a structure with such a package is refused.
    closes : bool, optional
        Whether the level declares all claims closed (kind finality); checked, never believed.
    ladder : {"functional", "procedural"}, optional
        What being in force means on the ladder of outcomes.
    without_content : bool
        Whether a procedural level sets up talks and nothing else: then it does not outrank, on the
        ladder, what is functional in force beside it.
    source : tuple of str
        Evidence for the effects.
    assumption : str, optional
        Why these effects, where no source gives them.

    References
    ----------
    S. E. Goddard (2006). Uncommon ground: indivisible territory and the politics of legitimacy.
    https://doi.org/10.1017/S0020818306060024
    I. Fischhendler (2008). Ambiguity in transboundary environmental dispute resolution.
    https://doi.org/10.1177/0022343307084925
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
    meets: Degrees = Degrees()
    breaches: Degrees = Degrees()
    ambiguity: Share | None = None
    contradicts: tuple[Condition, ...] = ()
    closes: bool | None = None
    ladder: Literal["functional", "procedural"] | None = None
    without_content: bool = False
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

    @property
    def speaks_by_degree(self) -> bool:
        """Tell whether the level meets or breaches a position, or can be read in two ways."""
        return bool(self.meets or self.breaches) or self.ambiguity is not None

    @model_validator(mode="after")
    def _sourced(self) -> Level:
        moves = self.has_effects or self.relief > 0
        if moves and not self.source and not self.assumption:
            raise ValueError("effects need 'source: [ids]' or 'assumption: why', got neither")
        if (self.flow is None) != (self.payer is None):
            raise ValueError("expected 'flow' and 'payer' together")
        if self.without_content and self.ladder != "procedural":
            got = f"'ladder: {self.ladder}'" if self.ladder else "no 'ladder'"
            raise ValueError(f"'without_content' needs 'ladder: procedural', got {got}")
        return self


class ClauseKind(StrEnum):
    """Tell which part of the model a clause speaks to."""

    ADMINISTRATION = "administration"
    TITLE = "title"
    RECOGNITION = "recognition"
    LEGAL_FORM = "legal_form"
    FINALITY = "finality"
    ECONOMY = "economy"
    SCHEDULE = "schedule"
    OTHER = "other"

    @property
    def allocates(self) -> bool:
        """Tell whether levels of this kind say who gets which object."""
        return self in (ClauseKind.ADMINISTRATION, ClauseKind.TITLE)


class Grid(Frozen):
    """Ask for evenly spaced shares of one divisible object, named by their share.

    Parameters
    ----------
    object : str
        The object.
    steps : int
        How many levels, from 0 to 1 of the claimant's share, ends included.
    """

    object: str
    steps: Annotated[int, Field(ge=2, le=5001)]


class Clause(Frozen):
    """One thing that a text settles.

    Parameters
    ----------
    label : str
        The clause in words.
    kind : ClauseKind
        Which part of the model it speaks to.
    baseline : str, optional
        The level of the status quo; a stage that does not mention the clause keeps it.
    levels : mapping of name to Level
        The possible answers.
    grid : Grid, optional
        Levels made by rule instead of by hand (kind administration or title).
    """

    label: str
    kind: ClauseKind = ClauseKind.OTHER
    baseline: str | None = None
    levels: dict[str, Level] = {}
    grid: Grid | None = None

    @model_validator(mode="before")
    @classmethod
    def _grid_levels(cls, data: object) -> object:
        if not isinstance(data, dict) or not isinstance(data.get("grid"), dict):
            return data
        if data.get("levels"):
            return data
        grid = Grid.model_validate(data["grid"])
        digits = len(str(grid.steps - 1)) + 1
        levels = {}
        for step in range(grid.steps):
            share = step / (grid.steps - 1)
            name = f"{share:.{digits}f}"
            label = f"{share:.4g} of {grid.object} to the claimant"
            levels[name] = {"label": label, "allocation": {grid.object: share}}
        return {**data, "levels": levels}

    @model_validator(mode="after")
    def _coherent(self) -> Clause:
        if not self.levels:
            raise ValueError("expected at least one level, got none")
        if self.baseline is not None and self.baseline not in self.levels:
            names = ", ".join(self.levels)
            raise ValueError(f"baseline must be one of {names}; got {self.baseline!r}")
        if self.kind is ClauseKind.LEGAL_FORM and any(
            level.frame is None for level in self.levels.values()
        ):
            raise ValueError("every level of a legal form needs 'frame'")
        return self

    @property
    def objects(self) -> frozenset[str]:
        """Return the objects that any level of the clause allocates."""
        return frozenset(name for level in self.levels.values() for name in level.allocation)
