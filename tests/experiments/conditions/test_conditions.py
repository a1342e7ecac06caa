"""What it would take: on pies whose distance, least coalitions and probabilities are known.

Tests `sim.experiments.conditions`.
"""

import math
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from sim.domain.scenario import Scenario
from sim.experiments.analysis.discovery import discover
from sim.experiments.conditions.closeness import ClosenessScores
from sim.experiments.conditions.coalitions import MinimalSetSearch, coalitions, minimal_hitting_sets
from sim.experiments.conditions.conditions import Effort, _mapped, conditions
from sim.experiments.conditions.distance import GRAIN, distance, rank_intervals
from sim.experiments.conditions.path import DeclaredPath
from sim.experiments.conditions.rare import _Climb, _play_together, rare
from sim.experiments.conditions.settlement_map import (
    MapAxis,
    SettlementMap,
    default_axes,
    map_axis,
    settlement_maps,
)
from sim.experiments.conditions.trials import EVENTS, PairedTrials
from sim.io.folders import FOUND_WORLDS
from sim.quantities import Bools, Ints
from sim.randomness import Streams
from tests.disputes import ONE, TWO, firmer, hungry, stance, uniform


def trials(scenario: Scenario, worlds: int = 512) -> PairedTrials:
    return PairedTrials(scenario, "divide", worlds, DeclaredPath(scenario))


def test_the_distance_of_a_number_that_must_fall() -> None:
    """x0 + t (0.3 - x0) <= 0.4 in a share 0.1 / (0.6 (1 - t)) of worlds: a half at t = 2/3."""
    found = distance(trials(hungry(firmer(0.3, 0.9), 0.6)))
    half = found.at("closed", 0.5)
    assert half.low <= 2 / 3 <= half.high + GRAIN
    assert half.size == pytest.approx(2 / 3, abs=0.06)
    assert found.at("closed", 0.1).size == 0.0  # a sixth settles as things are
    assert found.lapsed["closed"] == 0.0
    assert found.shares["closed"][4] == 1.0


def test_the_distance_of_a_stance_that_must_go() -> None:
    """Absolute with probability 0.9 (2 - t) beyond 1: half of the worlds at t = 2 - 0.5 / 0.9."""
    found = distance(trials(hungry(0.2, 0.2, no=stance(0.9, 1.0))))
    half = found.at("closed", 0.5)
    assert half.low <= 2 - 0.5 / 0.9 <= half.high + GRAIN
    np.testing.assert_array_equal(found.of_worlds["closed"], found.of_worlds["transferred"])


def test_what_never_comes_about_is_infinitely_far() -> None:
    found = distance(trials(hungry(firmer(0.7, 0.9), 0.6), 64))
    assert math.isnan(found.at("closed", 0.1).size)
    assert np.isinf(found.of_worlds["first_stage"]).all()


def test_ranks_are_uncertain_where_distances_overlap() -> None:
    near = np.linspace(0.0, 1.0, 256)
    found = rank_intervals([near + 0.001, near, near + 5.0], 0.1, seed=0)
    assert [rank for rank, _, _ in found] == [2, 1, 3]
    assert found[2] == (3, 3, 3)
    assert rank_intervals([near, near[::-1]], 0.5, seed=0)[0][1:] == (1, 2)


def test_the_least_coalition_of_two_stances() -> None:
    found = coalitions(trials(hungry(0.2, 0.2, a=stance(1, 1), b=stance(1, 1)), 64), "closed", 0.2)
    both = ("holder.preconditions.a", "holder.preconditions.b")
    assert [one.groups for one in found.found] == [both]
    assert found.found[0].share == 1.0
    assert found.necessary == both
    assert found.complete
    assert (found.now, found.most) == (0.0, 1.0)


def test_nothing_need_change_where_enough_settles() -> None:
    found = coalitions(trials(hungry(0.2, 0.2, a=stance(0.5, 0.5)), 64), "closed", 0.2)
    assert [one.groups for one in found.found] == [()]
    assert found.necessary == ()


def test_what_not_even_everything_reaches() -> None:
    found = coalitions(trials(hungry(0.7, 0.7, a=stance(1, 1)), 64), "closed", 0.2)
    assert (found.found, found.complete) == ((), True)


PLANTED = [
    [{"a", "b"}, {"c"}, {"b", "d", "e"}],
    [{"a"}, {"b"}, {"c", "d"}],
    [set(one) for one in combinations("abcdef", 3)],
]


@pytest.mark.parametrize("planted", PLANTED)
def test_the_search_finds_all_minimal_sets(planted: Sequence[set[str]]) -> None:
    def shares(sets: Sequence[frozenset[str]]) -> list[float]:
        return [float(any(one >= other for other in planted)) for one in sets]

    search = MinimalSetSearch("fedcba", shares, 0.5)
    found = search.all_minimal()
    assert {frozenset(one) for one in planted} == set(found)
    assert search.complete
    assert [len(one) for one in found] == sorted(len(one) for one in planted)


def test_sets_of_one_size_stand_in_the_order_of_what_they_hold() -> None:
    names = [f"{number} of many" for number in range(12)]

    def shares(sets: Sequence[frozenset[str]]) -> list[float]:
        pairs = [{names[place], names[-1 - place]} for place in range(6)]
        return [float(any(one >= pair for pair in pairs)) for one in sets]

    found = MinimalSetSearch(names, shares, 0.5).all_minimal()
    assert [min(map(names.index, one)) for one in found] == [*range(6)]


def test_a_search_without_effort_says_that_it_is_not_complete() -> None:
    def shares(sets: Sequence[frozenset[str]]) -> list[float]:
        return [float(len(one) >= 3) for one in sets]

    search = MinimalSetSearch("abcdef", shares, 0.5, effort=12)
    assert 0 < len(search.all_minimal()) < 20
    assert not search.complete


def test_hitting_sets_hit_and_are_minimal() -> None:
    sets = [frozenset("ab"), frozenset("cd"), frozenset("ac")]
    found = minimal_hitting_sets(sets)
    assert sorted("".join(sorted(one)) for one in found) == ["ac", "ad", "bc"]
    assert minimal_hitting_sets([]) == [frozenset()]


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.nightly)])
def test_a_probability_of_one_in_a_hundred_thousand(seed: int) -> None:
    """P(one <= 0.4) = 0.1, and each of four stances lapses with probability 0.1."""
    four = {name: stance(0.9, 0.9) for name in "abcd"}
    scenario = hungry(firmer(0.3, 1.3), 0.6, **four).model_copy(update={"seed": seed})
    found = rare(scenario, "divide", "closed", 512)
    best = found.best
    assert best.method == "subset"
    assert best.low < 1e-5 < best.high
    assert best.high / best.low < 60
    assert best.effective > 1
    moved = {one.key: one for one in found.portrait}
    assert moved["holder.preconditions.a"].found == 0.0
    assert moved[ONE].found < 0.4 < moved[ONE].declared


def test_climbs_side_by_side_are_what_each_is_alone() -> None:
    """A standard normal number is above 3 with probability 0.00135."""

    def played(streams: Streams) -> ClosenessScores:
        number = streams.normals("number")[:, 0]
        return ClosenessScores(number > 3.0, np.where(number > 3.0, np.inf, number))

    together, alone = ([_Climb(seed, 128) for seed in range(5)] for _ in range(2))
    _play_together(played, [climb.rise() for climb in together])
    for climb in alone:
        _play_together(played, [climb.rise()])
    assert [one.estimate() for one in together] == [one.estimate() for one in alone]
    assert len({one.plays for one in together}) > 1  # some need a level more
    assert 0.0005 < np.mean([one.probability for one in together]) < 0.003


def test_what_is_common_is_sampled_plainly() -> None:
    found = rare(hungry(firmer(0.3, 0.9), 0.6), "divide", "closed", 64)
    [plain] = found.estimates
    assert plain.method == "plain"
    assert plain.low < 1 / 6 < plain.high
    assert found.portrait[0].key == ONE


def test_what_cannot_be_is_bounded() -> None:
    found = rare(hungry(firmer(0.7, 0.9), 0.6), "divide", "closed", 256)
    assert found.best.probability == 0.0
    assert found.best.high < 1e-5
    assert found.portrait == ()


def test_importance_sampling_agrees_with_the_marginal() -> None:
    """Whatever the dependence, one is uniform: P(one <= 0.4) = 0.1 / 50."""
    tied = {"dependence": "strong", "resolve": {"loading": uniform(0, 1), "kappa": uniform(0, 0.5)}}
    scenario = hungry(firmer(0.3, 50.3), 0.6)
    scenario = Scenario.model_validate({**scenario.model_dump(by_alias=True), **tied})
    found = {one.method: one for one in rare(scenario, "divide", "closed", 512).estimates}
    assert set(found) == {"plain", "subset", "importance"}
    for one in found.values():
        assert one.low < 0.002 < one.high
    assert found["importance"].effective > 5 * found["plain"].effective


def test_a_map_shows_where_a_number_settles_it() -> None:
    scenario = hungry(firmer(0.3, 0.9), firmer(0.6, 0.62), a=stance(0.9, 1.0))
    axes = [map_axis(scenario, key) for key in (ONE, TWO, "*.firmness")]
    assert axes[2].ends == {"holder.preconditions.a.firmness": (1.0, 0.0)}
    shares = settlement_maps(trials(scenario, 64), axes)["closed"].shares
    np.testing.assert_array_equal(shares[0, 2, 0], [0, 0, 0, 0, 1])
    np.testing.assert_array_equal(shares[:, 0], 0)


def test_a_map_is_of_the_most_that_comes_about_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {"closed": 0.0, "transferred": 0.4, "first_stage": 0.9}
    shape = (3, 3, 5, 5)

    def played(
        trials: PairedTrials, axes: Sequence[MapAxis], events: Sequence[str]
    ) -> dict[str, SettlementMap]:
        return {
            event: SettlementMap(tuple(axes), event, np.full(shape, seen[event]), trials.worlds)
            for event in events
        }

    monkeypatch.setattr("sim.experiments.conditions.conditions.settlement_maps", played)
    some = trials(hungry(firmer(0.3, 0.9), 0.6), 8)
    found = _mapped(some, EVENTS[::-1], [])
    assert found is not None
    assert found.event == "transferred"
    assert _mapped(some, ["closed"], []) is None
    seen.update(transferred=0.0, first_stage=0.0)
    assert _mapped(some, EVENTS[::-1], []) is None


def test_one_play_of_a_map_says_of_each_event_what_its_own_would_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All closes where it is firm alone, land moves half way on: each is pruned by itself."""
    scenario = hungry(firmer(0.3, 0.9), firmer(0.6, 0.62), a=stance(0.9, 1.0))
    axes = [map_axis(scenario, key) for key in (ONE, TWO, "*.firmness")]

    def played(
        self: PairedTrials, _: object, also: Sequence[dict[str, float]], among: Sequence[Ints]
    ) -> list[dict[str, Bools]]:
        found = []
        for values, rows in zip(also, among, strict=True):
            here = np.isin(np.arange(self.worlds), rows)
            firm = {"closed": values[ONE] > 0.8, "transferred": values[ONE] < 0.6}
            found.append({event: here & firm.get(event, True) for event in EVENTS})
        return found

    monkeypatch.setattr(PairedTrials, "play", played)
    together = settlement_maps(trials(scenario, 4), axes)
    for event in EVENTS:
        alone = settlement_maps(trials(scenario, 4), axes, [event])[event]
        np.testing.assert_array_equal(together[event].shares, alone.shares)
    assert together["first_stage"].shares.all()
    assert not together["closed"].shares.any()
    assert 0 < together["transferred"].shares.mean() < 1


def test_it_answers_for_the_event_that_is_asked_for() -> None:
    scenario = hungry(firmer(0.3, 0.9), 0.6, a=stance(0.9, 1.0))
    effort = Effort(distance=32, coalitions=32, rare=0, map_=0)
    first = conditions(scenario, event="first_stage", effort=effort, workers=1)
    one = first.structures["divide"]
    assert (first.event, one.goal, first.ranked_by) == ("first_stage", *["first_stage"] * 2)
    assert one.coalitions is not None
    assert one.coalitions.event == "first_stage"


def test_all_together() -> None:
    scenario = hungry(firmer(0.3, 0.9), 0.6, a=stance(0.9, 1.0))
    effort = Effort(distance=128, coalitions=64, rare=128, map_=0)
    found = conditions(scenario, effort=effort, workers=1)
    one = found.structures["divide"]
    assert one.goal == "closed"
    assert one.map_ is None
    assert found.ordered() == ["divide"]
    assert set(found.distances()["rank"]) == {1}
    assert default_axes(scenario) == ("holder.preconditions.*.firmness",)


@pytest.mark.nightly
def test_worlds_that_were_found_are_read_by_their_weights(tmp_path: Path) -> None:
    """One must be below 0.4 of 0.3 to 1.3, and a stance lapse: 0.1 ** 2."""
    pytest.importorskip("sklearn", reason="needs the extra sweep")
    scenario = hungry(firmer(0.3, 1.3), 0.6, a=stance(0.9, 0.9))
    effort = Effort(distance=64, coalitions=0, rare=128, map_=0)
    found = conditions(scenario, effort=effort, workers=1)
    worlds = found.worlds()
    assert worlds["weight"].sum() == pytest.approx(1.0)
    worlds.to_parquet(tmp_path / FOUND_WORLDS, index=False)
    told = discover(tmp_path)["divide"]
    sought = found.structures["divide"].rare
    assert sought is not None
    assert told.share == pytest.approx(sought.best.probability)
    often = [rule for rule in told.tree if rule.lift_low > 1]
    assert often
    assert {limit.key for rule in often for limit in rule.limits} <= {
        ONE,
        "holder.preconditions.a",
    }


def test_faults_are_named() -> None:
    scenario = hungry(0.2, 0.2)
    with pytest.raises(ValueError, match="to must lie"):
        conditions(scenario, 0.0)
    with pytest.raises(ValueError, match="one of first_stage, transferred, closed, got 'peace'"):
        conditions(scenario, event="peace")
    with pytest.raises(ValueError, match="three axes"):
        conditions(scenario, axes=[ONE])
    with pytest.raises(ValueError, match="no number with a range"):
        conditions(scenario, axes=[ONE, ONE, "nothing.*"])
