"""Folder of conditions: all that was found, written so that it is read again without playing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import numpy as np
from annotated_types import Ge, Gt, Le
from pydantic import BaseModel, ConfigDict

from sim.domain.interest import ROLES
from sim.domain.scenario import Scenario
from sim.errors import file_error
from sim.experiments.conditions.coalitions import Coalitions, Share
from sim.experiments.conditions.conditions import Conditions, StructureConditions
from sim.experiments.conditions.distance import GRID, Distance
from sim.experiments.conditions.path import DeclaredPath
from sim.experiments.conditions.rare import Estimate, Portrait, RareEvent
from sim.experiments.conditions.settlement_map import ALONG, STEPS, SettlementMap, map_axis
from sim.experiments.conditions.trials import EVENTS, Event
from sim.experiments.result import read_scenario, with_overrides
from sim.io.dump import dump_scenario
from sim.io.faults import read_as
from sim.io.folders import CONDITIONS, CONFIG

__all__ = ["conditions_files", "load_conditions"]

_EXPECTED = "what islands conditions wrote"


class _Saved(BaseModel):
    """A part of the file, closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class _SavedRare(_Saved):
    """A `RareEvent` without its worlds, which have a table of their own."""

    event: Event
    estimates: tuple[Estimate, ...]
    portrait: tuple[Portrait, ...]


class _SavedMap(_Saved):
    """A `SettlementMap`, its axes by their patterns."""

    axes: tuple[str, str, str]
    event: Event
    shares: list[list[list[list[Share]]]]
    worlds: Annotated[int, Ge(1)]


class _SavedStructure(_Saved):
    """A `StructureConditions`; of its distance, the place of every world for each event."""

    goal: Event | None
    of_worlds: dict[Event, list[float]]
    shares: dict[Event, list[Share]]
    lapsed: dict[Event, Share]
    coalitions: Coalitions | None
    rare: _SavedRare | None
    map_: _SavedMap | None


class _SavedConditions(_Saved):
    """The whole file."""

    to: Annotated[float, Gt(0), Le(1)]
    overrides: tuple[str, ...]
    unsigned: tuple[str, ...]
    event: Event | None = None
    structures: dict[str, _SavedStructure]


def conditions_files(found: Conditions) -> dict[str, bytes]:
    """Return the files from which `load_conditions` makes the same conditions, by name.

    Parameters
    ----------
    found : Conditions
    """
    saved = _SavedConditions.model_validate(
        {
            "to": found.to,
            "overrides": found.scenario.overrides,
            "unsigned": found.unsigned,
            "event": found.event,
            "structures": {deal: _saved(one) for deal, one in found.structures.items()},
        }
    )
    text = json.dumps(saved.model_dump(), indent=1)
    return {CONFIG: dump_scenario(found.scenario).encode(), CONDITIONS: text.encode()}


def _saved(one: StructureConditions) -> _SavedStructure:
    far, rare, shown = one.distance, one.rare, one.map_
    return _SavedStructure.model_validate(
        {
            "goal": one.goal,
            "of_worlds": {event: far.of_worlds[event].tolist() for event in EVENTS},
            "shares": {event: far.shares[event].tolist() for event in EVENTS},
            "lapsed": {event: far.lapsed[event] for event in EVENTS},
            "coalitions": one.coalitions,
            "rare": rare
            and {"event": rare.event, "estimates": rare.estimates, "portrait": rare.portrait},
            "map_": shown
            and {
                "axes": tuple(axis.pattern for axis in shown.axes),
                "event": shown.event,
                "shares": shown.shares.tolist(),
                "worlds": shown.worlds,
            },
        }
    )


def load_conditions(folder: str | Path) -> Conditions:
    """Return the conditions that `islands conditions` wrote to a folder.

    The worlds that the search for rare events found are left in their table.

    Parameters
    ----------
    folder : str or Path

    Raises
    ------
    ScenarioError
        If the folder is another, or its files are damaged or do not fit together.
    """
    path = Path(folder) / CONDITIONS
    saved = read_as(_SavedConditions, path, _EXPECTED)
    scenario = with_overrides(
        read_scenario(Path(folder) / CONFIG), {"overrides": [*saved.overrides]}
    )
    try:
        _check(saved, scenario)
        structures = {deal: _loaded(scenario, deal, one) for deal, one in saved.structures.items()}
    except ValueError as error:
        raise file_error(path, f"conditions of {CONFIG} beside it", str(error)) from None
    return Conditions(scenario, saved.to, structures, saved.unsigned, saved.event)


def _loaded(scenario: Scenario, deal: str, one: _SavedStructure) -> StructureConditions:
    rare, shown = one.rare, one.map_
    return StructureConditions(
        deal=deal,
        distance=Distance(
            {event: np.array(one.of_worlds[event]) for event in one.of_worlds},
            {event: np.array(one.shares[event]) for event in one.shares},
            {event: one.lapsed[event] for event in one.lapsed},
        ),
        goal=one.goal,
        coalitions=one.coalitions,
        rare=None if rare is None else RareEvent(rare.event, rare.estimates, rare.portrait),
        map_=None
        if shown is None
        else SettlementMap(
            tuple(map_axis(scenario, pattern) for pattern in shown.axes),
            shown.event,
            np.array(shown.shares),
            shown.worlds,
        ),
    )


def _check(saved: _SavedConditions, scenario: Scenario) -> None:
    """Refuse what the tables and pictures of conditions could not be made of.

    Raises
    ------
    ValueError
        With the first thing that does not fit.
    """
    groups, marks = {*DeclaredPath(scenario).groups}, {key for key, _ in scenario.quantities()}
    for role in ROLES:
        marks |= {
            f"{role.value}.preconditions.{name}" for name in scenario.side(role).preconditions
        }
    if not saved.structures or saved.structures.keys() - scenario.structures.keys():
        raise ValueError("other structures")
    if len({len(row) for one in saved.structures.values() for row in one.of_worlds.values()}) != 1:
        raise ValueError("structures of other numbers of worlds")
    for deal, one in saved.structures.items():
        if not all({*each} == {*EVENTS} for each in (one.of_worlds, one.shares, one.lapsed)):
            raise ValueError(f"{deal} without {' or '.join(EVENTS)}")
        if any(not row or min(row) < 0 or np.isnan(row).any() for row in one.of_worlds.values()):
            raise ValueError(f"{deal} with places that are no places on the path")
        if any(len(row) != len(GRID) for row in one.shares.values()):
            raise ValueError(f"{deal} with another path")
        sought = one.coalitions
        named = {name for least in sought.found for name in least.groups} if sought else set()
        if sought and named.union(sought.necessary) - groups:
            raise ValueError(f"{deal} with other groups of changes")
        if one.rare is not None and not one.rare.estimates:
            raise ValueError(f"{deal} without an estimate")
        if one.rare and {each.key for each in one.rare.portrait} - marks:
            raise ValueError(f"{deal} with worlds marked by other numbers")
        shape = (len(ALONG), 3, len(STEPS), len(STEPS))
        if one.map_ is not None and np.shape(one.map_.shares) != shape:
            raise ValueError(f"{deal} with a map of another shape")
