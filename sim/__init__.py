"""Simulate negotiations over territory: who could sign what, and which barrier stops them.

>>> import sim
>>> sim.run.__module__
'sim.experiments.ensemble'

Everything is imported on first use, so that ``import sim`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim import plotting
    from sim.domain.scenario import Scenario
    from sim.errors import IslandsError, RunError, ScenarioError
    from sim.experiments.analysis.discovery import discover
    from sim.experiments.analysis.sensitivity import sensitivity
    from sim.experiments.branching.branch import BranchTree, branch, load_branches
    from sim.experiments.branching.pairs import BranchedWorlds, branch_worlds
    from sim.experiments.comparison import compare
    from sim.experiments.conditions.conditions import conditions
    from sim.experiments.debriefing import Debriefing, debrief
    from sim.experiments.ensemble import run
    from sim.experiments.explanation.explanation import explain
    from sim.experiments.history.hindcast import hindcast
    from sim.experiments.inference.coverage import Coverage, check_coverage
    from sim.experiments.inference.posterior import Posterior, infer
    from sim.experiments.play import PlayedWorld, load_game, play
    from sim.experiments.result import EnsembleResult, load_result
    from sim.experiments.sweep.result import SweepResult, load_sweep
    from sim.experiments.sweep.run import sweep
    from sim.experiments.unlock.unlock import unlock
    from sim.io.config import load_scenario
    from sim.io.library import list_names
    from sim.io.template import write_dispute
    from sim.model.talks import TalksModel
    from sim.report.verdict import verdict

    __version__: str

__all__ = [
    "BranchTree",
    "BranchedWorlds",
    "Coverage",
    "Debriefing",
    "EnsembleResult",
    "IslandsError",
    "PlayedWorld",
    "Posterior",
    "RunError",
    "Scenario",
    "ScenarioError",
    "SweepResult",
    "TalksModel",
    "__version__",
    "branch",
    "branch_worlds",
    "check_coverage",
    "compare",
    "conditions",
    "debrief",
    "discover",
    "explain",
    "hindcast",
    "infer",
    "list_names",
    "load_branches",
    "load_game",
    "load_result",
    "load_scenario",
    "load_sweep",
    "play",
    "plotting",
    "run",
    "sensitivity",
    "sweep",
    "unlock",
    "verdict",
    "write_dispute",
]

_HOMES = {
    "BranchTree": "sim.experiments.branching.branch",
    "BranchedWorlds": "sim.experiments.branching.pairs",
    "Coverage": "sim.experiments.inference.coverage",
    "Debriefing": "sim.experiments.debriefing",
    "EnsembleResult": "sim.experiments.result",
    "IslandsError": "sim.errors",
    "PlayedWorld": "sim.experiments.play",
    "Posterior": "sim.experiments.inference.posterior",
    "RunError": "sim.errors",
    "Scenario": "sim.domain.scenario",
    "ScenarioError": "sim.errors",
    "SweepResult": "sim.experiments.sweep.result",
    "TalksModel": "sim.model.talks",
    "branch": "sim.experiments.branching.branch",
    "branch_worlds": "sim.experiments.branching.pairs",
    "check_coverage": "sim.experiments.inference.coverage",
    "compare": "sim.experiments.comparison",
    "conditions": "sim.experiments.conditions.conditions",
    "debrief": "sim.experiments.debriefing",
    "discover": "sim.experiments.analysis.discovery",
    "explain": "sim.experiments.explanation.explanation",
    "hindcast": "sim.experiments.history.hindcast",
    "infer": "sim.experiments.inference.posterior",
    "list_names": "sim.io.library",
    "load_branches": "sim.experiments.branching.branch",
    "load_game": "sim.experiments.play",
    "load_result": "sim.experiments.result",
    "load_scenario": "sim.io.config",
    "load_sweep": "sim.experiments.sweep.result",
    "play": "sim.experiments.play",
    "run": "sim.experiments.ensemble",
    "sensitivity": "sim.experiments.analysis.sensitivity",
    "sweep": "sim.experiments.sweep.run",
    "unlock": "sim.experiments.unlock.unlock",
    "verdict": "sim.report.verdict",
    "write_dispute": "sim.io.template",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for (PEP 562)."""
    if name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
    elif name == "plotting":
        value = import_module("sim.plotting")
    elif name == "__version__":
        value = _version()
    else:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Name everything there is, imported or not."""
    return sorted({*globals(), *__all__})


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("four-islands")
    except PackageNotFoundError:
        return "0+unknown"
