"""What must hold of every run, whoever plays it and however many worlds it has.

Tests `sim.experiments.tally`, `sim.experiments.tables`, `sim.domain.results` and
`sim.domain.outcome`.
"""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.domain.outcome import LADDER, OUTCOMES
from sim.domain.results import OUTCOMES_TABLE, WORLDS
from sim.domain.scenario import Scenario
from sim.equations.statistics import wilson_interval
from sim.errors import ScenarioError
from sim.experiments.ensemble import run
from sim.experiments.result import EnsembleResult
from sim.experiments.sweep import sweep
from sim.io.config import load_scenario
from sim.io.tables import parquet

SHARES = [outcome.name for outcome in OUTCOMES]


def bytes_of(result: EnsembleResult) -> bytes:
    return parquet(result.worlds, WORLDS, "")


def firsts(result: EnsembleResult, worlds: int) -> pd.DataFrame:
    return result.worlds[result.worlds["world"] < worlds].reset_index(drop=True)


def test_keys_of_a_scenario_may_be_keywords_and_others_are_told_how() -> None:
    played = run("canada_denmark_2018", worlds=2, rounds=1, deals="hans_line", engine="array")
    assert (played.scenario.rounds, played.scenario.engine) == (1, "array")
    with pytest.raises(TypeError, match=r"no argument 'round'; overrides=\['KEY=1'\] sets a key"):
        run("canada_denmark_2018", round=1)
    with pytest.raises(TypeError, match=r"no setting rounds; a key of the scenario is an axis"):
        sweep("canada_denmark_2018", ["holder.leader.audience_cost=1,2"], rounds=3)


def test_tables_have_the_columns_of_the_contract(played: EnsembleResult) -> None:
    assert list(played.outcomes) == list(OUTCOMES_TABLE)
    assert list(played.worlds) == list(WORLDS)
    assert list(played.packages)[:3] == ["id", "deal", "stage"]
    assert {"title", "schedule", "claimant_territory", "holder_standing_treaty"} <= set(
        played.packages
    )


def test_shares_and_rungs_add_to_one(played: EnsembleResult) -> None:
    outcomes = played.outcomes
    np.testing.assert_allclose(outcomes[SHARES].sum(axis=1), 1.0)
    np.testing.assert_allclose(outcomes[[f"ladder_{r.name}" for r in LADDER]].sum(axis=1), 1.0)
    assert (outcomes["worlds"] == 1100).all()


def test_shares_are_counts_of_worlds(played: EnsembleResult) -> None:
    counted = pd.crosstab(played.worlds["deal"], played.worlds["outcome"], normalize="index")
    for _, row in played.outcomes.iterrows():
        for name in SHARES:
            share = counted.loc[row["deal"]].get(name, 0.0)
            assert row[name] == pytest.approx(share)
        settled = round(row["settled"] * 1100)
        low, high = wilson_interval(np.array(settled), np.array(1100))
        assert (row["settled_low"], row["settled_high"]) == (low, high)


def test_the_median_is_missing_unless_half_settle(played: EnsembleResult) -> None:
    for _, row in played.outcomes.iterrows():
        assert np.isnan(row["median_round"]) == (row["settled"] < 0.5)


def test_worlds_stand_in_order_of_structure_and_world(
    isles: Scenario, played: EnsembleResult
) -> None:
    assert played.worlds["deal"].tolist() == [d for d in isles.deals for _ in range(1100)]
    assert played.worlds["world"].tolist() == list(range(1100)) * len(isles.deals)


def test_packages_of_worlds_are_in_the_table_of_packages(played: EnsembleResult) -> None:
    signed = played.worlds.dropna(subset=["round_signed"])
    assert signed["package"].notna().all()
    of = dict(zip(played.packages["id"], played.packages["deal"], strict=True))
    assert [of[name] for name in signed["package"]] == signed["deal"].tolist()


def test_nothing_was_signed_below_a_reservation_value(played: EnsembleResult) -> None:
    signed = played.worlds.dropna(subset=["round_signed"])
    assert len(signed) > 100
    for side in ("claimant", "holder"):
        assert (signed[f"value_{side}"] >= signed[f"reservation_{side}"]).all()


def test_the_seed_reproduces_every_byte(isles: Scenario) -> None:
    first, second = (run(isles, worlds=200, workers=1) for _ in range(2))
    assert bytes_of(first) == bytes_of(second)
    assert bytes_of(first) != bytes_of(run(isles, worlds=200, workers=1, seed=8))
    assert run(isles, worlds=10, seed=0).provenance["seed"] == 0


def test_the_first_worlds_of_a_longer_run_are_those_of_a_short_one(isles: Scenario) -> None:
    short = run(isles, worlds=1024, workers=1, reversal_draws=0)
    long = run(isles, worlds=2048, workers=1, reversal_draws=0)
    odd = run(isles, worlds=777, workers=1, reversal_draws=0)
    first = parquet(firsts(long, 1024), WORLDS, "")
    assert first == bytes_of(short)
    assert bytes_of(odd) == parquet(firsts(long, 777), WORLDS, "")


def test_two_workers_give_the_same_bytes_as_one(isles: Scenario, played: EnsembleResult) -> None:
    two = run(isles, worlds=1100, workers=2, reversal_draws=16)
    assert bytes_of(two) == bytes_of(played)
    pd.testing.assert_frame_equal(two.outcomes, played.outcomes)
    pd.testing.assert_frame_equal(two.ranking, played.ranking)


def test_leaving_structures_out_changes_nothing_for_the_others(
    isles: Scenario, played: EnsembleResult
) -> None:
    some = run(isles, worlds=1100, deals=["two_steps"], workers=1)
    whole = played.worlds[played.worlds["deal"] == "two_steps"].drop(columns=["deal", "package"])
    mine = some.worlds.drop(columns=["deal", "package"])
    pd.testing.assert_frame_equal(mine, whole.reset_index(drop=True))
    assert list(some.scenario.deals) == ["two_steps"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"worlds": 0}, "worlds: expected a whole number from 1"),
        ({"worlds": True}, "worlds: expected a whole number"),
        ({"seed": -1}, "seed: expected a whole number from 0"),
        ({"deals": ["straits"]}, "did you mean 'strait'"),
        ({"deals": []}, "at least one structure"),
    ],
)
def test_what_cannot_be_run_is_refused(isles: Scenario, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        run(isles, **asked)


def test_all_faults_are_told_at_once(isles: Scenario) -> None:
    with pytest.raises(ScenarioError) as refused:
        run(isles, worlds=0, seed=-1, deals=["x"])
    assert [fault.key for fault in refused.value.faults] == ["worlds", "seed", "deals"]


def test_no_progress_is_shown_where_there_is_no_terminal(
    isles: Scenario, capsys: pytest.CaptureFixture[str]
) -> None:
    run(isles, worlds=5, progress=True)
    assert capsys.readouterr() == ("", "")


def test_python_arguments_are_taken_in_any_usual_form() -> None:
    asked: dict[str, Any] = {
        "worlds": np.int32(8),
        "seed": np.int64(3),
        "deals": "amur_equal_split",
        "workers": 1,
    }
    by_name = run("china_russia_2004", overrides="rounds=3", **asked)
    loaded = run(load_scenario("china_russia_2004", ["rounds=3"]), **asked)
    pd.testing.assert_frame_equal(by_name.worlds, loaded.worlds)
    assert type(by_name.scenario.seed) is int
    with pytest.raises(ScenarioError, match="seed"):
        run("china_russia_2004", seed=True)
    with pytest.raises(ScenarioError, match="overrides"):
        run(loaded.scenario, overrides="rounds=3")
