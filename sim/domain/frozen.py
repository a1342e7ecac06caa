"""Base of all values of the domain: frozen, closed to unknown keys, with names fit for files."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

__all__ = ["FileName", "Frozen"]


class Frozen(BaseModel):
    """Hold validated values that never change; refuse unknown keys, NaN and infinity."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, str_strip_whitespace=True
    )


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
