"""Names of the classes of `sim` against GLOSSARY.md: nouns of the field, each with its meaning."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GLOSSARY = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
ELSEWHERE = {
    "AlternatingOffers": "Rubinstein (1982)",
    "Cluster": "Dask's cluster, as an executor",
    "Command": "of a command line",
    "RandomProposer": "Binmore (1987)",
    "Processes": "a pool of them, as in concurrent.futures",
    "Serial": "the opposite of parallel, as an executor",
    "SubgamePerfect": "Selten (1965)",
    "TimeDependent": "Faratin, Sierra & Jennings (1998)",
    "TitForTat": "Axelrod (1984)",
}
"""Names that the literature or a standard library explains."""


def words(glossary: str) -> set[str]:
    """Return the words that the glossary explains, without what stands in brackets."""
    firsts = re.findall(r"^\| ([^|`]+?) \|", glossary.partition("## Classes")[0], re.MULTILINE)
    return {word.strip() for first in firsts for word in re.sub(r"\(.*?\)", "", first).split(",")}


def listed(glossary: str) -> list[str]:
    """Return the classes that have a line of their own."""
    return re.findall(r"^\| `(\w+)` \| \S", glossary.partition("## Classes")[2], re.MULTILINE)


def classes(source: str) -> list[str]:
    """Return the public classes of a module."""
    nodes = ast.parse(source).body
    return [n.name for n in nodes if isinstance(n, ast.ClassDef) and not n.name.startswith("_")]


def spelt(name: str) -> str:
    """Return a class name as words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def unexplained(names: set[str], glossary: str) -> list[str]:
    """Return the names that neither the glossary nor the literature explains."""
    known = {word.lower() for word in words(glossary)}
    return sorted(
        name for name in names - set(ELSEWHERE) - set(listed(glossary)) if spelt(name) not in known
    )


NAMES = {
    name
    for path in (ROOT / "sim").rglob("*.py")
    for name in classes(path.read_text(encoding="utf-8"))
}


def test_every_class_is_explained() -> None:
    assert unexplained(NAMES, GLOSSARY) == [], "a line in GLOSSARY.md, or a better name"


def test_no_line_is_left_of_a_class_that_went() -> None:
    assert sorted({*listed(GLOSSARY), *ELSEWHERE} - NAMES) == []


def test_no_class_has_two_lines() -> None:
    lines = [*listed(GLOSSARY), *ELSEWHERE]
    assert sorted({name for name in lines if lines.count(name) > 1}) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("class Mood: ...", ["Mood"]),
        ("class BaseRate: ...\nclass _Mood: ...", []),
        ("class WinSet: ...\nclass Winset: ...", ["Winset"]),
    ],
)
def test_the_rule_finds_names_without_meaning(source: str, found: list[str]) -> None:
    glossary = "| base rate | how often |\n| win-set, win set (Putnam) | what passes |\n"
    assert unexplained(set(classes(source)), glossary) == found
