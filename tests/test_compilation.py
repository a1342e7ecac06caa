"""Compiled loops where nothing can be kept on disk: beside the source, at home, or anywhere."""

from __future__ import annotations

import ctypes
import os
import shutil
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from sim import compilation, paths
from sim.compilation import CompiledBeside, compiled_on_disk
from sim.paths import alone

numba = pytest.importorskip("numba", reason="needs the extra fast")
ROOT = Path(__file__).resolve().parents[1]


def double(number: float) -> float:
    return 2.0 * number


def looked_for(monkeypatch: pytest.MonkeyPatch, *kinds: str) -> None:
    """Let numba look for a place to keep things in only some of its ways."""
    from numba.core import caching

    known: Any = getattr(caching, "CacheImpl", None) or getattr(caching, "_CacheImpl", None)
    ways = [way for way in known._locator_classes if any(kind in way.__name__ for kind in kinds)]
    assert len(ways) == len(kinds)
    monkeypatch.setattr(known, "_locator_classes", ways)


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_for(monkeypatch, "UserProvided")


@pytest.mark.usefixtures("nowhere")
def test_loops_are_kept_among_the_temporary_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(compilation, "private_folder", lambda name: tmp_path / name)
    assert compiled_on_disk(double)(2.0) == 4.0
    assert [path.suffix for path in sorted((tmp_path / "numba").rglob("*.nb*"))] == [".nbc", ".nbi"]
    assert not numba.config.CACHE_DIR


@pytest.mark.usefixtures("nowhere")
def test_loops_are_kept_nowhere_where_there_is_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compilation, "private_folder", lambda name: None)
    assert compiled_on_disk(double)(2.0) == 4.0


def test_a_disk_that_is_full_stops_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("numba.core.caching.IndexDataCacheFile.save", full)
    assert compiled_on_disk(double)(2.0) == 4.0


def test_a_user_without_a_home_gets_no_folder_here(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("HOME", "home")
    looked_for(monkeypatch, "UserProvided", "UserWide")
    monkeypatch.setattr(compilation, "private_folder", lambda name: tmp_path / name)
    assert compiled_on_disk(double)(2.0) == 4.0
    assert list((tmp_path / "here").iterdir()) == []


@pytest.fixture
def loops(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """A module of one compiled function, which other processes find too."""
    source = """
        from sim.compilation import compiled_on_disk

        @compiled_on_disk
        def twice(number):
            return 2.0 * number
    """
    name = f"loops_{tmp_path.name}"
    (tmp_path / f"{name}.py").write_text(textwrap.dedent(source))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(compilation, "EVERY", 0.01)
    return import_module(name)


def wait_until(true: Callable[[], bool]) -> None:
    limit = time.monotonic() + 60
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.05)


def test_loops_are_compiled_by_another_process(loops: Any) -> None:
    beside = CompiledBeside(loops.twice)
    assert not beside.ready(lambda: (2.0,))
    wait_until(lambda: beside.ready(lambda: (2.0,)))
    assert loops.twice(2.0) == 4.0
    assert sum(loops.twice.stats.cache_hits.values()) == 1
    assert not loops.twice.stats.cache_misses
    assert CompiledBeside(loops.twice).ready(lambda: (2.0,)), "they are there at once now"


def test_the_process_beside_waits_for_others_and_ends_with_this_one(loops: Any) -> None:
    pytest.importorskip("fcntl", reason="processes are not kept apart here")
    loops.twice._cache._impl.locator.ensure_cache_path()
    with alone(Path(loops.twice._cache._cache_path)):
        beside = CompiledBeside(loops.twice)
        assert not beside.ready(lambda: (2.0,))
        process = beside._process
        assert process is not None
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(2.5)  # far longer than two numbers take to compile
        assert not beside.ready(lambda: (2.0,))
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(20) == 1
    wait_until(lambda: beside.ready(lambda: (2.0,)))  # nobody else compiles it: to be done here
    assert not loops.twice.stats.cache_hits


def test_who_needs_loops_now_waits_for_the_process_beside(loops: Any) -> None:
    pytest.importorskip("fcntl", reason="processes are not kept apart here")
    loops.twice._cache._impl.locator.ensure_cache_path()
    ready = Thread(target=CompiledBeside(loops.twice).make_ready, args=(lambda: (2.0,),))
    with alone(Path(loops.twice._cache._cache_path)):
        ready.start()
        ready.join(1.0)
        assert not loops.twice.signatures
    ready.join(60)
    assert len(loops.twice.signatures) == 1


def test_loops_are_compiled_here_where_no_process_starts(
    monkeypatch: pytest.MonkeyPatch, loops: Any
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert CompiledBeside(loops.twice).ready(lambda: (2.0,))
    assert loops.twice(2.0) == 4.0


def test_loops_that_cannot_be_kept_are_compiled_here() -> None:
    beside = CompiledBeside(numba.njit(double))
    assert beside.ready(lambda: (2.0,))
    assert beside._process is None


def test_only_one_module_asks_numba_for_a_cache() -> None:
    asking = [path for path in (ROOT / "sim").rglob("*.py") if "cache=True" in path.read_text()]
    assert [path.name for path in asking] == ["compilation.py"]


def test_a_private_folder_is_the_same_again_and_closed_to_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = paths.private_folder("numba")
    assert folder == paths.private_folder("numba")
    assert folder is not None
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    folder.parent.chmod(0o777)
    assert paths.private_folder("numba") is None


def test_a_private_folder_is_no_link(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "bait").mkdir()
    (tmp_path / f"four-islands-{os.getuid()}").symlink_to(tmp_path / "bait")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert paths.private_folder("numba") is None


def test_a_private_folder_is_not_made_where_one_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert paths.private_folder("numba") is None
    assert list(tmp_path.iterdir()) == []


def _as_anybody() -> None:
    """Take from root, in a new process, what lets it write where nobody may."""
    if os.getuid() == 0:
        ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE


Sandboxed = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def sandboxed(tmp_path: Path) -> Sandboxed:
    """Run Python as in a container: the installation and the home are read-only."""
    if sys.platform != "linux":
        pytest.skip("capabilities are a matter of Linux")
    site = tmp_path / "site"
    for name in ("sim", "configs", "scenarios"):
        unwanted = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, site / name, ignore=unwanted)
    for name in ("home", "tmp", "here"):
        (tmp_path / name).mkdir()
    closed = [tmp_path / "home", *(path for path in site.rglob("*") if path.is_dir()), site]
    for folder in closed:
        folder.chmod(0o555)
    unset = ("MPLCONFIGDIR", "NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")
    kept = {key: value for key, value in os.environ.items() if key not in unset}
    places = {"PYTHONPATH": str(site), "HOME": str(tmp_path / "home"), "PYTHONSAFEPATH": "1"}
    environ = {**kept, **places, "TMPDIR": str(tmp_path / "tmp"), "PYTHONDONTWRITEBYTECODE": "1"}

    def run(code: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path / "here",
            env=environ,
            preexec_fn=_as_anybody,
            capture_output=True,
            text=True,
            check=False,
        )

    yield run
    for folder in reversed(closed):
        folder.chmod(0o755)


_RUN = """
import sys
from sim.cli import main
sys.exit(main(["run", "scenario=china_russia_2004", "deals=[amur_equal_split]", "worlds=4",
               "rounds=3", "engine=array", "out=o"]))
"""


def test_a_run_in_a_read_only_installation_without_a_home(
    sandboxed: Sandboxed, tmp_path: Path
) -> None:
    ended = sandboxed(_RUN)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert (tmp_path / "here/o/funnel.png").is_file()
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["o"]
    assert [path.name for path in (tmp_path / "tmp").iterdir()] == [f"four-islands-{os.getuid()}"]


def test_the_loops_load_in_a_read_only_installation(sandboxed: Sandboxed) -> None:
    ended = sandboxed("import sim, sim.model.kernel.loops; print(sim.__file__)")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "/site/sim/" in ended.stdout
