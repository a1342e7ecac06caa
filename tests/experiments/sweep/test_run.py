"""What a sweep plays, and what it writes.

Tests `sim.experiments.sweep.cells`.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.domain.scenario import Scenario
from sim.errors import RunError, ScenarioError
from sim.experiments import ensemble
from sim.experiments.sweep import load_sweep, sweep
from sim.io.config import load_scenario

Bytes = Callable[[Path], dict[str, bytes]]
OPPOSITION, DEADLINE = "holder.public.opposition", "claimant.leader.deadline_rounds"
AXES = [f"{OPPOSITION}=range(0.2,0.9,0.3)", f"{DEADLINE}=4,none"]


def test_a_cell_is_the_run_with_its_overrides(case: Path, tmp_path: Path) -> None:
    result = sweep(case, [*AXES, "protocol.first_mover=claimant,holder"], tmp_path / "out")
    assert len(result.design) == 3 * 2 * 2
    assert repr(result) == "<SweepResult isles: 12 cells × 2 structures>"
    for _, row in result.design.iloc[[0, 6, 11]].iterrows():
        deadline = "none" if np.isinf(row[DEADLINE]) else row[DEADLINE]
        mover = row["protocol.first_mover"]
        texts = [f"{OPPOSITION}={row[OPPOSITION]}", f"{DEADLINE}={deadline}"]
        scenario = load_scenario(case, [*texts, f"protocol.first_mover={mover}"])
        alone = ensemble.run(scenario).outcomes
        cells = result.cells[result.cells["cell"] == row["cell"]]
        for name in alone.columns.drop(["deal", "reversal"]):
            assert np.array_equal(cells[name], alone[name], equal_nan=True), name


def test_the_files_are_plain_parquet(case: Path, tmp_path: Path) -> None:
    made = sweep(case, AXES, tmp_path / "out", save_worlds=True)
    cells = pd.read_parquet(tmp_path / "out" / "cells.parquet")
    assert cells["deal"].tolist() == ["strait", "two_steps"] * 6
    assert cells[DEADLINE].tolist()[:4] == [4, 4, np.inf, np.inf]
    assert pd.read_parquet(tmp_path / "out" / "design.parquet")["hash"].is_unique
    worlds = pd.read_parquet(tmp_path / "out" / "worlds")
    assert len(worlds) == 6 * 2 * 32
    settled = made.worlds([5]).groupby("deal", observed=True)["outcome"]
    shares = settled.apply(lambda column: (column == "settled").mean())
    last = made.cells[made.cells["cell"] == 5]
    assert shares.tolist() == last["settled"].tolist()
    assert made.axes == {OPPOSITION: "share", DEADLINE: "rounds"}


def test_a_grid_is_an_array_with_names_and_units(case: Path, tmp_path: Path) -> None:
    pytest.importorskip("xarray", reason="needs the extra sweep")
    array = sweep(case, AXES, tmp_path / "out").to_xarray()
    assert dict(array.sizes) == {OPPOSITION: 3, DEADLINE: 2, "deal": 2}
    assert array[OPPOSITION].attrs["units"] == "share"
    assert array["median_round"].attrs["units"] == "rounds"
    assert (array["worlds"] == 32).all()


def test_worlds_are_the_same_in_all_cells(case: Path, tmp_path: Path) -> None:
    axes = ["holder.leader.audience_cost=linspace(1,1.0001,2)"]
    worlds = sweep(case, axes, tmp_path / "out", save_worlds=True).worlds()
    one, other = (worlds[worlds["cell"] == cell]["value_claimant"] for cell in (0, 1))
    assert np.allclose(one, other, equal_nan=True)


def test_precision_adds_blocks_until_every_share_is_sure(case: Path, tmp_path: Path) -> None:
    result = sweep(case, [f"{OPPOSITION}=0.05,0.9"], tmp_path / "out", precision=0.04)
    width = result.cells["settled_high"] - result.cells["settled_low"]
    assert (width <= 0.04).all()
    assert result.cells["worlds"].nunique() > 1, "cells need different numbers of worlds"
    assert (result.cells.groupby("cell")["worlds"].nunique() == 1).all()


@pytest.mark.parametrize(
    ("settings", "cells"),
    [
        ({"design": "lhs", "n": 7}, 7),
        ({"design": "sobol", "n": 4}, 16),
        ({"design": "morris", "n": 2}, 6),
    ],
)
def test_designs(
    case: Path, tmp_path: Path, settings: dict[str, object], cells: int, bytes_of: Bytes
) -> None:
    if settings["design"] != "lhs":
        pytest.importorskip("SALib", reason="needs the extra sweep")
    axes = [f"{OPPOSITION}=interval(0.2,0.8)", "holder.preferences.weights.peace=uncertain"]
    out = tmp_path / "out"
    result = sweep(case, axes, out, **settings)
    assert len(result.design) == cells
    assert result.design[OPPOSITION].between(0.2, 0.8).all()
    assert result.design["holder.preferences.weights.peace"].nunique() > 1
    assert bytes_of(sweep(case, axes, tmp_path / "again", **settings).folder) == bytes_of(out)
    with pytest.raises(RunError, match="only a grid"):
        result.to_xarray()


def test_uncertain_stands_for_every_declared_range(case: Path, tmp_path: Path) -> None:
    result = sweep(case, ["uncertain", "worlds=2"], tmp_path / "out", design="lhs", n=3)
    declared = {key for key, q in load_scenario(case).quantities() if q.is_uncertain}
    assert set(result.axes) == declared
    assert len(declared) > 10


def test_one_text_is_one_axis_and_numbers_may_be_those_of_numpy(case: Path, tmp_path: Path) -> None:
    text = "holder.public.opposition=interval(0.2,0.8)"
    words = {"holder.public.opposition": "interval(0.2,0.8)"}
    plain = sweep(load_scenario(case, ["worlds=4"]), words, tmp_path / "a", design="lhs", n=2)
    loose = sweep(
        load_scenario(case, "worlds=4"), text, tmp_path / "b", design="lhs", n=np.int64(2)
    )
    pd.testing.assert_frame_equal(plain.cells, loose.cells)


def test_a_scenario_that_is_made_can_be_swept_over_numbers(isles: Scenario, tmp_path: Path) -> None:
    few = isles.model_copy(update={"worlds": 4})
    result = sweep(few, {OPPOSITION: [0.3, 0.5]}, tmp_path / "out")
    assert result.cells["worlds"].tolist() == [4] * 8
    with pytest.raises(ScenarioError, match="the name of a scenario"):
        sweep(few, {"protocol.first_mover": ["claimant", "holder"]}, tmp_path / "other")


def test_another_sweep_in_the_same_folder_is_refused(case: Path, tmp_path: Path) -> None:
    sweep(case, AXES, tmp_path / "out")
    with pytest.raises(ScenarioError, match=r"worlds: 32 -> 16"):
        sweep(case, [*AXES, "worlds=16"], tmp_path / "out")
    with pytest.raises(ScenarioError, match=r"precision: None -> 0\.5"):
        sweep(case, AXES, tmp_path / "out", precision=0.5)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").touch()
    with pytest.raises(ScenarioError, match="a new or empty folder"):
        sweep(case, AXES, tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.tex"]


def test_a_sweep_of_another_version_is_refused(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep(case, AXES, tmp_path / "out")
    monkeypatch.setattr("sim.experiments.sweep.folder.code_digest", lambda: "other")
    with pytest.raises(ScenarioError, match="this version of the program"):
        sweep(case, AXES, tmp_path / "out")


def test_only_a_finished_sweep_is_loaded(case: Path, tmp_path: Path) -> None:
    out = sweep(case, AXES, tmp_path / "out").folder
    assert load_sweep(out).cells.equals(load_sweep(str(out)).cells)
    (out / "cells.parquet").unlink()
    with pytest.raises(ScenarioError, match="expected a finished sweep"):
        load_sweep(out)
    with pytest.raises(ScenarioError, match=r"one without sweep\.yaml"):
        load_sweep(tmp_path)
