"""Let Hydra find and read our files through the one careful loader.

Hydra decides which files make up a scenario, and in which order; it sees only their defaults lists.
What the files hold never passes through it: :mod:`sim.io.merge` puts it together.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import hydra
from hydra.core.config_search_path import ConfigSearchPath
from hydra.core.object_type import ObjectType
from hydra.core.plugins import Plugins
from hydra.plugins.config_source import ConfigResult, ConfigSource
from hydra.plugins.search_path_plugin import SearchPathPlugin
from omegaconf import OmegaConf

from sim.errors import Fault, ScenarioError
from sim.io import defaults, library, yaml
from sim.paths import configs_dir

__all__ = ["BASE", "PRIMARY", "IslandsSource", "document", "locate", "register"]

PRIMARY = "config"
"""Name of the primary config."""

BASE: dict[str, str] = {"version_base": "1.3"} if hydra.__version__.startswith("1.3.") else {}
"""What to tell Hydra about the rules of which version we expect; from 1.4 on it wants silence."""


def locate(config_path: str) -> Path | None:
    """Return the file behind a config path of Hydra such as ``side/NAME``, or None."""
    group, _, name = config_path.partition("/")
    if not name:
        file = configs_dir() / f"{group.removesuffix('.yaml')}.yaml"
        return file if file.is_file() else None
    return library.find(group, name) if group in library.GROUPS else None


def document(path: Path) -> dict[str, Any]:
    """Return what a file holds, its defaults list made independent of the working directory.

    Raises
    ------
    ScenarioError
        Also when a file other than the primary config reaches for Hydra's own settings.
    """
    primary = path == configs_dir() / f"{PRIMARY}.yaml"
    values = yaml.read(path, trusted=primary)
    if primary:
        return values
    if "hydra" in values:
        got, file = "settings of Hydra", yaml.display(path)
        raise ScenarioError([Fault("hydra", "keys of the scenario", got, file=file)])
    if "defaults" in values:
        values["defaults"] = defaults.checked(values["defaults"], path)
    return values


class IslandsSource(ConfigSource):
    """Serve ``islands://FOLDER``: the shipped configs, and scenarios from wherever they lie."""

    @staticmethod
    def scheme() -> str:
        """Return the scheme of the addresses served."""
        return "islands"

    def available(self) -> bool:
        """Tell whether the folder exists."""
        return Path(self.path).is_dir()

    def is_group(self, config_path: str) -> bool:
        """Tell whether a config path is a group."""
        return config_path in ("", *library.GROUPS)

    def is_config(self, config_path: str) -> bool:
        """Tell whether a config path is a file."""
        return locate(config_path) is not None

    def list(self, config_path: str, results_filter: ObjectType | None) -> list[str]:
        """Return the names in a group, or the groups."""
        if not config_path:
            return [] if results_filter == ObjectType.CONFIG else sorted(library.GROUPS)
        return [] if results_filter == ObjectType.GROUP else library.list_names(config_path)

    def load_config(self, config_path: str) -> ConfigResult:
        """Return the defaults list of a file; of the primary config also Hydra's settings."""
        path = locate(config_path)
        if path is None:  # Hydra asks is_config first
            raise ScenarioError([Fault("defaults", "a file that exists", repr(config_path))])
        values = document(path)
        shown = {key: values[key] for key in ("defaults", "hydra") if key in values}
        header = {"package": _package(path, config_path)}
        return ConfigResult(
            provider=self.provider,
            path=self.full_path(),
            config=OmegaConf.create(shown),
            header=header,
        )


class IslandsSearchPath(SearchPathPlugin):
    """Read the shipped configs through `IslandsSource`; leave other applications alone."""

    def manipulate_search_path(self, search_path: ConfigSearchPath) -> None:
        """Replace the folder of the primary config by its ``islands://`` address."""
        folder = str(configs_dir())
        for element in search_path.get_path():
            if element.provider == "main" and element.path == folder:
                element.path = f"{IslandsSource.scheme()}://{folder}"


def register() -> None:
    """Make Hydra know both plugins in this process; a second call changes nothing."""
    plugins = Plugins.instance()
    for plugin in (IslandsSource, IslandsSearchPath):
        if plugin not in plugins.discover(plugin.__mro__[1]):
            plugins.register(plugin)


def _package(path: Path, config_path: str) -> str | None:
    """Return the package of a file: its header, or for a scenario the root."""
    start = "\n".join(path.read_text(encoding="utf-8-sig").splitlines()[:20])
    default = "_global_" if config_path.startswith("scenario/") else None
    try:
        package = ConfigSource._get_header_dict(start)["package"] or default
    except ValueError as error:
        raise ScenarioError([_header(path, str(error))]) from None
    if package is not None and package.split(".")[0] == "hydra":
        raise ScenarioError([_header(path, package)])
    return package


def _header(path: Path, got: str) -> Fault:
    return Fault("# @package", "a key of the scenario, or _global_", got, file=yaml.display(path))
