"""Other programs read the files of a sweep as they are: polars and DuckDB.

Tests `sim.experiments.sweep.part`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.domain.outcome import OUTCOMES
from sim.experiments.sweep import sweep
from tests.disputes import pie, uniform

polars = pytest.importorskip("polars", reason="reads a sweep with polars (extra: dev)")
duckdb = pytest.importorskip("duckdb", reason="reads a sweep with DuckDB (extra: dev)")

SHARES = [outcome.name for outcome in OUTCOMES]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    case = pie({"holder.reservation.dialogue": uniform(0.2, 0.8), "rounds": 6, "worlds": 40})
    out = tmp_path_factory.mktemp("swept") / "out"
    sweep(case, {"claimant.reservation.dialogue": [0.1, 0.5]}, out, save_worlds=True)
    return out


def test_polars_reads_cells_and_design(folder: Path) -> None:
    cells = polars.read_parquet(folder / "cells.parquet")
    design = polars.read_parquet(folder / "design.parquet")
    assert cells["deal"].to_list() == ["divide", "divide"]
    assert cells.select(polars.sum_horizontal(SHARES)).to_series().to_list() == pytest.approx(
        [1.0] * len(cells)
    )
    assert design["claimant.reservation.dialogue"].to_list() == [0.1, 0.5]


def test_polars_counts_in_the_worlds_what_the_cells_say(folder: Path) -> None:
    worlds = polars.read_parquet(folder / "worlds", hive_partitioning=True)
    without = worlds.group_by("deal", "cell").agg(
        (polars.col("outcome").cast(polars.String) == "no_bargain").mean()
    )
    said = polars.read_parquet(folder / "cells.parquet").select("deal", "cell", "no_bargain")
    both = without.join(
        said.with_columns(polars.col("deal").cast(polars.String)), on=["deal", "cell"]
    )
    assert len(worlds) == 40 * len(both) == 80
    assert both["outcome"].to_list() == pytest.approx(both["no_bargain"].to_list())
    assert len(set(both["no_bargain"].to_list())) > 1


def test_duckdb_joins_cells_design_and_worlds(folder: Path) -> None:
    asked = f"""
        SELECT cell, any_value(cells.no_bargain),
               avg((worlds.outcome = 'no_bargain')::INT), count(*),
               any_value(design."claimant.reservation.dialogue")
        FROM '{folder}/cells.parquet' AS cells
        JOIN '{folder}/design.parquet' AS design USING (cell)
        JOIN read_parquet('{folder}/worlds/*/*.parquet', hive_partitioning = true) AS worlds
             USING (cell, deal)
        GROUP BY cell ORDER BY cell
    """
    found = duckdb.sql(asked).fetchall()
    assert [row[0] for row in found] == [0, 1]
    assert [row[3] for row in found] == [40, 40]
    assert [row[4] for row in found] == [0.1, 0.5]
    assert [row[1] for row in found] == pytest.approx([row[2] for row in found])
