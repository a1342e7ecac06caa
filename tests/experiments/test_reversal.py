"""The rule by which a ranking reverses, on rankings made by hand and in a dispute made to turn.

Tests `sim.experiments.nested`.
"""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.domain.draws import Draws
from sim.domain.scenario import Scenario
from sim.experiments.ensemble import run
from sim.experiments.nested import NestedDesign, hypercube, shared_draws
from sim.experiments.result import EnsembleResult
from sim.experiments.reversal import ahead, ranking, reversal
from sim.randomness import Streams
from tests.disputes import pie, uniform


def table(values: dict[str, np.ndarray]) -> pd.DataFrame:
    """Return what `ranking` looks at: who settles, with margins that say the same."""
    rows = [(deal, value) for deal, row in values.items() for value in row]
    deals = pd.Categorical([deal for deal, _ in rows], categories=list(values))
    worth = np.array([value for _, value in rows])
    outcome = pd.Categorical(np.where(worth > 0, "settled", "publics"))
    return pd.DataFrame({"deal": deals, "outcome": outcome, "zopa_margin": worth})


def bernoulli(share: float, worlds: int, seed: int) -> np.ndarray:
    return (np.random.default_rng(seed).random(worlds) < share).astype(float)


def test_noise_alone_reverses_next_to_nothing() -> None:
    nest, chances = NestedDesign(draws=64, each=64), (0.53, 0.5, 0.47, 0.44)
    full, groups = (
        {f"s{i}": bernoulli(chance, worlds, seed + i) for i, chance in enumerate(chances)}
        for worlds, seed in ((40_000, 0), (nest.worlds, 10))
    )
    found = ranking(table(full), table(groups), nest)
    settled = found[found["by"] == "settled"]
    assert settled["rank"].tolist() == [1, 2, 3, 4]
    assert (settled["reversal"].fillna(0.0) <= 0.05).all()


def test_an_order_that_turns_under_a_quarter_of_the_draws_reverses_by_a_quarter() -> None:
    nest = NestedDesign(draws=8, each=64)
    turned = np.repeat(np.arange(8) < 2, 64)
    groups = {"a": np.where(turned, 0.0, 1.0), "b": np.where(turned, 1.0, 0.0)}
    full = {"a": bernoulli(0.75, 4096, 1), "b": bernoulli(0.25, 4096, 2)}
    found = ranking(table(full), table(groups), nest)
    assert found["reversal"].tolist() == [0.25] * 4
    assert found["rank"].tolist() == [1, 2, 1, 2]
    assert found["by"].tolist() == ["settled", "settled", "zopa_margin", "zopa_margin"]


def test_where_nothing_settles_there_is_no_ranking_by_settlement() -> None:
    nest = NestedDesign(draws=4, each=64)
    never = {"a": np.full(1024, -1.0), "b": np.full(1024, -2.0)}
    groups = {name: row[:256] for name, row in never.items()}
    found = ranking(table(never), table(groups), nest)
    settled, margin = found[found["by"] == "settled"], found[found["by"] == "zopa_margin"]
    assert settled["rank"].tolist() == [1, 1]
    assert settled["reversal"].isna().all()
    assert margin["rank"].tolist() == [1, 2]
    assert margin["reversal"].tolist() == [0.0, 0.0]


def test_an_order_that_no_draw_can_show_is_not_called_steady() -> None:
    nest = NestedDesign(draws=4, each=64)
    full = {"a": bernoulli(0.01, 10_000, 3), "b": np.zeros(10_000)}
    groups = {name: np.zeros(nest.worlds) for name in full}
    found = ranking(table(full), table(groups), nest)
    settled = found[found["by"] == "settled"]
    assert settled["rank"].tolist() == [1, 2]
    assert settled["reversal"].isna().all()


def test_only_a_turn_between_ranked_rivals_counts() -> None:
    order = np.array([[False, True, False], [False, False, False], [False, False, False]])
    turns = np.zeros((2, 3, 3), dtype=bool)
    turns[0, 1, 0] = turns[1, 2, 0] = True  # b ahead of a; then c ahead of a, which are not ranked
    np.testing.assert_array_equal(reversal(order, turns), [0.5, 0.5, np.nan])


def test_missing_values_compare_with_nothing() -> None:
    values = np.vstack([np.full(20, np.nan), np.ones(20)])
    assert not ahead(values).any()


def test_worlds_of_a_group_share_a_draw_and_groups_cover_the_range(isles: Scenario) -> None:
    weight = isles.claimant.preferences.weights["territory"]
    draws = shared_draws(NestedDesign(draws=32, each=64))
    shared = draws(isles, Streams(7, 1024, 1024)).of(weight)
    groups = shared.reshape(16, 64)
    assert (groups == groups[:, :1]).all()
    first = draws(isles, Streams(7, 0, 1024)).of(weight)
    drawn = np.concatenate([first.reshape(16, 64)[:, 0], groups[:, 0]])
    slices = ((drawn - 0.5) / 1.5 * 32).astype(int)
    assert sorted(slices.tolist()) == list(range(32))


@pytest.mark.parametrize("enabled", [True, False])
def test_a_process_that_is_switched_off_is_at_zero_in_groups_too(enabled: bool) -> None:
    """As in worlds that draw by themselves: a ranking and its reversal are of one model."""
    hardens = {"holder.reservation.entrenchment.gain": uniform(1.0, 2.0)}
    case = pie({**hardens, "environment.entrenchment": {"enabled": enabled}})
    gain = case.holder.reservation.entrenchment.gain
    assert gain.is_uncertain
    for draws in (Draws, shared_draws(NestedDesign(draws=4, each=64))):
        assert draws(case, Streams(7, 0, 256)).of(gain).any() == enabled


def test_cubes_of_two_quantities_are_shuffled_apart() -> None:
    one, two = hypercube(1, "one", 256), hypercube(1, "two", 256)
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.2


@pytest.mark.parametrize("nest", [(0, 64), (4, 0), (4, 100)])
def test_groups_must_fit_into_blocks(nest: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="divide 1024"):
        NestedDesign(*nest)


def test_outcomes_carry_the_reversal_by_settlement(played: EnsembleResult) -> None:
    by_settled = played.ranking[played.ranking["by"] == "settled"]
    reversals: Any = by_settled["reversal"].to_numpy()
    np.testing.assert_array_equal(played.outcomes["reversal"].to_numpy(), reversals)
    assert not np.isnan(reversals).all()
    assert played.provenance["reversal_draws"] == 16


def test_small_runs_are_not_ranked_unasked(isles: Scenario) -> None:
    assert run(isles, worlds=20).ranking.empty
    assert run(isles, worlds=4096, deals=["strait"], workers=1).ranking.empty
