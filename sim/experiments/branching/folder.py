"""Folder of a branch, as `islands branch` leaves it: read again by playing it once more."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from sim.domain.frozen import Frozen
from sim.errors import file_error
from sim.experiments.branching.branch import BranchTree, load_branches
from sim.experiments.branching.pairs import BranchedWorlds, branch_worlds
from sim.experiments.result import read_scenario, with_overrides
from sim.io.dump import dump_scenario
from sim.io.faults import read_as
from sim.io.files import read_json
from sim.io.folders import CONFIG, MANIFEST
from sim.io.tables import digest

__all__ = ["BRANCHES", "WORLDS", "branched_as_json", "load_branch"]

BRANCHES, WORLDS = "branch.json", "branched_worlds.json"
"""Which branches there are: of one world, or one of all worlds."""


class _SavedWorlds(Frozen):
    config_sha256: str
    deal: str
    at: int = Field(ge=0)
    set: tuple[str, ...] = Field(max_length=100)


def branched_as_json(found: BranchedWorlds) -> bytes:
    """Return what is set in all worlds, and when, as the file from which it is played again.

    Parameters
    ----------
    found : BranchedWorlds
    """
    sha256 = digest(dump_scenario(found.scenario).encode())
    saved = _SavedWorlds(config_sha256=sha256, deal=found.deal, at=found.at, set=found.words)
    return f"{saved.model_dump_json(indent=2)}\n".encode()


def load_branch(folder: str | Path) -> BranchTree | BranchedWorlds:
    """Return the branch of a folder, of one world or of all, by playing it once more.

    Parameters
    ----------
    folder : str or Path

    Raises
    ------
    ScenarioError
        If a file is missing or damaged, or is of another scenario.
    """
    folder = Path(folder)
    origin = read_json(folder / MANIFEST, "the provenance of a branch")
    scenario = with_overrides(read_scenario(folder / CONFIG), origin)
    path = folder / WORLDS
    if not path.is_file():
        return load_branches(scenario, folder / BRANCHES)
    saved = read_as(_SavedWorlds, path, "a branch of all worlds")
    if saved.config_sha256 != digest(dump_scenario(scenario).encode()):
        raise file_error(path, f"a branch of {scenario.name} as it is", "one of another scenario")
    return branch_worlds(scenario, saved.deal, at=saved.at, set=saved.set)
