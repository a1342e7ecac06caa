"""Paired changes when single stances are switched off, and the facts they rest on.

References
----------
B. Efron (1979). Bootstrap methods: another look at the jackknife.
https://doi.org/10.1214/aos/1176344552

A stance is anything that a fact of the register put into a scenario and that can be taken out
again: a quantity with a source and an `off` value, a sourced event, or a level whose direct effects
have a source. Both runs meet the same random numbers, so that the difference is the stance's alone:
errors are those of paired worlds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from sim.domain.clause import Effects
from sim.domain.interest import ROLES, Role
from sim.domain.outcome import OUTCOMES
from sim.domain.quantity import Quantity
from sim.domain.results import BlockResult
from sim.domain.scenario import Scenario, models_of
from sim.equations.statistics import paired_change
from sim.errors import Fault, ScenarioError, nearest
from sim.experiments.blocks import blocks, pack_scenario, play_all
from sim.experiments.ensemble import as_asked
from sim.quantities import Floats
from sim.randomness import Streams

__all__ = [
    "ALL",
    "COLUMNS",
    "Drivers",
    "Row",
    "RunOutcomes",
    "Stance",
    "changes",
    "drivers",
    "paired_changes",
    "stances",
]


@dataclass(frozen=True)
class Drivers:
    """What rests on which facts.

    Parameters
    ----------
    by_fact : mapping of fact to tuple of key
        What a fact drives: dotted keys of quantities, levels, events and structures. Facts that
        drive nothing are left out.
    by_key : mapping of key to tuple of fact
        The same, the other way round.
    context : tuple of fact
        The facts of the register that drive nothing, in its order.
    """

    by_fact: dict[str, tuple[str, ...]]
    by_key: dict[str, tuple[str, ...]]
    context: tuple[str, ...]


def drivers(scenario: Scenario) -> Drivers:
    """Return what rests on which facts of a scenario's register."""
    by_key: dict[str, tuple[str, ...]] = {}
    for key, item in models_of(scenario):
        facts = tuple(name for name in _sources(item) if name in scenario.evidence)
        if facts:
            by_key[key] = facts
    by_fact: dict[str, list[str]] = defaultdict(list)
    for key, facts in by_key.items():
        for name in facts:
            by_fact[name].append(key)
    ordered = {name: tuple(by_fact[name]) for name in scenario.evidence if name in by_fact}
    context = tuple(name for name in scenario.evidence if name not in by_fact)
    return Drivers(ordered, by_key, context)


def _sources(item: object) -> tuple[str, ...]:
    """Return the facts that something names as its sources, if it has such a thing."""
    source = getattr(item, "source", ())
    return source if isinstance(source, tuple) else ()


ALL = "all"
"""Stands for the mean over structures among the structures of a table of changes."""


class RunOutcomes:
    """The outcomes and margins of a run: arrays of shape (structures, worlds).

    Parameters
    ----------
    deals : list of str
        The structures.
    played : list of BlockResult
        Their blocks, structure by structure.
    """

    def __init__(self, deals: list[str], played: list[BlockResult]) -> None:
        self.deals = deals
        self.outcome = self._stack(played, "outcome")
        self.margin = self._stack(played, "zopa_margin")

    def _stack(self, played: list[BlockResult], column: str) -> np.ndarray:
        values = np.concatenate([block.columns[column] for block in played])
        return values.reshape(len(self.deals), -1)


Row = tuple[str, str, float, float, float, float]


def changes(before: RunOutcomes, after: RunOutcomes, weights: Floats) -> Iterator[Row]:
    """Yield deal, measure, both values, the change and its standard error.

    Parameters
    ----------
    before, after : RunOutcomes
        The same structures in the same worlds.
    weights : ndarray, shape (resamples, worlds)
        Uniform numbers by which worlds are resampled.
    """
    resampled = []
    medians = []
    for place, deal in enumerate(before.deals):
        yield from _share_changes(deal, before.outcome[[place]], after.outcome[[place]])
        pair, change = _medians(before.margin[place], after.margin[place], weights)
        medians.append(pair)
        resampled.append(change)
        yield _margin_row(deal, pair, change)
    yield from _share_changes(ALL, before.outcome, after.outcome)
    yield _margin_row(ALL, _mean(np.array(medians)), _mean(np.array(resampled)))


def _share_changes(deal: str, before: np.ndarray, after: np.ndarray) -> Iterator[Row]:
    for outcome in OUTCOMES:
        shares = [(run == outcome.code).mean(axis=0) for run in (before, after)]
        change, error = paired_change(*shares)
        yield deal, outcome.name, float(shares[0].mean()), float(shares[1].mean()), change, error


def _margin_row(deal: str, pair: Floats, resampled: Floats) -> Row:
    change = float(pair[1] - pair[0])
    return deal, "zopa_margin", float(pair[0]), float(pair[1]), change, float(resampled.std(ddof=1))


def _medians(before: Floats, after: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return both medians, and the change between them in resampled sets of worlds."""
    known = ~(np.isnan(before) | np.isnan(after))
    size = int(known.sum())
    if size == 0:
        return np.full(2, np.nan), np.full(len(weights), np.nan)
    before, after = before[known], after[known]
    drawn = (weights[:, :size] * size).astype(np.int64)
    change = np.median(after[drawn], axis=1) - np.median(before[drawn], axis=1)
    return np.array([np.median(before), np.median(after)]), np.asarray(change)


def _mean(values: Floats) -> Floats:
    """Return the mean over structures that have a value."""
    known = ~np.isnan(values)
    count = known.sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


COLUMNS = ("key", "facts", "deal", "measure", "with", "without", "change", "error")
_RESAMPLES = 200


@dataclass(frozen=True)
class Stance:
    """Something sourced that can be switched off.

    Parameters
    ----------
    key : str
        Dotted key of what it moves.
    facts : tuple of str
        Ids of the facts it rests on.
    without : callable
        Returns a scenario without the stance.
    """

    key: str
    facts: tuple[str, ...]
    without: Callable[[Scenario], Scenario]


def stances(scenario: Scenario) -> dict[str, Stance]:
    """Return everything sourced that can be switched off, by key, in the order of the schema."""
    known = drivers(scenario).by_key
    off: dict[str, Callable[[Scenario], Scenario]] = dict(_numbers(scenario))
    off |= {
        f"environment.events.{name}": partial(_without_event, name=name)
        for name in scenario.environment.events
    }
    off |= {
        f"dispute.clauses.{clause}.levels.{name}": partial(
            _without_effects, clause=clause, name=name
        )
        for clause, item in scenario.dispute.clauses.items()
        for name, level in item.levels.items()
        if level.has_effects or level.relief
    }
    off |= {
        f"{role.value}.ratifiers.{name}.votes_on": partial(_without_voting, role=role, name=name)
        for role in ROLES
        for name, ratifier in scenario.side(role).ratifiers.items()
        if ratifier.votes_on is not None
    }
    return {key: Stance(key, known[key], off[key]) for key in known if key in off}


def _numbers(scenario: Scenario) -> Iterator[tuple[str, Callable[[Scenario], Scenario]]]:
    for key, quantity in scenario.quantities():
        if quantity.off is not None:
            yield key, partial(_without_number, key=key, quantity=quantity)


def _without_number(scenario: Scenario, key: str, quantity: Quantity) -> Scenario:
    if quantity.off is None:
        return scenario
    return scenario.with_values({key: quantity.at(quantity.off)})


def _without_event(scenario: Scenario, name: str) -> Scenario:
    around = scenario.environment
    events = {key: event for key, event in around.events.items() if key != name}
    return scenario.model_copy(update={"environment": around.model_copy(update={"events": events})})


def _without_effects(scenario: Scenario, clause: str, name: str) -> Scenario:
    item = scenario.dispute.clauses[clause]
    level = item.levels[name].model_copy(update={"effects": Effects(), "relief": 0.0})
    changed = item.model_copy(update={"levels": {**item.levels, name: level}})
    clauses = {**scenario.dispute.clauses, clause: changed}
    dispute = scenario.dispute.model_copy(update={"clauses": clauses})
    return scenario.model_copy(update={"dispute": dispute})


def _without_voting(scenario: Scenario, role: Role, name: str) -> Scenario:
    """Let a ratifier vote on every text."""
    side = scenario.side(role)
    ratifier = side.ratifiers[name].model_copy(update={"votes_on": None})
    changed = side.model_copy(update={"ratifiers": {**side.ratifiers, name: ratifier}})
    return scenario.model_copy(update={role.value: changed})


def paired_changes(
    scenario: Scenario,
    *,
    worlds: int = 256,
    deals: Iterable[str] | None = None,
    keys: Iterable[str] | None = None,
    workers: int | None = None,
    progress: bool = False,
) -> pd.DataFrame:
    """Return what changes when one stance at a time is switched off, in the same worlds.

    Parameters
    ----------
    scenario : Scenario
    worlds : int
        How many worlds of each structure, at least 2.
    deals : iterable of str, optional
        Only these structures.
    keys : iterable of str, optional
        Only these stances, by their keys.
    workers, progress
        As for :func:`sim.experiments.ensemble.run`.

    Returns
    -------
    DataFrame
        A row per stance (`key`, with its `facts`), structure (`deal`, last `ALL` for the mean over
        structures) and `measure` (the shares of the eight outcomes, and `zopa_margin`, the median
        in points): its value `with` and `without` the stance, the `change` from with to without,
        and the standard `error` of the change over paired worlds (of the median by bootstrap).

    Raises
    ------
    ScenarioError
        If a key or a structure is unknown, or `worlds` too few.
    """
    scenario = as_asked(scenario, worlds=worlds, deals=deals)
    if worlds < 2:
        raise ScenarioError([Fault("worlds", "at least 2, to estimate an error", str(worlds))])
    chosen = _chosen(stances(scenario), keys)
    variants = [scenario, *(stance.without(scenario) for stance in chosen)]
    work = [block for variant in variants for block in blocks(variant, pack_scenario(variant))]
    title = f"{scenario.title}: stances" if progress else None
    played = play_all(work, scenario.rounds, workers, title)
    each = len(work) // len(variants)
    runs = [
        RunOutcomes(list(scenario.structures), played[first : first + each])
        for first in range(0, len(work), each)
    ]
    weights = Streams(scenario.seed, 0, worlds).uniforms("bootstrap", slots=_RESAMPLES).T
    rows = [
        (stance.key, ", ".join(stance.facts), *row)
        for stance, run in zip(chosen, runs[1:], strict=True)
        for row in changes(runs[0], run, weights)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _chosen(known: dict[str, Stance], keys: Iterable[str] | None) -> list[Stance]:
    if keys is None:
        return list(known.values())
    wanted = tuple(keys)
    faults = [
        Fault(key, "", f"no stance named '{key}'", nearest(key, known))
        for key in wanted
        if key not in known
    ]
    if faults:
        raise ScenarioError(faults)
    return [known[key] for key in wanted]
