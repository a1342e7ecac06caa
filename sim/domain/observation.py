"""Observed statements that any admissible world must reproduce at the start (history matching).

References
----------
P. S. Craig, M. Goldstein, A. H. Seheult, J. A. Smith (1997). Pressure matching for hydrocarbon
reservoirs. https://doi.org/10.1007/978-1-4612-2290-3_2
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.domain.frozen import Frozen
from sim.domain.interest import Role


class _Statement(Frozen):
    """What all statements say.

    Parameters
    ----------
    label : str
        The statement in words.
    package : mapping of clause to level
        What it is about: a text signed from the status quo.
    source : tuple of str
        Facts that say so.
    assumption : str, optional
        Why this is assumed, where no source says it, or how it was read.
    """

    label: str
    package: Annotated[dict[str, str], Field(min_length=1)]
    source: tuple[str, ...] = ()
    assumption: str | None = None

    @model_validator(mode="after")
    def _sourced(self) -> _Statement:
        if not self.source and not self.assumption:
            raise ValueError("expected 'source: [ids]' or 'assumption: why', got neither")
        return self


class OfferedPackage(_Statement):
    """A package that a side has itself offered is worth signing to it.

    No absolute precondition of its own forbids it, and it is worth no less than never signing.

    Parameters
    ----------
    side : {"claimant", "holder"}
        Who offered it.
    tolerance : float
        Points by which it may fall short.
    """

    kind: Literal["offered"]
    side: Role
    tolerance: Annotated[float, Field(ge=0)]


class PolledPackage(_Statement):
    """A public answers a poll on a package as it did.

    Parameters
    ----------
    side : {"claimant", "holder"}
        Whose public.
    favour : float
        Share in favour among those with an opinion.
    tolerance : float
        By how much the share may differ.
    """

    kind: Literal["poll"]
    side: Role
    favour: Annotated[float, Field(ge=0, le=1)]
    tolerance: Annotated[float, Field(ge=0, le=1)]


class FailedPackage(_Statement):
    """A package that was tried and did not come could not have been signed and passed.

    At the start it is worth less than never signing to some side, some side's absolute precondition
    forbids it, or some side's ratifiers would not pass it.

    Parameters
    ----------
    tolerance : float
        Points by which it may be worth more than never signing to both sides all the same.
    """

    kind: Literal["did_not_come"]
    tolerance: Annotated[float, Field(ge=0)]


Statement = Annotated[OfferedPackage | PolledPackage | FailedPackage, Field(discriminator="kind")]
"""Any statement; `kind` tells which."""
