"""What a scenario names in lists: structures, registers, defaults and calibrations."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.io import library
from sim.io.config import load_scenario
from sim.io.history import load_calibration

Case = Callable[..., Path]


def fault(path: Path) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("deals: 3", "case.yaml: deals: expected a list of names, or all, got 3"),
        ("deals: [3]", "case.yaml: deals: expected a name or a path, got 3"),
        ("evidence: facts", "case.yaml: evidence: expected a list of names, or all, got 'facts'"),
        ("deals: [./bad.yaml]", "bad.yaml: expected a mapping of keys to values, got [1]"),
        ("deals: [peace_now, ./twin.yaml]", "twin.yaml: peace_now: expected each name in one file"),
        ("defaults: [base, 3]", "case.yaml: defaults: expected names, or items 'group: name', got"),
        ("defaults: [base, {override /environment: 3}]", "expected a name, got 3"),
    ],
)
def test_what_no_list_holds(case: Case, text: str, said: str) -> None:
    path = case(f"{text}\n")
    (path.parent / "bad.yaml").write_text("[1]")
    stage = "{label: one, fixed: {peace: none}}"
    twin = f"name: peace_now\nlabel: x\nassumption: x\nstages: {{one: {stage}}}\n"
    (path.parent / "twin.yaml").write_text(twin)
    assert said in fault(path)


def test_a_part_in_the_defaults_list(case: Case) -> None:
    path = case("defaults: [base, environment: storm]\n")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    assert "environment" in str(caught.value)


def test_calibrations(small: Path) -> None:
    with pytest.raises(ScenarioError, match=r"calibration: expected a path \(there is no calib"):
        load_calibration("fitted")
    path = small / "mine.yaml"
    path.write_text("label: mine\nfactor: 3\n")
    with pytest.raises(ScenarioError) as caught:
        load_calibration(str(path))
    assert "mine.yaml: unknown key 'factor'" in str(caught.value)


def test_one_structure_needs_no_brackets_and_may_lie_beside_the_scenario(
    case: Case,
) -> None:
    path = case("")
    assert [*load_scenario(path, ["deals=peace_now"]).deals] == ["peace_now"]
    shipped = library.find("deal", "peace_now")
    assert shipped is not None
    text = shipped.read_text(encoding="utf-8")
    for folder, name in ((path.parent, "mine"), (path.parent / "deal", "mine_too")):
        folder.mkdir(exist_ok=True)
        own = text.replace("peace_now", name)
        (folder / f"{name}.yaml").write_text(own, encoding="utf-8")
        assert [*load_scenario(path, [f"deals={name}"]).deals] == [name]
    assert [*load_scenario(path, ["deals=[mine,peace_now]"]).deals] == ["mine", "peace_now"]
