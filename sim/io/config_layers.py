"""Ask Hydra which files make up a scenario, and lay them over each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from hydra import initialize_config_dir
from hydra.core.config_loader import ConfigLoader
from hydra.core.global_hydra import GlobalHydra
from hydra.errors import HydraException
from hydra.types import RunMode

from sim.errors import Fault, ScenarioError
from sim.io import yaml
from sim.io.config_source import BASE, PRIMARY, document, locate, register
from sim.io.merge import Layered, lay, nested
from sim.paths import configs_dir

__all__ = ["COMMAND_LINE", "compose", "hydra_fault"]

COMMAND_LINE = "command line"
"""What messages name as the file of an override."""

_LOCK = RLock()


def compose(choices: list[str]) -> Layered:
    """Return what the files of a scenario say together.

    Parameters
    ----------
    choices : list of str
        Choices of parts in Hydra's grammar, such as ``environment=NAME``.

    Raises
    ------
    ScenarioError
        If a file cannot be read or a choice does not exist.
    """
    merged = Layered()
    for package, path in _files(choices):
        values = {key: item for key, item in document(path).items() if key not in _NOT_OURS}
        parts = tuple(part for part in package.split(".") if part)
        lay(merged, nested(parts, values), yaml.display(path))
    return merged


_NOT_OURS = ("defaults", "hydra")


def _files(choices: list[str]) -> list[tuple[str, Path]]:
    """Return package and path of each file, the weakest first."""
    try:
        with _hydra() as loader:
            found: Any = loader.compute_defaults_list(PRIMARY, choices, RunMode.RUN)
    except HydraException as error:
        raise ScenarioError([hydra_fault(error)]) from None
    except RecursionError:
        fault = Fault("defaults", "files that do not build on themselves", "a circle")
        raise ScenarioError([fault]) from None
    files = ((item.package or "", locate(item.config_path or "")) for item in found.defaults)
    return [(package, path) for package, path in files if path is not None]


@contextmanager
def _hydra() -> Iterator[ConfigLoader]:
    """Lend Hydra's loader of our configs, and leave its global state as it was."""
    with _LOCK:
        register()
        instance = GlobalHydra.instance()
        before = instance.hydra
        instance.clear()
        try:
            initialize_config_dir(str(configs_dir()), job_name="islands", **BASE)
            yield GlobalHydra.instance().config_loader()
        finally:
            GlobalHydra.instance().hydra = before


def hydra_fault(error: HydraException) -> Fault:
    """Say Hydra's objection in one line, without its advice to append with a plus sign."""
    lines = [line.strip() for line in str(error).splitlines()]
    noise = ("To append", "Config search", "provider=")
    kept = [line for line in lines if line and not line.startswith(noise)]
    text = " ".join(kept)
    file = None
    if match := re.match(r"In '?([^':]+)'?: ", text):
        path = locate(match[1])
        file = yaml.display(path) if path else None
        text = text[match.end() :]
    return Fault("defaults" if file else "", "", text, file=file or COMMAND_LINE)
