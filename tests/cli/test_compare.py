"""Comparisons typed on the command line."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sim.cli.compare import cases_of
from sim.errors import ScenarioError
from tests.cli.conftest import Islands

NUMBER = "{value: 3, unit: rounds, assumption: test}"
PLAYED = ["scenario=base", "worlds=16", "rounds=4"]


@pytest.fixture
def changed() -> list[str]:
    return ["scenario=base", "worlds=16", "rounds=2", "vs", "rounds=8"]


def test_one_scenario_with_changes(islands: Islands, changed: list[str], tmp_path: Path) -> None:
    said = islands("compare", *changed, f"out={tmp_path / 'there'}")
    assert (said.code, said.err) == (0, "")
    assert "B is rounds=8." in said.out
    assert max(map(len, said.out.splitlines())) <= 120
    table = pd.read_csv(tmp_path / "there" / "comparison.csv")
    assert set(table["case"]) == {"rounds=8"}
    assert ((table["share"] - table["base"] - table["difference"]).abs() < 1e-9).all()
    same = pd.read_parquet(tmp_path / "there" / "comparison.parquet")
    pd.testing.assert_frame_equal(table, same, check_dtype=False, rtol=1e-12)
    assert (tmp_path / "there" / "comparison.png").read_bytes()[:4] == b"\x89PNG"


def test_a_run_with_itself_differs_nowhere(islands: Islands, tmp_path: Path) -> None:
    out = tmp_path / "one"
    assert islands("run", *PLAYED, f"out={out}").code == 0
    said = islands("compare", out, out)
    assert said.code == 0
    assert "No sure difference" in said.out
    refused = islands("compare", out, out, "rounds=4")
    assert (refused.code, "a run is as it was played" in refused.err) == (2, True)


def test_two_scenarios_are_told_by_their_titles_and_by_the_numbers_that_differ(
    islands: Islands, case: Callable[[str], Path]
) -> None:
    case(
        "title: A quieter west\nname: quiet\nholder: {leader: {deadline_rounds: N}}\n".replace(
            "N", NUMBER
        )
    )
    said = islands("compare", "base", "case.yaml", "deals=peace_now", "worlds=4", "rounds=2")
    assert (said.code, said.err) == (0, "")
    told = " ".join(said.out.split())
    assert "A is base: “The base case”. B is case.yaml: “A quieter west”." in told
    assert "holder.leader.deadline_rounds: A " in told
    assert ", B 3. The first" in told
    assert "under “Peace now”." in told


def test_structures_are_told_by_their_labels(islands: Islands) -> None:
    first = ("scenario=base", "worlds=64", "rounds=4", "deals=peace_now")
    said = islands("compare", *first, "vs", "deals=status_quo")
    told = " ".join(said.out.split())
    assert "B is deals=status_quo: “Status quo”." in told
    assert " in “Status quo” than in “Peace now”: " in told
    assert "peace_now / status_quo" not in told


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ("peace_now status_quo", "scenario=S deals=peace_now vs deals=status_quo"),
        ("base status_quo", "scenario=S deals=status_quo vs deals=ANOTHER"),
    ],
)
def test_structures_in_the_place_of_scenarios_are_answered_with_the_line_to_type(
    islands: Islands, given: str, line: str
) -> None:
    said = islands("compare", *given.split())
    assert (said.code, said.out) == (2, "")
    assert said.err.strip().endswith(f"are compared by: islands compare {line}")


def test_scenarios_are_named_in_either_way() -> None:
    assert cases_of(["scenario=a", "scenario=b", "rounds=3"]) == cases_of(["a", "b", "rounds=3"])


def test_what_each_case_says_and_what_stops_the_others(islands: Islands) -> None:
    wanted = "claimant.reservation.dialogue"
    said = islands("compare", "scenario=base", "worlds=64", "rounds=3", "vs", f"{wanted}=50")
    assert said.code == 0
    assert f"{wanted}: A " in said.out
    assert ", B 50." in said.out
    assert "“no gain for both” comes about more often" in said.out
    settings = islands("compare", "scenario=base", "worlds=4", "rounds=3", "vs", "rounds=4")
    assert "rounds: A 3, B 4." in settings.out
    small = ("compare", "scenario=base", "worlds=4", "rounds=3")
    words = islands(*small, "vs", "protocol.first_mover=holder")
    assert "protocol.first_mover: A claimant, B holder." in words.out


@pytest.mark.parametrize("words", [(), ("a",), ("rounds=3",), ("scenario=a",)])
def test_fewer_than_two_are_refused(words: tuple[str, ...]) -> None:
    with pytest.raises(ScenarioError, match=r"A B …, or … vs …"):
        cases_of(words)


@pytest.mark.parametrize("words", [["scenario=a", "vs"], ["scenario=a", "vs", "vs", "b=1"]])
def test_a_case_that_changes_nothing_is_refused(words: list[str]) -> None:
    with pytest.raises(ScenarioError, match=r"what the case changes after each vs.*got nothing"):
        cases_of(words)


def test_a_change_needs_a_scenario() -> None:
    with pytest.raises(ScenarioError, match="a scenario before the first vs"):
        cases_of(["rounds=3", "vs", "rounds=4"])
