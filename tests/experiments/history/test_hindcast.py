"""Episodes are scored against what happened; rivals, mixtures and misfits are what they say.

Tests `sim.equations.scores`, `sim.experiments.history.cases`, `sim.experiments.history.judging`,
`sim.io.history` and `sim.report.hindcast`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.cli.dispatch import main
from sim.domain.history import History
from sim.equations.scores import (
    AS_WORLDS,
    base_rate,
    brier_score,
    log_score,
    persistence,
    ranked_probability_score,
    smoothed,
)
from sim.errors import ScenarioError
from sim.experiments.history.cases import cases
from sim.experiments.history.hindcast import hindcast
from sim.experiments.history.judging import Hindcast
from sim.experiments.tally import Tally, mixture
from sim.io.history import load_history
from sim.model.drafting import is_drafted
from sim.report.hindcast import page

RUNGS = ["none", "functional", "procedural", "partial", "full"]


pytestmark = pytest.mark.xdist_group("hindcast")  # its fixture is played once


@pytest.fixture(scope="module")
def result() -> Hindcast:
    return hindcast(worlds=16, workers=1)


def test_every_episode_and_control_is_played(result: Hindcast) -> None:
    history = load_history()
    assert result.episodes["episode"].tolist() == [*history.episodes, *history.controls]
    assert len(history.episodes) == 9
    assert set(history.controls) == {"norway_russia_2010", "china_russia_2004"}
    np.testing.assert_allclose(result.episodes[RUNGS].sum(axis=1), 1)


def test_six_episodes_ended_in_an_accord_and_none_in_a_settlement() -> None:
    ended = [item.ended for item in load_history().episodes.values()]
    assert sum(rung != "none" for rung in ended) == 6
    assert "full" not in ended
    assert "partial" not in ended


@pytest.mark.nightly
def test_the_same_hindcast_twice(result: Hindcast) -> None:
    again = hindcast(worlds=16, workers=1)
    pd.testing.assert_frame_equal(again.episodes, result.episodes)
    pd.testing.assert_frame_equal(again.scores, result.scores)


def test_scores_are_those_of_the_probabilities(result: Hindcast) -> None:
    row = result.episodes.iloc[0]
    assert row["log_model"] == pytest.approx(np.log(row["given_model"]))
    mean = result.episodes.loc[~result.episodes["control"], "brier_model"].mean()
    scored = result.scores.query("score == 'brier' and forecast == 'model'")["mean"].item()
    assert scored == pytest.approx(mean)


def test_proper_scores_prefer_the_truth() -> None:
    truth = np.array([0.5, 0.3, 0.2])
    for other in (np.array([0.8, 0.1, 0.1]), np.array([0.34, 0.33, 0.33])):
        expected = [
            [f(p, h) for h in range(3)] for f in (log_score, brier_score) for p in (truth, other)
        ]
        log_truth, log_other, brier_truth, brier_other = np.array(expected) @ truth
        assert log_truth > log_other
        assert brier_truth < brier_other


def test_the_ranked_score_is_the_distance_between_distributions() -> None:
    """By its other form: E|X - h| - E|X - X'| / 2, X and X' drawn from the forecast."""
    rng, rungs = np.random.default_rng(3), np.arange(5)
    for forecast in rng.dirichlet(np.ones(5), 20):
        for happened in rungs:
            apart = np.abs(rungs[:, None] - rungs)
            spread = forecast @ apart @ forecast
            expected = (forecast @ np.abs(rungs - happened) - spread / 2) / 4
            assert ranked_probability_score(forecast, happened) == pytest.approx(expected)


def test_scores_do_not_hang_on_the_number_of_worlds(result: Hindcast) -> None:
    row = result.episodes.iloc[0]
    expected = (row[row["ended"]] * AS_WORLDS + 0.5) / (AS_WORLDS + 2.5)
    assert row["given_model"] == pytest.approx(expected)
    assert row["worlds"] != AS_WORLDS


@pytest.mark.nightly
def test_sides_may_change_the_table_or_not() -> None:
    tabled = {case.name: case for case in cases(load_history(), worlds=1, agenda="tabled")}
    case = tabled["summit_1973"]
    assert len(case.scenario.deals) > 1
    assert list(case.scenario.structures) == ["agenda"]
    assert case.weights.tolist() == [1.0]
    single = hindcast(worlds=16, workers=1, agenda="single")
    row = single.episodes.set_index("episode").loc["summit_1973"]
    assert row["tabled"] == "four_at_once 1.00"


def test_rivals_are_probabilities() -> None:
    base = base_rate(np.array([0.09, 0.2, 0.11]), 0.011, 3)
    assert base.sum() == pytest.approx(1)
    assert base[-1] == pytest.approx(1 - np.exp(-0.033))
    last = persistence(base, 2, 0.73)
    assert last.sum() == pytest.approx(1)
    assert last[2] == pytest.approx(0.73)
    assert smoothed(np.array([1.0, 0, 0, 0, 0]), 4).min() > 0


def test_a_mixture_weighs_structures() -> None:
    def one(settled: float) -> Tally:
        ladder = np.array([[1 - settled, 0, 0, 0, settled]])
        rest = [np.array([settled])] * 5
        return Tally(ladder, *rest)

    mixed = mixture([one(0), one(1)], np.array([0.75, 0.25]))
    assert mixed.settled.tolist() == [0.25]
    assert mixed.ladder.tolist() == [[0.75, 0, 0, 0, 0.25]]


@pytest.mark.parametrize("drafted", [False, True])
def test_texts_are_drafted_everywhere_or_nowhere(drafted: bool) -> None:
    found = cases(load_history(), worlds=1, drafted=drafted)
    assert {is_drafted(case.scenario) for case in found} == {drafted}


@pytest.mark.nightly
@pytest.mark.nightly
def test_only_what_was_tabled_is_played() -> None:
    found = {case.name: case for case in cases(load_history(), worlds=1)}
    assert list(found["summit_1973"].scenario.deals) == ["four_at_once"]
    weights = dict(
        zip(
            found["abe_initiative_2016"].scenario.deals,
            found["abe_initiative_2016"].weights,
            strict=True,
        )
    )
    assert weights == {"joint_economy_only": 0.25, "functional_ladder": 0.25, "treaty_first": 0.5}
    beside = {case.name: case for case in cases(load_history(), worlds=1, beside="status_quo")}
    assert beside["summit_1973"].weights.tolist() == [0.5, 0.5]


def test_misfits_are_named(result: Hindcast) -> None:
    missed = result.targets.assign(met=False)
    named = Hindcast(**{**vars(result), "targets": missed}).misfits()
    for target in missed["target"]:
        assert any(f"`{target}`" in text for text in named)


def test_the_page_holds_the_table_and_the_misfits(result: Hindcast) -> None:
    text = page(result, {"again": result})
    for name in (*load_history().episodes, *load_history().controls):
        assert f"| {name}" in text
    assert "## Misfits" in text
    for row in result.episodes.itertuples():
        (told,) = (line for line in text.splitlines() if line.startswith(f"- **{row.episode}**"))
        assert f"*Happened:* {row.ended} (" in told
        assert f"{100 * row.given_model:.1f} % by the model" in told
        assert told.endswith("ahead." if row.given_model > row.given_base else "behind.")
    assert all(misfit in text for misfit in result.misfits())


def test_a_history_is_checked(tmp_path: Path) -> None:
    text = (Path(__file__).parents[3] / "configs/hindcast/history.yaml").read_text()
    bad = tmp_path / "history.yaml"
    bad.write_text(text.replace("episode_1955_result", "episode_1955_resutl"))
    with pytest.raises(ScenarioError, match="did you mean 'episode_1955_result'"):
        load_history(bad)
    bad.write_text(text.replace("summit_1973:", "sumit_1973:"))
    with pytest.raises(ScenarioError, match="did you mean 'summit_1973'"):
        load_history(bad)
    bad.write_text(text.replace("ended: procedural", "ended: procedurally", 1))
    with pytest.raises(ScenarioError, match="ended"):
        load_history(bad)


def test_rounds_of_another_length_are_refused() -> None:
    history = load_history()
    other = History.model_validate({**history.model_dump(), "rounds_year": 12})
    with pytest.raises(ScenarioError, match=r"protocol\.round_years"):
        cases(other, worlds=1)


@pytest.mark.nightly
def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hindcast", "worlds=2", "workers=1", f"out={tmp_path / 'out'}"]) == 0
    assert "as last time" in capsys.readouterr().out
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"episodes.parquet", "scores.parquet", "targets.parquet", "hindcast.md",
                     "provenance.json"}  # fmt: skip
    assert main(["hindcast", "wolrds=2"]) == 2
    assert "did you mean 'worlds'" in capsys.readouterr().err
