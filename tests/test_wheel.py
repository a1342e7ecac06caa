"""The wheel, built from the sdist, works in another folder and without the repository."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.skipif(
    not any((REPOSITORY / "sim" / name).exists() for name in ("cli.py", "cli")),
    reason="there is no command yet: sim/cli.py is missing",
)


def call(*command: str | Path, cwd: Path) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COV_"))}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build sdist, then wheel from the sdist, with what is installed: no network."""
    folder = tmp_path_factory.mktemp("dist")
    call(sys.executable, "-m", "build", "--no-isolation", "-o", folder, REPOSITORY, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel alone into a new environment, then lend it our dependencies."""
    folder = tmp_path_factory.mktemp("environment")
    call(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
    python = folder / "bin" / "python"
    install = ("install", "--quiet", "--no-index", "--no-deps", wheel)
    call(sys.executable, "-m", "pip", "--python", python, *install, cwd=folder)
    # A .pth file only appends to the path, so the editable `sim` of these tests is not seen.
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin"


def test_the_wheel_carries_configs_scenarios_and_types(wheel: Path) -> None:
    carried = set(zipfile.ZipFile(wheel).namelist())
    for source, target in (("configs", "_shipped/configs"), ("scenarios", "_shipped/scenarios")):
        expected = {
            f"sim/{target}/{path.relative_to(REPOSITORY / source).as_posix()}"
            for path in (REPOSITORY / source).rglob("*.yaml")
        }
        assert expected, f"{source} is empty"
        assert expected <= carried
    other = {".css", ".html", ".typed", ".vue"}
    beside = [path for path in (REPOSITORY / "sim").rglob("*") if path.suffix in other]
    assert {path.relative_to(REPOSITORY).as_posix() for path in beside} <= carried
    assert len(beside) > 2
    assert "sim/_shipped/configs/schema/scenario.json" in carried  # editors look it up
    assert not [name for name in carried if name.startswith(("tests/", "configs/", "scenarios/"))]


def test_the_installed_package_uses_its_own_files(installed: Path, tmp_path: Path) -> None:
    asked = "import sim.paths as p; print(p.configs_dir(), p.scenarios_dir(), sep='\\n')"
    found = call(installed / "python", "-c", asked, cwd=tmp_path).splitlines()
    assert [Path(line).name for line in found] == ["configs", "scenarios"]
    assert all(Path(line).is_relative_to(installed.parent) for line in found)


def test_the_command_runs_in_another_folder(installed: Path, tmp_path: Path) -> None:
    assert version("four-islands") in call(installed / "islands", "--version", cwd=tmp_path)
    listed = call(installed / "islands", "list", cwd=tmp_path)
    for scenario in (REPOSITORY / "scenarios").glob("*.yaml"):
        assert scenario.stem in listed
    assert list(tmp_path.iterdir()) == []
