"""Keys of earlier versions of the schema, and what replaced them."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import yaml

from sim.paths import configs_dir

__all__ = ["replacement"]

_FILE = "replaced.yaml"


def replacement(key: str, part: str = "") -> str:
    """Return what to tell who uses a key of an earlier version, or nothing.

    Parameters
    ----------
    key : str
        Dotted key, as in a whole scenario or in one part of it.
    part : str
        Which part, such as ``environment``; empty for a whole scenario.

    Examples
    --------
    >>> replacement("environment.crises.years")
    ', which version 2 of the schema replaced by environment.processes.crises.years'
    """
    prefix = f"{part}." if part else ""
    for version, pattern, by in _entries(configs_dir() / _FILE):
        if match := pattern.fullmatch(prefix + key):
            now = by
            for name in match.groups():
                now = now.replace("*", name, 1)
            now = now.removeprefix(prefix)
            return f", which version {version} of the schema replaced by {now}"
    return ""


@lru_cache
def _entries(path: Path) -> tuple[tuple[str, re.Pattern[str], str], ...]:
    """Return version, pattern of the old key and what to write now, in the order of the file.

    The file is our own, and the careful loader words its faults by what calls this.
    """
    return tuple(
        (version, re.compile("(.*)".join(map(re.escape, pattern.split("*")))), by)
        for version, replaced in yaml.safe_load(path.read_text(encoding="utf-8")).items()
        for pattern, by in replaced.items()
    )
