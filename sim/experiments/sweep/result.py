"""Hold what came of a sweep, and load it from its folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from sim.domain.outcome import LADDER, OUTCOMES
from sim.domain.scenario import Scenario
from sim.errors import Fault, RunError, ScenarioError
from sim.experiments.saving import read_scenario
from sim.experiments.sweep.folder import CELLS, CONFIG, DESIGN, SWEEP
from sim.io.store import MANIFEST
from sim.io.yaml import read

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["SweepResult", "load_sweep"]

_UNITS = {
    **{item.name: "share" for item in OUTCOMES},
    **{f"ladder_{rung.name}": "share" for rung in LADDER},
    "settled_low": "share",
    "settled_high": "share",
    "median_round": "rounds",
    "worlds": "worlds",
    "zopa_margin": "points",
}


@dataclass(frozen=True, eq=False)
class SweepResult:
    """What came of a sweep.

    Parameters
    ----------
    folder : Path
    scenario : Scenario
        With the first of all choices.
    axes : dict of str
        The unit of every number that varies, empty for choices.
    design : DataFrame
        A row per cell: `cell`, `hash`, and the value on every axis; infinity stands for "none".
    cells : DataFrame
        A row per cell and structure: values on the axes, shares of outcomes with the interval of
        `settled`, medians. `zopa_margin` is the median over worlds, in points.
    settings : dict
        Axes as they were asked for, design, precision.
    provenance : dict
    """

    folder: Path
    scenario: Scenario
    axes: dict[str, str]
    design: pd.DataFrame
    cells: pd.DataFrame
    settings: dict[str, Any]
    provenance: dict[str, Any]

    def worlds(self, cells: list[int] | None = None) -> pd.DataFrame:
        """Return every world of some or all cells, where the sweep kept them.

        Raises
        ------
        RunError
            If it did not.
        """
        folder = self.folder / "worlds"
        if not folder.is_dir():
            raise RunError(f"{self.folder}: no worlds were kept; sweep with save_worlds=true")
        kept = ds.dataset(folder, format="parquet", partitioning="hive")
        wanted = None if cells is None else ds.field("cell").isin(cells)
        table: pd.DataFrame = kept.to_table(filter=wanted).to_pandas()
        return table.sort_values(["cell", "deal", "world"], kind="stable", ignore_index=True)

    def to_xarray(self) -> xr.Dataset:
        """Return the cells of a grid as arrays with a dimension for each axis, and for structures.

        Raises
        ------
        RunError
            If the design is no grid, or xarray is not installed.
        """
        if self.settings["design"] != "grid":
            raise RunError("only a grid has a dimension for each axis; use .cells")
        try:
            import xarray  # noqa: F401 (pandas needs it)
        except ImportError as error:
            hint = "pip install 'four-islands[sweep]'"
            raise RunError(f"to_xarray needs xarray: {hint}") from error
        table = self.cells.drop(columns="cell").set_index([*self.axes, "deal"])
        result: xr.Dataset = table.to_xarray()
        for name, unit in {**_UNITS, **self.axes}.items():
            if unit and name in result.variables:
                result[name].attrs["units"] = unit
        return result

    def __repr__(self) -> str:
        """Say what it is in one line."""
        size = f"{len(self.design):,} cells × {len(self.scenario.deals)} structures"
        return f"<SweepResult {self.scenario.name}: {size}>"


def load_sweep(folder: str | Path) -> SweepResult:
    """Return the sweep whose results are in a folder.

    Parameters
    ----------
    folder : str or Path

    Raises
    ------
    ScenarioError
        If the folder is not that of a finished sweep.
    """
    folder = Path(folder).absolute()
    for name in (SWEEP, CONFIG, MANIFEST, DESIGN):
        if not (folder / name).is_file():
            fault = Fault("", "the folder of a sweep", f"one without {name}", file=str(folder))
            raise ScenarioError([fault])
    if not (folder / CELLS).is_file():
        got = "one that is not finished; the command that began it goes on with it"
        raise ScenarioError([Fault("", "a finished sweep", got, file=str(folder))])
    scenario = read_scenario(folder / CONFIG)
    design = pq.read_table(folder / DESIGN).to_pandas()
    known = dict(scenario.quantities())
    keys = [name for name in design if name not in ("cell", "hash")]
    return SweepResult(
        folder=folder,
        scenario=scenario,
        axes={key: known[key].unit if key in known else "" for key in keys},
        design=design,
        cells=_cells(folder, scenario),
        settings=read(folder / SWEEP),
        provenance=json.loads((folder / MANIFEST).read_text()),
    )


def _cells(folder: Path, scenario: Scenario) -> pd.DataFrame:
    table: pd.DataFrame = pq.read_table(folder / CELLS).to_pandas()
    return table.assign(deal=pd.Categorical(table["deal"], categories=list(scenario.deals)))
