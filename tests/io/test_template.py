"""A new dispute is written whole, is sound and runs; nothing that exists is replaced."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.cli.dispatch import main
from sim.errors import ScenarioError
from sim.experiments import ensemble
from sim.io.config import load_scenario
from sim.io.kinds import check_file
from sim.io.template import NAMED, write_dispute


@pytest.fixture
def scenario_file(tmp_path: Path) -> Path:
    return write_dispute("amber_coast", tmp_path)


def test_every_file_is_sound_by_itself(scenario_file: Path) -> None:
    files = sorted(scenario_file.parent.rglob("*.yaml"))
    assert len(files) == 8
    for path in files:
        assert check_file(path)
        assert NAMED not in path.read_text()
        assert NAMED not in path.name


def test_it_runs_and_has_something_to_show(scenario_file: Path) -> None:
    scenario = load_scenario(scenario_file)
    assert scenario.name == "amber_coast"
    result = ensemble.run(scenario, worlds=64, workers=1)
    settled = dict(zip(result.outcomes["deal"], result.outcomes["settled"], strict=True))
    assert settled["amber_coast_line"] > 0.2
    assert settled["status_quo"] == 0


def test_every_number_says_where_it_is_from(scenario_file: Path) -> None:
    for key, quantity in load_scenario(scenario_file).quantities():
        assert quantity.source or quantity.assumption, key


@pytest.mark.parametrize("name", ["../out", "a/b", "", "Amber", "1st", "a" * 61, "sea coast", "a."])
def test_names_stay_in_the_folder(name: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="small letters"):
        write_dispute(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_replaced(scenario_file: Path) -> None:
    scenario_file.write_text("mine")
    with pytest.raises(ScenarioError, match="a new folder"):
        write_dispute("amber_coast", scenario_file.parents[1])
    assert scenario_file.read_text() == "mine"


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "dispute", "amber_coast", f"in={tmp_path}"]) == 0
    assert "islands run scenario=" in capsys.readouterr().out
    assert main(["new", "dispute", "amber_coast", f"in={tmp_path}"]) == 2
    assert main(["new", "quarrel", "x"]) == 2


_SET = re.compile(r"^(\s*)# ([a-z_]+: .*)$", re.MULTILINE)
SECOND_EDITION = (
    *("successions", "positions", "red_lines", "drafting", "audience_cost", "ratings", "cues"),
    *("quotas", "quota_fall", "accumulation", "lifted_by", "fading", "peak_years", "ended_by"),
    *("ratifier_errors", "error", "amendments", "amends", "votes_on", "ladder", "agenda"),
    *("lesser_texts", "separable", "linkage_cost", "dependence", "resolve", "observed"),
    *("conditioned", "meets", "breaches", "ambiguity", "contradicts", "without_content"),
    *("movement", "moves", "campaign", "resolve_persistence", "expected_share", "leverage"),
    *("kind: random_proposer", "other_weights"),
)
"""Keys that the model has learnt since its first edition."""


def test_every_key_of_the_second_edition_is_there_to_be_switched_on(scenario_file: Path) -> None:
    told = "\n".join(path.read_text() for path in scenario_file.parent.rglob("*.yaml"))
    assert [key for key in SECOND_EDITION if key not in told] == []


def test_what_stands_in_comments_is_sound_too(scenario_file: Path) -> None:
    """Each line may be used as it stands: all of them together make a scenario that plays."""
    found = 0
    for path in scenario_file.parent.rglob("*.yaml"):
        text, changed = _SET.subn(r"\1\2", path.read_text())
        found += changed
        path.write_text(text)
    assert found > 20
    scenario = load_scenario(scenario_file)
    assert scenario.claimant.beliefs.other_weights is not None
    assert scenario.protocol.drafting is not None
    assert scenario.protocol.drafting.enabled
    assert scenario.holder.commitment.linkage_cost is not None
    assert ensemble.run(scenario, worlds=8, workers=1).outcomes["settled"].notna().all()
