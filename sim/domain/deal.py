"""Deal structures: ordered stages with fixed and negotiable clauses."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.domain.condition import Condition
from sim.domain.frozen import FileName, Frozen


class Separable(Frozen):
    """Clauses of a text that either side may propose to leave out of it together.

    Parameters
    ----------
    label : str
        What is left out, in words that follow "without".
    clauses : tuple of clause
        Of the same stage, fixed or negotiable.
    tied_by : tuple of {"claimant", "holder"}
        Who had tied them to the rest, and so pays its `linkage_cost` where they are left out.
    assumption : str, optional
        Why they are separable.
    """

    label: str
    clauses: Annotated[tuple[str, ...], Field(min_length=1)]
    tied_by: tuple[Literal["claimant", "holder"], ...] = ()
    assumption: str | None = None


class Stage(Frozen):
    """A text negotiated, signed, ratified and carried out as a unit.

    Parameters
    ----------
    label : str
        The stage in words.
    fixed : mapping of clause to level
        What the structure settles beforehand.
    negotiable : mapping of clause to levels or "all"
        What the talks are about.
    exclude : tuple of Condition
        Combinations that the structure rules out; a package is left out where one holds.
    separable : mapping of name to Separable
        What may be left out of the text where structures share an agenda; see
        `sim.domain.agenda.lesser_texts`.
    """

    label: str
    fixed: dict[str, str] = {}
    negotiable: dict[str, Literal["all"] | Annotated[tuple[str, ...], Field(min_length=1)]] = {}
    exclude: tuple[Condition, ...] = ()
    separable: dict[FileName, Separable] = {}

    @model_validator(mode="after")
    def _coherent(self) -> Stage:
        if not self.fixed and not self.negotiable:
            raise ValueError("expected at least one clause in 'fixed' or 'negotiable', got none")
        twice = sorted(set(self.fixed) & set(self.negotiable))
        if twice:
            raise ValueError(f"clauses both fixed and negotiable: {', '.join(twice)}")
        for name, group in self.separable.items():
            strange = sorted({*group.clauses} - {*self.fixed, *self.negotiable})
            if strange:
                raise ValueError(f"clauses of 'separable.{name}' not in it: {', '.join(strange)}")
        return self


class Deal(Frozen):
    """A deal structure.

    Parameters
    ----------
    name, label, description : str
        Identifier, title and a paragraph in words.
    stages : mapping of name to Stage
        In the order in which they are negotiated.
    source : tuple of str
        Evidence for the structure having been proposed.
    assumption : str, optional
        Why it is worth studying, where no source proposes it.
    """

    name: FileName
    label: str
    description: str = ""
    stages: Annotated[dict[str, Stage], Field(min_length=1)]
    source: tuple[str, ...] = ()
    assumption: str | None = None
