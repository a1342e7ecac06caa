"""Hand a run over to Hydra, for several runs at once and for what Hydra tells about itself."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException
from hydra.types import RunMode
from omegaconf import DictConfig

from sim.cli.play import folder, play
from sim.errors import ScenarioError
from sim.io.config import BASE, PRIMARY, alternatives, hydra_fault, load_run, register
from sim.io.library import PARTS
from sim.paths import configs_dir

__all__ = ["run_with_hydra"]

_SWEEP = "ISLANDS_SWEEP"
"""Environment variable that tells the jobs of one multirun, in any process, their common folder."""


def _job(_: DictConfig) -> None:
    """Play one job; Hydra has chosen its overrides, we compose it."""
    settings = HydraConfig.get()
    default = None
    if settings.mode == RunMode.MULTIRUN:
        default = Path(os.environ[_SWEEP]) / str(settings.job.num)
    play(list(settings.overrides.task), default)


def run_with_hydra(flags: list[str], overrides: list[str]) -> None:
    """Run what flags and overrides ask for.

    Parameters
    ----------
    flags : list of str
        Flags of Hydra, with their values.
    overrides : list of str
        ``key=value``; with ``--multirun`` also ``key=a,b``.
    """
    register()
    os.environ["HYDRA_FULL_ERROR"] = "1"  # errors come to us instead of being printed
    os.environ[_SWEEP] = str(folder())
    if {"-m", "--multirun"} & set(flags):
        for alternative in alternatives(overrides):
            load_run(None, alternative)
    sys.argv[1:] = [*flags, *map(_for_hydra, overrides)]
    main = hydra.main(config_path=str(configs_dir()), config_name=PRIMARY, **BASE)
    try:
        main(_job)()
    except HydraException as error:
        raise ScenarioError([hydra_fault(error)]) from None


def _for_hydra(override: str) -> str:
    """Return an override such that Hydra, which does not know our keys, lets it through."""
    key, _, value = override.partition("=")
    name = key.lstrip("+~")
    if "@" in name or name in PARTS or name.startswith("hydra"):
        return override
    return f"++{name}=null" if key.startswith("~") else f"++{name}={value}"
