"""Folders of branches, read again by playing them once more, and the pages made of them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sim.cli import main
from sim.errors import ScenarioError
from sim.experiments.branching.branch import BranchTree
from sim.experiments.branching.folder import BRANCHES, WORLDS, load_branch
from sim.experiments.branching.pairs import BranchedWorlds
from sim.io.dump import dump_scenario
from tests.disputes import pie

SAME = "holder.leader.discount_factor=0.9"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a branch of one world and one of all, and their pages."""
    place = tmp_path_factory.mktemp("branches")
    scenario = place / "pie.yaml"
    scenario.write_text(dump_scenario(pie({"worlds": 16, "rounds": 6})), encoding="utf-8")
    asked = ["branch", f"scenario={scenario}", "engine=array", "rounds=5", "at=1", "workers=1"]
    what = f"set=claimant.reservation.dialogue=50, {SAME}"
    assert main([*asked, what, "world=1", f"out={place / 'one'}"]) == 0
    assert main([*asked, what, f"out={place / 'all'}"]) == 0
    for kind in ("one", "all"):
        assert main(["report", str(place / kind)]) == 0
    return place


def test_they_are_the_same_once_more(folders: Path) -> None:
    one, all_ = load_branch(folders / "one"), load_branch(folders / "all")
    assert isinstance(one, BranchTree)
    assert one.to_json() == (folders / "one" / BRANCHES).read_text(encoding="utf-8")
    assert isinstance(all_, BranchedWorlds)
    assert (all_.at, len(all_.reached), len(all_.words)) == (1, 16, 2)
    assert all_.scenario.overrides == ("rounds=5",)


@pytest.mark.parametrize("kind", ["one", "all"])
def test_their_page_and_their_picture_are_made(
    folders: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (folders / f"{kind}.html").read_text(encoding="utf-8")
    assert page.count("<img ") == 1
    assert "discount factor: 0.9" in page
    assert "discount_factor" not in page
    assert main(["plot", str(folders / kind), "format=svg"]) == 0
    assert (folders / f"{kind}-pictures" / "branch.svg").is_file()
    capsys.readouterr()


@pytest.mark.parametrize("kind", ["one", "all"])
def test_what_is_never_in_force_is_said(folders: Path, kind: str) -> None:
    found = load_branch(folders / kind)
    idle = found.idle() if isinstance(found, BranchTree) else found.idle
    assert idle == (SAME,), "it is what the pie says anyway"
    page = (folders / f"{kind}.html").read_text(encoding="utf-8")
    what = {"one": "anything in this world", "all": "how 16 worlds end"}[kind]
    assert f"discount factor: 0.9 makes no difference to {what}: it is never in force" in page


def test_another_scenario_is_refused(folders: Path, tmp_path: Path) -> None:
    path = shutil.copytree(folders / "all", tmp_path / "all") / WORLDS
    saved = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**saved, "config_sha256": "0"}), encoding="utf-8")
    with pytest.raises(
        ScenarioError, match="expected a branch of pie as it is, got one of another"
    ):
        load_branch(tmp_path / "all")
