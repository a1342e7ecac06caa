"""Folders that somebody has made to do harm: each is refused in one line, and stays small.

Tests `sim.experiments.result` and `sim.experiments.sweep.result`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.cli import main
from sim.errors import ScenarioError
from sim.experiments.result import load_result
from sim.experiments.sweep.progress import SweepState, status
from sim.experiments.sweep.result import load_sweep
from sim.io import tables
from sim.io.tables import parquet, read_parquet
from tests.fuzz.damage import sealed
from tests.fuzz.games import agenda_files, lay_down, run_files, sweep_files

Change = Callable[[pa.Table], pa.Table]


def rewritten(files: dict[str, bytes], name: str, change: Change, folder: Path) -> Path:
    """Lay files down with one table changed, and every digest as it should be."""
    table = pq.read_table(pa.BufferReader(files[name]))
    sink = pa.BufferOutputStream()
    pq.write_table(change(table).replace_schema_metadata(table.schema.metadata), sink)
    lay_down(sealed({**files, name: sink.getvalue().to_pybytes()}), folder)
    return folder


def column(name: str, value: Any) -> Change:
    def change(table: pa.Table) -> pa.Table:
        place = table.column_names.index(name)
        field = table.schema.field(place).with_nullable(True)
        return table.set_column(place, field, pa.array([value] * len(table), field.type))

    return change


def twice(table: pa.Table) -> pa.Table:
    return pa.concat_tables([table, table])


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("worlds", lambda table: table.slice(1), "worlds.parquet: expected 12 worlds, got 11"),
        ("worlds", twice, "worlds.parquet: expected 12 worlds, got 24"),
        ("worlds", column("world", 3), "got 12, or some of them twice"),
        ("worlds", column("outcome", "peace"), "expected words of this run in outcome, got others"),
        ("worlds", column("outcome", None), "expected an outcome for each world, got none for"),
        ("worlds", column("stage", None), "expected a value of stage in every row, got none in"),
        ("outcomes", twice, "outcomes.parquet: expected a row for each structure, got other"),
        ("worlds", column("zopa_margin", np.inf), "numbers up to 1e+150 in zopa_margin, got larg"),
        ("worlds", column("value_holder", -1e200), "numbers up to 1e+150 in value_holder, got la"),
        ("outcomes", column("settled", None), "outcomes.parquet: expected shares from 0 to 1 in"),
        ("outcomes", column("ladder_full", 1.5), "expected shares from 0 to 1 in ladder_full, go"),
        ("packages", twice, "packages.parquet: expected each package once, got some of them twice"),
        (
            "ranking",
            lambda table: table.drop_columns("by"),
            "ranking.parquet: expected the columns",
        ),
    ],
)
def test_a_run_that_contradicts_itself(
    tmp_path: Path, name: str, change: Change, said: str
) -> None:
    folder = rewritten(run_files(), f"{name}.parquet", change, tmp_path / "run")
    with pytest.raises(ScenarioError) as caught:
        load_result(folder)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("contest", lambda table: table.slice(1)),
        ("contest", twice),
        ("contest", column("what", "signed")),
        ("incidence", column("structure", "strait")),
    ],
)
def test_a_contest_that_lacks_a_text_or_an_event(tmp_path: Path, name: str, change: Change) -> None:
    folder = rewritten(agenda_files(), f"{name}.parquet", change, tmp_path / "run")
    told = rf"{name}\.parquet: expected a row for each structure and what it competes for"
    with pytest.raises(ScenarioError, match=told):
        load_result(folder)


@pytest.mark.parametrize(
    "found", [[1], {"statements": {"said": "x"}}, {"moved": {"key": 3}}, {"accepted": True}]
)
def test_shares_of_what_was_observed_that_are_none(tmp_path: Path, found: Any) -> None:
    files = agenda_files()
    manifest = json.loads(files["provenance.json"])
    whole = {**manifest["observed"], **found} if isinstance(found, dict) else found
    manifest["observed"] = whole
    lay_down({**files, "provenance.json": json.dumps(manifest).encode()}, tmp_path / "run")
    with pytest.raises(ScenarioError, match="expected shares of what was observed, got something"):
        load_result(tmp_path / "run")


def test_a_run_with_fitting_seals_loads(tmp_path: Path) -> None:
    folder = rewritten(run_files(), "worlds.parquet", lambda table: table, tmp_path / "run")
    assert len(load_result(folder).worlds) == 12


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 100_000, "provenance.json: expected JSON, got something else"),
        ("9" * 5_000, "provenance.json: expected JSON"),
        ('{"a": 1,\n b}', "provenance.json: line 2, column 2: expected JSON, got 'b}'"),
        ("[1]", "provenance.json: expected the provenance of a run, got something else"),
        ('{"files": 3}', "provenance.json: expected the provenance of a run"),
        ("\xff", "provenance.json: expected JSON"),
    ],
)
def test_provenance_that_is_none(tmp_path: Path, text: str, said: str) -> None:
    lay_down({**run_files(), "provenance.json": text.encode("latin-1")}, tmp_path / "run")
    with pytest.raises(ScenarioError) as caught:
        load_result(tmp_path / "run")
    assert said in str(caught.value)


@pytest.mark.parametrize("change", [{"versions": [0]}, {"reversal_draws": "many"}])
def test_provenance_of_other_kinds(tmp_path: Path, change: dict[str, Any]) -> None:
    files = run_files()
    manifest = {**json.loads(files["provenance.json"]), **change}
    lay_down({**files, "provenance.json": json.dumps(manifest).encode()}, tmp_path / "run")
    with pytest.raises(ScenarioError, match="expected the provenance of a run, got something"):
        load_result(tmp_path / "run")


def test_seals_do_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    files = run_files()
    manifest = json.loads(files["provenance.json"])
    manifest["files"] |= {"../secret": "0", str(tmp_path / "secret"): "0", "a\x00b": "0"}
    lay_down({**files, "provenance.json": json.dumps(manifest).encode()}, tmp_path / "run")
    assert len(load_result(tmp_path / "run").worlds) == 12


def test_a_config_that_is_sound_in_form_only(tmp_path: Path) -> None:
    files = run_files()
    text = files["config.yaml"].decode().replace("discount_factor:", "discount_factor:", 1)
    for old, new, said in (
        ("title: shared", "title: shard", "expected a level of title"),
        ("worlds: 6", "worlds: 10000000", "worlds.parquet: expected 20,000,000 worlds, got 12"),
        ("name: pie\n", "name: ../pie\n", "expected a resolved scenario of this version"),
    ):
        assert old in text
        changed = {**files, "config.yaml": text.replace(old, new).encode()}
        lay_down(sealed(changed), tmp_path / "run")
        with pytest.raises(ScenarioError) as caught:
            load_result(tmp_path / "run")
        assert said in str(caught.value)


def test_few_bytes_that_stand_for_many_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "many.parquet"
    rows = tables.MOST_ROWS + 1
    many = pa.table({"cell": pa.array(np.zeros(rows, dtype=np.int32))})
    meta = pq.read_schema(_one(tmp_path)).metadata
    pq.write_table(many.replace_schema_metadata(meta), path, compression="zstd")
    assert path.stat().st_size < 10_000
    with pytest.raises(ScenarioError, match="expected at most 2,000,000 rows, got 2,000,001"):
        read_parquet(path, {"cell": "count"}, {})
    monkeypatch.setattr(tables, "_MOST_TEXT", 1_000_000)
    long = pa.table({"hash": pa.array(["x" * 100_000] * 20)})
    pq.write_table(long.replace_schema_metadata(meta), path, compression="zstd")
    with pytest.raises(ScenarioError, match="expected names in hash, got a book"):
        read_parquet(path, {"hash": "text"}, {})


def test_a_table_that_would_fill_the_memory_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = rewritten(run_files(), "packages.parquet", lambda table: table, tmp_path / "run")
    monkeypatch.setattr("sim.io.size.memory", lambda: 3e3)
    monkeypatch.setattr(tables.pq.ParquetFile, "read", None)
    with pytest.raises(ScenarioError, match=r"expected a table that fits into .* GB of memory"):
        load_result(folder)


def test_worlds_are_counted_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def many(table: pa.Table) -> pa.Table:
        return table.take(pa.array(np.zeros(1_900_000, dtype=np.int64)))

    folder = rewritten(run_files(), "worlds.parquet", many, tmp_path / "run")
    monkeypatch.setattr(tables.pq.ParquetFile, "read", None)
    with pytest.raises(ScenarioError, match="expected 12 worlds, got 1,900,000"):
        load_result(folder)


def _one(folder: Path) -> Path:
    import pandas as pd

    path = folder / "one.parquet"
    path.write_bytes(parquet(pd.DataFrame({"cell": [1]}), {"cell": "count"}, "x"))
    return path


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("cells", lambda table: table.drop_columns("settled"), "cells.parquet: expected the col"),
        ("cells", twice, "cells.parquet: expected at most 8 rows, got 16"),
        ("cells", column("cell", 99), "expected cells and structures of this sweep, got others"),
        ("cells", column("deal", "again"), "got others, or some of them twice"),
        ("cells", column("deal", "other"), "expected words of this run"),
        ("cells", column("settled", None), "expected shares from 0 to 1 in settled, got others"),
        ("cells", column("zopa_margin", 1e300), "expected numbers up to 1e+150 in zopa_margin"),
        ("design", lambda table: table.drop_columns("hash"), "design.parquet: expected the col"),
    ],
)
def test_a_sweep_that_contradicts_itself(
    tmp_path: Path, name: str, change: Change, said: str
) -> None:
    folder = rewritten(sweep_files(), f"{name}.parquet", change, tmp_path / "sweep")
    with pytest.raises(ScenarioError) as caught:
        load_sweep(folder)
    text = str(caught.value)
    assert said in text or (said.endswith("this run") and "structures of this sweep" in text)


def test_a_grid_with_a_point_twice(tmp_path: Path) -> None:
    pytest.importorskip("xarray", reason="needs the extra sweep")
    lay_down(sweep_files(), tmp_path / "sound")
    sweep = load_sweep(tmp_path / "sound")

    def stay(table: pa.Table) -> pa.Table:
        for axis in sweep.axes:
            table = column(axis, sweep.design[axis].iloc[0])(table)
        return table

    folder = rewritten(sweep_files(), "cells.parquet", stay, tmp_path / "forged")
    with pytest.raises(ScenarioError, match="each point of the grid once, got some of them twice"):
        load_sweep(folder).to_xarray()


def test_kept_worlds_of_another_program(tmp_path: Path) -> None:
    lay_down(sweep_files(), tmp_path / "sweep")
    result = load_sweep(tmp_path / "sweep")
    assert len(result.worlds([0])) == 12
    (path, *_) = (tmp_path / "sweep" / "worlds").rglob("*.parquet")
    path.write_bytes(b"PAR1")
    with pytest.raises(ScenarioError, match="one that cannot be read"):
        result.worlds()
    pq.write_table(pa.table({"cell": [1]}), path)
    with pytest.raises(ScenarioError, match="cannot be read"):
        result.worlds()


@pytest.mark.parametrize("design", ["", "design: [grid]", "design: girl"])
def test_a_sweep_of_no_known_design(tmp_path: Path, design: str) -> None:
    lay_down({**sweep_files(), "sweep.yaml": f"cells: 4\n{design}\n".encode()}, tmp_path / "s")
    with pytest.raises(ScenarioError, match=r"design: expected one of grid, lhs, sobol, morris"):
        load_sweep(tmp_path / "s")


NEWS = {"worlds": 10, "seconds": 2.0, "time": 1e9, "done": 2, "done_before": 0}


@pytest.mark.parametrize(
    "news",
    [
        "[" * 100_000,
        "[]",
        '{"done": 1}',
        json.dumps({**NEWS, "pid": "x", "host": "y"}),
        json.dumps({**NEWS, "seconds": -1, "pid": 1, "host": "y"}),
        json.dumps({**NEWS, "worlds": 1e300, "pid": 1, "host": "y"}),
    ],
)
def test_news_of_a_sweep_that_make_no_sense(tmp_path: Path, news: str) -> None:
    lay_down({**sweep_files(), "progress.json": news.encode()}, tmp_path / "sweep")
    assert status(tmp_path / "sweep").state is SweepState.finished


def test_news_of_a_process_that_never_was(tmp_path: Path) -> None:
    import socket

    news = {**NEWS, "pid": 10**30, "host": socket.gethostname()}
    lay_down({**sweep_files(), "progress.json": json.dumps(news).encode()}, tmp_path / "sweep")
    assert status(tmp_path / "sweep").state is SweepState.stopped
    far = {**NEWS, "pid": 1, "host": "another", "done": 0, "time": 0}
    lay_down({**sweep_files(), "progress.json": json.dumps(far).encode()}, tmp_path / "sweep")
    assert status(tmp_path / "sweep").state is SweepState.stopped


@pytest.mark.parametrize(
    "change",
    [{"cells": 0}, {"cells": "many"}, {"cells": 1e400}, {"deals": 3}, {"left_out": ["x"]}],
)
def test_a_sweep_whose_provenance_makes_no_sense(tmp_path: Path, change: dict[str, Any]) -> None:
    files = sweep_files()
    manifest = {**json.loads(files["provenance.json"]), **change}
    lay_down({**files, "provenance.json": json.dumps(manifest).encode()}, tmp_path / "sweep")
    with pytest.raises(ScenarioError, match="expected the folder of a sweep"):
        status(tmp_path / "sweep")


def test_a_picture_of_hundreds_of_megabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    lay_down(sealed(run_files()), tmp_path)
    manifest = json.loads((tmp_path / "provenance.json").read_text())
    for name in ("funnel.png", "survival.png", "in_force.png"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(300_000_000)
        manifest["files"].pop(name, None)
    sealed_too = {**manifest, "files": {**manifest["files"], "funnel.png": "0" * 64}}
    for values in (manifest, sealed_too):
        (tmp_path / "provenance.json").write_text(json.dumps(values))
        assert main(["report", str(tmp_path), f"out={tmp_path}/page.html"]) == 2
    with pytest.raises(ScenarioError, match=r"funnel.png: expected at most 20 MB, got 300 MB"):
        load_result(tmp_path)
