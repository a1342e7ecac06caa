"""Load the results of a run from its folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.errors import Fault, ScenarioError
from sim.experiments.packages import levels_of
from sim.experiments.result import EnsembleResult
from sim.experiments.saving import CONFIG, read_scenario, tables_of
from sim.experiments.tables import words_of
from sim.io.store import MANIFEST, config_of, digest, read_parquet


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
    words = words_of(scenario, packages)
    tables = {
        name: read_parquet(folder / f"{name}.parquet", kinds[name], words)
        for name in kinds
        if name != "packages"
    }
    return EnsembleResult(scenario, packages=packages, provenance=provenance, **tables)


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


def _same_run(folder: Path, tables: list[str]) -> None:
    config = digest((folder / CONFIG).read_bytes())
    for name in tables:
        path = folder / f"{name}.parquet"
        if config_of(path) != config:
            raise _fault(path, f"a table made from {CONFIG} beside it", "one of another run")


def _fault(path: Path, expected: str, got: str) -> ScenarioError:
    return ScenarioError([Fault("", expected, got, file=str(path))])
