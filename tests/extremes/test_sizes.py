"""What would fill the memory or take for ever is refused before it does: `sim.domain.tree`, too."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sim.domain.checks import faults_of
from sim.domain.dispute import MOST_LEVELS, MOST_NAMED
from sim.domain.tree import lay_out
from sim.errors import ScenarioError, nearest
from sim.experiments.sweep.layout import Source
from sim.experiments.sweep.layout import lay_out as lay_out_sweep
from sim.io.axes import take_axes
from sim.io.bargaining import Terms, _choose_strategies
from sim.io.config import load_scenario
from sim.io.kinds import check_file
from sim.io.merge import Layered
from sim.io.overrides import alternatives, split
from sim.io.sweep_settings import SweepSettings
from tests.disputes import pie


def test_a_dispute_of_many_clauses_objects_or_levels() -> None:
    plain = {"label": "x", "baseline": "a", "levels": {"a": {"label": "a"}}}
    clauses: dict[str, Any] = {f"dispute.clauses.c{n}": plain for n in range(MOST_NAMED)}
    with pytest.raises(ValidationError, match=f"expected at most {MOST_NAMED} clauses, got 204"):
        pie(clauses)
    grid = {"label": "x", "kind": "title", "grid": {"object": "pie", "steps": 5001}}
    grids = {f"dispute.clauses.c{n}": grid for n in range(4)}
    with pytest.raises(ValidationError, match=f"expected at most {MOST_LEVELS:,} levels"):
        pie(grids)


def test_stages_that_multiply() -> None:
    stage = {"label": "x", "negotiable": {"administration": "all"}}
    stages = {"dispute.clauses.administration.grid.steps": 1001}
    again = pie({**stages, "deals.divide.stages": {"one": stage, "two": stage}})
    with pytest.raises(ScenarioError, match=r"deals.divide: expected at most 500,000 packages in"):
        lay_out(again, again.deals["divide"])


def test_a_structure_of_many_stages() -> None:
    stage = {"label": "x", "fixed": {"title": "shared"}}
    many = pie({"deals.divide.stages": {f"s{n}": stage for n in range(1500)}})
    (fault,) = faults_of(many)
    assert str(fault) == "deals.divide.stages: expected at most 20 stages, got 1500"


@pytest.mark.parametrize(
    "text",
    ["a=" + "[" * 3000 + "]" * 3000, "a=" + "sort(" * 900 + "1" + ")" * 900, "a=" + "1," * 20_000],
)
def test_overrides_that_a_slow_grammar_would_choke_on(text: str) -> None:
    for read in (split, take_axes):
        with pytest.raises(ScenarioError, match="expected at most 20,000 signs, 20 brackets deep"):
            read([text])


@pytest.mark.parametrize("text", ["a=[" + "1," * 5_000 + "1]", "a={" + "b:1," * 2_000 + "c:1}"])
def test_lists_that_a_slow_grammar_would_choke_on(text: str) -> None:
    for read in (split, take_axes):
        with pytest.raises(ScenarioError, match="expected at most 4,000 signs of an override with"):
            read([text])


@pytest.mark.parametrize("text", ["a=" + "9" * 9_000, "a=[" + "9" * 3_900 + "]"])
def test_numbers_that_python_does_not_read(text: str) -> None:
    for read in (split, take_axes):
        with pytest.raises(ScenarioError, match="expected numbers of at most 1,000 digits, got"):
            read([text])


@pytest.mark.parametrize(
    "texts",
    [
        ["worlds=range(1,1000)", "seed=range(1,1000)"],
        ["worlds=1,2,3", "rounds=1,2", "seed=range(1,200)"],
        ["seed=range(1,2000)"],
        ["seed=shuffle(range(1,2000))"],
    ],
)
def test_a_multirun_is_counted_before_its_first_job_is_read(texts: list[str]) -> None:
    with pytest.raises(
        ScenarioError, match=r"expected at most 1,000 jobs \(islands sweep plays mo"
    ):
        next(alternatives(texts))
    assert len([*alternatives(["worlds=range(1,1001)", "seed=1"])]) == 1_000


def test_choices_of_a_sweep_are_counted_before_the_first_is_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = Source("china_russia_2004", [])
    loaded: list[list[str]] = []
    base = source.load([])
    monkeypatch.setattr(Source, "load", lambda _, texts: loaded.append(texts) or base)
    axes = ["rounds=range(1,1001)", "engine=auto,array"]
    with pytest.raises(ScenarioError, match="at most 1,000 combinations of choices, got 2,000"):
        lay_out_sweep(source, axes, SweepSettings())
    sides = ("claimant", "holder")
    wide = [f"{side}.leader.discount_factor=linspace(0.5,0.9,1001)" for side in sides]
    with pytest.raises(ScenarioError, match="at most 1,000,000 cells, got 1,002,001"):
        lay_out_sweep(source, wide, SweepSettings())
    assert len(loaded) == 4, "each as it is, and with the first of what it varies"


def diamonds(folder: Path, kind: str, bottom: str, height: int) -> Path:
    """Write files each of which builds on two, which build on the same two."""
    for level in range(height):
        below = [f"./{name}{level - 1}.yaml" for name in "ab"] if level else [bottom]
        text = f"defaults: [{', '.join(below)}]\n"
        for name in "ab":
            path = folder / kind / f"{name}{level}.yaml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
    return folder / kind / f"a{height - 1}.yaml"


@pytest.mark.parametrize("height", [12, 14, 16])
@pytest.mark.parametrize(
    ("kind", "bottom"), [("scenarios", "china_russia_2004"), ("side", "beijing_2004")]
)
def test_files_that_build_on_the_same_in_many_ways(
    tmp_path: Path, kind: str, bottom: str, height: int
) -> None:
    path = diamonds(tmp_path, kind, bottom, height)
    before = time.process_time()
    with pytest.raises(ScenarioError, match=r"defaults: expected at most 300 files of 20 MB, rep"):
        check_file(path)
    assert time.process_time() - before < 2.0
    check_file(tmp_path / kind / "a3.yaml")


def test_a_strategy_that_builds_on_the_same_in_many_ways(tmp_path: Path) -> None:
    path = diamonds(tmp_path, "strategy", "time_dependent", 16)
    strategies = (str(path), "time_dependent")
    with pytest.raises(ScenarioError, match=r"defaults: expected at most 300 files of 20 MB, rep"):
        _choose_strategies(Layered(), Terms(strategies=strategies))


def test_a_long_chain_of_files(tmp_path: Path) -> None:
    for turn in range(150):
        (tmp_path / f"{turn}.yaml").write_text(f"defaults: [./{turn + 1}.yaml]\n")
    (tmp_path / "150.yaml").write_text("defaults: [china_russia_2004]\n")
    with pytest.raises(ScenarioError, match="expected at most 100 files, each on the next, got mo"):
        load_scenario(tmp_path / "0.yaml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("seed=shuffle(range(1,100000000))", "1 to 100,000 values, got 99,999,999"),
        ("seed=sort(range(1,1e18))", "1 to 100,000 values, got 999,999,999,999,999,999"),
        ("seed=range(1,inf)", "range(first,end,step) of numbers"),
        ("seed=range(1,nan)", "range(first,end,step) of numbers"),
        ("seed=range(1,10,0)", "range(first,end,step) of numbers"),
        ("seed=shuffle(range(1,10,0))", "range(first,end,step) of numbers"),
        ("seed=interval(-inf,inf)", "interval(low,high) with low below high"),
        ("seed=linspace(0,inf,3)", "linspace(first,last,n) of numbers"),
        ("seed=linspace(nan,1,3)", "linspace(first,last,n) of numbers"),
        ("seed=linspace(-1.7e308,1.7e308,5)", "linspace(first,last,n) of numbers"),
    ],
)
def test_axes_without_end_or_measure(text: str, expected: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        take_axes([text])
    assert f"command line: seed: expected {expected}" in str(caught.value)


def test_a_shuffled_range_is_laid_out() -> None:
    _, (axis,) = take_axes(["seed=shuffle(range(1,5))"])
    assert sorted(axis.values) == [1, 2, 3, 4]


def test_names_of_a_megabyte_are_not_compared() -> None:
    assert nearest("x" * 1_000_000, ["y" * 1_000_000]) is None
    assert nearest("x" * 199 + "y", ["x" * 200]) == "x" * 200
    with pytest.raises(ScenarioError) as caught:
        split([f"{'side@' * 200}holder=east"])
    assert len(str(caught.value)) < 2_000
