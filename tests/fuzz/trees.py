"""Change plain data the way a careless or hostile hand would, so that it stays well formed."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import Any

import yaml

from sim.errors import ScenarioError
from sim.io.yaml import parse
from tests.fuzz.plausible import varied

ODD: list[Any] = [
    *(0, -0.0, 1, -1, 2, 0.5, 1e300, -1e300, 1e-300, 5e-324, 1.7e308, -1.7e308, 1e16, 1e-16),
    *(1 - 1e-16, 1 + 1e-15, 2**31, 2**63 - 1, 2**63, -(2**63), 10**30, 100, 1000, 10_000),
    *(float("nan"), float("inf"), float("-inf"), True, False, None, [], {}, [[]], {"": 1}),
    *("none", "", " ", "all", "0", "1e400", "a" * 3000, "\x1b[2J", "\x85", "ß", "\u202e", "\ud7ff"),
    *("../../etc/x", "/etc/passwd", "a/b", ".", "..", "CON", "a\x00b", "~root", "${x}", "%2F"),
    *("_target_", "off", "yes", "claimant", "holder", "joint", "open", "override", "treaty"),
]
"""Values that are likely to be wrong, or to be right and extreme."""


def mutated_yaml(data: bytes, seed: int, size: int = 200_000) -> bytes | None:
    """Return YAML text with a few changes, or None where it is no mapping."""
    try:
        tree: Any = parse(data.decode(), trusted=True)
    except (ScenarioError, ValueError):
        return None
    random = Random(seed)
    change = random.choice((mutated, varied, varied))
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 6))):
        tree = change(tree, random)
    try:
        plain = json.loads(json.dumps(tree))  # aliases become values
        text = yaml.dump(plain, Dumper=_Dumper, sort_keys=False, allow_unicode=True)
    except (ValueError, TypeError, RecursionError, yaml.YAMLError):
        return None
    new = text.encode("utf-8", "surrogatepass")
    return new if len(new) <= size else None


def mutated_json(data: bytes, seed: int) -> bytes | None:
    """Return JSON text with a change, or None where it is none."""
    try:
        tree = mutated(json.loads(data), Random(seed))
        return json.dumps(tree).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):
        return None


def mutated(tree: Any, random: Random) -> Any:
    """Return plain data with one change."""
    places = [place for place in _places(tree) if place]
    if not places:
        return random.choice(ODD)
    tree = copy.deepcopy(tree)
    place = random.choice(places)
    above = _at(tree, place[:-1])
    kind = random.randrange(10)
    if kind < 5:
        above[place[-1]] = random.choice(ODD)
    elif kind == 5:
        del above[place[-1]]
    elif kind == 6:
        above[place[-1]] = copy.deepcopy(_at(tree, random.choice(places)))
    elif kind == 7 and isinstance(above, dict):
        above[str(random.choice(ODD))] = above.pop(place[-1])
    elif kind == 8 and isinstance(above, dict):
        name = random.choice([random.choice(places)[-1], random.choice(ODD)])
        above[str(name)] = copy.deepcopy(above[place[-1]])
    else:
        above[place[-1]] = _wrapped(above[place[-1]], random)
    return tree


def _wrapped(value: Any, random: Random) -> Any:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value * random.choice((-1, 0.0, 10, 1e-9, 1e9, 1e150)) if abs(value) < 1e150 else 0
    if isinstance(value, str):
        return value + random.choice(("x", "/../y", "\n", "%", value))
    for _ in range(random.choice((1, 1, 50))):
        value = [value] if random.random() < 0.5 else {"x": value}
    return value


def _places(tree: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [place]
    if isinstance(tree, dict):
        for key, value in tree.items():
            found += _places(value, (*place, key))
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            found += _places(value, (*place, index))
    return found


def _at(tree: Any, place: tuple[Any, ...]) -> Any:
    for part in place:
        tree = tree[part]
    return tree


_SAFE_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_SAFE_DUMPER):
    """Write without aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True
