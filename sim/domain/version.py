"""Say which version of the schema of scenarios this is, and what earlier ones called things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

__all__ = ["REPLACED", "SCHEMA_VERSION", "Replaced", "replacement"]

SCHEMA_VERSION = 1
"""Raised by one whenever a file that was valid no longer is, or means something else."""


@dataclass(frozen=True)
class Replaced:
    """What became of a key.

    Parameters
    ----------
    since : int
        The first version of the schema without the key.
    by : str
        What to write now, such as a dotted key, or why nothing.
    """

    since: int
    by: str


REPLACED: Mapping[str, Replaced] = {}
"""Keys that earlier versions had, as dotted patterns (``*`` for any name), and what became of them.

Whoever raises `SCHEMA_VERSION` enters here every key that went, so that an old file is told what to
write.
"""


def replacement(key: str, replaced: Mapping[str, Replaced] | None = None) -> str:
    """Return what to tell who uses a key of an earlier version, or nothing.

    Parameters
    ----------
    key : str
        Full dotted key.
    replaced : mapping, optional
        In place of `REPLACED`.

    Examples
    --------
    >>> replacement("holder.mood", {"*.mood": Replaced(2, "leader.approval")})
    ', which version 2 of the schema replaced by leader.approval'
    """
    for pattern, change in (REPLACED if replaced is None else replaced).items():
        if fnmatchcase(key, pattern):
            return f", which version {change.since} of the schema replaced by {change.by}"
    return ""
