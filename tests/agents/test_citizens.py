"""Citizens: the same public as its segments, by heads; alone, mixed, and on a small world."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import ndtr

from sim.agents.public import neighbours_of
from sim.domain.outcome import OUTCOMES
from sim.domain.public import Network
from sim.model import TalksModel
from sim.quantities import Cells
from tests.agents.publics import ANY_PACKAGE, mixed, public_of, support_of
from tests.disputes import q

WORLDS = 256


def citizens(count: int, **changes: Any) -> dict[str, Any]:
    return {
        "claimant.public.citizens": count,
        **{f"claimant.public.{key}": value for key, value in changes.items()},
    }


def small_world(neighbours: int = 6, rewiring: float = 0.1) -> dict[str, Any]:
    return {"kind": "small_world", "neighbours": neighbours, "rewiring": q(rewiring, "share")}


def updating(kind: str, speed: float = 0.5, confidence: float = 0.5) -> dict[str, Any]:
    heeded = {"confidence": q(confidence)} if kind == "bounded_confidence" else {}
    return {"kind": kind, "speed": q(speed, "share a year"), **heeded}


def errors(count: int) -> np.ndarray:
    exact = support_of(public_of(mixed(), worlds=WORLDS))
    return np.asarray(support_of(public_of(mixed(citizens(count)), worlds=WORLDS)) - exact)


def test_the_error_is_that_of_sampling_and_falls_as_the_root_of_the_number() -> None:
    share = float(support_of(public_of(mixed(), worlds=1))[0])
    for count in (100, 400, 1600, 6400):
        expected = np.sqrt(share * (1 - share) / count)
        got = errors(count)
        # The error of a standard deviation from n worlds is 1 / sqrt(2 n), of a mean 1 / sqrt(n).
        assert np.sqrt(np.mean(got**2)) == pytest.approx(expected, rel=4 / np.sqrt(2 * WORLDS))
        assert abs(got.mean()) < 4 * expected / np.sqrt(WORLDS)


def test_thresholds_and_segments_are_drawn_as_described() -> None:
    public = public_of(mixed(citizens(4000)), worlds=16)
    crowd = public._crowd
    for place, (share, mean, sd) in enumerate(
        [(0.25, 0.2, 0.3), (0.45, 0.6, 0.2), (0.3, 0.1, 0.6)]
    ):
        here = crowd.segment == place
        own = crowd.threshold[here]
        assert here.mean() == pytest.approx(share, abs=4 * 0.5 / np.sqrt(64_000))
        assert own.mean() == pytest.approx(mean, abs=4 * sd / np.sqrt(len(own)))
        assert own.std() == pytest.approx(sd, rel=4 / np.sqrt(2 * len(own)))


def test_support_counts_heads() -> None:
    public = public_of(mixed(citizens(50)), worlds=8)
    value = public.answer(ANY_PACKAGE)
    crowd = public._crowd
    own = np.take_along_axis(value, crowd.segment, axis=1)
    expected = (crowd.threshold <= own).mean(axis=1)
    assert support_of(public) == pytest.approx(expected, abs=1e-12)


def test_a_citizen_is_the_same_whoever_else_is_computed() -> None:
    linked = citizens(60, network=small_world(), updating=updating("degroot"))
    whole = public_of(mixed(linked), worlds=12)
    part = public_of(mixed(linked), worlds=4, first=5)
    for public in (whole, part):
        for _ in range(3):
            public.move(np.zeros(len(public.backlash)), np.zeros(len(public.backlash)))
    assert np.array_equal(support_of(whole)[5:9], support_of(part))
    assert np.array_equal(whole._crowd.threshold[5:9], part._crowd.threshold)


@pytest.mark.parametrize("kind", ["degroot", "bounded_confidence"])
@pytest.mark.parametrize("network", [{"kind": "none"}, small_world()])
def test_talk_draws_thresholds_together(kind: str, network: dict[str, Any]) -> None:
    told = citizens(300, network=network, updating=updating(kind))
    public = public_of(mixed(told), worlds=6)
    before = public._crowd.threshold.copy()
    for _ in range(5):
        public.move(np.zeros(6), np.zeros(6))
    after = public._crowd.threshold
    assert np.all(after.std(axis=1) < before.std(axis=1))
    assert np.all(after.max(axis=1) <= before.max(axis=1) + 1e-12)
    assert np.all(after.min(axis=1) >= before.min(axis=1) - 1e-12)


def test_where_everybody_hears_everybody_the_distance_to_the_mean_falls_by_the_speed() -> None:
    public = public_of(mixed(citizens(200, updating=updating("degroot", 0.5))), worlds=5)
    before = public._crowd.threshold.copy()
    public.move(np.zeros(5), np.zeros(5))  # rounds of a year
    mean = before.mean(axis=1, keepdims=True)
    assert public._crowd.threshold == pytest.approx(mean + 0.5 * (before - mean), abs=1e-12)


def test_those_too_far_apart_stay_apart() -> None:
    far = citizens(200, updating=updating("bounded_confidence", 1.0, 0.05))
    near = citizens(200, updating=updating("bounded_confidence", 1.0, 50.0))
    left = []
    for told in (far, near):
        public = public_of(mixed(told), worlds=4)
        for _ in range(30):
            public.move(np.zeros(4), np.zeros(4))
        left.append(public._crowd.threshold.std(axis=1))
    assert np.all(left[0] > 0.2)
    assert left[1] == pytest.approx(0.0, abs=1e-9)


def test_a_small_world_has_the_links_of_its_ring() -> None:
    network = Network.model_validate(small_world(4, 0.2))
    table = neighbours_of(network, 100, 7, "one/citizens")
    assert table is not None
    assert (table >= 0).sum() == 100 * 4
    links = {(i, int(j)) for i, row in enumerate(table) for j in row if j >= 0}
    assert all((j, i) in links and i != j for i, j in links)
    again, other = (neighbours_of(network, 100, seed, "one/citizens") for seed in (7, 8))
    assert np.array_equal(table, again)
    assert not np.array_equal(table, other)
    ring = neighbours_of(Network.model_validate(small_world(4, 0.0)), 10, 7, "x")
    assert ring is not None
    assert sorted(ring[0].tolist()) == [1, 2, 8, 9]


def test_backlash_reaches_citizens_as_it_reaches_segments() -> None:
    growing = {
        "claimant.public.backlash.growth": 0.3,
        "claimant.public.backlash.half_life_years": 9,
    }
    plain = public_of(mixed(growing), worlds=WORLDS)
    heads = public_of(mixed({**growing, **citizens(2000)}), worlds=WORLDS)
    package = {**ANY_PACKAGE, "wording": "explicit"}
    opinions = []
    for public in (plain, heads):
        public.move(np.ones(WORLDS), np.zeros(WORLDS))
        item = public.opinions(public._described(package))
        opinions.append(public.support(item, Cells(np.arange(WORLDS)), np.full(WORLDS, 50.0))[:, 0])
    assert np.mean(opinions[1] - opinions[0]) == pytest.approx(
        0, abs=4 * 0.5 / np.sqrt(2000 * WORLDS)
    )
    values = plain.answer(package) - 0.3
    exact = (plain.shares * ndtr((values - plain.threshold) / plain.spread)).sum(axis=1)
    assert opinions[0] == pytest.approx(exact, abs=1e-12)


def test_talks_with_citizens_tend_to_those_with_segments() -> None:
    quota = {"kind": "leader", "label": "leader", "quota": q(0.5), "noise": q(0.1)}
    shape: dict[str, Any] = {
        "claimant.ratifiers": {"leader": quota},
        "claimant.leader.deadline_rounds": 6,
        "holder.leader.deadline_rounds": 6,
        "rounds": 10,
        "dispute.clauses.administration.grid.steps": 11,
    }
    shares = []
    for count in (None, 4000):
        scenario = mixed({**shape, "claimant.public.citizens": count})
        model = TalksModel(scenario, "divide", worlds=WORLDS)
        shares.append(np.bincount(model.run().columns["outcome"], minlength=len(OUTCOMES)) / WORLDS)
    assert shares[0] == pytest.approx(shares[1], abs=4 * 0.5 * np.sqrt(2 / WORLDS))
