"""Calibration: the same file twice, marks that are no single episode's, and honest ignorance.

Tests `sim.equations.rejection` and `sim.report.calibration`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.cli.dispatch import main
from sim.domain.history import Calibration, Fit, History
from sim.equations.rejection import departure, distance, effective, quantiles, weights
from sim.errors import ScenarioError
from sim.experiments.history import calibration
from sim.experiments.history.calibration import CalibrationResult, CalibrationSizes
from sim.experiments.history.cases import Case
from sim.io.config import load_scenario
from sim.io.history import load_calibration, load_history
from sim.quantities import Floats
from sim.report.calibration import page, ranges


def short() -> History:
    """Return a history of two episodes and a control, for speed."""
    whole = load_history()
    names = ("declaration_1956", "tokyo_declaration_1993")
    episodes = {name: whole.episodes[name] for name in names}
    controls = {"china_russia_2004": whole.controls["china_russia_2004"]}
    return whole.model_copy(update={"episodes": episodes, "controls": controls})


def small(workers: int = 1) -> CalibrationResult:
    sizes = CalibrationSizes(draws=24, each=16, keep=0.25)
    return calibration.run(short(), sizes=sizes, agenda="single", workers=workers)


MARKED: list[list[str]] = []
"""The episodes and controls of which marks were asked, in order."""


pytestmark = pytest.mark.xdist_group("calibration")  # its fixture is played once


@pytest.fixture(scope="module")
def result() -> CalibrationResult:
    marks = calibration.marks

    def noted(history: History, found: Sequence[Case], *rest: Any) -> dict[str, Floats]:
        MARKED.append([case.name for case in found])
        return marks(history, found, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calibration, "marks", noted)
        return small()


@pytest.mark.nightly
def test_the_same_file_to_the_byte_with_any_number_of_workers(result: CalibrationResult) -> None:
    again = small(workers=2)
    assert ranges(again) == ranges(result)
    assert page(again) == page(result)
    pd.testing.assert_frame_equal(again.draws_table(), result.draws_table())


def test_an_episode_left_out_is_no_part_of_its_marks(result: CalibrationResult) -> None:
    everyone = [*short().episodes, *short().controls]
    left = [name for names in MARKED for name in everyone if name not in names]
    assert left == list(result.left_out["episode"]) == list(short().episodes)


def test_what_the_episodes_hang_on_is_not_flat(result: CalibrationResult) -> None:
    assert list(result.likelihood) == list(short().episodes)
    rising = pd.DataFrame({"one": 10 * result.places["title"]})
    table = replace(result, likelihood=rising).profile().set_index("factor")
    assert not table.loc["title", "flat"]
    assert table["spread"].idxmax() == "title"
    assert table.loc["title", "fifth_5"] > table.loc["title", "fifth_1"]
    assert "flat" in page(result)


def test_the_fitted_ranges_can_be_chosen(result: CalibrationResult, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(ranges(result))
    assert load_calibration(str(file)) == result.fitted()
    scenario = load_scenario("singapore_2018", [f"calibration={file}"])
    assert scenario.calibration == result.fitted()


def test_ranges_stay_within_the_prior(result: CalibrationResult) -> None:
    prior = result.prior.quantities()
    for name, quantity in result.fitted().quantities().items():
        low, high = quantity.bounds
        assert prior[name].bounds[0] <= low + 1e-3
        assert high <= prior[name].bounds[1] + 1e-3


def test_kept_draws_are_the_nearest(result: CalibrationResult) -> None:
    kept = result.weights > 0
    assert result.weights.sum() == pytest.approx(1)
    assert 1 <= kept.sum() <= 0.25 * 24
    assert result.distances[kept].max() <= result.distances[~kept].min()


def test_marks_are_judged_over_all_episodes(result: CalibrationResult) -> None:
    episodes = load_history().episodes
    assert not {mark for mark in result.seen if any(name in str(mark) for name in episodes)}
    assert set(result.seen) == {
        "hazard", "accord", "not_ratified", "ahead", "control:china_russia_2004",
    }  # fmt: skip


def test_marks_out_of_reach_are_named(result: CalibrationResult) -> None:
    never = replace(result, seen=result.seen.assign(hazard=0.0))
    assert any("no draw brings it there" in text for text in never.misfits())
    fits = {mark: result.fit_of(str(mark)) for mark in result.seen}
    inside = 1e-9  # a weighted mean of equal numbers may round to either side of them
    within = {mark: fit.low + inside * (fit.high - fit.low) for mark, fit in fits.items()}
    assert replace(result, seen=result.seen.assign(**within)).misfits() == []
    assert "## What does not fit" in page(never)


def test_no_factor_is_one_sides_or_one_disputes() -> None:
    names = set(Calibration.model_fields) - {"name", "label"}
    for part in ("claimant", "holder", *load_history().episodes, *load_history().controls):
        assert not any(part in name for name in names)


def test_data_that_say_nothing_leave_the_prior() -> None:
    places = (np.arange(400) + 0.5) / 400
    even = np.full(400, 1 / 400)
    assert departure(places, even) < 0.01
    telling = weights(distance(np.abs(places - 0.2)[:, None]), 0.1)
    assert departure(places, telling) > 1.36 / np.sqrt(effective(telling))
    low, median, high = quantiles(places, telling, np.array([0.05, 0.5, 0.95]))
    assert 0.1 < low < median < high < 0.3
    assert median == pytest.approx(0.2, abs=0.01)


def test_a_known_factor_is_found_again() -> None:
    """Marks made by one draw of the factors lie nearest to that draw."""
    rng = np.random.Generator(np.random.Philox(7))
    theta = rng.uniform(size=(500, 2))
    seen = np.stack([theta[:, 0] + theta[:, 1], theta[:, 0]], axis=1)
    kept = weights(distance(np.abs(seen - np.array([0.9, 0.3]))), 0.05)
    found = [float(quantiles(theta[:, i], kept, np.array([0.5]))[0]) for i in range(2)]
    assert found == pytest.approx([0.3, 0.6], abs=0.06)


def test_all_draws_without_misfit_are_kept_alike() -> None:
    kept = weights(np.array([0.0, 0.0, 0.0, 1.0]), 0.25)
    np.testing.assert_allclose(kept, [1 / 3, 1 / 3, 1 / 3, 0])


def test_a_range_counts_no_misfit_inside() -> None:
    fit = Fit(low=1, high=2, scale=0.5, source=("x",))
    assert fit.misfit(np.array([0.5, 1, 1.5, 3])).tolist() == [1, 0, 0, 2]


@pytest.mark.parametrize(
    ("sizes", "key"), [((1, 32, 0.1), "draws"), ((8, 33, 0.1), "each"), ((8, 32, 1.0), "keep")]
)
def test_impossible_sizes_are_refused(sizes: tuple[int, int, float], key: str) -> None:
    with pytest.raises(ScenarioError, match=key):
        CalibrationSizes(*sizes)


def test_the_shipped_scenarios_are_not_tuned() -> None:
    for name in (*load_history().episodes, *load_history().controls):
        assert load_scenario(name).calibration is None


def test_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.experiments.history.calibration.load_history", short)
    out, doc = tmp_path / "deep" / "fitted.yaml", tmp_path / "page.md"
    asked = [
        "calibrate",
        "draws=8",
        "each=8",
        "agenda=single",
        "keep=50",
        "workers=1",
        f"out={out}",
        f"doc={doc}",
    ]
    assert main(asked) == 0
    assert "## Factors" in capsys.readouterr().out
    assert doc.read_text().startswith("# Calibration")
    assert load_calibration(str(out)).name == "fitted"
    assert main(["calibrate", "keep=100"]) == 2
