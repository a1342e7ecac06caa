"""Read the fenced blocks of a page."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_FENCE = re.compile(r"^( *)```([\w{}-]*)[^\n]*\n(.*?)^\1```", flags=re.MULTILINE | re.DOTALL)


def blocks(page: Path) -> list[tuple[str, str]]:
    """Return language and text of each fenced block, in order."""
    found = _FENCE.findall(page.read_text(encoding="utf-8"))
    return [(language, text) for _, language, text in found]


def commands(text: str) -> list[str]:
    """Return the lines of a shell block that call `islands`, continued lines joined."""
    lines = text.replace("\\\n", " ").splitlines()
    return [line.split(" #")[0].strip() for line in lines if line.startswith("islands ")]
