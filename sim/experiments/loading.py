"""Load the results of a run from its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from sim.domain.results import SHARES
from sim.domain.scenario import Scenario
from sim.errors import Fault, ScenarioError
from sim.experiments.packages import levels_of
from sim.experiments.result import EnsembleResult
from sim.experiments.saving import CONFIG, read_scenario, tables_of
from sim.experiments.tables import words_of
from sim.io.files import read_json
from sim.io.tables import (
    MANIFEST,
    MOST_ROWS,
    check_numbers,
    check_shares,
    config_of,
    digest,
    read_parquet,
)


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
    scenario = read_scenario(folder / CONFIG)
    kinds = tables_of(scenario)
    _same_run(folder, list(kinds))
    words = levels_of(scenario)
    packages = read_parquet(folder / "packages.parquet", kinds["packages"], words)
    if packages["id"].duplicated().any():
        raise _fault(folder / "packages.parquet", "each package once", "some of them twice")
    words = words_of(scenario, packages)
    most = max(scenario.worlds * len(scenario.deals), MOST_ROWS)
    tables = {
        name: read_parquet(folder / f"{name}.parquet", kinds[name], words, most)
        for name in kinds
        if name != "packages"
    }
    _check_rows(folder, scenario, tables)
    for name, table in {**tables, "packages": packages}.items():
        numbers = [column for column, kind in kinds[name].items() if kind == "number"]
        check_numbers(folder / f"{name}.parquet", table, numbers)
    check_shares(folder / "outcomes.parquet", tables["outcomes"], SHARES)
    return EnsembleResult(scenario, packages=packages, provenance=provenance, **tables)


def _manifest(folder: Path) -> dict[str, Any]:
    """Return the provenance, once every file that it lists is as it was written."""
    path = folder / MANIFEST
    if not path.is_file():
        got = "no such folder" if not folder.is_dir() else f"one without {MANIFEST}"
        raise _fault(folder, "the folder of a run", got)
    values = read_json(path, "the provenance of a run")
    files = values.pop("files", None)
    draws, versions = values.get("reversal_draws", 0), values.get("versions") or {}
    if not isinstance(files, dict) or type(draws) is not int or not isinstance(versions, dict):
        raise _fault(path, "the provenance of a run", "something else")
    for name, seal in files.items():
        file = folder / name
        if file.parent == folder and file.is_file() and digest(file.read_bytes()) != seal:
            raise _fault(file, "the file as this run wrote it", "another, or a damaged one")
    return values


def _same_run(folder: Path, tables: list[str]) -> None:
    config = digest((folder / CONFIG).read_bytes())
    for name in tables:
        path = folder / f"{name}.parquet"
        if config_of(path) != config:
            raise _fault(path, f"a table made from {CONFIG} beside it", "one of another run")


def _check_rows(folder: Path, scenario: Scenario, tables: dict[str, pd.DataFrame]) -> None:
    """Refuse tables that do not have each structure, and each of its worlds, once."""
    deals, worlds = list(scenario.deals), tables["worlds"]
    rows = len(deals) * scenario.worlds
    if len(worlds) != rows or worlds.duplicated(["deal", "world"]).any():
        got = f"{len(worlds):,}, or some of them twice"
        raise _fault(folder / "worlds.parquet", f"{rows:,} worlds", got)
    if sorted(tables["outcomes"]["deal"].astype(str)) != sorted(deals):
        got = "other ones, or some of them twice"
        raise _fault(folder / "outcomes.parquet", "a row for each structure", got)
    if worlds[["outcome", "ladder"]].isna().to_numpy().any():
        raise _fault(folder / "worlds.parquet", "an outcome for each world", "none for some")


def _fault(path: Path, expected: str, got: str) -> ScenarioError:
    return ScenarioError([Fault("", expected, got, file=str(path))])
