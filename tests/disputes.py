"""Small disputes for tests: a plain pie, and changes to it by dotted key."""

from __future__ import annotations

import copy
import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from sim.domain.scenario import Scenario
from sim.io.config import load_scenario
from sim.io.library import list_names

_TEXT = (Path(__file__).parent / "data" / "pie.yaml").read_text(encoding="utf-8")
_PIE = json.loads(json.dumps(yaml.safe_load(_TEXT)))  # aliases become separate values

ENGINES = ("array", "compiled") if find_spec("numba") else ("array",)
"""Engines that can play here."""


@cache
def shipped_scenarios() -> dict[str, Scenario]:
    """Return all shipped scenarios, loaded; tests that ask share the group `shipped`."""
    return {name: load_scenario(name) for name in list_names("scenario")}


def q(value: float | str, unit: str = "points") -> dict[str, Any]:
    """Return a point quantity for tests."""
    return {"value": value, "unit": unit, "assumption": "test"}


def uniform(low: float, high: float, unit: str = "points") -> dict[str, Any]:
    """Return a uniformly distributed quantity for tests."""
    shape = {"distribution": "uniform", "low": low, "high": high}
    return {**shape, "unit": unit, "assumption": "test"}


def firmer(low: float, high: float) -> dict[str, Any]:
    """Return a uniformly distributed quantity that goes with more resolve."""
    return {**uniform(low, high), "resolve": "firmer"}


def stance(low: float, high: float) -> dict[str, Any]:
    """Return a precondition that blocks every division, absolute with a probability."""
    firmness = {**firmer(low, high), "unit": "probability"}
    return {
        "label": "no shares",
        "blocks": [{"claimant_gains": True}],
        "firmness": firmness if low < high else {"value": low, "unit": "p", "assumption": "test"},
        "penalty": q(0),
    }


ONE, TWO = "claimant.reservation.dialogue", "holder.reservation.dialogue"
DEADLINES = {f"{role}.leader.deadline_rounds": 5 for role in ("claimant", "holder")}


def hungry(one: object, two: object, **stances: dict[str, Any]) -> Scenario:
    """Return a pie that is divided exactly where one + two <= 1 and no stance is absolute."""
    more = {f"holder.preconditions.{name}": item for name, item in stances.items()}
    return pie({**DEADLINES, ONE: one, TWO: two, **more})


def pie(changes: dict[str, Any] | None = None) -> Scenario:
    """Return the pie with changes; bare numbers replace the value of a quantity."""
    data = copy.deepcopy(_PIE)
    for key, value in (changes or {}).items():
        *path, last = key.split(".")
        target = data
        for name in path:
            target = target.setdefault(name, {})
        old = target.get(last)
        bare = isinstance(old, dict) and "unit" in old and not isinstance(value, dict)
        target[last] = {**q(value), "unit": old["unit"]} if bare else copy.deepcopy(value)
    return Scenario.model_validate(data)
