"""Provenance of results: what was run, with which versions, from which commit."""

from __future__ import annotations

import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sim.domain.results import SCHEMA
from sim.domain.scenario import Scenario
from sim.io.dump import dump_scenario
from sim.io.tables import digest

_PACKAGES = {
    "sim": "four-islands",
    **{name: name for name in ("numpy", "scipy", "mesa", "pandas", "pyarrow", "pydantic")},
}
_GIT_SECONDS = 5.0


def provenance(scenario: Scenario, started: datetime, finished: datetime) -> dict[str, Any]:
    """Return where the results of a scenario come from.

    Parameters
    ----------
    scenario : Scenario
        As it was run.
    started, finished : datetime
        With their time zones.

    Returns
    -------
    dict
        Plain values. The digests are SHA-256; that of the config is the one of `config.yaml`, that
        of the evidence is over the register alone.
    """
    register = {name: fact.model_dump_json() for name, fact in sorted(scenario.evidence.items())}
    return {
        "scenario": scenario.name,
        "seed": scenario.seed,
        "worlds": scenario.worlds,
        "rounds": scenario.rounds,
        "deals": list(scenario.deals),
        "agenda": scenario.agenda,
        "overrides": list(scenario.overrides),
        "schema": SCHEMA,
        "config_sha256": digest(dump_scenario(scenario).encode()),
        "evidence_sha256": digest(repr(register).encode()),
        "versions": {"python": platform.python_version(), **_versions()},
        "platform": platform.platform(),
        "commit": _commit(),
        "started": _stamp(started),
        "finished": _stamp(finished),
    }


def now() -> datetime:
    """Return the time, with its zone."""
    return datetime.now(UTC)


def _stamp(time: datetime) -> str:
    return time.isoformat(timespec="seconds")


def _versions() -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for name, package in _PACKAGES.items():
        try:
            found[name] = version(package)
        except PackageNotFoundError:
            found[name] = None
    return found


def _commit() -> str | None:
    """Return the commit of the source tree, marked where files have changed since, if it is one."""
    tree = Path(__file__).resolve().parents[1]
    if _git(tree, "ls-files", "--error-unmatch", "__init__.py") is None:
        return None
    commit = _git(tree, "rev-parse", "HEAD")
    changed = _git(tree, "status", "--porcelain", "--untracked-files=no", "--", ".")
    return f"{commit}, changed since" if commit and changed else commit


def _git(tree: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=tree, capture_output=True, text=True, timeout=_GIT_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
