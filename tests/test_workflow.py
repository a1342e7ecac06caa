"""Jobs of the continuous integration: well-formed, and on interpreters that users have."""

from pathlib import Path
from typing import Any

from yaml import safe_load

ROOT = Path(__file__).parents[1]


def jobs() -> dict[str, Any]:
    found: dict[str, Any] = safe_load((ROOT / ".github/workflows/tests.yml").read_text())["jobs"]
    return found


def commands(job: dict[str, Any]) -> list[str]:
    return [step["run"] for step in job["steps"] if "run" in step]


def test_the_oldest_patch_release_and_debians_own_python_are_tried() -> None:
    oldest, debian = jobs()["oldest"], jobs()["debian"]
    versions = [step["with"]["python-version"] for step in oldest["steps"] if "with" in step]
    assert versions == ["3.11.0"]
    assert debian["container"] == "debian:12"
    assert "python3-venv" in commands(debian)[0]
    assert commands(oldest)[-1] == commands(debian)[-1]


def test_every_step_is_an_action_or_a_command_and_what_is_tested_exists() -> None:
    for job in jobs().values():
        assert all(("run" in step) != ("uses" in step) for step in job["steps"])
        words = [word for text in commands(job) for word in text.split()]
        paths = [word for word in words if word.startswith(("tests/", ".ci/"))]
        assert all((ROOT / path).exists() for path in paths)
    assert ".venv/.installed-dev" in (ROOT / "Makefile").read_text().replace("$(VENV)", ".venv")
