"""Processes of the environment against history, against their equations, and switched off.

Seeds are fixed; bounds are four Monte-Carlo standard errors, stated where they are used.

Tests `sim.domain.environment`, `sim.model.environment` and `sim.model.ratification`.
"""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np
import pytest

from sim.agents.valuation import WeightMultipliers, Weights
from sim.domain.draws import Draws
from sim.domain.interest import Role
from sim.domain.scenario import Scenario
from sim.equations.processes import round_persistence
from sim.io.config import load_scenario
from sim.model import TalksModel
from sim.model.environment import EnvironmentState, _spell_rounds
from sim.model.ratification import draw_lags
from sim.quantities import Floats
from sim.randomness import Streams
from tests.disputes import pie, q

WORLDS = 1024
MONTH, QUARTER = 1 / 12, 0.25
SHARED = ("sanctions", "oil", "pressure", "crises")
"""Processes that the tests' scenarios declare; the engine knows none of them by name."""


def around(scenario: Scenario, worlds: int = WORLDS, first: int = 0) -> EnvironmentState:
    draws = Draws(scenario, Streams(scenario.seed, first, worlds))
    return EnvironmentState(mesa.Model(rng=1), scenario, draws)


def on(**switches: bool) -> dict[str, Any]:
    return {f"environment.{_path(name)}.enabled": value for name, value in switches.items()}


def _path(name: str) -> str:
    return f"processes.{name}" if name in SHARED else name


# -- approval ----------------------------------------------------------------------------------

LEVADA = {"mean": 75.0, "sd": 6.2, "persistence_month": 0.84}  # Russia 2000-12
NHK = {"mean": 35.0, "sd": 15.0, "persistence_month": 0.84}  # Japan 2009-12; rho as in Russia


def approvals(process: dict[str, float], round_years: float, rounds: int) -> Floats:
    changes = {f"claimant.leader.approval.{name}": value for name, value in process.items()}
    changes["claimant.leader.approval.start"] = process["mean"]
    scene = around(pie({**changes, **on(approval=True), "protocol.round_years": round_years}))
    path = []
    for round_ in range(1, rounds + 1):
        scene.move(round_)
        path.append(scene.offices[Role.CLAIMANT].approval)
    return np.array(path)


def test_the_three_figures_for_russia_agree_with_each_other() -> None:
    # In a stationary AR(1) the change has standard deviation sd sqrt(2 (1 - rho)).
    assert 6.2 * np.sqrt(2 * (1 - 0.84)) == pytest.approx(3.5, abs=0.05)


@pytest.mark.parametrize(("process", "clipped"), [(LEVADA, 0.0), (NHK, 0.02)])
def test_approval_has_the_stationary_mean_and_spread(
    process: dict[str, float], clipped: float
) -> None:
    late = approvals(process, MONTH, 40)[
        -1
    ]  # 40 months: what is left of the start is .84^40 < .1 %
    error = process["sd"] / np.sqrt(WORLDS)
    assert late.mean() == pytest.approx(process["mean"], abs=4 * error + clipped * process["sd"])
    assert late.std() == pytest.approx(process["sd"], rel=4 / np.sqrt(2 * WORLDS) + clipped)


def test_monthly_changes_and_memory_are_levadas() -> None:
    path = approvals(LEVADA, MONTH, 40)[20:]
    change = np.diff(path, axis=0)
    # Some 20 x 1,024 changes, of which neighbours in time are not independent: count the worlds.
    assert change.std() == pytest.approx(3.5, rel=4 / np.sqrt(2 * WORLDS))
    memory = np.corrcoef(path[-2], path[-1])[0, 1]
    assert memory == pytest.approx(0.84, abs=4 * (1 - 0.84**2) / np.sqrt(WORLDS))


def test_a_quarter_remembers_the_third_power_of_a_month() -> None:
    path = approvals(LEVADA, QUARTER, 14)
    memory = np.corrcoef(path[-2], path[-1])[0, 1]
    cubed = 0.84**3
    assert memory == pytest.approx(cubed, abs=4 * (1 - cubed**2) / np.sqrt(WORLDS))
    assert path[-1].std() == pytest.approx(6.2, rel=4 / np.sqrt(2 * WORLDS))
    assert float(round_persistence(np.array(0.84), QUARTER)) == pytest.approx(cubed)


# -- leaders -----------------------------------------------------------------------------------


def rounds_in_office(changes: dict[str, Any], rounds: int) -> Floats:
    scene = around(pie({**changes, **on(turnover=True), "protocol.round_years": QUARTER}))
    stayed = np.zeros(WORLDS)
    for round_ in range(1, rounds + 1):
        scene.move(round_)
        stayed += scene.offices[Role.CLAIMANT].sits
    return stayed


@pytest.mark.parametrize(("median", "rounds"), [(1.55, 60), (6.4, 200)])
def test_half_of_the_leaders_last_the_median_spell(median: float, rounds: int) -> None:
    spells = rounds_in_office({"claimant.leader.turnover.hazard_year": np.log(2) / median}, rounds)
    # Of worlds, half outlast the median: the error of a share is .5 / sqrt(n); a quarter's grid.
    outlasted = np.mean((spells + 0.5) * QUARTER > median)
    step = np.log(2) / median * QUARTER / 2
    assert outlasted == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(WORLDS) + step)


@pytest.mark.parametrize(("side", "median"), [("claimant", 1.55), ("holder", 6.4)])
def test_shipped_sides_reach_the_hazard_of_history_at_their_upper_end(
    side: str, median: float
) -> None:
    hazard = load_scenario("singapore_2018").side(Role(side)).leader.turnover.hazard_year
    assert hazard.bounds[1] == pytest.approx(np.log(2) / median, abs=0.005)


def test_unpopular_leaders_fall_sooner() -> None:
    shaky = {
        "claimant.leader.turnover.hazard_year": 0.4,
        "claimant.leader.turnover.approval_sensitivity": 1.0,
        "claimant.leader.approval.sd": 10,
    }
    low, usual, high = (
        rounds_in_office({**shaky, "claimant.leader.approval.start": start}, 8).mean()
        for start in (40, 50, 60)
    )
    assert low < usual < high
    # At one standard deviation below the mean the hazard is e times as high: 8 quarters' survival.
    exact = sum(np.exp(-0.4 * np.e * QUARTER * k) for k in range(1, 9))
    assert low == pytest.approx(exact, abs=4 * 4 / np.sqrt(WORLDS))


def test_a_term_ends_by_law() -> None:
    stayed = rounds_in_office({"claimant.leader.turnover.term_ends_round": 5}, 10)
    assert np.all(stayed == 4)


def test_a_successor_brings_an_approval_of_their_own() -> None:
    changes = {
        "claimant.leader.turnover.term_ends_round": 1,
        "claimant.leader.successor.approval": 61,
    }
    scene = around(pie({**changes, **on(turnover=True)}))
    scene.move(1)
    assert np.all(scene.offices[Role.CLAIMANT].approval == 61)
    assert np.all(scene.offices[Role.HOLDER].approval == 50)


# -- treaties ----------------------------------------------------------------------------------


def test_treaties_enter_into_force_after_the_lags_of_history() -> None:
    scenario = load_scenario("singapore_2018")
    draws = Draws(scenario, Streams(5, 0, WORLDS))
    drawn = draw_lags(scenario, draws, 2)
    lags, mean = drawn.voted, drawn.mean_voted
    share = [np.mean(lags == rounds) for rounds in (1, 4, 8, 12)]  # "the same year" is one round
    for got, expected in zip(share, (0.26, 0.49, 0.13, 0.12), strict=True):
        error = np.sqrt(expected * (1 - expected) / lags.size)
        assert got == pytest.approx(expected, abs=4 * error)
    assert mean == pytest.approx(0.49 + 2 * 0.13 + 3 * 0.12)
    assert abs(np.corrcoef(lags.T)[0, 1]) < 4 / np.sqrt(WORLDS)


def test_what_nobody_votes_on_takes_effect_no_later_than_what_is_voted_on() -> None:
    scenario = load_scenario("singapore_2018")
    drawn = draw_lags(scenario, Draws(scenario, Streams(5, 0, WORLDS)), 2)
    assert np.all(drawn.unvoted <= drawn.voted)
    half_a_year = np.mean(drawn.unvoted == 2)  # the rest within a quarter, which is one round
    assert half_a_year == pytest.approx(0.15, abs=4 * np.sqrt(0.15 * 0.85 / drawn.unvoted.size))
    assert drawn.mean_unvoted == pytest.approx(0.25 * 0.25 + 0.15 * 0.5)
    some, voted = np.array([3, 4]), np.array([True, False])
    expected = [drawn.voted[3, 1], drawn.unvoted[4, 1]]
    assert drawn.of(some, 1, voted).tolist() == expected
    assert drawn.years(voted).tolist() == [drawn.mean_voted, drawn.mean_unvoted]


def test_without_a_lag_of_their_own_all_texts_take_as_long() -> None:
    drawn = draw_lags(pie(), Draws(pie(), Streams(5, 0, WORLDS)), 1)
    assert np.array_equal(drawn.unvoted, drawn.voted)
    assert drawn.mean_unvoted == drawn.mean_voted


# -- sanctions, oil, pressure ------------------------------------------------------------------


def test_sanctions_come_and_go_at_their_hazards() -> None:
    changes = {
        "environment.processes.sanctions.lifted_year": 0.6,
        "environment.processes.sanctions.imposed_year": 0.2,
    }
    scene = around(pie({**changes, **on(sanctions=True)}))
    assert not scene.processes["sanctions"].level.any()
    scene.move(1)
    imposed, lifted = -np.expm1(-0.2), -np.expm1(-0.6)
    error = np.sqrt(imposed * (1 - imposed) / WORLDS)
    assert scene.processes["sanctions"].level.mean() == pytest.approx(imposed, abs=4 * error)
    for round_ in range(2, 40):
        scene.move(round_)
    share = imposed / (imposed + lifted)
    error = np.sqrt(share * (1 - share) / WORLDS)
    assert scene.processes["sanctions"].level.mean() == pytest.approx(share, abs=4 * error)


def test_sanctions_move_the_weight_of_the_economy() -> None:
    changes = {
        **on(sanctions=True),
        "environment.processes.sanctions.in_force": True,
        "claimant.preferences.sensitivities.sanctions": -0.3,
    }
    scene = around(pie(changes))
    assert scene.weight_factors(Role.CLAIMANT)["economy"] == pytest.approx(np.exp(-0.3))
    assert scene.weight_factors(Role.HOLDER)["economy"] == pytest.approx(1.0)


def oil(changes: dict[str, Any] | None = None) -> EnvironmentState:
    process = {"sd": 0.35, "persistence_month": 0.96}
    given = {f"environment.processes.oil.{name}": value for name, value in process.items()}
    scene = around(pie({**given, **on(oil=True), **(changes or {})}))
    for round_ in range(1, 25):
        scene.move(round_)
    return scene


def test_oil_spreads_and_reverts_as_declared() -> None:
    assert oil().processes["oil"].level.std() == pytest.approx(0.35, rel=4 / np.sqrt(2 * WORLDS))
    assert oil({"environment.processes.oil.mean": 0.5}).processes[
        "oil"
    ].level.mean() == pytest.approx(0.5, abs=4 * 0.35 / np.sqrt(WORLDS))


def test_imports_move_with_oil_at_the_slope_of_history() -> None:
    scene = oil({"claimant.preferences.sensitivities.oil": 0.69})
    slope = np.polyfit(
        scene.processes["oil"].level, np.log(scene.weight_factors(Role.CLAIMANT)["economy"]), 1
    )[0]
    assert slope == pytest.approx(0.69)
    shipped = load_scenario("singapore_2018").claimant.preferences.sensitivities["oil"]
    assert shipped.bounds[1] == pytest.approx(0.69)
    assert "oil_import_slope" in shipped.source


def test_pressure_moves_the_weight_of_the_alliance_and_never_turns_it() -> None:
    changes = {
        "environment.processes.pressure.start": 0.5,
        "environment.processes.pressure.mean": 0.5,
        "environment.processes.pressure.sd": 1.0,
        "environment.processes.pressure.persistence_month": 0.9,
    }
    scene = around(pie({**changes, **on(pressure=True)}))
    assert scene.weight_factors(Role.HOLDER)["alliance"] == pytest.approx(1.5)
    for round_ in range(1, 12):
        scene.move(round_)
    assert scene.processes["pressure"].level.mean() == pytest.approx(0.5, abs=4 / np.sqrt(WORLDS))
    assert scene.processes["pressure"].level.std() == pytest.approx(
        1.0, rel=4 / np.sqrt(2 * WORLDS)
    )
    assert scene.weight_factors(Role.HOLDER)["alliance"].min() == 0.0


# -- crises and dated events -------------------------------------------------------------------


def test_crises_suspend_as_many_meetings_as_they_last() -> None:
    hazard, years = 0.1, 1.3
    changes = {
        "environment.processes.crises.hazard_year": hazard,
        "environment.processes.crises.years": years,
    }
    scene = around(pie({**changes, **on(crises=True), "protocol.round_years": QUARTER}))
    suspended = np.zeros(WORLDS)
    rounds = 160
    for round_ in range(1, rounds + 1):
        scene.move(round_)
        if round_ > rounds - 100:
            suspended += ~scene.talking(round_)
    # Crises begin at rate h and last D on average: some go on with 1 - exp(-h D) (M/G/infinity).
    expected = -np.expm1(-hazard * years)
    error = suspended.std() / 100 / np.sqrt(WORLDS)
    assert suspended.mean() / 100 == pytest.approx(expected, abs=4 * error + 0.003)


def event(**facts: Any) -> dict[str, Any]:
    return {"label": "something", "round": 3, "assumption": "test", **facts}


def test_dated_events_happen_in_their_round_and_only_where_enabled() -> None:
    facts = {
        "claimant_approval": q(-7, "points"),
        "holder_approval": q(4, "points"),
        "steps": {"pressure": q(1, "units"), "sanctions": "imposed"},
        "suspend_rounds": 2,
    }
    switches = on(approval=True, pressure=True, sanctions=True)
    switches |= {"environment.processes.pressure.persistence_month": 1}
    for enabled in (True, False):
        happening = {"environment.events": {"it": event(**facts, enabled=enabled)}}
        scene = around(pie({**switches, **happening}), worlds=8)
        for round_ in range(6):
            scene.move(round_)
            then = enabled and round_ >= 3
            assert np.all(scene.processes["pressure"].level == (1 if then else 0))
            assert np.all(scene.processes["sanctions"].level == then)
            assert np.all(scene.talking(round_) == (not (enabled and round_ in (3, 4))))
        # With a standard deviation and memory of zero, approval is back at its mean a round later.
        assert np.all(scene.offices[Role.CLAIMANT].approval == 50)


def test_an_event_moves_approval() -> None:
    facts = {"claimant_approval": q(-7, "points"), "holder_approval": q(4, "points")}
    scene = around(pie({"environment.events": {"it": event(**facts)}, **on(approval=True)}), 4)
    scene.move(3)
    assert np.all(scene.offices[Role.CLAIMANT].approval == 43)
    assert np.all(scene.offices[Role.HOLDER].approval == 54)


# -- processes of any name ---------------------------------------------------------------------

FISH = {
    "kind": "ar1",
    "start": q(0.2, "log price"),
    "mean": q(0.2, "log price"),
    "sd": q(0.3, "log price"),
    "persistence_month": q(0.9, "coefficient"),
}
BAN = {
    "kind": "jump",
    "in_force": True,
    "imposed_year": q(0, "per year"),
    "lifted_year": q(0, "per year"),
}
STORM = {"kind": "spell", "hazard_year": q(2, "spells a year"), "years": q(1.5, "years")}
CUSTOM = {"dispute.interests": {"catch": "what fishers bring home", "pride": "pride in the fleet"}}


def sea(changes: dict[str, Any] | None = None, **processes: dict[str, Any]) -> EnvironmentState:
    given = {f"environment.processes.{name}": facts for name, facts in processes.items()}
    return around(pie({**CUSTOM, **given, **(changes or {})}))


def test_factors_of_several_processes_multiply_and_each_side_minds_in_its_own_way() -> None:
    by = {"catch": {"rule": "exponential"}, "pride": {"rule": "one_minus", "sides": ["holder"]}}
    also = {
        "catch": {"rule": "exponential", "sensitivity": "closure"},
        "pride": {"rule": "one_plus"},
    }
    minds = {
        "claimant.preferences.sensitivities.fish": q(2, "log change"),
        "claimant.preferences.sensitivities.closure": q(-0.5, "log change"),
    }
    scene = sea(minds, fish={**FISH, "multiplies": by}, ban={**BAN, "multiplies": also})
    claimant, holder = (scene.weight_factors(role) for role in (Role.CLAIMANT, Role.HOLDER))
    assert claimant["catch"] == pytest.approx(np.full(WORLDS, np.exp(2 * 0.2 - 0.5)))
    assert holder["catch"] == pytest.approx(np.ones(WORLDS))
    assert claimant["pride"] == pytest.approx(np.full(WORLDS, 2.0))
    assert holder["pride"] == pytest.approx(np.full(WORLDS, 2.0 * 0.8))


def test_a_factor_never_turns_a_weight() -> None:
    scene = sea(fish={**FISH, "start": q(1.5), "multiplies": {"catch": {"rule": "one_minus"}}})
    assert np.all(scene.weight_factors(Role.HOLDER)["catch"] == 0.0)


def test_a_measure_or_a_spell_may_suspend_talks_and_a_level_may_press_allies() -> None:
    assert not sea(ban={**BAN, "suspends": True}).talking(0).any()
    assert sea(ban=BAN).talking(0).all()
    storm = sea(storm={**STORM, "suspends": True, "multiplies": {"catch": {"rule": "one_plus"}}})
    storm.move(1)
    lasts = storm.processes["storm"].level
    assert 0 < lasts.mean() < 1
    assert np.array_equal(storm.talking(1), ~lasts)
    assert np.array_equal(storm.weight_factors(Role.HOLDER)["catch"], 1.0 + lasts)
    pressed = sea(fish={**FISH, "presses_allies": True}, ban={**BAN, "presses_allies": True})
    assert pressed.pressure == pytest.approx(1.2)
    assert sea(fish=FISH).pressure == pytest.approx(0.0)


def test_another_process_leaves_the_luck_of_all_others_as_it_was() -> None:
    plain, more = sea(fish=FISH), sea(storm=STORM, fish=FISH)
    for round_ in range(1, 5):
        plain.move(round_)
        more.move(round_)
    assert np.array_equal(plain.processes["fish"].level, more.processes["fish"].level)
    assert plain.processes["fish"].level.std() > 0


def test_streams_are_named_as_version_1_named_them() -> None:
    scenario = load_scenario("singapore_2018")
    draws = Draws(scenario, Streams(scenario.seed, 0, 4))
    streams = draws.streams
    drawn = {
        "environment/oil.sd": scenario.environment.processes["oil"].sd,
        "environment/sanctions.lifted_year": scenario.environment.processes[
            "sanctions"
        ].lifted_year,
        "environment/crises.years": scenario.environment.processes["crises"].years,
        f"{scenario.holder.stream}/preferences.oil_sensitivity": (
            scenario.holder.preferences.sensitivities["oil"]
        ),
    }
    for purpose, quantity in drawn.items():
        assert quantity.is_uncertain
        luck = streams.uniforms(purpose)[:, 0]
        assert np.array_equal(draws.of(quantity), quantity.quantile(luck))


# -- interests that are money, or last only in office ------------------------------------------

OWN = {
    "dispute.interests": {
        "catch": {"label": "what fishers bring home", "only_in_office": True},
        "pride": "pride in the fleet",
    },
    "claimant.preferences.weights": {"catch": q(2), "pride": q(3)},
}


def weights_of(changes: dict[str, Any], factors: dict[str, Floats]) -> dict[str, Floats]:
    scenario = pie({**OWN, **changes})
    weights = Weights(scenario.claimant, scenario.dispute, Draws(scenario, Streams(1, 0, 2)))
    sits, in_time = np.array([True, False]), np.array([False, False])
    lines = weights.moved(WeightMultipliers(factors, sits, in_time), np.arange(2))
    return {weights.names[c]: line for c, line in zip(weights.moving, lines, strict=True)}


def test_what_weighs_only_in_office_ends_with_the_deadline_and_nothing_else_does() -> None:
    moved = weights_of({}, {})
    assert moved["catch"].tolist() == [0.0, 0.0]
    assert "pride" not in moved
    successor = {"claimant.leader.successor.weights": {"pride": q(0.5)}}
    assert weights_of(successor, {})["pride"].tolist() == [3.0, 1.5]


def test_only_what_a_process_multiplies_moves_with_it() -> None:
    prices = {"environment.processes.fish": {**FISH, "multiplies": {"pride": {"rule": "one_plus"}}}}
    factor = np.array([2.0, 3.0])
    assert weights_of(prices, {"pride": factor})["pride"].tolist() == [6.0, 9.0]


def test_flows_count_in_every_interest_that_says_it_is_money() -> None:
    paid = {"label": "paid", "flow": q(0.5), "payer": "holder", "assumption": "test"}
    changes = {
        "dispute.interests": {"aid": {"label": "aid received", "money": "received"}},
        "dispute.clauses.aid": {
            "label": "aid",
            "kind": "economy",
            "baseline": "none",
            "levels": {"none": {"label": "none"}, "some": paid},
        },
        "deals.divide.stages.pie.fixed": {"title": "shared", "aid": "some"},
        "claimant.preferences.weights": {"aid": q(10), "economy": q(4)},
    }
    model = TalksModel(pie({**changes, "worlds": 4}), "divide", worlds=4)
    government = model.parties[0].government
    features = government.package_values[0].features
    assert features.column("aid")[0] > 0
    assert features.column("aid") == pytest.approx(features.column("economy"))
    assert np.array_equal(features.money, np.where(features.money != 0, features.values, 0))
    sits = np.ones(4, dtype=bool)
    doubled = WeightMultipliers({"aid": np.full(4, 2.0)}, sits, sits)
    some = np.arange(2)
    worth = government.weights.money_value(features, doubled, some, some)
    assert worth == pytest.approx(np.full(2, (2 * 10 + 4) * features.column("aid")[0]))


# -- time: entrenchment and ageing -------------------------------------------------------------


def reserved(changes: dict[str, Any], years: float) -> Floats:
    from sim.model import TalksModel
    from sim.model.round import reservation

    terms = {
        "claimant.reservation.entrenchment.gain": 3,
        "claimant.reservation.entrenchment.speed": 0.2,
        "claimant.reservation.urgency.growth": 0.5,
        "claimant.reservation.dialogue": 1,
    }
    model = TalksModel(pie({**terms, **changes, "worlds": 4}), "divide", worlds=4)
    return reservation(model.parties[0].government, 0, np.arange(4), years)


def test_waiting_hardens_the_status_quo_and_ages_those_affected() -> None:
    assert reserved({}, 0.0) == pytest.approx(1.0)
    assert reserved({}, 4.0) == pytest.approx(1 + 3 * -np.expm1(-0.8) - 2.0)
    assert reserved(on(entrenchment=False), 4.0) == pytest.approx(1 - 2.0)
    assert reserved(on(ageing=False), 4.0) == pytest.approx(1 + 3 * -np.expm1(-0.8))
    assert reserved(on(ageing=False, entrenchment=False), 9.0) == pytest.approx(1.0)


# -- switches ----------------------------------------------------------------------------------

PROCESSES = ("approval", "turnover", *SHARED)


def state(scene: EnvironmentState, round_: int) -> dict[str, Floats]:
    office = scene.offices[Role.CLAIMANT]
    return {
        "approval": office.approval,
        "turnover": office.sits,
        "sanctions": scene.processes["sanctions"].level,
        "oil": scene.processes["oil"].level,
        "pressure": scene.processes["pressure"].level,
        "crises": scene.talking(round_),
    }


@pytest.mark.parametrize("off", PROCESSES)
def test_a_process_that_is_off_stands_still_and_leaves_the_others_alone(off: str) -> None:
    scenes = [around(_shipped(off, enabled), 64) for enabled in (True, False)]
    start = {name: np.copy(value) for name, value in state(scenes[1], 0).items()}
    moved = False
    for round_ in range(1, 30):
        for scene in scenes:
            scene.move(round_)
        states = [state(scene, round_) for scene in scenes]
        moved |= not np.array_equal(states[0][off], start[off])
        assert np.array_equal(states[1][off], start[off])
        for other in set(PROCESSES) - {off} - _touched_by(off):
            assert np.array_equal(states[0][other], states[1][other])
    assert moved


def _touched_by(off: str) -> set[str]:
    return {"approval": {"turnover"}, "turnover": {"approval"}}.get(off, set())


def _shipped(off: str, enabled: bool) -> Scenario:
    overrides = [f"environment.{_path(off)}.enabled={str(enabled).lower()}"]
    if off in ("approval", "crises"):  # a new leader brings an approval; crises happen seldom
        overrides += [
            "environment.turnover.enabled=false",
            "environment.processes.crises.hazard_year=0.5",
        ]
    return load_scenario("singapore_2018", overrides)


@pytest.mark.parametrize("years", [1e15, 1e99])
def test_a_spell_without_an_end(years: float) -> None:
    luck = np.array([[0.0, 0.5, 0.5], [0.0, 0.999999, 0.0]])
    rounds = _spell_rounds(luck, np.full(2, years), 0.25)
    assert (rounds > 1_000_000_000).all()
