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
from sim.domain.narration import key_words, often, side_name
from sim.domain.outcome import OUTCOMES
from sim.domain.resolve import Resolve
from sim.domain.results import DONE
from sim.domain.tree import can_close
from sim.experiments.analysis.telling import Contrast, TellingNumbers
from sim.experiments.draws import draws_table
from sim.experiments.ensemble import run
from sim.experiments.result import EnsembleResult
from sim.model import TalksModel
from sim.report.verdict import (
    LINES,
    _Gate,
    _must_change,
    barriers,
    verdict,
    verdict_lines,
)
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
    assert said.startswith(f"Nearest to closing all claims: {label(played, 2)} (50.0 of 100 worlds")
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
        f"{label(played, 1)} (land moves in 3.6 of 100 worlds) and {label(played, 2)} (a first "
        "step in 90.0 of 100 worlds)."
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
    (line,) = [line for line in verdict(tabled) if "is stopped first by" in line]
    worlds = played.worlds[played.worlds["deal"] == names[-1]]
    stops = barriers(worlds)
    ends = worlds["outcome"].astype(str).value_counts(normalize=True)
    assert stops.get("no gain for both", 0.0) == ends.get(
        "no_bargain", 0.0
    )  # one count with the funnel
    assert line.startswith(f"{label(played, -1)} is stopped first by {stops.index[0]} ")
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


def drawn(played: EnsembleResult) -> tuple[TellingNumbers, pd.DataFrame]:
    """Return what tells worlds of a run apart, and what they draw."""
    return TellingNumbers(played.scenario, played.scenario.worlds), draws_table(played.scenario)


@pytest.fixture(scope="module")
def knotted() -> EnsembleResult:
    """Give worlds of a dispute in which all numbers of the holder move together."""
    loose = {
        f"holder.preferences.weights.{name}": {**uniform(0.0, 9.0), "resolve": "firmer"}
        for name in ("title", "closure", "recognition", "standing", "peace", "security", "access")
    }
    loose |= {"holder.preferences.weights.economy": {**uniform(0.0, 9.0), "resolve": "softer"}}
    loose |= {"holder.preferences.weights.dialogue": {**uniform(0.0, 9.0), "resolve": "softer"}}
    scenario = pie({**loose, "dependence": "strong", "resolve": RESOLVE, "worlds": 512})
    return run(scenario, workers=1, reversal_draws=2)


def test_a_number_that_decides_is_told_with_its_side_and_where_it_lies(
    played: EnsembleResult,
) -> None:
    draws, table = drawn(played)
    key = next(str(name) for name in table if ".preferences.weights." in str(name))
    low = (table[key] < table[key].median()).to_numpy()
    found, *_ = draws.contrasts(low, ~low)
    role, name = key.partition(".")[0], key.rpartition(".")[2]
    side = getattr(played.scenario, role).label.partition(",")[0]
    assert (found.key, found.who, found.does) == (key, side, f"gives “{name}” less weight")
    assert found.passing.split()[0] == f"{table[key][low].median():.3g}"
    assert found.stopped == f"{table[key][~low].median():.3g}"
    assert found.there.mean() == pytest.approx(0.2, abs=0.002)
    assert table[key][found.there].max() < table[key][~found.there].min()
    assert next(draws.contrasts(~low, low)).does == f"gives “{name}” more weight"


def test_what_goes_with_its_side_is_not_named_beside_the_number_that_decides(
    knotted: EnsembleResult,
) -> None:
    draws, table = drawn(knotted)
    key = "holder.preferences.weights.closure"
    low = (table[key] < 3.0).to_numpy()
    assert np.corrcoef(table[key], table["holder.preferences.weights.economy"])[0, 1] < -0.2
    assert [one.key for one in draws.contrasts(low, ~low)] == [key]
    soft = table["holder.preferences.weights.economy"] - table.drop(
        columns="holder.preferences.weights.economy"
    ).mean(axis=1)
    assert draws.softer((soft > soft.median()).to_numpy(), (soft <= soft.median()).to_numpy()) == [
        side_name(knotted.scenario.holder.label)
    ]


def test_what_goes_with_a_number_that_is_named_is_not_named_too() -> None:
    firm = {**uniform(0.0, 9.0), "resolve": "firmer"}
    names = [f"holder.preferences.weights.{name}" for name in ("title", "closure")]
    loose = dict.fromkeys(names, firm)
    scenario = pie({**loose, "dependence": "strong", "resolve": RESOLVE, "worlds": 512})
    draws, table = TellingNumbers(scenario, 512), draws_table(scenario, 512)
    low = (table[names[0]] < 4.5).to_numpy()
    assert table[names[1]][low].mean() < table[names[1]][~low].mean() - 1.0
    assert [one.key for one in draws.contrasts(low, ~low)] == names[:1]


def test_a_precondition_that_stands_in_the_way_is_to_be_dropped(played: EnsembleResult) -> None:
    draws, _ = drawn(played)
    ((role, name, absolute), *_) = [
        (role, name, absolute)
        for role, own in draws.absolute.items()
        for name, absolute in own.items()
        if 0.1 < absolute.mean() < 0.9
    ]
    found, *_ = draws.contrasts(~absolute, absolute)
    side = played.scenario.side(role)
    assert found.key == f"{role.value}.preconditions.{name}.absolute"
    assert found.who == side_name(side.label)
    words = (side.preconditions[name].label, key_words(name))
    assert found.does in {f"drops “{each}”" for each in words}
    assert (found.passing, found.stopped) == (
        "held in 0\N{NO-BREAK SPACE}%",
        "100\N{NO-BREAK SPACE}%",
    )
    np.testing.assert_array_equal(found.there, ~absolute)
    assert found.key not in [one.key for one in draws.contrasts(absolute, ~absolute)]
    alone = draws.contrasts(~absolute, absolute, stances=False)
    assert not any(one.key.endswith(".absolute") for one in alone)


def test_what_luck_sets_apart_is_not_told(played: EnsembleResult) -> None:
    worlds = np.arange(played.scenario.worlds)
    draws = TellingNumbers(played.scenario, len(worlds))
    for rows in (worlds % 2 == 0, worlds < 5):
        assert list(draws.contrasts(rows, ~rows)) == []
        assert draws.softer(rows, ~rows) == []


def gated(played: EnsembleResult, passing: pd.Series, ends: str) -> EnsembleResult:
    """Return a run in which all worlds find no gain but those that pass, which end as said."""
    worlds = played.worlds.copy()
    names = [outcome.name for outcome in OUTCOMES]
    passes = np.asarray(passing)[worlds["world"]]
    worlds["outcome"] = pd.Categorical(np.where(passes, ends, "no_bargain"), names)
    worlds["barrier_next"] = pd.Categorical([None] * len(worlds), names)
    worlds["round_end"] = 4.0
    for name in ("first_stage", "transferred", "closed"):
        worlds[name] = passes & (ends == "settled")
    return dataclasses.replace(played, worlds=worlds)


@pytest.mark.parametrize("ends", ["settled", "publics"])
def test_what_would_have_to_change_is_told_with_how_far_it_goes(
    played: EnsembleResult, ends: str
) -> None:
    _, table = drawn(played)
    key = next(str(name) for name in table if ".preferences.weights." in str(name))
    passing = table[key] < table[key].quantile(0.4)
    (line,) = [
        line
        for line in verdict(gated(played, passing, ends))
        if line.startswith("What must change: ")
    ]
    what = "all claims close" if ends == "settled" else "both gain"
    assert f": for both to gain, East gives “{key.rpartition('.')[2]}” less weight (" in line
    middle = [f"{table[key][rows].median():.3g}" for rows in (passing, ~passing)]
    assert f"({middle[0]} points, not {middle[1]})" in line
    assert f"{what.capitalize()} in {100 * passing.mean():.1f} of 100, 100 with that." in line


def test_how_far_all_changes_go_together_is_counted(played: EnsembleResult) -> None:
    _, table = drawn(played)
    first, second = [str(name) for name in table if ".preferences.weights." in str(name)][:2]
    passing = (table[first] < table[first].quantile(0.5)) & (
        table[second] < table[second].quantile(0.5)
    )
    run = gated(played, passing, "settled")
    (line,) = [line for line in verdict(run) if line.startswith("What must change: ")]
    lowest = [table[key] <= np.quantile(table[key], 0.2) for key in (first, second)]
    shares = [100 * passing[rows].mean() for rows in lowest]
    told = [f"{share:.1f} with the first, 100 with all." for share in shares]
    assert any(line.endswith(words) for words in told), (line, told)


def test_too_few_worlds_tell_nothing_and_that_is_said(played: EnsembleResult) -> None:
    few = pd.Series(np.arange(played.scenario.worlds) < 7)
    for passing, told in ((few, "Only 7"), (few & False, "None")):
        lines = verdict(gated(played, passing, "settled"))
        assert (
            f"{told} of 1,100 worlds get past “no gain for both”: too few to tell what would"
            in (" ".join(lines))
        )
        assert not any(line.startswith("What must change") for line in lines)


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
    assert line.startswith(
        "Assumed: who is firm on one point is partly so on others. If not at all"
    )
    assert line.endswith("closes in 0 of 100, if wholly, in 30.5.")


def test_a_side_that_is_named_is_not_named_again() -> None:
    def one(who: str, does: str) -> Contrast:
        return Contrast("", who, does, "", "", np.zeros(0, dtype=bool))

    gain, publics = (
        _Gate(name, *[np.zeros(0, dtype=bool)] * 2) for name in ("no_bargain", "publics")
    )
    told = [
        (gain, one("East", "is more patient")),
        (gain, one("East's leader", "needs less support")),
        (publics, one("West", "drops “x”")),
        (publics, one("", "“price” is lower")),
    ]
    assert _must_change(told, [" (a)", "", "", ""]) == (
        "What must change: for both to gain, East is more patient (a); its leader needs less "
        "support; to pass at home, West drops “x”; “price” is lower."
    )


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
