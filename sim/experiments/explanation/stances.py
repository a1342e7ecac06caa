"""Switch off one stance at a time, in the same worlds, and see what changes.

A stance is anything that a fact of the register put into a scenario and that can be taken out
again: a quantity with a source and an `off` value, a sourced event, or a level whose direct effects
have a source. Both runs meet the same random numbers, so that the difference is the stance's alone:
errors are those of paired worlds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial

import pandas as pd

from sim.domain.clause import Effects
from sim.domain.interest import ROLES, Role
from sim.domain.quantity import Quantity
from sim.domain.scenario import Scenario
from sim.errors import Fault, ScenarioError
from sim.experiments.blocks import blocks, pack
from sim.experiments.ensemble import as_asked
from sim.experiments.explanation.drivers import Drivers, drivers
from sim.experiments.explanation.paired import ALL, Run, changes
from sim.experiments.work import play_all
from sim.randomness import Streams

__all__ = ["ALL", "COLUMNS", "Drivers", "Stance", "drivers", "paired_changes", "stances"]

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
    work = [block for variant in variants for block in blocks(variant, pack(variant))]
    title = f"{scenario.title}: stances" if progress else None
    played = play_all(work, scenario.rounds, workers, title)
    each = len(work) // len(variants)
    runs = [
        Run(list(scenario.deals), played[first : first + each])
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
        Fault(key, "", f"no stance named '{key}'", *get_close_matches(key, known, n=1))
        for key in wanted
        if key not in known
    ]
    if faults:
        raise ScenarioError(faults)
    return [known[key] for key in wanted]
