"""Resolve: marginals as they were, correlations as declared, nothing changed where it is off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest, spearmanr

from sim.agents.preconditions import Preconditions
from sim.domain.checks import faults_of
from sim.domain.draws import Draws
from sim.domain.interest import ROLES, Role
from sim.domain.quantity import Quantity
from sim.domain.resolve import correlated_pair, one_factor
from sim.domain.scenario import Scenario, quantities_of
from sim.errors import ScenarioError
from sim.experiments.nested import NestedDesign, shared_draws
from sim.io.config import load_scenario
from sim.io.kinds import check_file
from sim.model.plan import plan_for
from sim.paths import configs_dir
from sim.quantities import Floats
from sim.randomness import Streams
from tests.disputes import pie, q, shipped_scenarios, uniform
from tests.laws.play import mirrored, play, same

WORLDS = 4096
STREAMS = Streams(3, 0, WORLDS)
GOVERNMENT = ("preferences.weights.title", "leader.audience_cost", "leader.discount_factor")
KEYS = (
    *GOVERNMENT,
    "public.backlash.growth",
    "ratifiers.region.quota",
    "preconditions.two_at_most.firmness",
)
NO_SIGN = "leader.approval.mean"


@given(loading=st.floats(-1, 1))
def test_numbers_that_go_together_stay_uniform(loading: float) -> None:
    own, common = STREAMS.uniforms("own")[:, 0], STREAMS.normals("common")[:, 0]
    mixed = one_factor(own, common, np.full(WORLDS, loading))
    assert kstest(mixed, "uniform").pvalue > 1e-3


def test_a_loading_of_zero_keeps_every_bit() -> None:
    own, common = STREAMS.uniforms("own")[:, 0], STREAMS.normals("common")[:, 0]
    loading = np.where(np.arange(WORLDS) % 2, 0.0, 0.5)
    mixed = one_factor(own, common, loading)
    np.testing.assert_array_equal(mixed[1::2], own[1::2])
    assert (mixed[::2] != own[::2]).all()


@pytest.mark.parametrize("kappa", [-1.0, -0.6, -0.3, 0.0, 0.3, 0.6, 1.0])
def test_a_pair_is_normal_and_correlated_as_said_in_either_direction(kappa: float) -> None:
    one, two = (STREAMS.normals(name)[:, 0] for name in ("one", "two"))
    every = np.full(WORLDS, kappa)
    pair = correlated_pair(one, two, every), correlated_pair(two, one, every)
    for each in pair:
        assert kstest(each, "norm").pvalue > 1e-3
    assert np.corrcoef(*pair)[0, 1] == pytest.approx(kappa, abs=0.04)


@given(kappa=st.floats(-1, 1))
def test_the_weights_of_a_pair_are_a_square_root_of_its_correlations(kappa: float) -> None:
    units = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    root = np.array(
        [
            correlated_pair(*units, np.full(2, kappa)),
            correlated_pair(*reversed(units), np.full(2, kappa)),
        ]
    )
    np.testing.assert_allclose(root @ root.T, [[1.0, kappa], [kappa, 1.0]], atol=1e-12)


def flagship(dependence: str, **numbers: float) -> Scenario:
    changes = [f"resolve.{name}={value}" for name, value in numbers.items()]
    return load_scenario("singapore_2018", [f"dependence={dependence}", *changes])


def number(scenario: Scenario, role: Role, key: str) -> Quantity:
    return dict(quantities_of(scenario.side(role)))[key]


def drawn(scenario: Scenario, key: str, role: Role = Role.HOLDER) -> Floats:
    return Draws(scenario, STREAMS).of(number(scenario, role, key))


@pytest.mark.parametrize("dependence", ["declared", "strong"])
@pytest.mark.parametrize("key", KEYS)
def test_every_marginal_stays_what_it_was(dependence: str, key: str) -> None:
    together = flagship(dependence)
    quantity = number(together, Role.HOLDER, key)
    fine = quantity.quantile((np.arange(100_000) + 0.5) / 100_000)
    values = drawn(together, key)
    assert kstest(values, np.sort(fine)).pvalue > 1e-3
    assert (values != drawn(flagship("independent"), key)).any()


@pytest.mark.parametrize("loading", [0.3, 0.9])
def test_two_numbers_of_a_side_go_together_as_loaded_with_their_signs(loading: float) -> None:
    scenario = flagship("declared", loading=loading)
    rank = 6 / np.pi * np.arcsin(loading**2 / 2)
    firm = drawn(scenario, "leader.audience_cost")
    for key, sign in (
        ("public.backlash.growth", 1),
        ("preferences.weights.title", 1),
        ("preferences.weights.peace", -1),
        (NO_SIGN, 0),
    ):
        found = spearmanr(firm, drawn(scenario, key)).statistic
        assert found == pytest.approx(sign * rank, abs=0.05), key


@pytest.mark.parametrize("kappa", [-0.8, 0.0, 0.8])
def test_numbers_of_two_sides_go_together_as_their_resolve_does(kappa: float) -> None:
    scenario = flagship("declared", loading=0.9, kappa=kappa)
    title = "preferences.weights.title"
    found = spearmanr(*(drawn(scenario, title, role) for role in ROLES)).statistic
    assert found == pytest.approx(6 / np.pi * np.arcsin(0.81 * kappa / 2), abs=0.05)


def test_a_group_may_have_a_loading_of_its_own() -> None:
    loose = "{value: 0, unit: correlation, assumption: test}"
    scenario = load_scenario(
        "singapore_2018",
        ["dependence=declared", "resolve.loading=0.9", f"resolve.loadings={{public: {loose}}}"],
    )
    plain = flagship("independent")
    alone = "public.backlash.growth"
    np.testing.assert_array_equal(drawn(scenario, alone), drawn(plain, alone))
    assert (drawn(scenario, GOVERNMENT[0]) != drawn(plain, GOVERNMENT[0])).any()


def test_one_draw_of_the_loading_serves_all_groups() -> None:
    scenario = flagship("declared")
    assert scenario.resolve is not None
    loading = Draws(scenario, STREAMS).of(scenario.resolve.loading)
    one, two = (drawn(scenario, key) for key in ("leader.audience_cost", "public.backlash.growth"))
    tight, loose = loading > 0.8, loading < 0.1
    assert spearmanr(one[tight], two[tight]).statistic > 0.6
    assert abs(spearmanr(one[loose], two[loose]).statistic) < 0.15


def test_a_loading_of_zero_gives_todays_bits() -> None:
    plain, zero = flagship("independent"), flagship("declared", loading=0)
    here, there = Draws(plain, STREAMS), Draws(zero, STREAMS)
    for role in ROLES:
        for key, quantity in quantities_of(plain.side(role)):
            other = there.of(number(zero, role, key))
            np.testing.assert_array_equal(here.of(quantity), other, err_msg=key)
        side = plain.side(role)
        lucks = (here.luck(side, "x/absolute", -1.0), there.luck(zero.side(role), "x/absolute", -1))
        np.testing.assert_array_equal(*lucks)


def firm_stances(scenario: Scenario) -> Floats:
    """Return how many of the holder's preconditions are absolute in each world."""
    deal = scenario.deals["two_islands_final"]
    table = plan_for(scenario, deal).nodes[0].table
    stances = Preconditions(scenario.holder, table, Draws(scenario, STREAMS))
    return np.sum([firm.any(axis=1) for firm in stances._firm.values()], axis=0, dtype=float)


def test_more_resolve_makes_more_preconditions_absolute_and_as_many_on_average() -> None:
    apart, together = (firm_stances(flagship(name)) for name in ("independent", "strong"))
    assert np.var(together) > 1.5 * np.var(apart)
    assert abs(together.mean() - apart.mean()) < 0.25
    scenario = flagship("strong")
    z = Draws(scenario, STREAMS)._resolve(scenario.holder)
    assert spearmanr(z, together).statistic > 0.7


def coincidences(scenario: Scenario) -> float:
    """Return in which share of worlds all signed weights of a government lie on the soft side."""
    draws, soft = Draws(scenario, STREAMS), np.ones(WORLDS, dtype=bool)
    for quantity in scenario.holder.preferences.weights.values():
        if quantity.is_uncertain and quantity.resolve in ("firmer", "softer"):
            values, sign = draws.of(quantity), 1 if quantity.resolve == "firmer" else -1
            soft &= sign * values < sign * np.median(values)
    return float(soft.mean())


def test_favourable_coincidences_become_more_frequent_with_dependence() -> None:
    rare, some, often = (coincidences(flagship(n)) for n in ("independent", "declared", "strong"))
    assert rare < 0.002
    assert rare + 0.01 < some < often - 0.05


def test_what_is_shared_by_groups_of_worlds_is_shared_with_resolve_too() -> None:
    scenario = flagship("strong")
    draws = shared_draws(NestedDesign(16, 64))(scenario, Streams(7, 0, 1024))
    title, cost = (
        draws.of(number(scenario, Role.HOLDER, key)).reshape(16, 64)
        for key in ("preferences.weights.title", "leader.audience_cost")
    )
    assert (title == title[:, :1]).all()
    assert spearmanr(title[:, 0], cost[:, 0]).statistic > 0.5


def test_a_pinned_loading_reaches_every_number() -> None:
    scenario = flagship("declared")
    pins = {"resolve.loading": np.zeros(WORLDS)}
    pinned = Draws(scenario, STREAMS, pins=pins)
    plain = drawn(flagship("independent"), GOVERNMENT[0])
    np.testing.assert_array_equal(pinned.of(number(scenario, Role.HOLDER, GOVERNMENT[0])), plain)


SIDED: dict[str, Any] = {
    f"{side}.{key}": {**uniform(low, high), "resolve": sign}
    for side in ("claimant", "holder")
    for key, low, high, sign in (
        ("reservation.dialogue", 0.0, 0.4, "firmer"),
        ("preferences.weights.territory", 0.5, 1.5, "softer"),
        ("public.segments.all.threshold", -1.0, 0.4, "firmer"),
        ("leader.discount_factor", 0.5, 0.95, "firmer"),
    )
}
RESOLVE = {"loading": uniform(0.0, 0.9), "kappa": uniform(-0.3, 0.6)}
STANCE = {
    "label": "not all of it",
    "blocks": [{"holder_area": {"at_least": 0.6}}],
    "firmness": {**uniform(0, 1), "resolve": "firmer"},
    "penalty": q(0.1),
}


def tied_pie(dependence: str = "declared") -> Scenario:
    stances = {"claimant.preconditions.most": STANCE}
    grid = {"dispute.clauses.administration.grid.steps": 17}  # sixteenths are exact from either end
    return pie({**SIDED, **stances, **grid, "dependence": dependence, "resolve": RESOLVE})


def test_swapping_labels_mirrors_worlds_that_hang_together() -> None:
    scenario = tied_pie()
    here, there = play(scenario, 64), play(mirrored(scenario), 64)
    same(here, there, ("outcome", "round_signed", "round_end", "zopa_margin", "package"))
    for one, two in (("claimant", "holder"), ("holder", "claimant")):
        np.testing.assert_array_equal(here[f"value_{one}"], there[f"value_{two}"])
    apart = play(tied_pie("independent"), 64)
    assert (here["zopa_margin"] != apart["zopa_margin"]).any()


def test_first_worlds_are_those_of_a_longer_run() -> None:
    whole, part = play(tied_pie(), 40), play(tied_pie(), 10, first=7)
    same({name: column[7:17] for name, column in whole.items()}, part)


def uncertain_numbers() -> Iterator[tuple[str, Quantity]]:
    for name, scenario in shipped_scenarios().items():
        for role in ROLES:
            for key, quantity in quantities_of(scenario.side(role)):
                if quantity.is_uncertain:
                    yield f"{name}: {role.value}.{key}", quantity


@pytest.mark.xdist_group("shipped")
def test_every_uncertain_number_of_every_shipped_side_says_how_it_goes_with_resolve() -> None:
    found = list(uncertain_numbers())
    assert len(found) > 1000
    assert [key for key, quantity in found if quantity.resolve is None] == []


def test_files_that_no_scenario_uses_say_it_too() -> None:
    """Strategies and the template, which no shipped scenario builds on."""
    folders = [configs_dir() / "strategy", configs_dir() / "template" / "my_dispute" / "side"]
    silent = [
        f"{path.name}: {text.strip()}"
        for folder in folders
        for path in sorted(folder.glob("*.yaml"))
        for text in path.read_text(encoding="utf-8").splitlines()
        if "distribution:" in text and "resolve:" not in text
    ]
    assert silent == []


def test_dependence_needs_numbers_of_resolve() -> None:
    (fault,) = faults_of(pie({**SIDED, "dependence": "declared"}))
    assert fault.key == "resolve"


def test_a_sign_is_for_numbers_of_sides() -> None:
    signed = {**uniform(0.0, 1.0), "resolve": "firmer"}
    (fault,) = faults_of(pie({"environment.processes.sanctions.lifted_year": signed}))
    assert fault.key == "environment.processes.sanctions.lifted_year.resolve"


def test_an_unknown_sign_is_refused(tmp_path: Any) -> None:
    path = tmp_path / "side" / "x.yaml"
    path.parent.mkdir()
    path.write_text(
        "commitment:\n  reputation:\n    {distribution: uniform, low: 0, high: 1, unit: points, "
        'resolve: stubborn, assumption: "test"}\n'
    )
    with pytest.raises(ScenarioError, match="resolve"):
        check_file(path)


def test_idle_numbers_of_resolve_are_no_uncertainty() -> None:
    keys = {name: dict(flagship(name).quantities()) for name in ("independent", "declared")}
    assert "resolve.loading" not in keys["independent"]
    assert {"resolve.loading", "resolve.kappa"} <= set(keys["declared"])
