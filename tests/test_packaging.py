"""What hosts, registries and archives read of this repository says the same everywhere."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from hatchling.metadata.core import ProjectMetadata
from hatchling.plugin.manager import PluginManager

from tests.pages import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SDIST = PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
NOT_PACKED = {
    ".git",
    "outputs",
    "multirun",
    "fuzz-out",
    "build",
    "dist",
    "LICENSE",
    "pyproject.toml",
}
"""Hatchling packs the last two by itself; the others are none of the sources."""
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def test_the_sdist_holds_every_source() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    caches = [name for name in ignored if name.startswith((".", "__pycache__"))]
    held = {path for pattern in SDIST for path in ROOT.glob(pattern.removeprefix("/"))}
    missing = {
        path.name
        for path in set(ROOT.iterdir()) - held
        if not any(path.match(name.rstrip("/")) for name in caches)
    }
    assert missing - NOT_PACKED <= {".gitignore", "PKG-INFO"}
    assert all(list(ROOT.glob(pattern.removeprefix("/"))) for pattern in SDIST)


def test_the_long_description_has_links_that_lead_somewhere_outside_of_the_repository() -> None:
    core = ProjectMetadata(str(ROOT), PluginManager()).core
    source = PROJECT["project"]["urls"]["Source"]
    links = re.findall(r"\]\(([^)#]+)\)", core.readme)
    assert len(links) > 10
    for link in links:
        assert link.startswith("https://")
        if link.startswith(source):
            kind, branch, path = link.removeprefix(f"{source}/").split("/", 2)
            assert (kind in {"blob", "raw"}, branch) == (True, "main")
            assert (ROOT / path).exists()
    assert f"]({source}/raw/main/docs/images/funnel.png)" in core.readme
    assert core.readme_content_type == "text/markdown"


OF_EXTRAS = {"SALib", "arviz_base", "distributed", "ema_workbench", "numba", "sklearn", "xarray"}
GUARDED = {
    "compilation.py": {"numba"},  # called where `find_spec` found it
    "model/kernel/numba_support.py": {"numba"},
    "experiments/executors.py": {"distributed"},  # of a cluster that runs already
    "experiments/inference/posterior.py": {"arviz_base"},  # after `check_arviz`
    "experiments/analysis/rules.py": {"ema_workbench"},  # told by `no_box`
}


def test_what_an_extra_brings_is_imported_by_the_one_that_refuses_without_it() -> None:
    """Elsewhere a missing extra would end as a failure of the simulator, with a log."""
    for path in sorted((ROOT / "sim").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        typed = {
            inner
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
            for inner in ast.walk(node)
        }
        found = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import) and node not in typed:
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node not in typed:
                found.add((node.module or "").partition(".")[0])
        allowed = GUARDED.get(str(path.relative_to(ROOT / "sim")), set())
        assert found & OF_EXTRAS <= allowed, path


def test_the_citation_is_of_this_version() -> None:
    project = PROJECT["project"]
    assert CITATION["version"] == project["version"]
    assert CITATION["license"] == project["license"]
    assert CITATION["repository-code"] == project["urls"]["Source"]
    assert CITATION["url"] == project["urls"]["Documentation"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", CITATION["date-released"])


def test_every_address_of_the_repository_is_the_declared_one() -> None:
    source = PROJECT["project"]["urls"]["Source"]
    files = [ROOT / "SECURITY.md", *(ROOT / ".github").rglob("*.yml"), ROOT / "CITATION.cff"]
    found = {
        address
        for file in files
        for address in re.findall(r"https://github\.com/[\w-]+/[\w-]+", file.read_text("utf-8"))
    }
    assert found == {source}


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_call_targets_that_exist(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"run: make ([a-z-]+)", text))
    for job in yaml.safe_load(text)["jobs"].values():
        matrix = job.get("strategy", {}).get("matrix", {})
        targets |= {target.split()[0] for target in matrix.get("target", ())}
    assert all(re.search(rf"^{target}:", makefile, flags=re.MULTILINE) for target in targets)


def test_three_pythons_are_tried_and_declared() -> None:
    tests = yaml.safe_load((ROOT / ".github/workflows/tests.yml").read_text(encoding="utf-8"))
    tried = tests["jobs"]["test"]["strategy"]["matrix"]["python"]
    declared = [
        line.rpartition(" ")[2]
        for line in PROJECT["project"]["classifiers"]
        if re.search(r":: 3\.\d+$", line)
    ]
    assert tried == declared == ["3.11", "3.12", "3.13"]


def test_the_oldest_patch_release_and_debians_own_python_are_tried() -> None:
    text = (ROOT / ".github/workflows/tests.yml").read_text(encoding="utf-8")
    oldest, debian = (yaml.safe_load(text)["jobs"][name] for name in ("oldest", "debian"))
    assert [step["with"]["python-version"] for step in oldest["steps"] if "with" in step] == [
        "3.11.0"
    ]
    assert debian["container"] == "debian:12"
    for job in (oldest, debian):
        assert job["steps"][-1]["run"].startswith("make test-workers PYTHON=python3")


def test_only_the_release_may_ask_for_an_identity_and_no_secret_is_kept() -> None:
    for file in WORKFLOWS:
        text = file.read_text(encoding="utf-8")
        assert ("id-token: write" in text) == (file.stem == "release")
        assert "secrets." not in text


def test_container_and_devcontainer_set_up_what_the_makefile_does() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))
    (command,) = re.findall(r"^RUN (make .*)$", dockerfile, flags=re.MULTILINE)
    assert container["postCreateCommand"] == command
    assert 'CMD ["make", "run"]' in dockerfile
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"DEV := {command.removeprefix('make ').replace('.venv', '$(VENV)')}" in makefile
