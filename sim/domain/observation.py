"""What was observed: statements about the start, and readings in the course of the talks.

A scenario's statements hold or do not, and any admissible world reproduces them (history matching);
readings are numbers that an inference compares with those of each world.

References
----------
P. S. Craig, M. Goldstein, A. H. Seheult, J. A. Smith (1997). Pressure matching for hydrocarbon
reservoirs. https://doi.org/10.1007/978-1-4612-2290-3_2
"""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.domain.frozen import Frozen
from sim.domain.interest import Role


class _Sourced(Frozen):
    """What all that was observed says.

    Parameters
    ----------
    label : str
        What was observed, in words.
    source : tuple of str
        Facts that say so.
    assumption : str, optional
        Why this is assumed, where no source says it, or how it was read.
    """

    label: str
    source: tuple[str, ...] = ()
    assumption: str | None = None

    @model_validator(mode="after")
    def _has_origin(self) -> _Sourced:
        if not self.source and not self.assumption:
            raise ValueError("expected 'source: [ids]' or 'assumption: why', got neither")
        return self


class _Statement(_Sourced):
    """What all statements about the start say.

    Parameters
    ----------
    package : mapping of clause to level
        What it is about: a text signed from the status quo.
    """

    package: Annotated[dict[str, str], Field(min_length=1)]


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


EVENTS = ("signed", "first_stage", "transferred", "closed")
"""Kinds of readings that are a yes or a no."""
_TAKES = {"poll": {"side", "package"}, "approval": {"side"}, "offers": {"side", "package"}}

_SCALES = {"poll": (1.0, "a share from 0 to 1"), "approval": (100.0, "percent up to 100")}
"""The most that can be read of a kind, and what it is read in."""


class Observation(_Sourced):
    """A number, or a yes or no, that was read when a round began.

    Parameters
    ----------
    kind : {"poll", "approval", "offers", "signed", "first_stage", "transferred", "closed"}
        The share of a side's public in favour of `package` among those with an opinion, when nobody
        campaigns; the approval of a side's leader, in percent; how many offers a side has made,
        those alone that have the levels of `package` where it is given; whether a text was
        signed, a first stage carried out, an object handed over or every claim closed.
    at : int
        Rounds that were over when it was read, from 0 on.
    value : float or bool
        What was read.
    tolerance : float
        By how much a world may differ: what was read is off by less, every error equally likely.
    side : {"claimant", "holder"}, optional
    package : mapping of clause to level, optional
    """

    kind: Literal["poll", "approval", "offers", "signed", "first_stage", "transferred", "closed"]
    at: Annotated[int, Field(ge=0)]
    value: bool | Annotated[float, Field(ge=0, le=100_000)]
    tolerance: Annotated[float, Field(ge=0, le=100_000)] = 0.0
    side: Role | None = None
    package: dict[str, str] = {}

    @property
    def is_event(self) -> bool:
        """Tell whether it is a yes or a no, which a world reproduces or does not."""
        return self.kind in EVENTS

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Observation:
        given = {name for name in ("side", "package") if getattr(self, name)}
        allowed = _TAKES.get(self.kind, set())
        needed = allowed - ({"package"} if self.kind == "offers" else set())
        if not needed <= given <= allowed:
            wanted = " and ".join(sorted(needed)) or "neither side nor package"
            raise ValueError(
                f"{self.kind} takes {wanted}, got {', '.join(sorted(given)) or 'none'}"
            )
        if self.is_event is not isinstance(self.value, bool):
            wanted = "true or false" if self.is_event else "a number"
            raise ValueError(f"the value of {self.kind} is {wanted}, got {self.value:g}")
        most, scale = _SCALES.get(self.kind, (math.inf, ""))
        if self.value > most:
            raise ValueError(f"the value of {self.kind} is {scale}, got {self.value:g}")
        if self.is_event and self.tolerance:
            raise ValueError(f"{self.kind} takes no tolerance")
        return self


class Observations(Frozen):
    """What was read of the talks, by name.

    Parameters
    ----------
    observed : mapping of name to Observation
    """

    observed: Annotated[dict[str, Observation], Field(min_length=1)]
