"""Everything wrong with a sweep is said before its first cell, all at once.

Tests `sim.experiments.sweep.layout`, `sim.io.sweep_settings` and `sim.io.axes`.
"""

from pathlib import Path
from typing import Any

import pytest

from sim.domain.scenario import Scenario
from sim.errors import Fault, ScenarioError
from sim.experiments.sweep import load_sweep, sweep
from sim.experiments.sweep.axes import check_choices
from sim.experiments.sweep.layout import Source, lay_out
from sim.io.config import load_scenario
from sim.io.sweep_settings import SweepSettings, check_settings

OPPOSITION = "holder.public.opposition"


def complaints(case: Path, *axes: str, **settings: object) -> list[str]:
    with pytest.raises(ScenarioError) as refused:
        sweep(case, list(axes), case.parent / "never", **settings)
    assert not (case.parent / "never").exists(), "nothing was begun"
    return str(refused.value).splitlines()


def test_every_value_of_every_axis_is_tried(case: Path) -> None:
    said = complaints(
        case,
        f"{OPPOSITION}=0.2,1.5",
        "claimant.leader.discount_factor=none,0.9",
        "claimant.leader.audience_cost=1,many",
    )
    assert len(said) == 3
    assert any(f"{OPPOSITION}: expected a value in [0, 1], got 1.5" in line for line in said)
    assert any("discount_factor" in line and "none" in line for line in said)
    assert any("audience_cost: expected numbers, or none" in line for line in said)


@pytest.mark.parametrize(
    ("axis", "said"),
    [
        ("holder.publik.opposition=1,2", "did you mean 'public'?"),
        ("protocol.first_mover=claimant,nobody", "first_mover"),
        ("environment=storms,calm", "storms"),
        ("environment=interval(1,2)", "expected names, as a,b"),
        (f"{OPPOSITION}=interval(1,0)", "low below high"),
        (f"{OPPOSITION}=linspace(0,1,1)", "n from 2"),
        (f"{OPPOSITION}=linspace(0,1,x)", "n from 2"),
        (f"{OPPOSITION}=range(0,1,0.0000001)", "1 to 100,000 values"),
        (f"{OPPOSITION}=0.5,0.5", "0.5 twice"),
        (f"{OPPOSITION}=interval(0.1,0.2)", "values, such as linspace(a,b,n)"),
        ("protocol.proposes=0.2,0.9", "a number that plays a part, got one of no effect"),
        (f"{OPPOSITION}=0.5", "at least one axis"),
        (f"{OPPOSITION}=", "expected a number"),
        ("claimant.leader.discount_factor=uncertain", "a declared range"),
        ("uncertain", "values, such as linspace(a,b,n)"),
    ],
)
def test_an_axis_at_fault(case: Path, axis: str, said: str) -> None:
    assert said in "\n".join(complaints(case, axis))


def test_one_key_is_one_axis(case: Path) -> None:
    said = complaints(case, f"{OPPOSITION}=0.1,0.2", f"{OPPOSITION}=0.3", "worlds=3", "worlds=4")
    assert [line.split(": ")[1] for line in said] == [OPPOSITION, "worlds"]


def test_a_grid_may_not_be_too_large(case: Path) -> None:
    axes = [f"holder.leader.{key}=linspace(0.1,0.9,999)" for key in ("audience_cost",)]
    axes += [f"{OPPOSITION}=linspace(0.1,0.9,999)", "claimant.leader.audience_cost=1,2,3"]
    assert "at most 1,000,000 cells, got 2,994,003" in complaints(case, *axes)[0]


def test_all_settings_at_fault_are_named() -> None:
    asked = {"design": "lsh", "precision": 0, "executor": "dusk", "save_worlds": 2, "address": 1}
    with pytest.raises(ScenarioError) as refused:
        check_settings(SweepSettings(**asked))
    said = str(refused.value)
    assert said.count("\n") == 4
    assert "did you mean 'lhs'?" in said
    assert "did you mean 'dask'?" in said


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"n": 3}, "none for design=grid"),
        ({"design": "lhs"}, "a whole number from 2"),
        ({"design": "sobol", "n": 12}, "did you mean '16'?"),
        ({"executor": "dask", "address": 5}, "tcp://host:8786"),
    ],
)
def test_a_setting_at_fault(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        check_settings(SweepSettings(**asked))
    assert said in str(refused.value)


def test_hopeless_alternatives_are_not_all_tried() -> None:
    tried: list[list[str]] = []

    def load(texts: list[str]) -> Scenario:
        tried.append(texts)
        raise ScenarioError([Fault(texts[0], "something else", "this")])

    assert len(check_choices(load, [[f"deals=[{name}]" for name in range(999)]])) == 8
    assert len(tried) == 8


@pytest.mark.parametrize(
    "key",
    [
        "claimant.public.undecided",
        "claimant.commitment.leverage",
        "dispute.clauses.recognition.levels.explicit.ambiguity",
    ],
)
def test_a_number_that_is_unset_by_default_is_an_axis_of_numbers(case: Path, key: str) -> None:
    assert key not in dict(load_scenario(case).quantities())
    (axis,) = lay_out(Source(case, []), [f"{key}=0.25,0.5"], SweepSettings()).axes
    assert axis.is_number


@pytest.mark.parametrize(
    ("axis", "texts", "column"),
    [
        ("claimant.beliefs.expected_share=range(0.1,0.8,0.3)", [], [0.1, 0.4, 0.7]),
        ("claimant.public.undecided=0.1,null", [], ["0.1", "null"]),
        ("protocol.patience=none,3", ["agenda=tabled"], [float("inf"), 3.0]),
    ],
)
def test_a_sweep_over_what_is_unset_is_read_again(
    case: Path, tmp_path: Path, axis: str, texts: list[str], column: list[object]
) -> None:
    made = sweep(case, [axis, *texts, "worlds=2", "rounds=2"], tmp_path / "out")
    key = axis.partition("=")[0]
    assert load_sweep(tmp_path / "out").design[key].tolist() == column
    assert bool(made.axes[key]) is not isinstance(column[0], str)
