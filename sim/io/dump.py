"""Write a scenario as one file that, loaded by its path, gives the same scenario again."""

from __future__ import annotations

from typing import Any

import yaml as pyyaml

from sim.domain.scenario import Scenario
from sim.io import yaml
from sim.paths import configs_dir

__all__ = ["dump_scenario"]

_DUMPER: Any = getattr(pyyaml, "CSafeDumper", pyyaml.SafeDumper)
_WIDTH = 100


class _Dumper(_DUMPER):  # type: ignore[misc]
    """Quote what our loader would not take for text, and write no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write every value where it stands."""
        return True


def _text(dumper: Any, text: str) -> Any:
    quote = None if isinstance(yaml.scalar(text), str) else "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=quote)


_Dumper.add_representer(str, _text)


def dump_scenario(scenario: Scenario) -> str:
    """Return a scenario, with all its parts, structures and evidence, as YAML.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    str
        YAML text. It switches off every part that the primary config chooses by default, so that
        nothing is laid under it.
    """
    primary = yaml.read(configs_dir() / "config.yaml", trusted=True)
    parts = [key for item in primary["defaults"] if isinstance(item, dict) for key in item]
    off = [{f"override /{part}": None} for part in parts if part != "scenario"]
    values = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
    text: str = pyyaml.dump(
        {"defaults": off, **values},
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=_WIDTH,
    )
    return text
