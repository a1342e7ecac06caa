"""Whether results can be written is known before the first world is played."""

import errno
import os
import threading
from pathlib import Path

import pytest

from sim.errors import RunError, ScenarioError
from sim.io.files import (
    check_writable,
    clear_leftovers,
    draft,
    parse_json,
    write_atomically,
    write_together,
)
from sim.paths import alone
from tests.faults import abandoned


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


def test_none_of_several_files_changes_where_one_has_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_together(tmp_path, {"a": b"old", "b": b"old", "mark": b"old"}, "mark")
    synced = iter([None, OSError(errno.ENOSPC, "No space left on device")])

    def sync(_: int) -> None:
        if error := next(synced):
            raise error

    monkeypatch.setattr(os, "fsync", sync)
    with pytest.raises(RunError, match=r"b: cannot be written: No space .* \(free some space\)"):
        write_together(tmp_path, {"a": b"new", "b": b"new", "mark": b"new"}, "mark")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == dict.fromkeys(
        ("a", "b", "mark"), b"old"
    )
    synced = iter([OSError(errno.ENOSPC, "No space left on device")])
    with pytest.raises(RunError, match="No space"):
        write_together(tmp_path / "new", {"a": b"new"})
    assert not (tmp_path / "new").exists()


def test_what_stops_between_two_files_leaves_no_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_together(tmp_path, {"mark": b"old", "a": b"old", "b": b"old"}, "mark")
    replace = Path.replace

    def stopped(self: Path, target: Path) -> Path:
        if target.name == "b":
            raise KeyboardInterrupt
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_together(tmp_path, {"mark": b"new", "a": b"new", "b": b"new"}, "mark")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_what_killed_processes_left_goes_and_what_they_took_away_comes_back(
    tmp_path: Path,
) -> None:
    out, there = tmp_path / "out", tmp_path / "there"
    there.mkdir()
    abandoned(out).touch()
    for kind in ("new", "old"):
        abandoned(there, kind).mkdir()
    old, live = abandoned(out, "old"), draft(out, "tmp")
    old.mkdir()
    (old / "worlds.csv").write_text("worlds")
    live.touch()
    (tmp_path / ".mine.tmp").touch()
    clear_leftovers(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [live.name, ".mine.tmp", "out", "there"]
    )
    assert (out / "worlds.csv").read_text() == "worlds"


def test_one_at_a_time(tmp_path: Path) -> None:
    entered = threading.Event()

    def enter() -> None:
        with alone(tmp_path):
            entered.set()

    other = threading.Thread(target=enter)
    with alone(tmp_path):
        other.start()
        assert not entered.wait(0.1)
    assert entered.wait(5)
    other.join()
    with alone(tmp_path / "nothing"):
        pass


def test_a_key_that_stands_twice_in_json_is_refused() -> None:
    assert parse_json(b'{"a": {"b": 1}}', "an object", "x.json") == {"a": {"b": 1}}
    with pytest.raises(ScenarioError, match=r"x\.json: b: expected a key once, got it again"):
        parse_json(b'{"a": {"b": 1, "c": 2, "b": 3}}', "an object", "x.json")
