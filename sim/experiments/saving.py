"""Save the results of a run to a folder, and load them again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sim.domain.results import OUTCOMES_TABLE, RANKING, WORLDS, Kinds
from sim.domain.scenario import Scenario
from sim.errors import Fault, ScenarioError
from sim.experiments.packages import levels_of, packages_kinds
from sim.experiments.result import EnsembleResult
from sim.experiments.tables import words_of
from sim.io import yaml
from sim.io.dump import dump_scenario
from sim.io.store import MANIFEST, config_of, digest, parquet, read_parquet, write_folder

_CONFIG = "config.yaml"


def save(result: EnsembleResult, folder: Path, also: Mapping[str, bytes]) -> Path:
    """Write a result to a folder; see `EnsembleResult.save`."""
    config = dump_scenario(result.scenario).encode()
    files = {_CONFIG: config, **also}
    for name, kinds in _tables(result.scenario).items():
        table: pd.DataFrame = getattr(result, name)
        files[f"{name}.parquet"] = parquet(table, kinds, digest(config))
    listed = {name: digest(data) for name, data in sorted(files.items())}
    manifest = json.dumps({**result.provenance, "files": listed}, indent=2, ensure_ascii=False)
    write_folder(folder, {**files, MANIFEST: f"{manifest}\n".encode()})
    return folder


def load_result(folder: str | Path) -> EnsembleResult:
    """Return the result that was saved to a folder.

    Parameters
    ----------
    folder : str or Path

    Raises
    ------
    ScenarioError
        If the folder is not that of a run, or its files are missing, damaged or of different runs.
    """
    folder = Path(folder)
    provenance = _manifest(folder)
    scenario = _scenario(folder / _CONFIG)
    kinds = _tables(scenario)
    _same_run(folder, list(kinds))
    words = levels_of(scenario)
    packages = read_parquet(folder / "packages.parquet", kinds["packages"], words)
    words = words_of(scenario, packages)
    tables = {
        name: read_parquet(folder / f"{name}.parquet", kinds[name], words)
        for name in kinds
        if name != "packages"
    }
    return EnsembleResult(scenario, packages=packages, provenance=provenance, **tables)


def _tables(scenario: Scenario) -> dict[str, Kinds]:
    return {
        "outcomes": OUTCOMES_TABLE,
        "worlds": WORLDS,
        "packages": packages_kinds(scenario),
        "ranking": RANKING,
    }


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        values = json.loads(path.read_bytes())
    except OSError:
        got = "no such folder" if not folder.is_dir() else f"one without {MANIFEST}"
        raise _fault(folder, "the folder of a run", got) from None
    except ValueError:
        raise _fault(path, "JSON", "something else") from None
    if not isinstance(values, dict) or "files" not in values:
        raise _fault(path, "the provenance of a run", "something else")
    return {key: value for key, value in values.items() if key != "files"}


def _scenario(path: Path) -> Scenario:
    values = yaml.read(path)
    values.pop("defaults", None)
    try:
        return Scenario.model_validate(values)
    except ValueError as error:
        reason = str(error).splitlines()[0]
        raise _fault(path, "a resolved scenario of this version", reason) from error


def _same_run(folder: Path, tables: list[str]) -> None:
    config = digest((folder / _CONFIG).read_bytes())
    for name in tables:
        path = folder / f"{name}.parquet"
        if config_of(path) != config:
            raise _fault(path, f"a table made from {_CONFIG} beside it", "one of another run")


def _fault(path: Path, expected: str, got: str) -> ScenarioError:
    return ScenarioError([Fault("", expected, got, file=str(path))])
