"""Parts that a scenario names in lists: structures, and registers of evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.errors import Fault, ScenarioError
from sim.io import library, yaml
from sim.io.merge import Layered, lay, nested, origin

__all__ = ["read_parts", "registers"]


def read_parts(values: Layered, beside: Path | None = None) -> None:
    """Replace the lists under ``deals`` and ``evidence`` by what the named files hold, in place.

    Parameters
    ----------
    values : Layered
        A merged scenario. ``deals`` is a list of names and paths, one of them, ``all``, or already
        a mapping of name to structure; ``evidence`` is a list of names and paths of registers,
        ``all``, or already a mapping of id to fact. A path is relative to the file that mentions
        it.

    beside : Path, optional
        Folder of the scenario, in which structures are found by name, too.

    Raises
    ------
    ScenarioError
        With every name that does not exist, every file that cannot be read, and every structure or
        fact that two files define.
    """
    faults: list[Fault] = []
    for key, group in (("deals", "deal"), ("evidence", "evidence")):
        named = values.get(key)
        if named is None or isinstance(named, dict):
            continue
        read = Layered()
        alone = key == "deals" and isinstance(named, str) and named != "all"
        listed = [named] if alone else named
        for file in _files(listed, (key, group), origin(values, (key,)), beside, faults):
            _take(read, file, group, faults)
        if named == "all" and group == "deal":
            _keep_possible(read, values)
        values[key] = read
    if faults:
        raise ScenarioError(faults)


def registers() -> Layered:
    """Return every shipped register of evidence as one mapping of id to fact."""
    values = Layered()
    lay(values, {"evidence": "all"}, "")
    read_parts(values)
    register: Layered = values["evidence"]
    return register


def _files(
    named: Any, kind: tuple[str, str], file: str | None, beside: Path | None, faults: list[Fault]
) -> list[Path]:
    """Return the files that a list under a key names, each once.

    A name that no shipped file has is looked for beside the scenario, too.
    """
    key, group = kind
    if named == "all":
        named = library.list_names(group)
    if not isinstance(named, list):
        faults.append(Fault(key, "a list of names, or all", repr(named), file=file))
        return []
    found: dict[Path, None] = {}
    for name in named:
        near = Path(file).parent if file else None
        path = library.find(group, name, near=near) if isinstance(name, str) else None
        if path is None and beside and isinstance(name, str) and not library.is_path(name):
            own = (beside / f"{name}.yaml", beside / group / f"{name}.yaml")
            path = next((each for each in own if each.is_file()), None)
        if path is not None:
            found[path] = None
        elif isinstance(name, str):
            faults.append(library.absent(group, name, key=key, file=file))
        else:
            faults.append(Fault(key, "a name or a path", repr(name), file=file))
    return list(found)


def _take(read: Layered, path: Path, group: str, faults: list[Fault]) -> None:
    """Add what one file holds to what was read before."""
    file = yaml.display(path)
    try:
        values = yaml.read(path)
    except ScenarioError as error:
        faults.extend(error.faults)
        return
    if group == "deal":
        name = str(values.setdefault("name", path.stem))
        values = nested((name,), values)
    for name in [name for name in values if name in read]:
        got = f"also in {read.files[name]}"
        faults.append(Fault(name, "each name in one file", got, file=file))
        del values[name]
    lay(read, values, file)


def _keep_possible(deals: Layered, values: Layered) -> None:
    """Drop the structures that speak of clauses which the dispute does not have."""
    dispute = values.get("dispute")
    clauses = set(dispute.get("clauses") or ()) if isinstance(dispute, dict) else set()
    for name in list(deals):
        stages = deals[name].get("stages")
        stages = stages.values() if isinstance(stages, dict) else []
        spoken = {
            clause
            for stage in stages
            if isinstance(stage, dict)
            for key in ("fixed", "negotiable")
            if isinstance(stage.get(key), dict)
            for clause in stage[key]
        }
        if not spoken <= clauses:
            del deals[name], deals.files[name]
