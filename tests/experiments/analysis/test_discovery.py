"""A planted box is found, by PRIM and by a tree, in worlds and in cells.

Tests `sim.experiments.analysis.rules`.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.domain.draws import Draws
from sim.errors import RunError, ScenarioError
from sim.experiments.analysis.discovery import (
    Cases,
    Discovery,
    _halves,
    discover,
    discover_cases,
)
from sim.experiments.analysis.rules import NONE_AT, Limit, Rule
from sim.experiments.draws import draws_table
from sim.io.config import load_scenario
from sim.io.folders import FOUND_WORLDS
from sim.randomness import Streams

pytest.importorskip("sklearn", reason="needs the extra sweep")
NAMES = ["opposition", "frame_factor", *(f"other_{n}" for n in range(18))]


def planted(cases: int, worlds: int) -> Cases:
    """Return cases that settle in 80 % of worlds in a box, and in 5 % elsewhere."""
    luck = np.random.default_rng(4)
    numbers = pd.DataFrame(luck.random((cases, len(NAMES))), columns=NAMES)
    inside = (numbers["opposition"] < 0.55) & (numbers["frame_factor"] < 0.4)
    chance = np.where(inside, 0.8, 0.05)
    return Cases(numbers, luck.binomial(worlds, chance) / worlds, np.full(cases, float(worlds)))


def assert_planted(rule: Rule) -> None:
    limits = {limit.key: limit for limit in rule.limits}
    assert set(limits) == {"opposition", "frame_factor"}
    assert limits["opposition"].high == pytest.approx(0.55, abs=0.04)
    assert limits["frame_factor"].high == pytest.approx(0.4, abs=0.04)
    assert rule.share == pytest.approx(0.8, abs=0.08)
    assert rule.mass == pytest.approx(0.22, abs=0.04)


@pytest.mark.parametrize(
    ("cases", "worlds"), [pytest.param(4_000, 1, marks=pytest.mark.nightly), (1_500, 200)]
)
def test_a_planted_box(cases: int, worlds: int) -> None:
    found = discover_cases(planted(cases, worlds))
    assert found.share == pytest.approx(0.05 + 0.75 * 0.22, abs=0.03)
    assert found.tree[0].share == pytest.approx(0.8, abs=0.05)
    assert {"opposition", "frame_factor"} <= {limit.key for limit in found.tree[0].limits}
    pytest.importorskip("ema_workbench", reason="needs the extra discover")
    assert_planted(found.boxes[0])


def grid(first: str, second: str) -> Cases:
    """Return the cells of a grid whose second axis has two values and moves fastest."""
    fine, coarse = (
        mesh.ravel() for mesh in np.meshgrid(np.arange(24.0), [0.0, 1.0], indexing="ij")
    )
    values = {"fine": fine, "coarse": coarse}
    if first == "coarse":
        order = np.lexsort([fine, coarse])
        values = {name: column[order] for name, column in values.items()}
    numbers = pd.DataFrame({name: values[name] for name in (first, second)})
    happens = np.where((numbers["fine"] >= 12) & (numbers["coarse"] < 0.5), 0.9, 0.1)
    return Cases(numbers, happens, np.full(48, 40.0))


def test_the_order_of_axes_makes_no_difference() -> None:
    """An axis of two values that moves fastest would split a design by parity into its halves."""
    here, there = discover_cases(grid("fine", "coarse")), discover_cases(grid("coarse", "fine"))
    assert here == there
    assert {limit.key for limit in here.tree[0].limits} == {"fine", "coarse"}


def test_cells_that_share_coordinates_by_design_stay_together() -> None:
    numbers = pd.DataFrame({"x": np.repeat(np.arange(50.0), 6), "y": np.tile(np.arange(6.0), 50)})
    group = np.repeat(np.arange(50), 6)
    cases = Cases(numbers, np.linspace(0, 1, 300), np.ones(300), group)
    found, kept = _halves(cases)
    assert set(found.numbers["x"]).isdisjoint(kept.numbers["x"])
    few = [half.numbers["x"] for half in _halves(cases.part(np.arange(2, 300)))]  # a cell is lost
    assert set(few[0]).isdisjoint(few[1])
    assert len(found.happens) == len(kept.happens) == 150
    assert set(found.numbers["x"]) not in ({*range(25)}, {*range(0, 50, 2)})


def test_it_is_said_in_words() -> None:
    limits = (Limit("opposition", high=0.55), Limit("frame_factor", 0.1, 0.4))
    rule = Rule(limits, share=0.83, low=0.8, high=0.86, coverage=0.7, mass=0.2)
    assert rule.sentence("settles") == (
        "settles in 83.0 % of worlds (80.0 to 86.0 %) where opposition < 0.55 and "
        "0.1 ≤ frame factor < 0.4: 20.0 % of all worlds, 70.0 % of those in which it settles"
    )


@pytest.mark.parametrize(("happens", "often"), [(0.0, "never"), (1.0, "always")])
def test_what_never_or_always_happens_has_no_place(happens: float, often: str) -> None:
    cases = planted(100, 1)
    with pytest.raises(RunError, match=often):
        discover_cases(Cases(cases.numbers, np.full(100, happens), cases.worlds))


def test_the_table_of_draws_is_what_worlds_are_played_with() -> None:
    scenario = load_scenario("singapore_2018")
    table = draws_table(scenario, 1030)
    known = dict(scenario.quantities())
    assert list(table) == [key for key, item in known.items() if item.is_uncertain]
    late = Draws(scenario, Streams(scenario.seed, 1024, 6))
    for key in list(table)[::40]:
        assert table[key].iloc[1024:].tolist() == late.of(known[key]).tolist()


@pytest.mark.parametrize(("share", "said"), [(0.0, "never settles"), (1.0, "always settles")])
def test_never_and_always_are_said(share: float, said: str) -> None:
    assert list(Discovery(share).sentences("settles")) == [said]


def test_leaves_no_better_than_all_are_left_out() -> None:
    rules = [
        Rule((Limit("opposition", high=high),), share, 0.0, 1.0, 0.5, 0.5)
        for high, share in ((0.5, 0.7), (0.9, 0.2))
    ]
    said = list(Discovery(0.4, boxes=(rules[0],), tree=tuple(rules)).sentences("settles"))
    assert said[0] == "settles in 40.0 % of all worlds"
    assert [line.partition(":")[0] for line in said[1:]] == ["box", "leaf of a tree"]


def test_what_happens_only_in_cases_kept_apart_has_no_place() -> None:
    cases = planted(100, 1)
    rare = np.zeros(100)
    rare[1] = 1.0
    assert discover_cases(Cases(cases.numbers, rare, cases.worlds)) == Discovery(0.01)
    assert discover_cases(Cases(cases.numbers, 1 - rare, cases.worlds)) == Discovery(0.99)


def test_nothing_uncertain_tells_nothing_and_huge_numbers_tell_as_others_do() -> None:
    happens, worlds = np.tile([0.0, 0.0, 1.0, 1.0], 25), np.ones(100)
    assert discover_cases(Cases(pd.DataFrame(index=range(100)), happens, worlds)) == Discovery(0.5)
    huge = pd.DataFrame({"number": np.where(happens > 0, 1e100, -np.inf)})
    found = discover_cases(Cases(huge, happens, worlds))
    assert [rule.share for rule in found.tree] == [1.0, 0.0]


def test_none_is_said_as_a_word_and_no_number() -> None:
    rounds = np.repeat([4.0, 8.0, 12.0, NONE_AT], 60)
    other = np.tile(np.linspace(0, 1, 60), 4)
    numbers = pd.DataFrame({"claimant.leader.deadline_rounds": rounds, "other": other})
    happens = np.where(rounds > 12, 0.9, 0.1)
    found = discover_cases(Cases(numbers, happens, np.full(240, 50.0)))
    said = " ".join(found.sentences("settles"))
    assert "where claimant leader deadline rounds is none" in said
    assert "e+" not in said


def test_luck_makes_no_rule() -> None:
    """Nothing tells: neither a box nor a leaf is named, and that is said."""
    luck = np.random.default_rng(7)
    numbers = pd.DataFrame(luck.random((600, 15)), columns=[f"n{n}" for n in range(15)])
    found = discover_cases(Cases(numbers, (luck.random(600) < 0.2) * 1.0, np.ones(600)))
    assert found.boxes == found.tree == ()
    assert "nothing that was looked at tells" in list(found.sentences("settles"))[-1]


def test_weighted_cases_are_measured_by_their_weights() -> None:
    """It happens in 1e-4 of all worlds, always where x < 0.1: a lift of ten."""
    luck = np.random.default_rng(3)
    x = np.concatenate([luck.random(400), 0.1 * luck.random(400)])
    happens = np.repeat([0.0, 1.0], 400)
    weights = np.where(happens > 0, 1e-4, 1 - 1e-4)
    found = discover_cases(Cases(pd.DataFrame({"x": x}), happens, weights, weighted=True))
    assert found.share == pytest.approx(1e-4)
    often = [rule for rule in found.tree if rule.lift_low > 1]
    assert max(rule.limits[0].high or 1.0 for rule in often) == pytest.approx(0.1, abs=0.02)
    assert sum(rule.coverage for rule in often) > 0.9
    lift = sum(rule.coverage for rule in often) / sum(rule.mass for rule in often)
    assert lift == pytest.approx(10, rel=0.3)


def test_a_folder_of_conditions_is_read(tmp_path: Path) -> None:
    luck = np.random.default_rng(3)
    x = np.concatenate([luck.random(200), 0.2 * luck.random(200)])
    table = pd.DataFrame({"x": x, "happens": np.repeat([0.0, 1.0], 200)})
    table["weight"] = np.where(table["happens"] > 0, 0.001, 0.999) / 200
    table.assign(deal="pact", event="closed").to_parquet(tmp_path / FOUND_WORLDS)
    found = discover(tmp_path)["pact"]
    assert found.share == pytest.approx(0.001)
    assert found.tree[0].lift_low > 1
    (tmp_path / FOUND_WORLDS).write_bytes(b"no table")
    with pytest.raises(ScenarioError, match="worlds as islands conditions writes them"):
        discover(tmp_path)
