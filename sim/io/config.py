"""Scenarios from files and overrides, validated.

The way of a scenario: Hydra says which files make it up (:mod:`sim.io.hydra_source`), the careful
loader reads them (:mod:`sim.io.yaml`), they are laid over each other (:mod:`sim.io.merge`),
overrides are applied (:mod:`sim.io.overrides`), structures and evidence are read
(:mod:`sim.io.parts`), and the one schema judges the whole. Past this point there are only frozen
values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from sim.domain.checks import faults_of
from sim.domain.quantity import key_path
from sim.domain.scenario import SCHEMA_VERSION, Scenario
from sim.errors import Fault, ScenarioError
from sim.io.dump import dump_scenario
from sim.io.faults import Problem, problems_of, translated
from sim.io.hydra_source import BASE, COMMAND_LINE, PRIMARY, compose, hydra_fault, register
from sim.io.library import list_names
from sim.io.merge import Layered, origin
from sim.io.overrides import (
    RUN_KEYS,
    RunSettings,
    alternatives,
    apply,
    changing,
    chosen_scenario,
    split,
    take,
)
from sim.io.parts import read_parts
from sim.io.size import check_size, with_cost

__all__ = [
    "BASE",
    "PRIMARY",
    "alternatives",
    "compose_scenario",
    "dump_scenario",
    "hydra_fault",
    "list_names",
    "load_run",
    "load_scenario",
    "register",
    "scenario_of",
    "validate",
]

_LISTS = ("deals", "evidence")


def load_scenario(name_or_path: str | Path, overrides: str | Iterable[str] = ()) -> Scenario:
    """Return a scenario with all its parts, validated.

    Parameters
    ----------
    name_or_path : str or Path
        Name of a scenario, looked for in ``$ISLANDS_SCENARIOS``, ``./scenarios`` and among the
        shipped ones; or the path of a file.
    overrides : str or iterable of str
        As on the command line: ``"holder.public.opposition=0.5"``, ``"environment=NAME"``.

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        With all faults of the files and the overrides.
    """
    return load_run(name_or_path, overrides)[0]


def scenario_of(scenario: Scenario | str | Path, overrides: str | Iterable[str] = ()) -> Scenario:
    """Return a scenario, which may be given by its name or path.

    Parameters
    ----------
    scenario : Scenario, str or Path
    overrides : str or iterable of str
        As in :func:`load_scenario`; of a scenario that is named.

    Raises
    ------
    ScenarioError
        As in :func:`load_scenario`, or if there are overrides of a scenario that is loaded already.
    """
    if not isinstance(scenario, Scenario):
        return load_scenario(scenario, overrides)
    if overrides:
        expected = "a scenario by its name or path, where there are overrides"
        raise ScenarioError([Fault("overrides", expected, "one that is loaded")])
    return scenario


def load_run(
    name_or_path: str | Path | None, overrides: str | Iterable[str] = ()
) -> tuple[Scenario, RunSettings]:
    """Return a scenario and how it is to be run.

    Parameters
    ----------
    name_or_path : str, Path or None
        As in :func:`load_scenario`; None leaves it to an override ``scenario=NAME``, or to the
        primary config.
    overrides : iterable of str
        As in :func:`load_scenario`.

    Raises
    ------
    ScenarioError
        As in :func:`load_scenario`.
    """
    given = [overrides] if isinstance(overrides, str) else overrides
    texts = [*_choice_of(name_or_path), *given]
    try:
        values, unread, faults = _composed(texts)
        if faults:
            raise ScenarioError([*faults, *_also_wrong(values, unread)])
        settings = take(values)
        scenario = validate(values)
        check_size(scenario)
    except ScenarioError as error:
        file = chosen_scenario(texts) or COMMAND_LINE
        raise ScenarioError(fault.located(file) for fault in error.faults) from None
    return scenario.loaded_with(changing(texts)), settings


def compose_scenario(overrides: Iterable[str]) -> Layered:
    """Return what the files and overrides of a scenario say together, not yet validated.

    Parameters
    ----------
    overrides : iterable of str
        As in :func:`load_scenario`, among them ``scenario=NAME``.

    Raises
    ------
    ScenarioError
        If a file cannot be read, or an override names what does not exist.
    """
    values, _, faults = _composed([*overrides])
    if faults:
        raise ScenarioError(faults)
    return values


def _composed(overrides: list[str]) -> tuple[Layered, list[tuple[str, ...]], list[Fault]]:
    """Return what can be read of a scenario, which parts cannot, and what is at fault in files."""
    faults: list[Fault] = []
    chosen, file = split(overrides), chosen_scenario(overrides)
    values, unread = compose(chosen.choices, faults)
    settings = [(setting.path, setting.value) for setting in chosen.settings]
    lists = [item for item in settings if item[0] in [(key,) for key in _LISTS]]
    apply(values, lists, Scenario, COMMAND_LINE)
    try:
        read_parts(values, Path(file).parent if file else None)
    except ScenarioError as error:
        faults += error.faults
    if not faults:  # else a key may seem unknown because its file was not read
        rest = [item for item in settings if item not in lists]
        apply(values, rest, Scenario, COMMAND_LINE)
    return values, unread, faults


def _also_wrong(values: Layered, unread: Sequence[tuple[str, ...]]) -> list[Fault]:
    """Return what the schema objects to in what was read, but for what only unread files lack."""
    for key in RUN_KEYS:
        values.pop(key, None)

    def is_told(problem: Problem) -> bool:
        loc = problem["loc"]
        if unread and problem["input"] is None:  # what it takes out of a file that was not read
            return True
        lacks = problem["type"] in ("missing", "too_short", "union_tag_not_found")
        return lacks and (len(loc) == 1 or any(loc[: len(path)] == path for path in unread))

    problems = [each for each in problems_of(Scenario, values) if not is_told(each)]
    return translated(problems, Scenario, values)


def validate(values: Layered) -> Scenario:
    """Return the scenario that merged values describe.

    Raises
    ------
    ScenarioError
        With everything that the schema objects to, or else everything that does not fit together.
    """
    _check_version(values)
    problems = problems_of(Scenario, values)
    if problems:
        raise ScenarioError(with_cost(translated(problems, Scenario, values), values))
    scenario = Scenario.model_validate(values)
    if faults := faults_of(scenario):
        raise ScenarioError(_located(fault, values) for fault in faults)
    return scenario


def _check_version(values: Layered) -> None:
    """Refuse a file of a newer program at once: what else it says cannot be judged.

    Raises
    ------
    ScenarioError
        If the version that the scenario names is above that of this program.
    """
    version = values.get("schema_version")
    if isinstance(version, int) and version > SCHEMA_VERSION:
        wanted = f"at most {SCHEMA_VERSION}, the version that this four-islands reads (update it)"
        raise ScenarioError([_located(Fault("schema_version", wanted, str(version)), values)])


def _located(fault: Fault, values: Layered) -> Fault:
    """Return a fault of a whole scenario with the file that its key came from."""
    file = origin(values, key_path(fault.key))
    return fault.located(file) if file else fault


def _choice_of(name_or_path: str | Path | None) -> list[str]:
    """Return the override that chooses a scenario, its name quoted as Hydra's grammar wants it."""
    if name_or_path is None:
        return []
    escaped = str(name_or_path).replace("'", "\\'")
    return [f"scenario='{escaped}'"]
