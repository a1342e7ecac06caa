"""A folder of conditions is read as it was written, and refused where it is damaged."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.domain.scenario import Scenario
from sim.errors import ScenarioError
from sim.experiments.conditions.conditions import Conditions
from sim.experiments.conditions.folder import conditions_files, load_conditions
from sim.experiments.conditions.path import DeclaredPath
from sim.io.folders import CONDITIONS
from sim.plotting.conditions import condition_pictures
from sim.report.conditions import sentences
from tests.fuzz.second import switched_on
from tests.plotting import planted


@pytest.fixture
def found(isles: Scenario) -> Conditions:
    return planted.would_take(isles)


def test_a_folder_is_read_as_it_was_written(found: Conditions, tmp_path: Path) -> None:
    scenario = found.scenario.loaded_with(["rounds=9"])
    changed = dataclasses.replace(found, scenario=scenario, event="transferred")
    for name, data in conditions_files(changed).items():
        (tmp_path / name).write_bytes(data)
    again = load_conditions(tmp_path)
    assert again.scenario == found.scenario
    assert again.scenario.overrides == ("rounds=9",)
    assert again.event == "transferred"
    for table in (Conditions.distances, Conditions.coalitions, Conditions.probabilities):
        pd.testing.assert_frame_equal(table(again), table(found))
    assert condition_pictures(again) == condition_pictures(changed)


def test_an_agenda_is_a_structure(isles: Scenario, tmp_path: Path) -> None:
    found = planted.would_take(isles.model_copy(update={"agenda": "open"}))
    assert list(found.structures) == ["agenda"]
    for name, data in conditions_files(found).items():
        (tmp_path / name).write_bytes(data)
    again = load_conditions(tmp_path)
    assert "open agenda" in " ".join(sentences(again))
    assert {name.rpartition(".")[0] for name in condition_pictures(again)} >= {"ladder"}


def test_what_a_ratifier_does_beside_its_vote_is_no_other_ratifier() -> None:
    keys = dict(switched_on().quantities())
    assert "claimant.ratifiers.parliament.amends.probability" in keys
    assert "claimant.ratifiers.parliament" in DeclaredPath(switched_on()).groups


NOBODY = {"key": "claimant.preconditions.nobody", "declared": 0.5, "found": 0.1, "shift": 1.0}


def _any(saved: Any, part: str) -> Any:
    """Return a part of the first structure that has it."""
    return next(one[part] for one in saved["structures"].values() if one[part])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda saved: saved.pop("to"), "to: expected a value, got nothing"),
        (lambda saved: saved["structures"]["strait"]["shares"].pop("closed"), "strait without"),
        (lambda saved: saved["structures"].pop("strait"), None),
        (
            lambda saved: _any(saved, "coalitions").update(event="\x1b[2J"),
            "coalitions.event: expected one of",
        ),
        (lambda saved: _any(saved, "coalitions").update(necessary=["nobody"]), "other groups"),
        (
            lambda saved: _any(saved, "coalitions").update(now=2.0),
            "coalitions.now: expected a value of at most",
        ),
        (
            lambda saved: _any(saved, "coalitions").update(to=0.0),
            "coalitions.to: expected a value above",
        ),
        (
            lambda saved: _any(saved, "rare")["estimates"][0].update(method="luck"),
            "estimates.0.method: expected one of",
        ),
        (
            lambda saved: _any(saved, "rare")["estimates"][0].update(high=-1.0),
            "estimates.0.high: expected a value of at least",
        ),
        (lambda saved: _any(saved, "rare").update(portrait=[NOBODY]), "other numbers"),
        (
            lambda saved: saved["structures"].update(peace=saved["structures"]["strait"]),
            "other str",
        ),
        (lambda saved: saved["structures"]["strait"]["map_"].update(shares=[[[[2.0]]]]), "map_"),
        (lambda saved: saved["structures"]["strait"]["map_"].update(shares=[[[[0.2]]]]), "map of"),
        (lambda saved: saved["structures"]["strait"]["of_worlds"].update(closed=[0.1]), "numbers"),
    ],
)
def test_a_damaged_folder_is_refused(
    found: Conditions, tmp_path: Path, change: Callable[[Any], Any], told: str | None
) -> None:
    for name, data in conditions_files(found).items():
        (tmp_path / name).write_bytes(data)
    saved = json.loads((tmp_path / CONDITIONS).read_text())
    change(saved)
    (tmp_path / CONDITIONS).write_text(json.dumps(saved))
    if told is None:
        assert "strait" not in load_conditions(tmp_path).structures
        return
    with pytest.raises(ScenarioError, match=told):
        load_conditions(tmp_path)
