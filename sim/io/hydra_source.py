"""Hydra's search path and layers, read through the one careful loader.

Hydra decides which files make up a scenario, and in which order; it sees only their defaults lists.
What the files hold never passes through it: :mod:`sim.io.merge` puts it together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

import hydra
from hydra import initialize_config_dir
from hydra.core.config_loader import ConfigLoader
from hydra.core.config_search_path import ConfigSearchPath
from hydra.core.global_hydra import GlobalHydra
from hydra.core.object_type import ObjectType
from hydra.core.plugins import Plugins
from hydra.errors import HydraException
from hydra.plugins.config_source import ConfigResult, ConfigSource
from hydra.plugins.search_path_plugin import SearchPathPlugin
from hydra.types import RunMode
from omegaconf import OmegaConf

from sim.errors import Fault, ScenarioError, nearest
from sim.io import library, yaml
from sim.io.merge import Layered, lay, nested
from sim.paths import configs_dir

__all__ = [
    "BASE",
    "COMMAND_LINE",
    "PRIMARY",
    "IslandsSource",
    "check_defaults",
    "checked",
    "compose",
    "document",
    "hydra_fault",
    "locate",
    "register",
]


def checked(defaults: Any, path: Path, told: list[Fault] | None = None) -> list[Any]:
    """Return a defaults list whose files exist, with paths that hold from anywhere.

    Parameters
    ----------
    defaults : object
        What the file says under ``defaults``: names of files of its own group to build on, and
        ``override /GROUP: NAME`` to swap a part.
    path : Path
        The file.

    Returns
    -------
    list
        The same list; paths, which are relative to the file, are absolute and encoded.

    Raises
    ------
    ScenarioError
        With one fault for each item that names nothing.
    """
    result: list[Any] = []
    faults: list[Fault] = []
    if not isinstance(defaults, list):
        faults = [Fault("defaults", "a list", repr(defaults), file=yaml.display(path))]
        defaults = []
    for item in defaults:
        try:
            result.append(_item(item, path))
        except ScenarioError as error:
            faults.extend(fault.located(yaml.display(path)) for fault in error.faults)
    _tell(faults, told)
    return result


def _tell(faults: list[Fault], told: list[Fault] | None) -> None:
    """Raise faults, or add them to those that are told together."""
    if told is not None:
        told.extend(faults)
    elif faults:
        raise ScenarioError(faults)


def _item(item: Any, path: Path) -> Any:
    if item == "_self_":
        return item
    if isinstance(item, str):
        group, _, name = item.removeprefix("/").partition("/")
        if item.startswith("/") and group in library.PARTS:
            return f"/{group}/{_named(group, name, path, 'defaults')}"
        group = path.parent.name if path.parent.name in library.PARTS else "scenario"
        return _named(group, item, path, "defaults")
    if not isinstance(item, dict) or len(item) != 1:
        raise ScenarioError([Fault("defaults", "names, or items 'group: name'", repr(item))])
    key, value = next(iter(item.items()))
    group = _group(key)
    if group not in library.PARTS:
        known = list(library.PARTS)
        hint = nearest(group, known)
        raise ScenarioError([Fault("defaults", f"one of {', '.join(known)}", repr(key), hint)])
    return item if value is None else {key: _named(group, value, path, f"defaults: {key}")}


def _group(key: str) -> str:
    """Return the group that a key of a defaults list names, as in ``override /GROUP@PACKAGE``."""
    return key.rpartition(" ")[2].lstrip("/").partition("@")[0]


def _named(group: str, name: Any, path: Path, key: str) -> str:
    if not isinstance(name, str):
        raise ScenarioError([Fault(key, "a name", repr(name))])
    found = library.find(group, name, near=path.parent)
    if found is None:
        raise ScenarioError([library.absent(group, name, key=key)])
    return library.encode(found) if library.is_path(name) else name


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


def document(path: Path, told: list[Fault] | None = None) -> dict[str, Any]:
    """Return what a file holds, its defaults list made independent of the working directory.

    Parameters
    ----------
    path : Path
    told : list of Fault, optional
        Where faults are added instead of being raised; what is at fault is left out.

    Raises
    ------
    ScenarioError
        Also when a file other than the primary config reaches for Hydra's own settings.
    """
    primary = path == configs_dir() / f"{PRIMARY}.yaml"
    try:
        values = yaml.read(path, trusted=primary)
    except ScenarioError as error:
        _tell([*error.faults], told)
        return {}
    if primary:
        return values
    if "hydra" in values:
        got, file = "settings of Hydra", yaml.display(path)
        _tell([Fault("hydra", "keys of the scenario", got, file=file)], told)
        del values["hydra"]
    if "defaults" in values:
        values["defaults"] = checked(values["defaults"], path, told)
    return values


_MOST_FILES, _MOST_BYTES = 300, 20_000_000
"""Files, each as often as it is named, that one part may build on, and their sizes together."""


def check_defaults(path: Path) -> None:
    """Refuse a file that builds on too many others, before they are put together.

    Files that build on the same file in two ways double it, and those that build on them in two
    ways double that: a dozen of files may stand for thousands.

    Parameters
    ----------
    path : Path

    Raises
    ------
    ScenarioError
        Also when any of them builds on itself; who reads them says which cannot be read.
    """
    files, size = _expanded(path, {}, ())
    if files > _MOST_FILES or size > _MOST_BYTES:
        limit = f"at most {_MOST_FILES} files of {_MOST_BYTES / 1e6:.0f} MB, repetitions counted"
        fault = Fault("defaults", limit, f"{files:,} of {size / 1e6:,.1f} MB")
        raise ScenarioError([fault.located(yaml.display(path))])


def _expanded(
    path: Path, known: dict[Path, tuple[int, int]], above: tuple[Path, ...]
) -> tuple[int, int]:
    """Return how many files, and of how many bytes, a file stands for."""
    if path in above:
        fault = Fault("defaults", "files that do not build on themselves", "a circle")
        raise ScenarioError([fault.located(yaml.display(path))])
    if len(above) > _MOST_FILES // 3:
        fault = Fault("defaults", f"at most {_MOST_FILES // 3} files, each on the next", "more")
        raise ScenarioError([fault.located(yaml.display(path))])
    if path not in known:
        below = [_expanded(base, known, (*above, path)) for base in _bases(path)]
        files = 1 + sum(files for files, _ in below)
        known[path] = files, path.stat().st_size + sum(size for _, size in below)
    return known[path]


def _bases(path: Path) -> list[Path]:
    """Return the files that a file's defaults list names."""
    own = path.parent.name if path.parent.name in library.PARTS else "scenario"
    found: list[Path | None] = []
    for item in document(path, []).get("defaults", ()):
        if isinstance(item, dict):
            key, name = next(iter(item.items()))
            group = _group(key)
        else:
            group, _, name = item.lstrip("/").rpartition("/")
        if name not in (None, "_self_"):
            found.append(library.find(group or own, name, near=path.parent))
    return [base for base in found if base is not None]


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
        values = document(path, [])  # what is at fault in it, `compose` says
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
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    start = "\n".join(text.splitlines()[:20])
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


COMMAND_LINE = "command line"
"""What messages name as the file of an override."""

_LOCK = RLock()


def compose(choices: list[str], faults: list[Fault]) -> tuple[Layered, list[tuple[str, ...]]]:
    """Return what the files of a scenario say together, and where one of them is not read whole.

    Parameters
    ----------
    choices : list of str
        Choices of parts in Hydra's grammar, such as ``environment=NAME``.
    faults : list of Fault
        Where the faults of the files are added.

    Raises
    ------
    ScenarioError
        If a choice does not exist.
    """
    merged, unread = Layered(), []
    for package, path in _files(choices):
        before, held = len(faults), document(path, faults)
        values = {key: item for key, item in held.items() if key not in _NOT_OURS}
        parts = tuple(part for part in package.split(".") if part)
        lay(merged, nested(parts, values), yaml.display(path))
        if len(faults) > before:
            unread.append(parts)
    return merged, unread


_NOT_OURS = ("defaults", "hydra")


def _files(choices: list[str]) -> list[tuple[str, Path]]:
    """Return package and path of each file, the weakest first."""
    for choice in choices:
        group, _, name = choice.partition("=")
        if path := library.find(group.partition("@")[0], name.strip("'")):
            check_defaults(path)
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
