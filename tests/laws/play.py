"""Play random disputes, and transform them: mirrored, in other units, seen from above."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings

from sim.domain.scenario import Scenario
from sim.model import TalksModel
from sim.model.view import RoundView
from tests.disputes import pie

Changes = dict[str, Any]
Columns = dict[str, np.ndarray]
LAW = settings(
    max_examples=200 if os.environ.get("NIGHTLY") else 12,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""How widely each law is tried; sixteen times as widely by `make nightly`."""
SIDES = ("claimant", "holder")


def model(scenario: Scenario | Changes, worlds: int = 4, **more: Any) -> TalksModel:
    """Return the model of a dispute's only structure."""
    case = scenario if isinstance(scenario, Scenario) else pie(scenario)
    return TalksModel(case, "divide", worlds=worlds, **more)


def play(scenario: Scenario | Changes, worlds: int = 4, **more: Any) -> Columns:
    """Play a dispute and return its worlds."""
    return model(scenario, worlds, **more).run().columns


def table(played: TalksModel, node: int = 0) -> RoundView:
    """Return the talk at a node as it stands in the model's present round, all worlds."""
    scene = played.open_round()
    return RoundView(scene, node, np.arange(played.states.worlds))


def agreed(columns: Columns) -> np.ndarray:
    """Tell where a text was signed."""
    return np.asarray(columns["round_signed"] >= 0)


def same(one: Columns, two: Columns, names: tuple[str, ...] = ()) -> None:
    """Assert that worlds are the same to the bit, in some columns or all."""
    for name in names or one:
        np.testing.assert_array_equal(one[name], two[name], err_msg=name)


def mirrored(scenario: Scenario) -> Scenario:
    """Swap the sides with their stream labels, controllers, shares, effects and first mover."""
    data = scenario.model_dump(by_alias=True)
    swapped = _walk(data)
    swapped["claimant"], swapped["holder"] = swapped["holder"], swapped["claimant"]
    return Scenario.model_validate(swapped)


def _walk(data: Any) -> Any:
    if isinstance(data, list | tuple):
        return [_walk(item) for item in data]
    if not isinstance(data, dict):
        return data
    result = {}
    for key, value in data.items():
        new = _walk(value)
        if key in ("controller", "payer", "first_mover", "title") and isinstance(new, str):
            new = _OTHER.get(new, new)
        elif key == "allocation":
            new = {name: _given(way) for name, way in value.items()}
        result[key] = new
    return _swap_keys(result)


_OTHER = {"claimant": "holder", "holder": "claimant"}


def _given(way: str | float) -> str | float:
    return _OTHER.get(way, way) if isinstance(way, str) else 1 - way


def _swap_keys(data: Changes) -> Changes:
    """Swap pairs of values, and the facts in conditions; the sides themselves keep their place."""
    if {"claimant", "holder", "dispute"} <= set(data):
        return data
    return {_swapped(key): value for key, value in data.items()}


def _swapped(key: str) -> str:
    for one, two in (SIDES, SIDES[::-1]):
        if key == one or key.startswith(f"{one}_"):
            return key.replace(one, two, 1)
    return key


def in_units(scenario: Scenario, side: str, scale: float) -> Scenario:
    """Measure everything in a side's utility in another unit; its public keeps its own."""
    other = SIDES[side == SIDES[0]]
    data = scenario.model_dump(by_alias=True)
    _scale(data[side], side, lambda unit: _factor(unit, scale))
    # What each believes of the other's reservation value is measured in the other's unit.
    data[other]["beliefs"]["reservation_error"]["value"] *= scale
    data[side]["beliefs"]["reservation_error"]["value"] /= scale
    return Scenario.model_validate(data)


def _factor(unit: str, scale: float) -> float:
    if unit.startswith("points"):
        return scale
    return 1 / scale if unit == "approval points per point" else 1.0


def _scale(data: Any, path: str, factor: Callable[[str], float]) -> None:
    if not isinstance(data, dict) or path.endswith(".public"):
        return
    if "unit" not in data:
        for key, value in data.items():
            _scale(value, f"{path}.{key}", factor)
        return
    for name in ("value", "low", "high", "mode", "mean", "sd", "median"):
        if isinstance(data.get(name), int | float):
            data[name] *= factor(data["unit"])
