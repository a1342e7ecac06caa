"""The notebooks: run from top to bottom, written for readers, kept without outputs."""

from __future__ import annotations

import ast
import json
import os
from pathlib import Path
from typing import Any

import pytest

import sim

SLOW = {"02_why_deals_fail", "03_sweeps", "04_your_own_dispute", "05_history"}
NOTEBOOKS = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))
PARTS = ("**The question of this notebook", "**What it means.**", "**What it does not mean.**")
STRICT = "import warnings; warnings.simplefilter('error')"
LENIENT = "warnings.simplefilter('ignore')"  # the kernel's own end warns


def named(path: Path) -> str:
    return path.stem


def read(path: Path) -> dict[str, Any]:
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return notebook


def cells(path: Path, kind: str) -> list[str]:
    return ["".join(cell["source"]) for cell in read(path)["cells"] if cell["cell_type"] == kind]


def programs(path: Path) -> list[str]:
    """Return the cells of Python, without the lines that only notebooks understand."""
    own = [text for text in cells(path, "code") if not text.startswith("%%")]
    return ["\n".join(line for line in text.splitlines() if line[:1] != "%") for text in own]


def test_there_are_five() -> None:
    assert [path.stem[:2] for path in NOTEBOOKS] == ["01", "02", "03", "04", "05"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_outputs_are_stripped(path: Path) -> None:
    for cell in read(path)["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
        assert cell["metadata"] == {}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_a_reader_finds_question_meaning_and_limits(path: Path) -> None:
    text = "\n".join(cells(path, "markdown"))
    for part in PARTS:
        assert part in text
    assert text.count(PARTS[1]) >= 4
    assert text.count("**Question.**") >= 4


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_what_is_shown_is_also_limited(path: Path) -> None:
    """What a picture means is never said without what it does not mean."""
    for text in cells(path, "markdown"):
        assert text.count(PARTS[1]) == text.count(PARTS[2])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_nothing_is_defined_and_only_sim_pandas_and_pictures_are_imported(path: Path) -> None:
    definitions = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    imported = set()
    for node in ast.walk(ast.parse("\n".join(programs(path)))):
        assert not isinstance(node, definitions)
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        assert not isinstance(node, ast.ImportFrom)
    assert "sim" in imported
    assert imported <= {"sim", "pandas", "matplotlib", "tempfile"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_sim_is_used_by_its_public_names(path: Path) -> None:
    for node in ast.walk(ast.parse("\n".join(programs(path)))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert node.value.id != "sim" or node.attr in sim.__all__


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_lines_fit_a_page(path: Path) -> None:
    assert max(map(len, "\n".join(programs(path)).splitlines())) <= 100
    assert max(map(len, "\n".join(cells(path, "markdown")).splitlines())) <= 125


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_links_lead_somewhere(path: Path) -> None:
    for text in cells(path, "markdown"):
        for link in [part.split(")")[0] for part in text.split("](")[1:]]:
            assert (path.parent / link).exists()


@pytest.mark.parametrize(
    "path",
    [pytest.param(p, marks=pytest.mark.nightly) if p.stem in SLOW else p for p in NOTEBOOKS],
    ids=named,
)
def test_it_runs_from_top_to_bottom(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nbformat = pytest.importorskip("nbformat", reason="needs nbformat")
    nbclient = pytest.importorskip("nbclient", reason="needs nbclient")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.delenv("MPLBACKEND", raising=False)
    assert "MPLBACKEND" not in os.environ
    notebook = nbformat.read(path, 4)
    nbformat.validate(notebook)
    for place, code in ((0, STRICT), (len(notebook.cells) + 1, LENIENT)):
        notebook.cells.insert(place, nbformat.v4.new_code_cell(code))
    settings = {"timeout": 300, "kernel_name": "python3"}
    nbclient.NotebookClient(
        notebook, resources={"metadata": {"path": str(tmp_path)}}, **settings
    ).execute()
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    complaints = [out["text"] for out in outputs if out.get("name") == "stderr"]
    assert complaints == []
    assert any("image/png" in out.get("data", {}) for out in outputs)
