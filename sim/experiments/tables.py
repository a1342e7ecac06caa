"""Tables of a run: worlds, outcomes and packages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.agents.valuation import Features
from sim.domain.agenda import structure_of
from sim.domain.interest import ROLES, STEPS, features
from sim.domain.outcome import GATES, LADDER, OUTCOMES, TITLE_FIXED, Outcome
from sim.domain.results import OUTCOMES_TABLE, WORLDS, BlockResult, Kinds
from sim.domain.scenario import Scenario
from sim.errors import Fault, ScenarioError
from sim.experiments import contest
from sim.experiments.tally import COUNTED, shares
from sim.model.plan import plan_for
from sim.quantities import Floats


def packages_kinds(scenario: Scenario) -> Kinds:
    """Return the columns of the table of packages, in order.

    Parameters
    ----------
    scenario : Scenario

    Raises
    ------
    ScenarioError
        If a clause has the name of another column.
    """
    interests = [name for name in features(tuple(scenario.dispute.interests)) if name not in STEPS]
    moved = [f"{role.value}_{name}" for role in ROLES for name in interests]
    kinds: Kinds = {"id": "text", "deal": "word", "stage": "count"}
    taken = sorted({*kinds, *moved} & set(scenario.dispute.clauses))
    if taken:
        got = f"the name of a column of the table of packages: {', '.join(taken)}"
        raise ScenarioError([Fault("dispute.clauses", "another name of a clause", got)])
    kinds |= dict.fromkeys(scenario.dispute.clauses, "word")
    return kinds | dict.fromkeys(moved, "number")


def packages_table(scenario: Scenario) -> pd.DataFrame:
    """Return the table of packages, structure by structure and stage by stage.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    DataFrame
        `id`, `deal`, `stage` (from 0), the level of every clause of the dispute that is in force
        with the text, and what it moves for either side compared with the state before it, as
        ``claimant_territory``, in units of the interest's full scale.

    Raises
    ------
    ScenarioError
        If a clause has the name of another column.
    """
    kinds = packages_kinds(scenario)
    plans = [plan_for(scenario, deal) for deal in scenario.structures.values()]
    nodes = [node for plan in plans for node in plan.nodes]
    ids = [node.table.id_of(package) for node in nodes for package in range(len(node.table))]
    levels = [state.levels for node in nodes for state in node.table.states]
    stages = np.array([node.stage for node in nodes], dtype=np.int32)
    said = {
        "id": ids,
        "deal": [structure_of(name) for name in ids],
        "stage": np.repeat(stages, [len(node.table) for node in nodes]),
        **{name: [each.get(name) for each in levels] for name in scenario.dispute.clauses},
    }
    names = [name for name, kind in kinds.items() if kind == "number"]
    moved = np.concatenate([_moved(pair) for plan in plans for pair in plan.features])
    table = pd.concat([pd.DataFrame(said), pd.DataFrame(moved, columns=names)], axis=1)
    for name, words in levels_of(scenario).items():
        table[name] = pd.Categorical(table[name], categories=words)
    return table


def _moved(pair: tuple[Features, Features]) -> Floats:
    """Return what packages move for either side, apart from the steps of standing."""
    told = [place for place, name in enumerate(pair[0].names) if name not in STEPS]
    return np.concatenate([item.values[:, told] for item in pair], axis=1)


def levels_of(scenario: Scenario) -> dict[str, list[str]]:
    """Return what the words in the columns of the table of packages may be."""
    clauses = scenario.dispute.clauses.items()
    return {"deal": list(scenario.texts), **{name: list(item.levels) for name, item in clauses}}


Words = dict[str, list[str]]
"""What the words of a table's column may be, in their order."""


def words_of(scenario: Scenario, packages: pd.DataFrame) -> Words:
    """Return what the words in the columns of a run's tables may be.

    Parameters
    ----------
    scenario : Scenario
    packages : DataFrame
        The table of packages.
    """
    outcomes = [outcome.name for outcome in OUTCOMES]
    return {
        "deal": list(scenario.structures),
        "outcome": outcomes,
        "barrier_next": outcomes,
        "next_barrier": outcomes,
        "title_fixed": [item.name for item in TITLE_FIXED],
        "ladder": [rung.name for rung in LADDER],
        "package": packages["id"].tolist(),
        "rejected_by": [
            f"{role.value}.{name}" for role in ROLES for name in scenario.side(role).ratifiers
        ],
        "walked_back_by": [role.value for role in ROLES],
        "by": ["settled", "zopa_margin"],
        **contest.words(scenario),
    }


def worlds_table(blocks: Sequence[BlockResult], words: Words) -> pd.DataFrame:
    """Return the table of worlds: a row per structure and world, in the order of the blocks.

    Parameters
    ----------
    blocks : sequence of BlockResult
        All blocks of all structures.
    words : mapping of column to list of str
    """
    deals = np.repeat(
        [words["deal"].index(block.deal) for block in blocks],
        [len(block.columns["world"]) for block in blocks],
    )
    columns = {"deal": deals}
    for name in WORLDS:
        if name == "package":
            columns[name] = np.concatenate([_package_codes(block, words) for block in blocks])
        elif name != "deal":
            columns[name] = np.concatenate([block.columns[name] for block in blocks])
    return pd.DataFrame(
        {name: _typed(kind, columns[name], words.get(name)) for name, kind in WORLDS.items()}
    )


def _package_codes(block: BlockResult, words: Words) -> np.ndarray:
    codes = block.columns["package"]
    if not block.package_ids:
        return codes
    first = words["package"].index(block.package_ids[0])
    return np.where(codes < 0, -1, codes + first)


def _typed(kind: str, values: np.ndarray, words: list[str] | None) -> Any:
    """Return a column in the type of its kind; -1 stands for nothing in counts and words."""
    if kind == "word":
        return pd.Categorical.from_codes(values, categories=pd.Index(words or []))
    if kind == "count":
        return values.astype(np.int32)
    if kind == "maybe_count":
        return pd.arrays.IntegerArray(values.astype(np.int32), values < 0)
    return values.astype(bool if kind == "flag" else np.float64)


def gates_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the gates that there are: those of ratifiers only where a side has such.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    tuple of str
        Names in `sim.domain.outcome.GATES`.
    """
    absent = {"allies"}
    for role in ROLES:
        kinds = {ratifier.kind for ratifier in scenario.side(role).ratifiers.values()}
        absent -= {"allies"} if "ally" in kinds else set()
        absent |= {f"{role.value}_parliament"} if "parliament" not in kinds else set()
        absent |= {f"{role.value}_public"} if not kinds - {"parliament", "ally"} else set()
    return tuple(name for name in GATES if name not in absent)


def outcomes_table(scenario: Scenario, worlds: pd.DataFrame) -> pd.DataFrame:
    """Return the table of outcomes: a row per structure, `reversal` not yet known.

    Parameters
    ----------
    scenario : Scenario
    worlds : DataFrame
        The table of worlds.
    """
    rows = [{"deal": deal, **_shares(part)} for deal, part in worlds.groupby("deal", observed=True)]
    table = pd.DataFrame(rows, columns=list(OUTCOMES_TABLE)).astype({"worlds": np.int32})
    deals = pd.Categorical(table["deal"], categories=list(scenario.structures))
    numbers = [name for name, kind in OUTCOMES_TABLE.items() if kind == "number"]
    return table.assign(deal=deals).astype(dict.fromkeys(numbers, np.float64))


def settlement_times(worlds: pd.DataFrame, rounds: int) -> tuple[np.ndarray, np.ndarray]:
    """Return when worlds settled; those that did not are censored at the window's end.

    Parameters
    ----------
    worlds : DataFrame
        Rows of the table of worlds.
    rounds : int
        Rounds of the window.

    Returns
    -------
    time : ndarray
        Rounds from the start.
    settled : ndarray of bool
    """
    settled = (worlds["outcome"] == Outcome.settled.name).to_numpy()
    ended = worlds["round_end"].to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(settled, ended, rounds), settled


def _shares(worlds: pd.DataFrame) -> dict[str, Any]:
    ended = worlds["round_end"].to_numpy(dtype=np.float64, na_value=np.nan)
    columns = {
        name: worlds[name].cat.codes.to_numpy() if kind == "word" else worlds[name].to_numpy()
        for name, kind in WORLDS.items()
        if name in COUNTED
    }
    return shares({**columns, "round_end": ended})
