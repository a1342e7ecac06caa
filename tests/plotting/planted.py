"""Results whose numbers are planted, so that what must be drawn is known."""

import dataclasses
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.domain.outcome import LADDER, OUTCOMES
from sim.domain.scenario import Scenario
from sim.equations.statistics import wilson_interval
from sim.experiments.conditions.coalitions import Coalition, Coalitions
from sim.experiments.conditions.conditions import Conditions, StructureConditions
from sim.experiments.conditions.distance import GRID, Distance
from sim.experiments.conditions.path import DeclaredPath
from sim.experiments.conditions.rare import Estimate, Portrait, RareEvent
from sim.experiments.conditions.settlement_map import SettlementMap, map_axis
from sim.experiments.conditions.trials import EVENTS
from sim.experiments.result import EnsembleResult
from sim.experiments.sweep.designs import shares
from sim.experiments.sweep.result import SweepResult
from sim.experiments.tables import outcomes_table
from sim.io.sweep_settings import SweepSettings

STANDING, DEADLINE = "holder.preferences.weights.standing", "claimant.leader.deadline_rounds"
FRAME = "claimant.preferences.frame_factor"
WORLDS = 400
VALUES = [0.0, 0.5, 1.0, 1.5, 2.0]
FRAMES = [0.0, 0.5, 1.0]
UNFIT = ("tornado", "boxes", "contest", "tables")
"""Pictures that take long, are all alike, or are of an agenda of several structures."""
DEALS = ("strait", "two_steps", "projects_only")


def grid(
    scenario: Scenario, values: Mapping[str, Sequence[Any]], settled: bool = True
) -> SweepResult:
    """Return a grid: the further along both axes, the fewer worlds settle; or none ever does."""
    places = np.array(list(product(*(range(len(row)) for row in values.values()))))
    sizes = np.array([max(len(row) - 1, 1) for row in values.values()])
    columns = {
        key: [row[place] for place in places[:, turn]]
        for turn, (key, row) in enumerate(values.items())
    }
    return _result(scenario, pd.DataFrame(columns), places / sizes, "grid", settled)


def sampled(scenario: Scenario, keys: Sequence[str], design: str, n: int) -> SweepResult:
    """Return a sweep of another design, on axes from 0 to 1; the first decides most."""
    settings = SweepSettings(design=design, n=n)
    way = shares(keys, settings, scenario.seed)
    return _result(scenario, pd.DataFrame(way, columns=list(keys)), way, design, True, n)


def of(result: SweepResult, deal: str) -> SweepResult:
    """Return a sweep with the cells of one structure alone."""
    return dataclasses.replace(result, cells=result.cells[result.cells["deal"] == deal])


def _result(
    scenario: Scenario,
    axes: pd.DataFrame,
    way: np.ndarray,
    design: str,
    settled: bool,
    n: int | None = None,
) -> SweepResult:
    deals = {name: scenario.deals[name] for name in DEALS}
    scenario = scenario.model_copy(update={"deals": deals, "worlds": WORLDS})
    cells = np.arange(len(axes), dtype=np.int32)
    weights = 2.0 ** -np.arange(way.shape[1])
    far = way @ weights / weights.sum()
    tables = [
        axes.assign(cell=cells, deal=name, **_cells(far, turn, settled))
        for turn, name in enumerate(DEALS)
    ]
    table = pd.concat(tables).sort_values("cell", kind="stable", ignore_index=True)
    known = dict(scenario.quantities())
    return SweepResult(
        folder=Path("planted"),
        scenario=scenario,
        axes={key: known[key].unit if key in known else "" for key in axes},
        design=axes.assign(cell=cells, hash=""),
        cells=table.assign(deal=pd.Categorical(table["deal"], categories=list(DEALS))),
        settings={"design": design, "n": n},
        provenance={},
    )


def _cells(far: np.ndarray, turn: int, settled: bool) -> dict[str, Any]:
    """Return the columns of one structure; the last one moves nothing."""
    share = np.rint(WORLDS * (0.9 - 0.3 * turn) * (1 - far) ** 2) / WORLDS
    if turn == len(DEALS) - 1:
        share = np.zeros(len(far))
    low, high = wilson_interval(np.rint(share * WORLDS).astype(np.int64), np.array(WORLDS))
    columns: dict[str, Any] = {item.name: np.zeros(len(far)) for item in OUTCOMES}
    columns |= {"settled" if settled else "interim": share, "preconditions": 1 - share}
    columns |= {f"ladder_{rung.name}": np.zeros(len(far)) for rung in LADDER}
    columns |= {"ladder_full" if settled else "ladder_partial": share, "ladder_none": 1 - share}
    columns |= {"settled_low": low * settled, "settled_high": high, "worlds": WORLDS}
    margin = 30 * (1 - far) - 10 * turn
    return {**columns, "zopa_margin": margin, "median_round": np.nan, "reversal": np.nan}


def settling(result: EnsembleResult, settled: float) -> EnsembleResult:
    """Return a result of which a share of the worlds settles, one round after the other."""
    worlds = result.worlds.copy()
    count = round(settled * len(worlds))
    names = [outcome.name for outcome in OUTCOMES]
    ended = ["settled"] * count + ["publics"] * (len(worlds) - count)
    worlds["outcome"] = pd.Categorical(ended, categories=names)
    worlds["round_end"] = pd.array(np.arange(len(worlds)) % 40, dtype="Int32")
    outcomes = outcomes_table(result.scenario, worlds)
    return dataclasses.replace(result, worlds=worlds, outcomes=outcomes)


def would_take(scenario: Scenario) -> Conditions:
    """Return conditions: each structure is further than the last, the last is nowhere."""
    structures = {
        deal: _would_take(scenario, deal, 0.4 * place)
        for place, deal in enumerate(scenario.structures)
    }
    last = list(structures)[-1]
    nowhere = Distance(
        {event: np.full(64, np.inf) for event in EVENTS},
        {event: np.zeros(len(GRID)) for event in EVENTS},
        dict.fromkeys(EVENTS, 0.0),
    )
    structures[last] = StructureConditions(last, nowhere, None)
    return Conditions(scenario, 0.2, structures, ("protocol.patience",))


def _would_take(scenario: Scenario, deal: str, start: float) -> StructureConditions:
    far = {
        event: start + 0.3 * turn + np.linspace(0.0, 1.0, 64) for turn, event in enumerate(EVENTS)
    }
    names = tuple(DeclaredPath(scenario).groups)
    sets = [(names[0], names[3]), (names[0], names[1], names[2])]
    found = tuple(
        Coalition(one, share, share - 0.05, share + 0.05)
        for one, share in zip(sets, (0.3, 0.22), strict=True)
    )
    plain = Estimate("plain", 0.0, 0.0, 0.002, 0.0, 2048)
    subset = Estimate("subset", 1e-4, 5e-5, 2e-4, 12.0, 8192)
    odd = Portrait("holder.preconditions.title_first", 0.8, 0.1, -1.75)
    patterns = ("*.public.opposition", "holder.preconditions.*.firmness", "*.preconditions.*")
    axes = tuple(map_axis(scenario, pattern) for pattern in patterns)
    corner = np.add.outer(np.add.outer([0.0, 0.3, 0.6], [0.0, 0.2, 0.4]), np.zeros((5, 5)))
    slope = np.add.outer(np.linspace(-0.5, 0.3, 5), np.linspace(-0.5, 0.3, 5))
    return StructureConditions(
        deal=deal,
        distance=Distance(
            far,
            {event: (far[event][:, None] <= GRID).mean(axis=0) for event in EVENTS},
            dict.fromkeys(EVENTS, 0.0),
        ),
        goal="closed",
        coalitions=Coalitions("closed", 0.2, 0.0, 0.9, found, True, (names[0],), 128),
        rare=RareEvent("closed", (plain, subset), (odd,)),
        map_=SettlementMap(axes, "closed", np.clip(corner + slope, 0.0, 1.0), 64),
    )
