"""Describe what a text can settle: clauses, each with the levels that answer it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from sim.domain.frozen import Frozen
from sim.domain.level import Allocation, Effects, Frame, Level, Leverage

__all__ = [
    "Allocation",
    "Clause",
    "ClauseKind",
    "Effects",
    "Frame",
    "Grid",
    "Level",
    "Leverage",
]


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
