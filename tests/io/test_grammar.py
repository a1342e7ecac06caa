"""The grammar of overrides: ranges in decimals, shuffles that repeat, free text as it is."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.io.axes import take_axes
from sim.io.grammar import in_grammar, quoted
from sim.io.overrides import spelt_out, split


def values(text: str) -> list[Any]:
    _, (axis,) = take_axes([f"key={text}"])
    return list(axis.values)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("range(0.1,0.4,0.1)", [0.1, 0.2, 0.3]),
        ("range(0.6,1,0.1)", [0.6, 0.7, 0.8, 0.9]),
        ("sort(range(1.3,0,-0.5))", [0.3, 0.8, 1.3]),
        ("sort(range(0,10,3),reverse=true)", [9, 6, 3, 0]),
        ("range(3)", [0, 1, 2]),
        ("range(3,0,-1)", [3, 2, 1]),
    ],
)
def test_ranges_are_counted_in_decimals(text: str, expected: list[Any]) -> None:
    assert values(text) == expected
    assert [type(value) for value in values(text)] == [type(value) for value in expected]


@given(st.integers(-40, 40), st.integers(1, 60), st.integers(1, 20), st.sampled_from([10, 20]))
def test_a_range_has_what_exact_fractions_say(a: int, width: int, step: int, of: int) -> None:
    text = f"range({a / of!r},{(a + width) / of!r},{step / of!r})"
    exact = [Fraction(a, of) + Fraction(step, of) * k for k in range(-(-width // step))]
    assert values(text) == [float(value) for value in exact]


def test_a_shuffle_is_the_same_every_time() -> None:
    for text in ("shuffle(range(0,1,0.1))", "shuffle(1,2,3,4,5,6,7)", "shuffle(choice(1,2,3,4))"):
        once = values(text)
        assert once == values(text)
        assert once != sorted(once)
    assert sorted(values("shuffle(range(0,1,0.1))")) == values("range(0,1,0.1)")


@pytest.mark.parametrize(
    "text",
    [
        "linspace(.5,.5,3)",
        "linspace(0.5,0.50000000000001,3)",
        "choice(1,2,1.0)",
        "linspace(1,1,1000)",
    ],
)
def test_values_that_are_the_same_are_refused(text: str) -> None:
    with pytest.raises(ScenarioError, match=r"key: expected different values, got .* twice"):
        take_axes([f"key={text}"])


@pytest.mark.parametrize("text", ["range(0,1,0)", "range(0,1,1e-9)", "range(0,1e300,1)"])
def test_a_range_that_ends_never_or_late_is_refused(text: str) -> None:
    with pytest.raises(
        ScenarioError, match=r"^command line: key: expected (range|1 to 100,000 values)"
    ):
        take_axes([f"key={text}"])


PATHS = (
    "josé.yaml",
    "結果",
    "a#b",
    "x(y)",
    "it's",
    "~!",
    "a & b",
    "a;b",
    "k=v",
    "[x]",
    "{a}",
    "a:b",
)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("key", ["out", "scenario"])
def test_paths_are_taken_as_they_are(path: str, key: str) -> None:
    assert in_grammar(f"{key}={path}").value() == path
    assert in_grammar(f"{key}={quoted(path)}").value() == path
    assert in_grammar(spelt_out(f"out={path}")).value() == path


def test_lists_of_paths_are_taken_as_they_are() -> None:
    (deals,) = split(["deals=[josé.yaml,a#b]"]).settings
    assert deals.value == ["josé.yaml", "a#b"]


def test_sweeps_are_spelt_out_for_hydras_own_parser() -> None:
    assert spelt_out("seed=range(0.1,0.4,0.1)") == "seed=0.1,0.2,0.3"
    assert spelt_out("environment=glob(arctic*)") == "environment=arctic_2010,arctic_2018"
    assert spelt_out("worlds=3") == "worlds=3"
    assert spelt_out("hydra.sweep.dir=x") == "hydra.sweep.dir=x"
    with pytest.raises(ScenarioError, match=r"seed: expected values.*got an interval"):
        spelt_out("seed=interval(1,3)")


def test_calls_and_mappings_are_read_where_python_drops_asserts() -> None:
    """Hydra's parser moves on inside of its assert statements."""
    texts = ("a=range(0,3)", "a=sort(2,1,reverse=true)", "a={b:1,c:[2]}", "a=choice(1,2)")
    code = f"from sim.io.grammar import in_grammar as g; print([g(t).value() for t in {texts}])"
    answers = [
        subprocess.run([sys.executable, *flag, "-c", code], capture_output=True, check=True).stdout
        for flag in ([], ["-O"])
    ]
    assert answers[0] == answers[1]
    assert b"{'b': 1, 'c': [2]}" in answers[0]
