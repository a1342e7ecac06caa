"""The picture of the house as a test: imports point down, and `sim` knows no real dispute."""

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

SIM = Path(__file__).resolve().parents[1] / "sim"
LEVELS = [
    {"errors", "gc_tuning", "quantities"},
    {"memo", "paths", "randomness"},
    {"compilation"},
    {"domain", "equations"},
    {"agents", "io"},
    {"model"},
    {"experiments"},
    {"plotting"},
    {"report"},
    {"explorer"},
    {"cli"},
    {"__main__"},
]
LEVEL = {room: height for height, rooms in enumerate(LEVELS) for room in rooms}
KNOWS_HYDRA = re.compile(r"sim\.(cli|io\.(config|overrides|axes|grammar|hydra_source))\b")
MODULES = {
    ".".join(path.relative_to(SIM.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(SIM.rglob("*.py"))
}


def imported_by(module: str, source: str, *, is_package: bool) -> Iterator[str]:
    """Name each module that `source` imports, also inside functions and for types only."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = module.split(".")[: len(module.split(".")) - node.level + is_package]
            origin = ".".join([*(parents if node.level else []), *filter(None, [node.module])])
            for alias in node.names:
                name = f"{origin}.{alias.name}"
                yield name if name in MODULES or origin == "sim" else origin


def imports(module: str) -> list[str]:
    path = MODULES[module]
    return list(imported_by(module, path.read_text(), is_package=path.name == "__init__.py"))


def faults(module: str, imported: list[str]) -> list[str]:
    room = module.split(".")[1]
    found = []
    for name in imported:
        top, _, rest = name.partition(".")
        other = rest.partition(".")[0]
        if top in {"hydra", "omegaconf"} and not KNOWS_HYDRA.match(module):
            found.append(f"{module} imports {name}: only cli and the readers of configs know Hydra")
        if top == "sim" and other != room and LEVEL.get(other, len(LEVELS)) >= LEVEL[room]:
            found.append(f"{module} imports {name}: imports point strictly down")
    return found


INSIDE = [module for module in MODULES if module != "sim"]  # sim itself is the façade


@pytest.mark.parametrize("module", INSIDE)
def test_every_room_has_a_declared_level(module: str) -> None:
    assert module.split(".")[1] in LEVEL, f"declare the level of {module} in {Path(__file__).name}"


@pytest.mark.parametrize("module", [m for m in INSIDE if m.split(".")[1] in LEVEL])
def test_imports_point_down_and_hydra_stays_at_the_door(module: str) -> None:
    assert faults(module, imports(module)) == []


def when_run(source: str) -> str:
    """Leave out what is imported for types only: it is never run, so it goes round in no circle."""
    tree = ast.parse(source)
    tree.body = [
        item
        for item in tree.body
        if not (isinstance(item, ast.If) and ast.unparse(item.test) == "TYPE_CHECKING")
    ]
    return ast.unparse(tree)


def test_no_module_imports_itself_by_a_detour() -> None:
    known = {
        m: {
            name
            for name in imported_by(
                m, when_run(MODULES[m].read_text()), is_package=MODULES[m].name == "__init__.py"
            )
            if name in MODULES
        }
        - {m}
        for m in INSIDE
    }
    try:
        TopologicalSorter(known).prepare()
    except CycleError as circle:
        pytest.fail(" → ".join(circle.args[1]))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("sim.domain.deal", "from sim.agents import government"),
        ("sim.domain.deal", "import sim.equations.utility"),
        ("sim.domain.deal", "from ..equations import utility"),
        ("sim.agents", "def f():\n    from .. import model"),
        ("sim.io.tables", "from sim import load_scenario"),
        ("sim.io.tables", "from sim.model import talks"),
        ("sim.model", "from omegaconf import DictConfig"),
        ("sim.io.evidence", "import hydra"),
        ("sim.explorer.serve", "import hydra"),
        ("sim.explorer", "import sim.cli"),
    ],
)
def test_the_rule_refuses(module: str, source: str) -> None:
    is_package = module == "sim.agents"
    assert faults(module, list(imported_by(module, source, is_package=is_package)))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("sim.domain.deal", "from sim.domain.clause import Clause\nfrom . import package"),
        ("sim.domain.deal", "from sim import errors\nfrom ..quantities import Utility"),
        ("sim.io.config", "import hydra\nfrom omegaconf import DictConfig"),
        ("sim.cli", "import hydra\nfrom sim.experiments import ensemble"),
    ],
)
def test_the_rule_allows(module: str, source: str) -> None:
    assert faults(module, list(imported_by(module, source, is_package=False))) == []


DISPUTE = re.compile(  # "computing" is no president
    "tokyo|moscow|japan|russia|etorofu|iturup|kunashir|shikotan|habomai|kuril|(?<![a-z])putin",
    re.IGNORECASE,
)
TEXTS = [path for path in sorted(SIM.rglob("*")) if path.is_file() and path.suffix != ".pyc"]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(SIM.parent)))
def test_no_file_of_sim_names_the_dispute(path: Path) -> None:
    named = [
        f"{path.name}:{number}: {line.strip()}"
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1)
        if DISPUTE.search(line) or DISPUTE.search(path.name)
    ]
    assert named == []


FLAGSHIP = re.compile(r"\boil(?![a-z])|sanction", re.IGNORECASE)
"""What moves around the flagship; its files declare it, and no other dispute need have it."""
GRAPH_MODEL = {
    "domain/game.py",
    "equations/inverse_stability.py",
    "equations/stability.py",
    "cli/exchange.py",
    "report/conflict.py",
}
"""Where a sanction is a concept of the graph model: the others' answer to a move."""


def in_sim(path: Path) -> str:
    return str(path.relative_to(SIM))


@pytest.mark.parametrize("path", [p for p in TEXTS if in_sim(p) not in GRAPH_MODEL], ids=in_sim)
def test_the_engine_knows_no_process_of_the_flagship(path: Path) -> None:
    lines = enumerate(path.read_text(errors="replace").splitlines(), start=1)
    named = [f"{path.name}:{number}: {line.strip()}" for number, line in lines]
    assert [line for line in named if FLAGSHIP.search(line)] == []


def test_files_on_the_graph_model_are_there_and_speak_of_it() -> None:
    assert all(FLAGSHIP.search((SIM / name).read_text()) for name in GRAPH_MODEL)


@pytest.mark.parametrize("text", ["oil_sensitivity", "class Oil:", "self.oil = 0", "Sanctions"])
def test_the_rule_finds_what_it_forbids(text: str) -> None:
    assert FLAGSHIP.search(text)


def test_the_page_of_the_model_names_functions_that_are_there() -> None:
    page = (SIM.parent / "ARCHITECTURE.md").read_text(encoding="utf-8")
    table = page.partition("| in `round.py` |")[2].partition("\n\n")[0]
    rows = [line.split("|")[1:4] for line in table.splitlines()[2:]]
    assert len(rows) >= 7
    for place, module in ((0, SIM / "model" / "round.py"), (2, SIM / "model/kernel/loops.py")):
        source = module.read_text(encoding="utf-8")
        for name in re.findall(r"`(\w+)`", " ".join(row[place] for row in rows)):
            assert re.search(rf"^def {name}\(|import .*\b{name}\b", source, re.MULTILINE), name


_UNEXCUSED = re.compile(
    r"# type: ignore(?:\[[^]]*\])?$|# noqa(?:: [A-Z0-9, ]+)?$|# pragma: no cover$"
    r"|(?:importorskip|skip|xfail)\((?:\"[\w.]*\"|\w*)\)",
    re.MULTILINE,
)


def test_what_is_not_checked_says_why() -> None:
    folders = (SIM, SIM.parent / "tests", SIM.parent / "benchmarks")
    paths = [path for folder in folders for path in sorted(folder.rglob("*.py"))]
    found = {path: _UNEXCUSED.findall(path.read_text(encoding="utf-8")) for path in paths}
    assert {path.name: lines for path, lines in found.items() if lines} == {}
