"""Play a case of the baseline and digest every column: ``python -m tests.baseline.measure CASE``.

Only what users may rely on is called, so that the baseline outlives every renaming inside `sim`.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

import sim
from tests.disputes import ENGINES

WORLDS = 96
Digests = dict[str, dict[str, str]]
"""Of each structure, the digest of each column."""

FIRST_EDITION = Path(__file__).with_name("first_edition")
"""Scenarios as the first edition shipped them, whole and resolved: what the model has learnt since
is off in them, and what is shipped may change without them."""
CASES = {
    "singapore_2018": True,
    "irkutsk_2001": True,
    "norway_russia_2010": True,
    "canada_denmark_2018": True,
    "answering_in_kind": False,
    "equilibrium_and_mediator": False,
    "citizens": False,
}
"""Scenarios, and whether tables of their runs are digested, too."""
SWEEP = "sweep"
_SWEPT = ("two_islands_first", "untethered_then_treaty")
_AXES = {"holder.public.opposition": [0.4, 0.6], "claimant.leader.discount_factor": [0.8, 0.95]}


def measure(case: str) -> dict[str, Digests]:
    """Return the digests of a case, as each way to get at them gives them."""
    if case == SWEEP:
        return {f"workers={workers}": swept(workers) for workers in (1, 2)}
    scenario = loaded(case)
    found = {f"engine={engine}": played(scenario, engine) for engine in ENGINES}
    return {**found, "tables": tables(scenario)} if CASES[case] else found


def loaded(case: str) -> sim.Scenario:
    """Return a case's scenario."""
    return sim.load_scenario(FIRST_EDITION / f"{case}.yaml")


def played(scenario: sim.Scenario, engine: str) -> Digests:
    """Return the digests of the blocks of all structures."""
    found = {}
    asked = scenario.model_copy(update={"engine": engine})
    for deal in scenario.deals:
        result = sim.TalksModel(asked, deal, block=0, worlds=WORLDS).run()
        columns: dict[str, Any] = {
            **result.columns,
            "package_ids": result.package_ids,
            "ratifier_names": result.ratifier_names,
        }
        found[deal] = {f"block.{name}": digest(values) for name, values in columns.items()}
    return found


def tables(scenario: sim.Scenario) -> Digests:
    """Return the digests of the tables of a run, its ranking under two draws among them."""
    result = sim.run(scenario, worlds=WORLDS, workers=1, reversal_draws=2)
    found: Digests = {deal: {} for deal in scenario.deals}
    for name in ("worlds", "packages", "outcomes", "ranking"):
        for deal, columns in by_deal(getattr(result, name)).items():
            if name == "worlds":  # the columns of blocks in other words: one digest tells enough
                columns = {"table": digest(columns.values())}
            found[deal] |= {f"{name}.{column}": value for column, value in columns.items()}
    return found


def swept(workers: int) -> Digests:
    """Return the digests of the cells of a small sweep."""
    whole = loaded("singapore_2018")
    deals = {name: whole.deals[name] for name in _SWEPT}  # of the file: names would be looked up
    base = whole.model_copy(update={"deals": deals, "worlds": 32})
    with TemporaryDirectory() as folder:
        sim.sweep(base, _AXES, folder, workers=workers)
        cells = pd.read_parquet(f"{folder}/cells.parquet")
    return {
        deal: {f"cells.{column}": value for column, value in columns.items()}
        for deal, columns in by_deal(cells).items()
    }


def by_deal(table: pd.DataFrame) -> Digests:
    """Return the digest of each column of a table, structure by structure."""
    return {
        str(deal): {str(name): digest(part[name]) for name in part if name != "deal"}
        for deal, part in table.groupby("deal", observed=True)
    }


def digest(values: pd.Series | np.ndarray | Iterable[str]) -> str:
    """Return a digest of a column's type, shape and bytes; of words, of their UTF-8."""
    plain = _plain(values) if isinstance(values, pd.Series) else values
    if isinstance(plain, np.ndarray):
        head, data = f"{plain.dtype.str} {plain.shape} ", plain.tobytes()
    else:
        words = list(plain)
        head, data = f"words {len(words)} ", json.dumps(words, ensure_ascii=False).encode()
    return hashlib.sha256(head.encode() + data).hexdigest()[:16]


def _plain(column: pd.Series) -> np.ndarray | list[str | None]:
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "biuf":
        return column.to_numpy()
    if isinstance(column.dtype, pd.Int32Dtype):
        return column.to_numpy(dtype=np.float64, na_value=np.nan)
    return [None if pd.isna(word) else str(word) for word in column]


if __name__ == "__main__":
    json.dump(measure(sys.argv[1]), sys.stdout)
