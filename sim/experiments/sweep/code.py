"""Tell versions of the program apart: results of different ones must not be mixed."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

__all__ = ["code_digest"]

_ROOT = Path(__file__).resolve().parents[2]


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Return a digest of the program's own source files."""
    result = hashlib.sha256()
    for path in sorted(_ROOT.rglob("*.py")):
        result.update(f"{path.relative_to(_ROOT).as_posix()}\n".encode())
        result.update(path.read_bytes())
    return result.hexdigest()
