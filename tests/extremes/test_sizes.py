"""What would fill the memory or take for ever is refused before it does: `sim.domain.tree`, too."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from sim.domain.checks import faults_of
from sim.domain.dispute import MOST_LEVELS, MOST_NAMED
from sim.domain.tree import lay_out
from sim.errors import ScenarioError, nearest
from sim.io.axes import take_axes
from sim.io.overrides import split
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("seed=shuffle(range(1,100000000))", "1 to 100,000 values, got more"),
        ("seed=sort(range(1,1e18))", "1 to 100,000 values, got more"),
        ("seed=range(1,inf)", "1 to 100,000 values, got more"),
        ("seed=range(1,nan)", "a sweep over values"),
        ("seed=range(1,10,0)", "a sweep over values"),
        ("seed=shuffle(range(1,10,0))", "1 to 100,000 values, got more"),
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
