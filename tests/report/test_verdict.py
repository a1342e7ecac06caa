"""The verdict: sentences made of the numbers of the tables."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.agents.preconditions import absolute_at_start
from sim.domain.interest import ROLES
from sim.domain.narration import often
from sim.domain.outcome import OUTCOMES
from sim.domain.resolve import Resolve
from sim.domain.results import DONE
from sim.domain.tree import can_close
from sim.experiments.analysis.telling import TellingNumbers
from sim.experiments.draws import draws_table
from sim.experiments.result import EnsembleResult
from sim.model import TalksModel
from sim.report.verdict import LINES, barriers, verdict, verdict_lines
from tests.disputes import pie, uniform

RESOLVE = {"loading": uniform(0, 1), "kappa": uniform(0, 0.5)}


def changed(played: EnsembleResult, **shares: dict[str, float]) -> EnsembleResult:
    """Return a result whose structures end as said, and in no other way."""
    names = [*(item.name for item in OUTCOMES), *DONE]
    outcomes = played.outcomes.set_index("deal").astype(dict.fromkeys(names, float))
    for deal in outcomes.index:
        said = shares.get(str(deal), {})
        for name in names:
            outcomes.loc[deal, name] = said.get(name, 0.0)
    return dataclasses.replace(played, outcomes=outcomes.reset_index())


def label(played: EnsembleResult, place: int) -> str:
    return f"“{[*played.scenario.structures.values()][place].label}”"


def test_the_two_nearest_come_first_with_their_share(played: EnsembleResult) -> None:
    names = [str(name) for name in played.outcomes["deal"]]
    ended = {names[0]: {"settled": 0.04}, names[2]: {"settled": 0.5}, names[1]: {"settled": 0.001}}
    said = verdict(changed(played, **ended))[0]
    assert said.startswith(
        f"Nearest to closing all claims, of 100 worlds: {label(played, 2)} (50.0"
    )
    assert said.endswith(f" and {label(played, 0)} (4.0).")


def test_who_cannot_close_a_claim_is_not_called_near_to_closing_it(played: EnsembleResult) -> None:
    scenario = played.scenario
    unable = [name for name in scenario.structures if not can_close(scenario, name)]
    assert unable
    begun = {"first_stage": 0.0004}
    said = verdict(
        changed(played, **{name: {"first_stage": 0.9} for name in unable}, strait=begun)
    )[0]
    assert not any(scenario.structures[name].label in said for name in unable)
    assert f"“{scenario.structures['strait'].label}” (a first step in 1 in 2,500 worlds)" in said


def test_land_that_moves_while_a_claim_stays_open_is_told(played: EnsembleResult) -> None:
    names = [str(name) for name in played.outcomes["deal"]]
    some = {"transferred": 0.036, "first_stage": 0.036}
    lines = verdict(changed(played, **{names[1]: some, names[2]: {"first_stage": 0.9}}))
    assert f"Land moves but a claim stays open: {label(played, 1)} (3.6)." in lines
    assert f"No more than a first step: {label(played, 2)} (90.0)." in lines
    assert lines[0] == (
        "In none of 1,100 worlds is every claim closed. Nearest of those that could close them: "
        f"{label(played, 1)} (land moves in 3.6 of 100) and {label(played, 2)} (a first step in "
        "90.0 of 100)."
    )
    closing = {names[1]: some | {"settled": 0.036, "closed": 0.036}}
    assert not any("stays open" in line for line in verdict(changed(played, **closing)))


def test_what_never_comes_to_anything_is_told(played: EnsembleResult) -> None:
    said = verdict(changed(played))
    labels = [label(played, place) for place in range(len(played.outcomes))]
    (line,) = [line for line in said if line.startswith("In 1,100 worlds nothing comes of")]
    assert sum(name in line for name in labels) == 2
    assert line.endswith(f"{len(labels) - 2} more.")


def test_what_is_on_the_table_is_told_what_stops_it(played: EnsembleResult) -> None:
    names = [str(name) for name in played.outcomes["deal"]]
    scenario = played.scenario.model_copy(update={"on_the_table": {names[-1]: 1.0}})
    tabled = dataclasses.replace(played, scenario=scenario)
    (line,) = [line for line in verdict(tabled) if "is stopped by" in line]
    worlds = played.worlds[played.worlds["deal"] == names[-1]]
    stops = barriers(worlds)
    ends = worlds["outcome"].astype(str).value_counts(normalize=True)
    assert stops.get("no gain for both", 0.0) == ends.get(
        "no_bargain", 0.0
    )  # one count with the funnel
    assert line.startswith(f"{label(played, -1)} is stopped by {stops.index[0]} ")
    assert f"({often(stops.iloc[0])}" in line


def test_what_stops_a_next_stage_is_told_apart(played: EnsembleResult) -> None:
    worlds = played.worlds.copy()
    names = [outcome.name for outcome in OUTCOMES]
    rows = np.arange(len(worlds))
    worlds["outcome"] = pd.Categorical(np.where(rows % 4, "interim", "no_bargain"), names)
    worlds["barrier_next"] = pd.Categorical(np.where(rows % 4, "publics", None), names)
    deal = str(worlds["deal"].iloc[0])
    scenario = played.scenario.model_copy(update={"on_the_table": {deal: 1.0}})
    staged = dataclasses.replace(played, scenario=scenario, worlds=worlds)
    (line,) = [line for line in verdict(staged) if "is stopped by" in line]
    assert "is stopped by no gain for both (25.0" in line
    assert "; after a stage in force, by publics and ratifiers (75.0)." in line


def test_it_fits_the_first_screen_and_asks_further(played: EnsembleResult) -> None:
    assert len(verdict_lines(played)) <= LINES
    for width in (60, 80):
        lines = verdict_lines(played, width)
        assert max(map(len, lines)) <= width
        assert f"islands conditions scenario={played.scenario.name}" in " ".join(lines)
        assert lines[0].startswith("Nearest") or lines[0].startswith("In none")


def test_a_number_that_decides_is_told_and_in_which_direction(played: EnsembleResult) -> None:
    table = draws_table(played.scenario)
    key = str(table.columns[0])
    low = table[key].to_numpy() < table[key].median()
    draws = TellingNumbers(played.scenario, len(table))
    (found, apart), *_ = draws.numbers(low)
    assert found == key
    assert apart < 0
    assert draws.numbers(~low)[0] == (key, pytest.approx(-apart))
    one, other = draws.changes(low)[0], draws.changes(~low)[0]
    assert one != other


def test_a_precondition_that_is_always_dropped_is_told(played: EnsembleResult) -> None:
    draws = TellingNumbers(played.scenario, played.scenario.worlds)
    ((role, name, absolute), *_) = [
        (role, name, absolute)
        for role, own in draws.absolute.items()
        for name, absolute in own.items()
        if 0.1 < absolute.mean() < 0.9
    ]
    who = played.scenario.side(role).label.partition(",")[0]
    drops = f"{who} drops “{name.replace('_', ' ')}”"
    assert drops in draws.changes(~absolute)
    assert drops not in draws.changes(absolute)


def test_a_side_that_is_softer_all_round_is_told() -> None:
    loose = {
        "holder.reservation.dialogue": {**uniform(0.0, 0.7), "resolve": "firmer"},
        "holder.preferences.weights.territory": {**uniform(0.5, 1.5), "resolve": "softer"},
    }
    scenario = pie({**loose, "dependence": "strong", "resolve": RESOLVE})
    numbers = draws_table(scenario, 512)
    far = numbers["holder.preferences.weights.territory"] - numbers["holder.reservation.dialogue"]
    told = TellingNumbers(scenario, 512).changes(np.asarray(far.rank() > 400))
    assert told[0] == f"{scenario.holder.label} softer all round"


def test_what_luck_sets_apart_is_not_told(played: EnsembleResult) -> None:
    worlds = played.scenario.worlds
    draws = TellingNumbers(played.scenario, worlds)
    assert draws.changes(np.arange(worlds) % 2 == 0) == []
    assert draws.changes(np.arange(worlds) < 5) == []


@pytest.mark.parametrize("dependence", ["declared", "strong"])
def test_it_says_how_far_it_rests_on_dependence(played: EnsembleResult, dependence: str) -> None:
    assert not any("firm on one point" in line for line in verdict(played))
    scenario = played.scenario.model_copy(
        update={
            "dependence": dependence,
            "dependence_check": True,
            "resolve": Resolve.model_validate(RESOLVE),
        }
    )
    columns: dict[str, Any] = {
        f"settled_{name}": share
        for name, share in (("independent", 0.0), ("declared", 0.1), ("strong", 0.305))
    }
    outcomes: pd.DataFrame = played.outcomes.assign(**columns)
    (line,) = [
        line
        for line in verdict(dataclasses.replace(played, scenario=scenario, outcomes=outcomes))
        if "firm on one point" in line
    ]
    assert line.startswith("All this assumes that a side that is firm on one point is firm on")
    assert line.endswith("closes in 0 of 100 worlds, with it to the full in 30.5.")


def test_preconditions_are_those_of_the_worlds_that_reproduce_what_was_known() -> None:
    asked = ["deals=[two_islands_first]", "worlds=24", "engine=array"]
    scenario = sim.load_scenario("second_edition", overrides=asked)
    played = TalksModel(scenario, "two_islands_first", worlds=24)
    told = TellingNumbers(scenario, 24).absolute
    for role, party in zip(ROLES, played.parties, strict=True):
        held = absolute_at_start(scenario.side(role), played.environment.draws)
        for name, absolute in held.items():
            np.testing.assert_array_equal(told[role][name], absolute)
        assert party.role is role
