"""Write a scenario as one file that, loaded by its path, gives the same scenario again."""

from __future__ import annotations

from typing import Any

import yaml as pyyaml

from sim.domain.scenario import Scenario
from sim.errors import ScenarioError
from sim.io import yaml
from sim.io.faults import unknown_key
from sim.io.merge import lookup
from sim.paths import configs_dir

__all__ = ["dump_scenario"]

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
    values = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
    if key is not None:
        part = lookup(values, tuple(key.split(".")))
        if part is None:
            raise ScenarioError([unknown_key(tuple(key.split(".")), list(values))])
        return _yaml(part)
    primary = yaml.read(configs_dir() / "config.yaml", trusted=True)
    parts = [key for item in primary["defaults"] if isinstance(item, dict) for key in item]
    kept = ("scenario", "override ")
    off = [{f"override /{part}": None} for part in parts if not part.startswith(kept)]
    return _yaml({"defaults": off, **values})


def _yaml(values: Any) -> str:
    text: str = pyyaml.dump(
        values,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=_WIDTH,
    )
    return text
