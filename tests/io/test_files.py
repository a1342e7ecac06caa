"""Whether results can be written is known before the first world is played."""

import os
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.io.files import check_writable, write_atomically


def test_new_empty_and_earlier_folders(tmp_path: Path) -> None:
    check_writable(tmp_path / "a" / "b")
    check_writable(tmp_path)
    (tmp_path / "provenance.json").write_text("{}")
    (tmp_path / "worlds.parquet").write_text("")
    check_writable(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["provenance.json", "worlds.parquet"]


def test_a_relative_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    check_writable(Path("o"))
    assert list(tmp_path.iterdir()) == []


def test_someone_elses_folder_and_a_file(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("")
    with pytest.raises(ScenarioError, match="out: expected a new or empty folder, or an earlier"):
        check_writable(tmp_path)
    with pytest.raises(ScenarioError, match="out: expected a folder, got the file"):
        check_writable(tmp_path / "thesis.tex")


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder nobody may write")
def test_nobody_may_write(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="out: expected a folder that can be written"):
        check_writable(Path("/proc/self/results"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_read_only(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ScenarioError, match="out: expected a folder that can be written"):
        check_writable(tmp_path / "results")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    pipe, dangling, link = (tmp_path / name for name in ("pipe", "dangling", "link"))
    os.mkfifo(pipe)
    dangling.symlink_to(tmp_path / "nothing")
    for path, what in ((pipe, "a device or a pipe"), (dangling, "a link to nothing")):
        with pytest.raises(ScenarioError, match=f"expected a new or a regular file, got {what}"):
            write_atomically(path, b"x")
    assert pipe.is_fifo()
    assert dangling.is_symlink()
    (tmp_path / "old").write_bytes(b"old")
    link.symlink_to(tmp_path / "old")
    write_atomically(link, b"new")
    assert (link.read_bytes(), (tmp_path / "old").read_bytes()) == (b"new", b"old")
