"""What the README tells a newcomer to type, typed."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli import main
from tests.pages import ROOT, blocks, commands

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = blocks(ROOT / "README.md")
COMMANDS = [line for language, block in BLOCKS if language == "sh" for line in commands(block)]
"""In the order in which they are typed: one may need what another has left."""
PROGRAMS = [block for language, block in BLOCKS if language == "python"]
ISLANDS = [sys.executable, "-c", "import sys; from sim.cli import main; sys.exit(main())"]


def test_commands_work_outside_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for command in COMMANDS:  # in one process: each would import for seconds
        status = main(shlex.split(command)[1:])
        said = capsys.readouterr()
        assert status == 0, f"{command}: {said.err}"
        assert said.out.strip(), command
        assert max(map(len, said.out.splitlines())) <= 120, command


def test_the_first_command_works_in_a_process_of_its_own(tmp_path: Path) -> None:
    words = [*ISLANDS, *shlex.split(COMMANDS[0])[1:]]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("program", PROGRAMS)
def test_programs_run(program: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert "two_islands_first" in done.stdout


def test_first_code_stands_within_thirty_lines_of_commands() -> None:
    lines = README.splitlines()
    assert lines.index("```python") - lines.index("```sh") <= 30
    assert COMMANDS
    assert PROGRAMS


@pytest.mark.parametrize("target", ["run", "test"])
def test_make_targets_exist(target: str) -> None:
    assert f"make {target}" in README
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)


def test_ci_runs_exactly_the_readmes_test_command() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert script.rstrip().splitlines()[-1] == "make test"


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_links_lead_somewhere(link: str) -> None:
    assert link.startswith("http") or (ROOT / link).exists()
