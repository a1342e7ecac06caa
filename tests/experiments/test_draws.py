"""What each world drew, in the result, in the folder and as CSV."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.experiments.draws import draws_table
from sim.experiments.ensemble import run
from sim.experiments.result import EnsembleResult, load_result
from sim.io.config import load_scenario


@pytest.fixture(scope="module")
def result() -> EnsembleResult:
    scenario = load_scenario("china_russia_2004", ["rounds=8", "worlds=6", "engine=array"])
    return run(scenario, workers=1)


def test_every_row_of_worlds_has_what_that_world_drew(result: EnsembleResult) -> None:
    whole = result.worlds_with_draws()
    pd.testing.assert_frame_equal(whole[list(result.worlds)], result.worlds)
    drawn = list(result.draws)
    assert list(whole) == [*result.worlds, *drawn]
    for _, row in whole.sample(5, random_state=1).iterrows():
        expected = result.draws.loc[row["world"], drawn].to_numpy()
        np.testing.assert_array_equal(row[drawn].to_numpy(dtype=np.float64), expected)
    pd.testing.assert_frame_equal(result.draws, draws_table(result.scenario))


def test_csv_and_draws_lie_beside_what_is_loaded_again(
    result: EnsembleResult, tmp_path: Path
) -> None:
    plain = {path.name for path in result.save(tmp_path / "plain").iterdir()}
    folder = result.save(tmp_path / "csv", format="csv", draws=True)
    tables = {Path(name).stem for name in plain if name.endswith(".parquet")}
    more = {f"{name}.csv" for name in tables} | {"worlds_with_draws.csv"}
    assert {path.name for path in folder.iterdir()} == plain | more | {"worlds_with_draws.parquet"}
    pd.testing.assert_frame_equal(load_result(folder).worlds, result.worlds)
    read = pd.read_csv(folder / "outcomes.csv")
    assert list(read["deal"]) == list(result.outcomes["deal"])
    np.testing.assert_allclose(read["settled_low"], result.outcomes["settled_low"])
    joined = pd.read_parquet(folder / "worlds_with_draws.parquet")
    key = next(iter(result.draws))
    np.testing.assert_array_equal(joined[key], result.worlds_with_draws()[key])
