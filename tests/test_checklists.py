"""CONTRIBUTING's checklists: what is unregistered, unused or undocumented is listed.

Tests `sim.domain.interest`, `sim.domain.strategy` and `sim.domain.evidence`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

import pytest

from sim.agents.strategies import RULES
from sim.cli.dispatch import COMMANDS
from sim.domain.interest import INTERESTS
from sim.domain.outcome import OUTCOMES
from sim.domain.strategy import Strategy
from sim.io import yaml
from sim.paths import configs_dir, scenarios_dir
from tests.disputes import shipped_scenarios

pytestmark = pytest.mark.xdist_group("shipped")  # all scenarios are loaded once

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
DOCS = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
GLOSSARY = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")


def shipped(kind: str) -> dict[str, Path]:
    """Return the files of a kind by their names, schemas and templates left out."""
    return {path.stem: path for path in sorted((configs_dir() / kind).glob("*.yaml"))}


def missing(names: Iterable[Any], known: Iterable[Any]) -> list[str]:
    """Return what of the first is not in the second, in order."""
    return sorted(set(names) - set(known))


def kinds() -> dict[str, type]:
    """Return every configuration of a strategy by the `kind` that files name."""
    members = get_args(get_args(Strategy)[0])
    return {get_args(member.model_fields["kind"].annotation)[0]: member for member in members}


def test_every_structure_is_on_some_shipped_table() -> None:
    played = {name for case in shipped_scenarios().values() for name in case.deals}
    assert missing(shipped("deal"), played) == [], "list it in the `deals` of a scenario"


@pytest.mark.parametrize("kind", ["deal", "dispute", "side", "environment", "protocol"])
def test_every_file_is_named_as_it_names_itself_and_says_what_it_is(kind: str) -> None:
    files = {name: yaml.read(path) for name, path in shipped(kind).items()}
    assert files
    assert [name for name, said in files.items() if said.get("name") != name] == []
    assert [name for name, said in files.items() if not said.get("label")] == []


@pytest.mark.parametrize("kind", ["deal", "evidence", "side", "strategy", "dispute", "environment"])
def test_every_file_names_its_schema_for_editors(kind: str) -> None:
    line = f"# yaml-language-server: $schema=../schema/{kind}.json"
    files = shipped(kind)
    assert [name for name, path in files.items() if not path.read_text().startswith(line)] == []


def test_every_clause_is_settled_by_some_structure() -> None:
    """A clause that no shipped text fixes or negotiates is dead weight in its dispute."""
    idle: dict[str, set[str]] = {}
    for case in shipped_scenarios().values():
        used = {
            clause
            for deal in case.deals.values()
            for stage in deal.stages.values()
            for clause in (*stage.fixed, *stage.negotiable)
        }
        clauses = set(case.dispute.clauses) - used
        idle[case.dispute.name] = idle.get(case.dispute.name, clauses) & clauses
    assert {dispute: names for dispute, names in idle.items() if names} == {}


def test_every_dispute_side_and_environment_are_played_by_a_scenario() -> None:
    everyone = shipped_scenarios().values()
    sides = {side.name for case in everyone for side in (case.claimant, case.holder)}
    assert missing(shipped("dispute"), {case.dispute.name for case in everyone}) == []
    assert missing(shipped("side"), sides) == []
    assert missing(shipped("environment"), {case.environment.name for case in everyone}) == []


def test_every_strategy_has_rule_file_harness_and_words() -> None:
    tests = (ROOT / "tests/agents/strategies").glob("test_*.py")
    harnessed = re.findall(r'kind = "(\w+)"', "".join(path.read_text() for path in tests))
    configured = [yaml.read(path).get("kind") for path in shipped("strategy").values()]
    assert missing(kinds().values(), RULES) == []
    assert missing(kinds(), configured) == [], "write a file in configs/strategy"
    assert missing(kinds(), harnessed) == [], "inherit the harness in a test"
    undocumented = [kind for kind in kinds() if kind not in GLOSSARY + DOCS]
    assert undocumented == [], "say in the glossary or in docs/ what it does"


def test_every_scenario_is_told_from_the_others() -> None:
    cases = shipped_scenarios()
    titles = [case.title for case in cases.values()]
    assert len(set(titles)) == len(titles)
    assert [name for name, case in cases.items() if not case.description.strip()] == []
    assert missing((path.stem for path in scenarios_dir().glob("*.yaml")), cases) == []


def test_every_command_is_in_the_documentation() -> None:
    commands = [name for name in COMMANDS if not re.search(rf"islands {name}\b|`{name}`", DOCS)]
    assert commands == [], "tell in README or docs/ what it is for"


def test_words_of_results_are_in_the_glossary_or_explained() -> None:
    words = [*(outcome.name for outcome in OUTCOMES), *INTERESTS]
    assert [word for word in words if word not in GLOSSARY + DOCS] == []


def normal(package: str) -> str:
    """Return the name of a package as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", package).lower()


def pins(name: str) -> dict[str, str]:
    """Return the versions pinned for every platform, by normalised names."""
    text = (ROOT / "requirements" / name).read_text()
    found = re.findall(r"^([\w.-]+)==([\w.]+) \\$", text, flags=re.MULTILINE)
    return {normal(package): version for package, version in found}


def test_the_list_of_licences_is_that_of_the_pins() -> None:
    rows = re.findall(
        r"^\| ([\w.-]+) +\| (\S+) +\| (.*)$",
        (ROOT / "docs/licences.md").read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
    listed = {normal(name): version for name, version, _ in rows}
    stale = {p: v for f in ("run.txt", "dev.txt") for p, v in pins(f).items() if listed.get(p) != v}
    assert stale == {}, "run `make licences`"
    strict = {normal(name) for name, _, said in rows if "GPL" in said.upper()}
    assert strict & set(pins("run.txt")) == set()
