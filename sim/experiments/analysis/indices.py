"""Sensitivity indices of outcomes: Sobol's, and Morris's screening.

References
----------
I. M. Sobol' (2001). https://doi.org/10.1016/S0378-4754(00)00270-6
A. Saltelli et al. (2010). Variance based sensitivity analysis of model output.
https://doi.org/10.1016/j.cpc.2009.09.018
M. D. Morris (1991). https://doi.org/10.1080/00401706.1991.10484804
J. Herman, W. Usher (2017). SALib. https://doi.org/10.21105/joss.00097
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.errors import RunError
from sim.experiments.sweep.designs import problem, shares
from sim.experiments.sweep.result import SweepResult
from sim.io.sweep_settings import SweepSettings
from sim.paths import module_of_extra
from sim.quantities import Floats

__all__ = ["INDICES", "OUTCOMES_ASKED", "SCREENING", "effects", "indices", "of_sweep"]

INDICES = ("key", "first", "first_low", "first_high", "total", "total_low", "total_high")
SCREENING = ("key", "mu_star", "mu_star_low", "mu_star_high", "mu", "sigma")
OUTCOMES_ASKED = ("auto", "settled", "zopa_margin")
"""What to explain; `auto` is the share that settled, or the margin where that never varies."""
_RESAMPLES = 1_000
_LEVELS = 4


def indices(values: Floats, keys: Sequence[str], seed: int) -> pd.DataFrame:
    """Return first- and total-order Sobol indices from values on Saltelli's sample.

    Parameters
    ----------
    values : ndarray, shape (n * (axes + 2),)
        Outcomes of the cells of ``design=sobol``.
    keys : sequence of str
        Of the axes.
    seed : int
        Of the bootstrap behind the 95 % intervals.

    Returns
    -------
    DataFrame
        Columns of `INDICES`, the largest total first: the share of the outcome's variance that an
        axis decides alone, and together with the others.
    """
    sobol = module_of_extra("SALib.analyze.sobol", "an index", "SALib", "sweep")
    luck = np.random.default_rng([seed, len(keys)])
    found = sobol.analyze(
        problem(keys), values, calc_second_order=False, num_resamples=_RESAMPLES, seed=luck
    )
    table = pd.DataFrame(
        {"key": list(keys), **_band("first", found, "S1"), **_band("total", found, "ST")}
    )
    return table.sort_values("total", ascending=False, kind="stable", ignore_index=True)


def effects(values: Floats, keys: Sequence[str], way: Floats, seed: int) -> pd.DataFrame:
    """Return Morris's measures from values on his trajectories.

    Parameters
    ----------
    values : ndarray, shape (n * (axes + 1),)
        Outcomes of the cells of ``design=morris``.
    keys : sequence of str
    way : ndarray, shape (n * (axes + 1), axes)
        How far along each axis the cells lie.
    seed : int
        Of the bootstrap behind the 95 % intervals.

    Returns
    -------
    DataFrame
        Columns of `SCREENING`, the largest first: the mean absolute change of the outcome from
        the 5 % to the 95 % quantile of an axis, the mean change, and how much it differs from
        place to place.
    """
    morris = module_of_extra("SALib.analyze.morris", "a screening", "SALib", "sweep")
    luck = np.random.default_rng([seed, len(keys)])
    found = morris.analyze(
        problem(keys), way, values, num_resamples=_RESAMPLES, num_levels=_LEVELS, seed=luck
    )
    band = _band("mu_star", found, "mu_star")
    other = {name: np.asarray(found[name], dtype=np.float64) for name in ("mu", "sigma")}
    table = pd.DataFrame({"key": list(keys), **band, **other})
    return table.sort_values("mu_star", ascending=False, kind="stable", ignore_index=True)


def _band(name: str, found: dict[str, Any], key: str) -> dict[str, Floats]:
    value, half = (np.asarray(found[item], dtype=np.float64) for item in (key, f"{key}_conf"))
    return {name: value, f"{name}_low": value - half, f"{name}_high": value + half}


def of_sweep(result: SweepResult, outcome: str = "auto") -> pd.DataFrame:
    """Return the measures of a sweep with ``design=sobol`` or ``design=morris``.

    Parameters
    ----------
    result : SweepResult
    outcome : {"auto", "settled", "zopa_margin"}

    Returns
    -------
    DataFrame
        Columns of `INDICES` or `SCREENING` for every structure (`deal`), with the `outcome` that
        is explained and its `spread` (standard deviation over the cells). A structure of which the
        outcome is the same in all cells is left out.

    Raises
    ------
    RunError
        If the sweep has another design.
    """
    design = result.settings["design"]
    if design not in ("sobol", "morris"):
        raise RunError(f"sensitivity needs design=sobol or design=morris, not {design}")
    keys, seed = list(result.axes), result.scenario.seed
    way = shares(keys, SweepSettings(design=design, n=result.settings["n"]), seed)
    parts = []
    for deal, rows in result.cells.groupby("deal", observed=True):
        asked, values = _explained(rows, outcome)
        if np.ptp(values) > 0:
            sobol = design == "sobol"
            table = indices(values, keys, seed) if sobol else effects(values, keys, way, seed)
            parts.append(table.assign(deal=deal, outcome=asked, spread=float(values.std())))
    columns = ["deal", "outcome", "spread", *(INDICES if design == "sobol" else SCREENING)]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _explained(rows: pd.DataFrame, outcome: str) -> tuple[str, Floats]:
    """Return what is explained and its values; margins that no world has count as the lowest."""
    settled = rows["settled"].to_numpy(dtype=np.float64)
    if outcome == "settled" or (outcome == "auto" and np.ptp(settled) > 0):
        return "settled", settled
    margin = rows["zopa_margin"].to_numpy(dtype=np.float64)
    known = margin[~np.isnan(margin)]
    return "zopa_margin", np.nan_to_num(margin, nan=float(known.min()) if len(known) else 0.0)
