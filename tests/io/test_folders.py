"""Whether a folder is one of results, and what becomes of an earlier run in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.io.folders import (
    BRANCH,
    COMPARISON,
    CONDITIONS,
    CONFIG,
    MANIFEST,
    SWEEP,
    check_run,
    check_sweep,
    is_other,
    unused,
)


def test_a_folder_is_of_a_run_or_sweep_by_one_file(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="the folder of a run, got no such folder"):
        check_run(tmp_path / "nothing")
    with pytest.raises(ScenarioError, match=f"one without {MANIFEST}"):
        check_run(tmp_path)
    with pytest.raises(ScenarioError, match=f"the folder of a sweep, with {SWEEP}"):
        check_sweep(tmp_path)
    (tmp_path / COMPARISON).write_text("")
    with pytest.raises(ScenarioError, match=r"that of a comparison: its picture is .*islands rep"):
        check_run(tmp_path)
    for name in (MANIFEST, SWEEP):
        (tmp_path / name).write_text("")
    with pytest.raises(ScenarioError, match="that of a comparison"):
        check_run(tmp_path)
    (tmp_path / COMPARISON).unlink()
    check_run(tmp_path)
    check_sweep(tmp_path)


def test_a_run_of_another_config_is_another(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    assert not is_other(folder, {CONFIG: b"a"})
    folder.mkdir()
    (folder / CONFIG).write_bytes(b"a")
    assert not is_other(folder, {CONFIG: b"b"}), "without provenance it is no run"
    (folder / MANIFEST).write_text("{}")
    assert not is_other(folder, {CONFIG: b"a"}), "the same run"
    assert is_other(folder, {CONFIG: b"b"})
    assert is_other(folder, {"scores.csv": b"1"}), "what has no config, beside what has one"
    assert unused(folder) == tmp_path / "run-1"


@pytest.mark.parametrize(
    ("file", "what"),
    [(BRANCH, "a branch"), (CONDITIONS, "conditions"), (COMPARISON, "a comparison")],
)
def test_what_is_no_run_is_never_replaced_by_a_run_of_the_same_config(
    tmp_path: Path, file: str, what: str
) -> None:
    folder = tmp_path / "branch"
    folder.mkdir()
    (folder / CONFIG).write_bytes(b"a")
    for name in (MANIFEST, file):
        (folder / name).write_text("{}")
    with pytest.raises(ScenarioError, match=f"got that of {what}: its picture is"):
        check_run(folder)
    assert is_other(folder, {CONFIG: b"a"})
    assert is_other(folder, {CONFIG: b"a", file: b"1"})
    assert not is_other(folder, {CONFIG: b"a", file: b"{}"}), "the very same"
