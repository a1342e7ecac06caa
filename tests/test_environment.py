"""Each process around the table against history, and switched off.

Seeds are fixed; bounds are four Monte-Carlo standard errors, stated where they are used.

Tests `sim.domain.environment`, `sim.model.environment` and `sim.model.lags`.
"""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np
import pytest

from sim.domain.draws import Draws
from sim.domain.interest import Role
from sim.domain.scenario import Scenario
from sim.equations.processes import round_persistence
from sim.io.config import load_scenario
from sim.model.environment import Surroundings
from sim.model.lags import draw_lags
from sim.quantities import Floats
from sim.randomness import Streams
from tests.disputes import pie, q

WORLDS = 1024
MONTH, QUARTER = 1 / 12, 0.25


def around(scenario: Scenario, worlds: int = WORLDS, first: int = 0) -> Surroundings:
    draws = Draws(scenario, Streams(scenario.seed, first, worlds))
    return Surroundings(mesa.Model(rng=1), scenario, draws)


def on(**switches: bool) -> dict[str, Any]:
    return {f"environment.{name}.enabled": value for name, value in switches.items()}


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
    changes = {"environment.sanctions.lifted_year": 0.6, "environment.sanctions.imposed_year": 0.2}
    scene = around(pie({**changes, **on(sanctions=True)}))
    assert not scene.sanctions.any()
    scene.move(1)
    imposed, lifted = -np.expm1(-0.2), -np.expm1(-0.6)
    error = np.sqrt(imposed * (1 - imposed) / WORLDS)
    assert scene.sanctions.mean() == pytest.approx(imposed, abs=4 * error)
    for round_ in range(2, 40):
        scene.move(round_)
    share = imposed / (imposed + lifted)
    error = np.sqrt(share * (1 - share) / WORLDS)
    assert scene.sanctions.mean() == pytest.approx(share, abs=4 * error)


def test_sanctions_move_the_weight_of_the_economy() -> None:
    changes = {
        **on(sanctions=True),
        "environment.sanctions.in_force": True,
        "claimant.preferences.sanctions_sensitivity": -0.3,
    }
    scene = around(pie(changes))
    assert scene.economy_factor(Role.CLAIMANT) == pytest.approx(np.exp(-0.3))
    assert scene.economy_factor(Role.HOLDER) == pytest.approx(1.0)


def oil(changes: dict[str, Any] | None = None) -> Surroundings:
    process = {"sd": 0.35, "persistence_month": 0.96}
    given = {f"environment.oil.{name}": value for name, value in process.items()}
    scene = around(pie({**given, **on(oil=True), **(changes or {})}))
    for round_ in range(1, 25):
        scene.move(round_)
    return scene


def test_oil_spreads_and_reverts_as_declared() -> None:
    assert oil().oil.std() == pytest.approx(0.35, rel=4 / np.sqrt(2 * WORLDS))
    assert oil({"environment.oil.drift": 0.5}).oil.mean() == pytest.approx(
        0.5, abs=4 * 0.35 / np.sqrt(WORLDS)
    )


def test_imports_move_with_oil_at_the_slope_of_history() -> None:
    scene = oil({"claimant.preferences.oil_sensitivity": 0.69})
    slope = np.polyfit(scene.oil, np.log(scene.economy_factor(Role.CLAIMANT)), 1)[0]
    assert slope == pytest.approx(0.69)
    shipped = load_scenario("singapore_2018").claimant.preferences.oil_sensitivity
    assert shipped.bounds[1] == pytest.approx(0.69)
    assert "oil_import_slope" in shipped.source


def test_pressure_moves_the_weight_of_the_alliance_and_never_turns_it() -> None:
    changes = {
        "environment.pressure.start": 0.5,
        "environment.pressure.mean": 0.5,
        "environment.pressure.sd": 1.0,
        "environment.pressure.persistence_month": 0.9,
    }
    scene = around(pie({**changes, **on(pressure=True)}))
    assert scene.alliance_factor() == pytest.approx(1.5)
    for round_ in range(1, 12):
        scene.move(round_)
    assert scene.pressure.mean() == pytest.approx(0.5, abs=4 / np.sqrt(WORLDS))
    assert scene.pressure.std() == pytest.approx(1.0, rel=4 / np.sqrt(2 * WORLDS))
    assert scene.alliance_factor().min() == 0.0


# -- crises and dated events -------------------------------------------------------------------


def test_crises_suspend_as_many_meetings_as_they_last() -> None:
    hazard, years = 0.1, 1.3
    changes = {"environment.crises.hazard_year": hazard, "environment.crises.years": years}
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
        "pressure": q(1, "units"),
        "sanctions": "imposed",
        "suspend_rounds": 2,
    }
    switches = on(approval=True, pressure=True, sanctions=True)
    switches |= {"environment.pressure.persistence_month": 1}
    for enabled in (True, False):
        happening = {"environment.events": {"it": event(**facts, enabled=enabled)}}
        scene = around(pie({**switches, **happening}), worlds=8)
        for round_ in range(6):
            scene.move(round_)
            then = enabled and round_ >= 3
            assert np.all(scene.pressure == (1 if then else 0))
            assert np.all(scene.sanctions == then)
            assert np.all(scene.talking(round_) == (not (enabled and round_ in (3, 4))))
        # With a standard deviation and memory of zero, approval is back at its mean a round later.
        assert np.all(scene.offices[Role.CLAIMANT].approval == 50)


def test_an_event_moves_approval() -> None:
    facts = {"claimant_approval": q(-7, "points"), "holder_approval": q(4, "points")}
    scene = around(pie({"environment.events": {"it": event(**facts)}, **on(approval=True)}), 4)
    scene.move(3)
    assert np.all(scene.offices[Role.CLAIMANT].approval == 43)
    assert np.all(scene.offices[Role.HOLDER].approval == 54)


# -- time: entrenchment and ageing -------------------------------------------------------------


def reserved(changes: dict[str, Any], years: float) -> Floats:
    from sim.model import TalksModel

    terms = {
        "claimant.reservation.entrenchment.gain": 3,
        "claimant.reservation.entrenchment.speed": 0.2,
        "claimant.reservation.urgency.growth": 0.5,
        "claimant.reservation.dialogue": 1,
    }
    model = TalksModel(pie({**terms, **changes, "worlds": 4}), "divide", worlds=4)
    return model.parties[0].government.reservation(years, np.arange(4), 0)


def test_waiting_hardens_the_status_quo_and_ages_those_affected() -> None:
    assert reserved({}, 0.0) == pytest.approx(1.0)
    assert reserved({}, 4.0) == pytest.approx(1 + 3 * -np.expm1(-0.8) - 2.0)
    assert reserved(on(entrenchment=False), 4.0) == pytest.approx(1 - 2.0)
    assert reserved(on(ageing=False), 4.0) == pytest.approx(1 + 3 * -np.expm1(-0.8))
    assert reserved(on(ageing=False, entrenchment=False), 9.0) == pytest.approx(1.0)


# -- switches ----------------------------------------------------------------------------------

PROCESSES = ("approval", "turnover", "sanctions", "oil", "pressure", "crises")


def state(scene: Surroundings, round_: int) -> dict[str, Floats]:
    office = scene.offices[Role.CLAIMANT]
    return {
        "approval": office.approval,
        "turnover": office.sits,
        "sanctions": scene.sanctions,
        "oil": scene.oil,
        "pressure": scene.pressure,
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
    overrides = [f"environment.{off}.enabled={str(enabled).lower()}"]
    if off in ("approval", "crises"):  # a new leader brings an approval; crises happen seldom
        overrides += ["environment.turnover.enabled=false", "environment.crises.hazard_year=0.5"]
    return load_scenario("singapore_2018", overrides)
