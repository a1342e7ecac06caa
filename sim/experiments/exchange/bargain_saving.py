"""Save what two profiles had to agree on and how they negotiated, as one folder."""

from __future__ import annotations

import json
from pathlib import Path

from sim.experiments.exchange.bargain import POINTS, ROUNDS, Bargain, packages_kinds
from sim.experiments.provenance import now, provenance
from sim.io.dump import dump_scenario
from sim.io.genius import domain_xml, profile_xml
from sim.io.tables import MANIFEST, digest, parquet, write_folder

__all__ = ["save"]


def save(bargain: Bargain, folder: Path) -> None:
    """Write a folder: tables, the scenario, and domain and profiles in the newest spelling.

    Parameters
    ----------
    bargain : Bargain
    folder : Path
        Does not exist, is empty, or holds nothing but an earlier run, which is replaced.

    Raises
    ------
    ScenarioError, RunError
        If the folder holds anything else, or cannot be written.
    """
    config = dump_scenario(bargain.scenario).encode()
    one, two = bargain.profiles
    tables = {
        "packages": (bargain.packages(), packages_kinds(bargain)),
        "points": (bargain.points(), POINTS),
        "rounds": (bargain.rounds, ROUNDS),
    }
    files = {
        "config.yaml": config,
        "domain.xml": domain_xml(one.domain),
        "claimant.xml": profile_xml(one),
        "holder.xml": profile_xml(two),
    }
    for name, (table, kinds) in tables.items():
        files[f"{name}.parquet"] = parquet(table, kinds, digest(config))
    stamp = now()
    said = {**provenance(bargain.scenario, stamp, stamp), "profiles": [one.name, two.name]}
    said["files"] = {name: digest(data) for name, data in sorted(files.items())}
    manifest = json.dumps(said, indent=2, ensure_ascii=False)
    write_folder(folder, {**files, MANIFEST: f"{manifest}\n".encode()})
