"""Tests where their module leads: by their place, by their first words, or by the table below."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SMALL = 40
"""Lines up to which a module needs no tests of its own."""
ACROSS = {"baseline", "closed_forms", "extremes", "fuzz", "laws", "scenarios"}
"""Folders of tests that cross rooms."""
REPOSITORY = {
    "architecture",
    "checklists",
    "docs",
    "facade",
    "mirror",
    "names",
    "notebooks",
    "packaging",
    "readme",
    "wheel",
}
"""Tests of the repository as a whole."""
SEVERAL = {
    "agents/test_citizens.py",
    "model/test_engines.py",
    "model/test_mesa_page.py",
    "model/test_stages.py",
    "plotting/test_images.py",
}
"""Tests of what many modules do together."""
ELSEWHERE = {
    "tests/laws": """
        agents.strategies.position
    """,
    "tests/model/test_engines.py": """
        model.build model.foresight model.kernel.layout model.kernel.loops
        model.kernel.numba_support model.negotiation model.round model.view
        quantities
    """,
    "tests/cli/test_dispatch.py": """
        cli.analysis
    """,
    "tests/experiments/history/test_hindcast.py": """
        cli.history
    """,
    "tests/cli/test_evidence.py": """
        report.evidence
    """,
    "tests/cli/test_files.py": """
        report.scenario
    """,
    "tests/cli/test_sweep.py": """
        report.sweep
    """,
    "tests/report/test_verdict.py": """
        experiments.analysis.telling
    """,
    "tests/cli/test_compare.py": """
        experiments.comparison plotting.comparison report.comparison
    """,
    "tests/explorer/test_page.py": """
        explorer.hooks explorer.serve
    """,
    "tests/io/test_config.py": """
        io.replaced
    """,
    "tests/plotting/test_images.py": """
        plotting.canvas
    """,
}
"""Where modules are tested that no test names: by what uses them."""


def mirrored(test: str) -> str:
    """Return the module or package to which the place of a test leads.

    Parameters
    ----------
    test : str
        Path below `tests`.
    """
    *rooms, name = Path(test).with_suffix("").parts
    return ".".join(["sim", *rooms, name.removeprefix("test_")])


def named(source: str) -> list[str]:
    """Return the modules that the docstring of a test module names."""
    return re.findall(r"`(sim(?:\.\w+)+)`", ast.get_docstring(ast.parse(source)) or "")


def untested(modules: Iterable[str], tested: set[str]) -> list[str]:
    """Return the modules that no test is for, by themselves or as a part of their package."""
    return [
        module
        for module in modules
        if module not in tested
        and (module.count(".") < 2 or module.rpartition(".")[0] not in tested)
    ]


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts): path
    for path in sorted((ROOT / "sim").rglob("*.py"))
    if path.name != "__init__.py"
}
PACKAGES = {
    ".".join(path.parent.relative_to(ROOT).parts) for path in ROOT.glob("sim/*/**/__init__.py")
}
TESTS = {
    path.relative_to(ROOT / "tests").as_posix(): path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "tests").rglob("test_*.py"))
}
LISTED = {f"sim.{name}" for names in ELSEWHERE.values() for name in names.split()}
TESTED = {*map(mirrored, TESTS), *(name for source in TESTS.values() for name in named(source))}


def leads_nowhere(test: str, source: str) -> bool:
    """Tell whether neither place nor words of a test say what it is about."""
    if test.partition("/")[0] in ACROSS or test in SEVERAL:
        return False
    if test.removeprefix("test_").removesuffix(".py") in REPOSITORY:
        return False
    return mirrored(test) not in {*MODULES, *PACKAGES} and not named(source)


def test_every_test_says_what_it_tests() -> None:
    lost = [test for test, source in TESTS.items() if leads_nowhere(test, source)]
    assert lost == [], "name it as its module, or name `sim.room.module` in its docstring"


def test_every_module_is_tested_where_one_would_look() -> None:
    large = [module for module, path in MODULES.items() if lines_of(path) > SMALL]
    assert untested(large, TESTED | LISTED) == [], "a test of its name, or a line in ELSEWHERE"


def test_what_tests_name_is_there() -> None:
    names = {name for source in TESTS.values() for name in named(source)}
    assert sorted((names | LISTED) - set(MODULES) - PACKAGES) == []
    assert [path for path in ELSEWHERE if not (ROOT / path).exists()] == []
    assert sorted(SEVERAL - set(TESTS)) == []


def test_the_table_holds_only_what_tests_do_not_say() -> None:
    assert sorted(LISTED - set(untested(sorted(LISTED), TESTED))) == []


@pytest.mark.parametrize(
    ("test", "source", "lost"),
    [
        ("io/test_yaml.py", "", False),
        ("io/test_genius.py", "", False),
        ("io/test_odds.py", '"""Odds and ends."""', True),
        ("io/test_odds.py", '"""Odds and ends of `sim.io.yaml`."""', False),
        ("laws/test_law.py", "", False),
    ],
)
def test_the_rule_tells_tests_apart(test: str, source: str, *, lost: bool) -> None:
    assert leads_nowhere(test, source) is lost


def test_the_rule_finds_modules_without_a_test() -> None:
    tested = {"sim.io.yaml", "sim.io.genius"}
    assert untested(["sim.io.yaml", "sim.io.genius.reading", "sim.io.xml"], tested) == [
        "sim.io.xml"
    ]
    assert untested(["sim.memo"], {"sim"}) == ["sim.memo"]
