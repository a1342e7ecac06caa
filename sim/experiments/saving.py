"""Save the results of a run to a folder, and read its resolved scenario again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sim.domain.checks import faults_of
from sim.domain.results import OUTCOMES_TABLE, RANKING, WORLDS, Kinds
from sim.domain.scenario import Scenario
from sim.errors import Fault, ScenarioError
from sim.experiments.packages import packages_kinds
from sim.io import yaml
from sim.io.dump import dump_scenario
from sim.io.size import check_size
from sim.io.tables import MANIFEST, digest, parquet, write_folder

CONFIG = "config.yaml"
"""The resolved scenario among the files of a run."""


def tables_of(scenario: Scenario) -> dict[str, Kinds]:
    """Return the tables of a run, which are also its Parquet files, and their columns."""
    return {
        "outcomes": OUTCOMES_TABLE,
        "worlds": WORLDS,
        "packages": packages_kinds(scenario),
        "ranking": RANKING,
    }


def save(
    scenario: Scenario,
    tables: Mapping[str, pd.DataFrame],
    provenance: dict[str, Any],
    folder: Path,
    also: Mapping[str, bytes],
) -> Path:
    """Write the tables of a run to a folder.

    Parameters
    ----------
    scenario : Scenario
    tables : mapping of name to DataFrame
        All of `tables_of`.
    provenance : dict
    folder : Path
    also : mapping of name to bytes
        Further files.

    Raises
    ------
    ScenarioError, RunError
        As :meth:`sim.experiments.result.EnsembleResult.save`.
    """
    config = dump_scenario(scenario).encode()
    files = {CONFIG: config, **also}
    for name, kinds in tables_of(scenario).items():
        files[f"{name}.parquet"] = parquet(tables[name], kinds, digest(config))
    listed = {name: digest(data) for name, data in sorted(files.items())}
    manifest = json.dumps({**provenance, "files": listed}, indent=2, ensure_ascii=False)
    write_folder(folder, {**files, MANIFEST: f"{manifest}\n".encode()})
    return folder


def read_scenario(path: Path) -> Scenario:
    """Return the scenario of a resolved config, as it was run.

    Raises
    ------
    ScenarioError
        If the file cannot be read, is no sound resolved scenario of this version, or one too large
        for this machine.
    """
    values = yaml.read(path)
    values.pop("defaults", None)
    try:
        scenario = Scenario.model_validate(values)
    except ValueError as error:
        reason = str(error).splitlines()[0]
        fault = Fault("", "a resolved scenario of this version", reason, file=str(path))
        raise ScenarioError([fault]) from error
    if faults := faults_of(scenario):
        raise ScenarioError(fault.located(str(path)) for fault in faults)
    check_size(scenario)
    return scenario
