"""Results of a sweep, loaded from its folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow.dataset as ds

from sim.domain.narration import several
from sim.domain.outcome import LADDER, OUTCOMES
from sim.domain.results import DONE, OPEN, SHARES, Kinds
from sim.domain.scenario import Scenario
from sim.errors import Fault, RunError, ScenarioError
from sim.experiments.result import read_scenario, with_overrides
from sim.experiments.sweep.cells import SWEPT_WORLDS
from sim.experiments.sweep.folder import CELLS, CONFIG, DESIGN, cells_kinds
from sim.io.faults import shown
from sim.io.files import read_json
from sim.io.folders import MANIFEST, SWEEP
from sim.io.sweep_settings import DESIGNS
from sim.io.tables import check_numbers, check_shares, columns_of, read_parquet, whole
from sim.io.yaml import read
from sim.paths import module_of_extra

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["SweepResult", "load_sweep", "moves", "telling_measure"]

_UNITS = {
    **{item.name: "share" for item in OUTCOMES},
    **{f"ladder_{rung.name}": "share" for rung in LADDER},
    **dict.fromkeys((*DONE, *OPEN), "share"),
    "settled_low": "share",
    "settled_high": "share",
    "median_round": "rounds",
    "worlds": "worlds",
    "zopa_margin": "points",
}
_MOST_WORLDS = 20_000_000
"""Kept worlds beyond which they are not read into memory at once."""


_ENOUGH = 0.05
_WANTED = ("settled", "closed", "transferred", "first_stage")
"""What is asked first, the most first."""


def moves(cells: pd.DataFrame, by: str) -> pd.Series:
    """Return how far a measure moves over the cells, for each structure.

    Parameters
    ----------
    cells : DataFrame
    by : str
        A column of shares, or ``zopa_margin``.
    """
    values = cells.groupby("deal", observed=True)[by]
    return (values.max() - values.min()).fillna(0.0)


def telling_measure(cells: pd.DataFrame) -> str:
    """Return what tells cells apart, as tables, pictures and briefs of a sweep have it.

    The first of settled, all closed, land moved and first step that moves by five points or more,
    else the outcome that moves most, else the margin.

    Parameters
    ----------
    cells : DataFrame
    """
    for name in _WANTED:
        if name in cells and moves(cells, name).max() >= _ENOUGH:
            return name
    ends = [item.name for item in OUTCOMES if item.name in cells]
    most = {name: float(moves(cells, name).max()) for name in ends}
    best = max(most, key=lambda name: most[name])
    return best if most[best] > 0 else "zopa_margin"


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
        ScenarioError
            If they cannot be read.
        """
        folder = self.folder / "worlds"
        if not folder.is_dir():
            raise RunError(f"{self.folder}: no worlds were kept; sweep with save_worlds=true")
        wanted = None if cells is None else ds.field("cell").isin(cells)
        table = whole(folder, lambda: _kept(folder, wanted))
        return table.sort_values(["cell", "deal", "world"], kind="stable", ignore_index=True)

    def to_xarray(self) -> xr.Dataset:
        """Return the cells of a grid as arrays with a dimension for each axis, and for structures.

        Raises
        ------
        RunError
            If the design is no grid.
        UsageError
            If xarray is not installed.
        ScenarioError
            If the table has a point of the grid twice, which no sweep writes.
        """
        if self.settings["design"] != "grid":
            raise RunError("only a grid has a dimension for each axis; use .cells")
        module_of_extra("xarray", "to_xarray", "xarray", "sweep")  # pandas needs it
        table = self.cells.drop(columns="cell").set_index([*self.axes, "deal"])
        try:
            result: xr.Dataset = table.to_xarray()
        except ValueError as error:  # xarray's own, of an index that is not unique
            got, path = "some of them twice", str(self.folder / CELLS)
            fault = Fault("", "each point of the grid once", got, file=path)
            raise ScenarioError([fault]) from error
        for name, unit in {**_UNITS, **self.axes}.items():
            if unit and name in result.variables:
                result[name].attrs["units"] = unit
        return result

    def __repr__(self) -> str:
        """Say what it is in one line."""
        size = f"{len(self.design):,} cells × {several(len(self.scenario.structures), 'structure')}"
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
    origin = read_json(folder / MANIFEST, "the provenance of a sweep")
    known = dict(scenario.quantities())
    stored = {name: it for name, it in columns_of(folder / DESIGN) if name not in ("cell", "hash")}
    numbers = {key for key, is_number in stored.items() if is_number and key in known}
    axes: Kinds = {key: "number" if key in numbers else "text" for key in stored}
    kinds: Kinds = {"cell": "count", "hash": "text", **axes}
    design = read_parquet(folder / DESIGN, kinds, {})
    return SweepResult(
        folder=folder,
        scenario=with_overrides(scenario, origin, list(stored)),
        axes={key: known[key].unit if key in numbers else "" for key in stored},
        design=design,
        cells=_cells(folder, scenario, axes, len(design)),
        settings=_settings(folder / SWEEP),
        provenance=origin,
    )


def _kept(folder: Path, wanted: ds.Expression | None) -> pd.DataFrame:
    kept = ds.dataset(folder, format="parquet", partitioning="hive")
    if {"deal", *SWEPT_WORLDS} != set(kept.schema.names):
        raise KeyError(f"other columns: {', '.join(kept.schema.names)}")
    if (rows := kept.count_rows()) > _MOST_WORLDS:
        raise ValueError(f"{rows:,} rows")
    table: pd.DataFrame = kept.to_table(filter=wanted).to_pandas()
    if table[["cell", "world", "outcome"]].isna().to_numpy().any():
        raise ValueError("some of its files lack columns")
    return table


def _settings(path: Path) -> dict[str, Any]:
    settings = read(path)
    if settings.get("design") not in DESIGNS:
        got = shown(settings.get("design"))
        wanted = f"one of {', '.join(DESIGNS)}"
        raise ScenarioError([Fault("design", wanted, got, file=str(path))])
    return settings


def _cells(folder: Path, scenario: Scenario, axes: Kinds, cells: int) -> pd.DataFrame:
    """Return the table of cells, once each of them and each structure is there at most once."""
    path, deals = folder / CELLS, list(scenario.structures)
    table = read_parquet(path, cells_kinds(axes), {"deal": deals}, cells * len(deals))
    strange = ~table["cell"].between(0, cells - 1) | ~table["deal"].isin(deals)
    if strange.any() or table.duplicated(["cell", "deal"]).any():
        got = "others, or some of them twice"
        raise ScenarioError([Fault("", "cells and structures of this sweep", got, file=str(path))])
    numbers = [name for name, kind in cells_kinds({}).items() if kind == "number"]
    check_numbers(path, table, numbers)
    check_shares(path, table, SHARES)
    return table.assign(deal=pd.Categorical(table["deal"], categories=deals))
