"""Tables in Parquet: typed, the same bytes each time, and a folder that appears as a whole."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.domain.results import Kinds
from sim.errors import RunError, ScenarioError
from sim.io import tables
from sim.io.tables import MANIFEST, config_of, parquet, read_parquet, write_folder

KINDS: Kinds = {
    "name": "text",
    "deal": "word",
    "world": "count",
    "round": "maybe_count",
    "pending": "flag",
    "value": "number",
}
WORDS = {"deal": ["b", "a", "unused"]}


def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": ["x", "y", "é"],
            "deal": pd.Categorical(["a", None, "b"], categories=pd.Index(WORDS["deal"])),
            "world": np.array([0, 1, 2], dtype=np.int32),
            "round": pd.array([3, None, 0], dtype="Int32"),
            "pending": [True, False, True],
            "value": [0.1, np.nan, -np.inf],
        }
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "t.parquet"
    path.write_bytes(parquet(table(), KINDS, "abc"))
    return path


def test_a_table_comes_back_as_it_went_in(file: Path) -> None:
    pd.testing.assert_frame_equal(read_parquet(file, KINDS, WORDS), table())
    assert config_of(file) == "abc"


def test_an_empty_table_comes_back_too(tmp_path: Path) -> None:
    empty = table().iloc[:0]
    (tmp_path / "e").write_bytes(parquet(empty, KINDS, ""))
    pd.testing.assert_frame_equal(read_parquet(tmp_path / "e", KINDS, WORDS), empty)


def test_the_same_table_gives_the_same_bytes() -> None:
    assert parquet(table(), KINDS, "abc") == parquet(table(), KINDS, "abc")
    assert parquet(table(), KINDS, "abd") != parquet(table(), KINDS, "abc")


def test_missing_is_null_and_words_are_plain_text(file: Path) -> None:
    plain = pq.read_table(file)
    assert plain["deal"].to_pylist() == ["a", None, "b"]
    assert plain["round"].to_pylist() == [3, None, 0]
    assert plain["value"].null_count == 1
    assert plain.schema.field("deal").type == pa.string()
    assert not plain.schema.field("world").nullable
    assert pq.ParquetFile(file).metadata.row_group(0).column(0).compression == "ZSTD"


def test_other_columns_or_types_are_refused(file: Path) -> None:
    with pytest.raises(ScenarioError, match="expected the columns world, got name, deal"):
        read_parquet(file, {"world": "count"}, {})
    with pytest.raises(ScenarioError, match="or other types"):
        read_parquet(file, {**KINDS, "value": "text"}, WORDS)


def test_another_version_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "SCHEMA", "4")
    with pytest.raises(ScenarioError, match="expected tables of version 4, got version 3"):
        read_parquet(file, KINDS, WORDS)


def a_run(**files: bytes) -> Mapping[str, bytes]:
    return {**files, MANIFEST: json.dumps({"files": dict.fromkeys(files)}).encode()}


def test_a_folder_appears_with_all_its_files_and_nothing_beside_it(tmp_path: Path) -> None:
    write_folder(tmp_path / "a" / "out", a_run(x=b"1", y=b"2"))
    assert (tmp_path / "a" / "out" / "x").read_bytes() == b"1"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["out"]


def test_a_failure_half_way_leaves_the_old_run_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    write_folder(out, a_run(x=b"old"))

    def full(path: Path, data: bytes) -> None:
        if data == b"2":
            raise OSError(28, "No space left on device")
        path.write_bytes(data)

    monkeypatch.setattr(tables, "write_synced", full)
    with pytest.raises(RunError, match="No space left on device"):
        write_folder(out, a_run(x=b"1", y=b"2"))
    assert (out / "x").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_interrupt_half_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(path: Path, data: bytes) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(tables, "write_synced", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_folder(tmp_path / "out", a_run(x=b"1"))
    assert list(tmp_path.iterdir()) == []


def test_an_old_run_that_cannot_be_replaced_is_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    write_folder(out, a_run(x=b"old"))
    rename = Path.rename

    def stubborn(self: Path, target: Path) -> Path:
        if self.name.endswith(".new"):
            raise OSError(1, "Operation not permitted")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", stubborn)
    with pytest.raises(RunError, match="not permitted"):
        write_folder(out, a_run(x=b"new"))
    assert (out / "x").read_bytes() == b"old"


@pytest.mark.parametrize("held", ["mine.txt", "worlds.parquet"])
def test_what_no_run_has_written_is_not_replaced(tmp_path: Path, held: str) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / held).write_text("mine")
    with pytest.raises(ScenarioError, match=f"holds {held}"):
        write_folder(tmp_path / "out", a_run(x=b"1"))
    assert (tmp_path / "out" / held).read_text() == "mine"


def test_the_folder_you_are_in_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScenarioError, match="the one you are in"):
        write_folder(Path(), a_run(x=b"1"))


def test_an_earlier_run_of_other_settings_is_kept_whoever_wrote_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, moved = tmp_path / "out", list[Path]()
    runs = [a_run(**{"config.yaml": config}) for config in (b"a", b"b", b"b", b"c")]
    for run in runs[:3]:
        write_folder(out, run, moved.append)
    assert moved == [tmp_path / "out-1"], "the same is replaced"
    rename = Path.rename

    def full(self: Path, target: Path) -> Path:
        if self.name.endswith(".new"):
            raise OSError(28, "No space left on device")
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", full)
        with pytest.raises(RunError, match="No space"):
            write_folder(out, runs[3], moved.append)
    held = {path.parent.name: path.read_bytes() for path in tmp_path.rglob("config.yaml")}
    assert held == {"out": b"b", "out-1": b"a"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "out-1"]


def test_ctrl_c_between_two_moves_puts_the_old_run_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, rename = tmp_path / "out", Path.rename
    write_folder(out, a_run(x=b"old"))

    def interrupted(self: Path, target: Path) -> Path:
        moved = rename(self, target)
        if moved.name.endswith(".old"):
            raise KeyboardInterrupt
        return moved

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_folder(out, a_run(x=b"new"))
    assert (out / "x").read_bytes() == b"old"
