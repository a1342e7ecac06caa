"""Disputes: objects, clauses, and the interests that they add."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from sim.domain.clause import Clause, ClauseKind
from sim.domain.frozen import Frozen
from sim.domain.interest import INTERESTS, Interest, Role
from sim.domain.quantity import FixedNonNegative
from sim.memo import memoize_by_identity


class ValuePair(Frozen):
    """Give one number to each side."""

    claimant: FixedNonNegative
    holder: FixedNonNegative

    def of(self, role: Role) -> float:
        """Return the point value of a side."""
        return (self.claimant if role is Role.CLAIMANT else self.holder).point


class DisputedObject(Frozen):
    """One object in dispute.

    Parameters
    ----------
    label : str
        Its name or names, neutral between the sides.
    area : Quantity
        Its size; only ratios matter.
    controller : {"claimant", "holder", "none"}
        Who administers it at the start.
    title : {"claimant", "holder", "open"}
        Who holds undisputed title at the start.
    divisible : bool
        Whether it may be shared out.
    value : ValuePair
        Its value to each side; only ratios between objects matter.
    military_value : ValuePair, optional
        Its military value to each side, in units of the interest `security`.
    """

    label: str
    area: FixedNonNegative
    controller: Literal["claimant", "holder", "none"]
    title: Literal["claimant", "holder", "open"] = "open"
    divisible: bool = False
    value: ValuePair
    military_value: ValuePair | None = None


class Positions(Frozen):
    """Name preconditions that sides of a dispute may hold, each in words.

    Levels may speak of them where the side at the table does not hold them, say at another date.
    """

    claimant: dict[str, str] = {}
    holder: dict[str, str] = {}

    def of(self, role: Role) -> dict[str, str]:
        """Return the positions of the sides in one role."""
        return self.claimant if role is Role.CLAIMANT else self.holder


MOST_NAMED = 200
"""Clauses, and objects, that a dispute may have."""
MOST_LEVELS = 20_000
"""Levels that all clauses together may have."""


class Dispute(Frozen):
    """Objects in dispute and everything a text about them could settle.

    Parameters
    ----------
    name, label, description : str
        Identifier, title and a paragraph in words.
    objects : mapping of name to DisputedObject
        In the order of `nesting` where that matters.
    nesting : tuple of str
        Objects in the order in which a line drawn from the claimant's side passes them: a level
        may give the claimant a part of an object only if it gives it all earlier ones.
    clauses : mapping of name to Clause
        What a text can settle.
    interests : mapping of name to label or Interest
        Interests beyond the built-in ones: what each measures in words, or an `Interest` where
        more is to be said of it.
    positions : Positions
        Preconditions that levels may meet or breach, whether or not a side holds them.
    """

    name: str
    label: str
    description: str = ""
    objects: dict[str, DisputedObject]
    nesting: tuple[str, ...] = ()
    clauses: dict[str, Clause]
    interests: dict[str, str | Interest] = {}
    positions: Positions = Positions()

    @model_validator(mode="before")
    @classmethod
    def _of_a_size(cls, data: object) -> object:
        """Refuse what would fill the memory, before it is made."""
        if not isinstance(data, dict):
            return data
        clauses, objects = (_listed(data.get(key)) for key in ("clauses", "objects"))
        for name, count in (("clauses", len(clauses)), ("objects", len(objects))):
            if count > MOST_NAMED:
                raise ValueError(f"expected at most {MOST_NAMED} {name}, got {count:,}")
        if (levels := sum(map(_levels, clauses.values()))) > MOST_LEVELS:
            wanted = f"at most {MOST_LEVELS:,} levels in all clauses together"
            raise ValueError(f"expected {wanted}, got {levels:,}")
        return data

    @model_validator(mode="after")
    def _coherent(self) -> Dispute:
        if not self.objects:
            raise ValueError("expected at least one object in dispute, got none")
        unknown = [name for name in self.nesting if name not in self.objects]
        if unknown:
            raise ValueError(f"nesting names unknown objects: {', '.join(unknown)}")
        clash = sorted(set(self.interests) & set(INTERESTS))
        if clash:
            raise ValueError(f"interests already built in: {', '.join(clash)}")
        return self

    @property
    def interest_names(self) -> tuple[str, ...]:
        """Return all interests, built-in ones first."""
        return (*INTERESTS, *self.interests)

    def interest(self, name: str) -> Interest:
        """Return an interest, built-in or the dispute's own.

        Raises
        ------
        KeyError
            If there is none of that name.
        """
        found = {**INTERESTS, **self.interests}[name]
        return Interest(label=found) if isinstance(found, str) else found

    def clauses_of(self, *kinds: ClauseKind) -> dict[str, Clause]:
        """Return the clauses of some kinds, by name."""
        return _of_kinds(self, kinds)


@memoize_by_identity
def _of_kinds(dispute: Dispute, kinds: tuple[ClauseKind, ...]) -> dict[str, Clause]:
    """Return the clauses of some kinds, which every state of a table is asked for."""
    return {name: clause for name, clause in dispute.clauses.items() if clause.kind in kinds}


def _listed(values: object) -> dict[str, object]:
    return values if isinstance(values, dict) else {}


def _levels(clause: object) -> int:
    """Return how many levels a clause has, made by hand or by a grid."""
    if isinstance(clause, Clause):
        return len(clause.levels)
    values = _listed(clause)
    steps = _listed(values.get("grid")).get("steps")
    return len(_listed(values.get("levels"))) or (steps if isinstance(steps, int) else 0)
