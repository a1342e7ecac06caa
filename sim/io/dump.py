"""A scenario as one file that loads to the same scenario, and in what two such files differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml as pyyaml

from sim.domain.quantity import key_path
from sim.domain.scenario import Scenario
from sim.errors import ScenarioError
from sim.io import yaml
from sim.io.faults import unknown_key
from sim.io.merge import lookup
from sim.memo import Memo
from sim.paths import configs_dir

__all__ = ["differences", "dump_scenario"]

_MOST = 5


def differences(before: str, after: str) -> list[str]:
    """Return in what two texts differ, as ``key: before -> after``.

    Parameters
    ----------
    before, after : str
        Plain YAML.

    Returns
    -------
    list of str
        At most 5, then how many more; empty where both are the same text.

    Examples
    --------
    >>> differences("a: {b: 1, c: 2}", "a: {b: 3}")
    ['a.b: 1 -> 3', 'a.c: 2 -> nothing']
    """
    if before == after:
        return []
    one, other = (dict(_leaves(yaml.parse(text, trusted=True), "")) for text in (before, after))
    keys = [key for key in {**one, **other} if one.get(key) != other.get(key)]
    said = [f"{key}: {_said(one, key)} -> {_said(other, key)}" for key in keys]
    more = [f"and {len(said) - _MOST} more"] if len(said) > _MOST else []
    return [*said[:_MOST], *more] or ["the order of keys"]


def _said(leaves: dict[str, Any], key: str) -> str:
    return str(leaves.get(key, "nothing"))[:60]


def _leaves(value: Any, key: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _leaves(item, f"{key}.{name}" if key else str(name))
    else:
        yield key, value


_DUMPER: Any = getattr(pyyaml, "CSafeDumper", pyyaml.SafeDumper)
_WIDTH = 100


class _Dumper(_DUMPER):  # type: ignore[misc]  # one of two classes
    """Quote what our loader would not take for text, and write no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write every value where it stands."""
        return True


def _text(dumper: Any, text: str) -> Any:
    quote = None if isinstance(yaml.scalar(text), str) else "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=quote)


_Dumper.add_representer(str, _text)


def dump_scenario(scenario: Scenario, key: str | None = None) -> str:
    """Return a scenario, with all its parts, structures and evidence, as YAML.

    Parameters
    ----------
    scenario : Scenario
    key : str, optional
        Dotted key of the part to write; absent, the whole scenario.

    Returns
    -------
    str
        YAML text. The whole scenario switches off every part that the primary config chooses by
        default, so that nothing is laid under it.

    Raises
    ------
    ScenarioError
        If nothing lies under `key`.
    """
    if key is None:
        known = _dumps.get(id(scenario))
        return known or _dumps.add(id(scenario), _whole(scenario), holds=scenario)
    values = _values(scenario)
    part = lookup(values, key_path(key))
    if part is None:
        raise ScenarioError([unknown_key(key_path(key), list(values))])
    return _yaml(part)


_dumps: Memo[str] = Memo(2)
"""A run is asked for its scenario by what it writes, moves out of the way and tells."""


def _whole(scenario: Scenario) -> str:
    values = _values(scenario)
    primary = yaml.read(configs_dir() / "config.yaml", trusted=True)
    parts = [key for item in primary["defaults"] if isinstance(item, dict) for key in item]
    kept = ("scenario", "override ")
    off = [{f"override /{part}": None} for part in parts if not part.startswith(kept)]
    absent = {key: None for key in Scenario.model_fields if key in primary and key not in values}
    return _yaml({"defaults": off, **values, **absent})


def _values(scenario: Scenario) -> dict[str, Any]:
    return scenario.model_dump(mode="json", by_alias=True, exclude_none=True)


def _yaml(values: Any) -> str:
    text: str = pyyaml.dump(
        values,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=_WIDTH,
    )
    return text
