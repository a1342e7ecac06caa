"""The documentation builds without a warning, and what its pages tell a reader to type works."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.cli.dispatch import COMMANDS
from sim.cli.options import parse
from sim.cli.sweep import Sweep
from sim.domain.bargaining import Domain, Figures, Issue, Profile
from sim.experiments.sweep.layout import Source, lay_out
from sim.io.genius import domain_xml, profile_xml
from tests.pages import ROOT, blocks, commands
from tests.tobacco import DOMAIN, ENGLAND, ZIMBABWE

DOCS = ROOT / "docs"
SHELL = ("sh", "console")
ELSEWHERE = {
    "cluster": "needs a cluster; tests/experiments/sweep/test_cluster.py starts one on one machine",
    "explore": "serves until Ctrl-C; tests/explorer opens it in a browser",
}
"""Pages whose blocks are not typed here, and what tries them instead."""
PAGES = [page for page in sorted(DOCS.glob("*.md")) if page.stem not in ELSEWHERE]
SLOW = {
    "notebook",
    "plots",
    "run",
    "agenda",
    "branch",
    "play",
    "infer",
    "conditions",
    "sweep",
    "own_clause",
    "own_dispute",
    "own_environment",
    "own_strategy",
    "exchange_formats",
}
TYPED = [page for page in PAGES if any(language in SHELL for language, _ in blocks(page))]
PROGRAMS = [page for page in PAGES if any(language == "python" for language, _ in blocks(page))]


def by_night(pages: list[Path]) -> list[Any]:
    """Return pages as parameters, those that play long by night alone."""
    return [pytest.param(p, marks=pytest.mark.nightly) if p.stem in SLOW else p for p in pages]


def named(page: Path) -> str:
    return page.stem


def room(page: Path, folder: Path) -> Path:
    """Return a folder that holds what a page takes for granted."""
    if page.stem == "exchange_formats":
        files = {
            "domain": domain_xml(DOMAIN),
            "a": profile_xml(ENGLAND),
            "b": profile_xml(ZIMBABWE),
        }
        share = Domain("budget", (Issue(1, "share", "discrete", ("low", "half", "high")),))
        small = {"small": domain_xml(share)}
        for name, worth in (("one", (1.0, 2.0, 4.0)), ("two", (4.0, 3.0, 1.0))):
            small[name] = profile_xml(Profile(name, share, (1.0,), (Figures(worth),)))
        for name, data in small.items():
            (folder / f"{name}.xml").write_bytes(data)
        for name, data in files.items():
            (folder / f"{name}.xml").write_bytes(data)
            (folder / f"{name.upper()}.xml").write_bytes(data)
        conflicts = [text for language, text in blocks(page) if language == "yaml"]
        for name, text in zip(("conflict", "options"), conflicts, strict=True):
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def ran(words: list[str], folder: Path) -> None:
    """Run a command in a folder, with `islands` of this environment before all others."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        words,
        cwd=folder,
        env={**os.environ, "PATH": path, "MPLBACKEND": "Agg"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"


@pytest.mark.parametrize("page", by_night(TYPED), ids=named)
def test_what_is_to_be_typed_works(page: Path, tmp_path: Path) -> None:
    bash = shutil.which("bash") or pytest.skip("needs bash")
    room(page, tmp_path)
    for language, text in blocks(page):
        if language in SHELL:
            ran([bash, "-euo", "pipefail", "-c", text], tmp_path)


@pytest.mark.parametrize("page", by_night(PROGRAMS), ids=named)
def test_programs_run(page: Path, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    room(page, tmp_path)
    strict = "default" if pytestconfig.getoption("pythonwarnings") else "error"
    for language, text in blocks(page):
        if language == "python":
            ran([sys.executable, "-W", strict, "-c", text], tmp_path)


@pytest.mark.parametrize("page", sorted(ELSEWHERE))
def test_pages_that_are_tried_elsewhere_name_commands_that_exist(page: str) -> None:
    lines = [line for _, text in blocks(DOCS / f"{page}.md") for line in commands(text)]
    assert lines
    assert {shlex.split(line)[1] for line in lines} <= set(COMMANDS)


@pytest.mark.nightly
def test_sweeps_on_a_cluster_are_sound_up_to_the_cluster() -> None:
    texts = [text for _, text in blocks(DOCS / "cluster.md")]
    lines = [line for text in texts for line in commands(text) if "…" not in line]
    assert len(lines) >= 2
    for line in lines:
        words = [word for word in shlex.split(line)[2:] if not word.startswith("n=")]
        asked = parse(Sweep, [*words, "n=2"])
        assert asked.executor == "dask"
        assert lay_out(Source(None, []), asked.axes, asked.settings()).axes


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_lines_to_be_typed_fit_the_page(page: Path) -> None:
    lines = [
        line for language, text in blocks(page) if language in SHELL for line in text.split("\n")
    ]
    assert [line for line in lines if len(line.split("  #")[0]) > 100] == []


def test_the_reference_has_every_public_name() -> None:
    page = (DOCS / "reference.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"auto\w+:: (?:[\w.]+\.)?(\w+)", page))
    assert set(sim.__all__) - shown == {"__version__"}
    assert "automodule:: sim.plotting" in page


def test_every_command_has_its_help_on_a_page_and_every_picture_a_line() -> None:
    assert "{islands-commands}" in (DOCS / "commands.md").read_text(encoding="utf-8")
    told = (DOCS / "plots.md").read_text(encoding="utf-8")
    pictures = {*sim.plotting.PICTURES, *sim.plotting.SWEPT}
    assert sorted(name for name in pictures if f"| `{name}` |" not in told) == []


@pytest.mark.parametrize("notebook", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=named)
def test_every_notebook_is_listed(notebook: Path) -> None:
    assert f"`{notebook.stem}`" in (DOCS / "notebook.md").read_text(encoding="utf-8")


def test_the_site_builds_without_warnings_and_without_a_network(tmp_path: Path) -> None:
    pytest.importorskip("sphinx", reason="needs sphinx")
    folders = ["-d", str(tmp_path / "doctrees"), str(DOCS), str(tmp_path / "html")]
    strict = ["-q", "-W", "--keep-going", "-n", "-b", "html"]
    nowhere = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *strict, *folders],
        env={**os.environ, **nowhere},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    commands_page = (tmp_path / "html" / "commands.html").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert f"islands {name}" in commands_page
    front = (tmp_path / "html" / "index.html").read_text(encoding="utf-8")
    loaded = re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="(https?:[^"]+)"', front)
    assert loaded == []
