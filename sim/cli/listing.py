"""Name what there is: scenarios, structures, sides and the other parts of a scenario.

Usage: islands list [scenarios|disputes|sides|strategies|environments|protocols|deals|evidence]

Scenarios of your own are found in $ISLANDS_SCENARIOS and in ./scenarios, before the shipped ones.
"""

from __future__ import annotations

import textwrap
from itertools import takewhile
from pathlib import Path

from sim.cli.screen import WIDTH, say
from sim.errors import ScenarioError, UsageError, nearest
from sim.io import library, yaml

__all__ = ["PLURALS", "main"]

PLURALS = {
    {"strategy": "strategies", "evidence": "evidence"}.get(group, f"{group}s"): group
    for group in library.GROUPS
}
_FOR_EDITORS = "# yaml-language-server:"
_TITLES = ("title", "label", "description")


def main(arguments: list[str]) -> int:
    """List one group, or all."""
    if len(arguments) > 1:
        raise UsageError(f"expected one of {', '.join(PLURALS)}, got {' '.join(arguments)!r}")
    if arguments:
        say("\n".join(_lines(_group(arguments[0]))))
        return 0
    for plural, group in PLURALS.items():
        say(f"{plural}: {library.GROUPS[group]}")
        say(textwrap.indent("\n".join(_lines(group, indent=2)), "  "))
    return 0


def _group(word: str) -> str:
    group = PLURALS.get(word, word)
    if group not in library.GROUPS:
        near = nearest(word, list(PLURALS))
        hint = f"; did you mean {near!r}?" if near else ""
        raise UsageError(f"expected one of {', '.join(PLURALS)}, got {word!r}{hint}")
    return group


def _lines(group: str, indent: int = 0) -> list[str]:
    """Return a line for each name of a group: the name and what its file says it is."""
    names = library.list_names(group)
    width = max((len(name) for name in names), default=0)
    titles = (textwrap.shorten(_title(group, name), WIDTH - width - 2 - indent) for name in names)
    lines = [
        f"{name:<{width}}  {title}".rstrip() for name, title in zip(names, titles, strict=True)
    ]
    return lines or ["(none)"]


def _title(group: str, name: str) -> str:
    path = library.find(group, name)
    try:
        values = yaml.read(path) if path else {}
    except ScenarioError as error:
        return f"(cannot be read: {error.faults[0]})"
    if group == "evidence":
        return f"{len(values)} facts"
    titles = (values[key] for key in _TITLES if isinstance(values.get(key), str))
    return str(next(titles, _comment(path)))


def _comment(path: Path | None) -> str:
    """Return the comment with which a file begins, without a line for editors."""
    lines = path.read_text(encoding="utf-8-sig").splitlines() if path else []
    if lines and lines[0].startswith(_FOR_EDITORS):
        lines = lines[1:]
    comment = takewhile(lambda line: line.startswith("#"), lines)
    return " ".join(line.lstrip("# ") for line in comment)
