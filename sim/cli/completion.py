"""Completion of commands, groups, names and keys when TAB is pressed.

Usage: eval "$(islands --shell-completion install=bash)"      (or install=zsh)
       islands --shell-completion install=fish | source
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sim.cli.dispatch import COMMANDS, command_named
from sim.cli.files import NUMBERS, PLURALS
from sim.cli.options import choices_of, options_of, takes_overrides
from sim.errors import ScenarioError, UsageError
from sim.io import library, yaml
from sim.paths import configs_dir
from sim.report.screen import say

__all__ = ["candidates", "main"]

_BASH = r"""
_islands() {
    local IFS=$'\n' line="${COMP_LINE:0:COMP_POINT}" word prefix reply
    word="${line##* }"
    prefix="${word%"$2"}"
    COMPREPLY=()
    for reply in $(islands --shell-completion query "$line" 2>/dev/null); do
        COMPREPLY+=("${reply#"$prefix"}")
    done
}
complete -o nospace -o default -F _islands islands
"""
_FISH = r"""
function __islands
    islands --shell-completion query (commandline -cp | string collect) 2>/dev/null
end
complete -c islands -f -a "(__islands)"
"""
_SCRIPTS = {
    "bash": _BASH.strip(),
    "fish": _FISH.strip(),
    "zsh": f"autoload -U +X bashcompinit && bashcompinit\n{_BASH.strip()}",
}


def main(arguments: list[str]) -> int:
    """Print the script of a shell, or what may follow a line."""
    if len(arguments) == 2 and arguments[0] == "query":
        say("\n".join(candidates(arguments[1])))
        return 0
    shell = arguments[0].removeprefix("install=") if arguments else ""
    if shell not in _SCRIPTS:
        raise UsageError(
            f"expected install=bash, install=fish or install=zsh, got {' '.join(arguments)!r}"
        )
    say(_SCRIPTS[shell])
    return 0


def candidates(line: str) -> list[str]:
    """Return the words that the last word of a command line may become.

    Parameters
    ----------
    line : str
        The line up to the cursor, from the name of the program on.

    Returns
    -------
    list of str
        Words that can stand as they are end in a space.

    Examples
    --------
    >>> candidates("islands va")
    ['validate ']
    """
    words = line.split(" ")
    last, before = words[-1], [word for word in words[1:-1] if word]
    if not before:
        found: Iterable[str] = (f"{name} " for name in COMMANDS)
    elif before[0] == "list":
        groups = [f"{name} " for name in (*PLURALS, NUMBERS)]
        found = _options(last, before) if before[1:] else groups
    elif before[0] == "validate":
        found = [*(f"{name} " for name in library.list_names("scenario")), *_files(last)]
    elif before[0] not in COMMANDS:
        found = ()
    else:
        found = _options(last, before)
    return [word for word in found if word.startswith(last)]


def _options(last: str, before: list[str]) -> list[str]:
    """Return what an option may become: of the command itself, or of a scenario it takes."""
    command = command_named(before[0])
    if "=" in last:
        key, value = last.split("=", 1)
        field = options_of(command).get(key)
        if field is not None and (words := choices_of(field.annotation)):
            return [f"{key}={word} " for word in words]
        return _values(key, value) if takes_overrides(command) else []
    own = [f"{key}=" for key in options_of(command)]
    keys = _keys(last, before) if takes_overrides(command) else []
    return [*dict.fromkeys([*own, *keys])]


def _values(key: str, value: str) -> list[str]:
    """Return what may follow ``key=``."""
    group = key.partition("@")[0]
    if key == "deals":
        head = value[: max(value.rfind("["), value.rfind(",")) + 1] or "["
        return [f"{key}={head}{name}" for name in library.list_names("deal")]
    if key == "deal":
        return [f"deal={name} " for name in library.list_names("deal")]
    if group not in library.PARTS:
        return []
    if library.is_path(value):
        return [f"{key}={file}" for file in _files(value)]
    return [f"{key}={name} " for name in library.list_names(group)]


def _files(start: str) -> list[str]:
    """Return the folders and YAML files whose path begins like this."""
    folder = start[: start.rfind("/") + 1]
    try:
        paths = sorted((Path(folder).expanduser() if folder else Path()).iterdir())
    except OSError:
        return []
    names = [path.name + ("/" if path.is_dir() else " ") for path in paths]
    return [f"{folder}{name}" for name in names if name.endswith(("/", ".yaml "))]


def _keys(start: str, before: list[str]) -> list[str]:
    """Return the keys one level below what stands there."""
    head, _, _ = start.rpartition(".")
    choices = [word for word in before[1:] if word.partition("=")[0].split("@")[0] in library.PARTS]
    if not head:
        primary = yaml.read(configs_dir() / "config.yaml", trusted=True)
        items = (key for item in primary["defaults"] if isinstance(item, dict) for key in item)
        parts = [key for key in items if not key.startswith("override ")]
        known = dict.fromkeys([*(f"{part}=" for part in parts), *_below({**primary, "deals": []})])
        known.update(dict.fromkeys(f"{side}." for side in ("claimant", "holder", "environment")))
        return [key for key in known if not key.startswith(("defaults", "hydra"))]
    return [f"{head}.{name}" for name in _below(_composed(choices, head))]


def _composed(choices: list[str], head: str) -> Any:
    from sim.io.config import compose_scenario
    from sim.io.merge import lookup

    try:
        return lookup(compose_scenario(choices), tuple(head.split(".")))
    except ScenarioError:
        return {}


def _below(values: Any) -> list[str]:
    from sim.io.merge import is_quantity

    if not isinstance(values, dict) or is_quantity(values):
        return []
    deeper = {key for key, item in values.items() if isinstance(item, dict)}
    whole = {key for key in deeper if is_quantity(values[key])}
    return [f"{key}." if key in deeper - whole else f"{key}=" for key in values]
