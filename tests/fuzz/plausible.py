"""Change scenarios so that they stay plausible, and most of them sound.

A value becomes one that another file says under the same key, a number one beside it, a quantity
one of another distribution. What such a change leaves sound is played, not only read.
"""

from __future__ import annotations

import json
from functools import cache
from math import inf, nextafter
from pathlib import Path
from random import Random
from typing import Any

from yaml import safe_load

from sim.io.yaml import parse
from sim.paths import configs_dir, scenarios_dir

_KINDS = ("deal", "dispute", "environment", "protocol", "side", "strategy", "template")
_LONGEST = 4_000
"""Characters of the longest value that is taken over, as JSON."""


@cache
def said() -> dict[str, tuple[Any, ...]]:
    """Return the different values that files of the project give under each key."""
    tests = Path(__file__).parents[1]
    trees = [safe_load((tests / name).read_text()) for name in _TESTED]
    folders = [scenarios_dir(), *(configs_dir() / kind for kind in _KINDS)]
    files = [path for folder in folders for path in sorted(folder.rglob("*.yaml"))]
    trees += [parse(path.read_text(encoding="utf-8")) for path in files]
    found: dict[str, dict[str, Any]] = {}
    for tree in trees:
        _gather(_assumed(tree), found)
    return {key: tuple(values.values()) for key, values in found.items()}


_TESTED = ("data/pie.yaml", "experiments/isles.yaml")


def _gather(tree: Any, found: dict[str, dict[str, Any]]) -> None:
    for key, value in tree.items() if isinstance(tree, dict) else ():
        if len(text := json.dumps(value)) <= _LONGEST:
            found.setdefault(key, {})[text] = value
    for value in _under(tree):
        _gather(value, found)


def _assumed(tree: Any) -> Any:
    """Return a tree whose sources, which no other file knows, are assumptions."""
    if isinstance(tree, list):
        return [_assumed(value) for value in tree]
    if not isinstance(tree, dict):
        return tree
    kept = {key: _assumed(value) for key, value in tree.items() if key != "source"}
    return {**kept, "assumption": "fuzz"} if "source" in tree else kept


def varied(tree: Any, random: Random) -> Any:
    """Return a tree with one plausible change; it is changed in place."""
    quantities, keys, numbers = _places(tree)
    kind = random.randrange(5)
    if kind == 0 and quantities:
        above, key = random.choice(quantities)
        above[key] = _drawn(above[key], random)
    elif kind < 3 and numbers:
        above, key = random.choice(numbers)
        above[key] = _near(above[key], random)
    elif keys:
        above, key = random.choice(keys)
        above[key] = json.loads(json.dumps(random.choice(said()[key])))
    return tree


def _places(tree: Any) -> tuple[list[Any], list[Any], list[Any]]:
    """Return where quantities stand, keys that other files know, and numbers."""
    quantities: list[Any] = []
    keys: list[Any] = []
    numbers: list[Any] = []
    todo = [tree]
    while todo:
        above = todo.pop()
        for key, value in above.items() if isinstance(above, dict) else enumerate(above):
            if isinstance(value, dict) and "unit" in value:
                quantities.append((above, key))
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                numbers.append((above, key))
            if key in said():
                keys.append((above, key))
            if isinstance(value, (dict, list)):
                todo.append(value)
    return quantities, keys, numbers


def _under(tree: Any) -> list[Any]:
    return list(tree.values()) if isinstance(tree, dict) else tree if isinstance(tree, list) else []


def _near(number: float, random: Random) -> float:
    """Return a number beside another, or one that is special for many quantities."""
    if isinstance(number, int):
        return random.choice((0, 1, 2, 7, number - 1, number + 1, number * 2, number // 2))
    beside = [nextafter(number, end) for end in (inf, -inf)]
    scaled = [number * factor for factor in (0.5, 0.9, 1.1, 2.0, 10.0, -1.0)]
    return random.choice((0.0, 0.5, 1.0, 1e-12, nextafter(1, 0), *beside, *scaled))


def _drawn(quantity: dict[str, Any], random: Random) -> dict[str, Any]:
    """Return a quantity of the same unit, drawn otherwise around the same number."""
    given = (quantity.get(name) for name in ("value", "mode", "mean", "median", "low"))
    about = next((number for number in given if isinstance(number, (int, float))), 0.5)
    width = random.choice((0.0, 1e-9, 0.1, 0.5, abs(about)))
    low, high = about - width, about + width
    shape = random.choice(
        (
            {"value": about},
            {"value": "none"},
            {"distribution": "uniform", "low": low, "high": high},
            {"distribution": "triangular", "low": low, "mode": about, "high": high},
            {"distribution": "normal", "mean": about, "sd": width or 1e-6},
            {"distribution": "normal", "mean": about, "sd": 1.0, "low": low, "high": high},
            {"distribution": "beta", "alpha": 2.0, "beta": 0.5, "low": low, "high": high},
            {"distribution": "beta", "alpha": 0.01, "beta": 3.0},
            {"distribution": "lognormal", "median": abs(about) or 1.0, "sigma": width or 0.3},
        )
    )
    kept = {name: quantity[name] for name in ("unit", "off") if name in quantity}
    return {**shape, **kept, "assumption": "fuzz"}
