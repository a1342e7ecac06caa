"""Base of all values of the domain: frozen, closed to unknown keys, with texts fit for pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationInfo, field_validator

__all__ = [
    "LAST_WORLD",
    "LONGEST_LINE",
    "LONGEST_TEXT",
    "CalendarSpan",
    "FileName",
    "Frozen",
    "is_date",
]

LAST_WORLD = 9_999_999
"""The last world of the longest run, and of all that can be asked for."""

LONGEST_LINE, LONGEST_TEXT = 200, 2_000
"""Characters of what stands in one line of a table or a picture, and of any other text."""
_LINES = {"date", "label", "question", "start", "stream", "title", "unit"}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff]")
"""Signs that a terminal obeys instead of showing them, and halves of signs."""


class Frozen(BaseModel):
    """Hold validated values that never change; refuse unknown keys, NaN and infinity.

    Texts come from strangers and end in terminals, pictures and pages: control characters, and
    texts of more than `LONGEST_LINE` or `LONGEST_TEXT` characters, are refused.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        str_strip_whitespace=True,
        defer_build=True,
    )

    @field_validator("*")
    @classmethod
    def _printable(cls, value: Any, info: ValidationInfo) -> Any:
        most = LONGEST_LINE if info.field_name in _LINES else LONGEST_TEXT
        for text, longest in _texts(value, most):
            if len(text) > longest:
                raise ValueError(f"expected at most {longest:,} characters, got {len(text):,}")
            if control := _CONTROL.search(text):
                raise ValueError(f"expected text without control characters, got {control[0]!r}")
        return value


def _texts(value: Any, most: int) -> Iterator[tuple[str, int]]:
    """Yield the texts of a field, and how long each may be; values below check their own."""
    if isinstance(value, str):
        yield value, most
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item, most)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield str(key), LONGEST_LINE
            yield from _texts(item, most)


_NAME = re.compile(r"\w([\w .+-]*[\w+-])?")
_MOST = 100
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def _checked(name: str) -> str:
    """Refuse a name that would leave its folder, hide, or mean a device or a pattern."""
    sound = _NAME.fullmatch(name) and not _DEVICE.fullmatch(name)
    if not sound or ".." in name or len(name.encode()) > _MOST:
        wanted = f"a name of letters, digits, spaces and _ . + -, at most {_MOST} bytes"
        raise ValueError(f"expected {wanted}, got {name!r}")
    return name


FileName = Annotated[str, AfterValidator(_checked)]
"""A name from which names of files are made, here or on another system."""


_DAY = r"[0-9]{1,4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"


def is_date(text: str) -> bool:
    """Tell whether a text is a year, a month or a day, from which time can be counted.

    Examples
    --------
    >>> is_date("2018-11"), is_date("autumn 2018")
    (True, False)
    """
    return re.fullmatch(_DAY, text) is not None


def _spanned(date: str) -> str:
    if not re.fullmatch(f"{_DAY}(/{_DAY})?", date):
        raise ValueError(f"expected a date such as 2018-11, or two as 1990/1991, got {date!r}")
    return date


CalendarSpan = Annotated[str, AfterValidator(_spanned)]
"""A date, or the first and the last one, between which it was."""
