"""Checks of any file of the project by its kind, and conflicts of the graph model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, RootModel

from sim.domain.deal import Deal
from sim.domain.dispute import Dispute
from sim.domain.environment import Environment, Protocol
from sim.domain.evidence import Fact
from sim.domain.game import Game, faults_of_game
from sim.domain.history import Calibration, History
from sim.domain.scenario import Scenario, quantities_of
from sim.domain.side import Side
from sim.domain.strategy import Strategy
from sim.errors import Fault, ScenarioError
from sim.io import library, yaml
from sim.io.config import load_scenario
from sim.io.faults import keys_at, problems_of, shown, translated
from sim.io.hydra_source import check_defaults, checked
from sim.io.merge import Layered, lay

__all__ = ["TEMPLATE_WORDS", "check_file", "read_game"]

_KINDS: dict[str, type[BaseModel]] = {
    "dispute": Dispute,
    "side": Side,
    "strategy": RootModel[Strategy],
    "environment": Environment,
    "protocol": Protocol,
    "deal": Deal,
    "calibration": Calibration,
    "hindcast": History,
    "game": Game,
}
_ELSEWHERE = {"side": {"strategy"}}
"""Keys that another file gives to a kind."""


_UNIT_WORDS = re.compile(
    r"(?:(?:a|alliance|approval|changes?|coefficient|concession|correlation|crises|deviation|exponent"
    r"|factor|full|its|km2|line|log|logarithm|million|months?|odds|of|offers?|or|other's|per|percent"
    r"|points?|poll|price|probability|relative|removals|resolve|rounds?|scale|security|share|sides'"
    r"|span|spreads|standard|ten|the|thousand|units?|USD|whole|with|years?)(?: |$))+"
)
"""Words of which the units of all shipped scenarios are made."""
_TOLD_UNITS = 6
TEMPLATE_WORDS = "a paragraph that a stranger understands"
"""What the template says in the place of a description."""


def check_file(path: Path | str, remark: Callable[[Fault], object] = str) -> str:
    """Return what a file describes, when nothing is wrong with it.

    Parameters
    ----------
    path : Path or str
        A scenario, by name or path; or the path of a part of one: a dispute, a side, a strategy, an
        environment, a protocol, a structure, a calibration, a history, a register of evidence, or a
        conflict in the form of the graph model.
    remark : callable
        Told what is no fault of a scenario, and yet hardly meant.

    Raises
    ------
    ScenarioError
        With all faults of the file.
    """
    if not Path(path).is_file():
        _remark_on(load_scenario(path), remark)
        return "scenario"
    path = Path(path).absolute()
    kind = path.parent.name if path.parent.name in _KINDS else _kind(yaml.read(path))
    if kind == "scenario":
        _remark_on(load_scenario(path), remark)
        return kind
    values = Layered()
    check_defaults(path)
    _lay_with_bases(values, path, kind)
    faults = _of_register(values) if kind == "evidence" else _of_part(values, kind)
    if faults:
        raise ScenarioError(fault.located(yaml.display(path)) for fault in faults)
    return kind


def _remark_on(scenario: Scenario, remark: Callable[[Fault], object]) -> None:
    """Tell of units in words of nobody's, and of a description that nobody has written."""
    if TEMPLATE_WORDS in " ".join(scenario.description.split()):
        remark(Fault("description", "what is in dispute, in your words", "those of the template"))
    odd = [*_odd_units(scenario)]
    for key, unit in odd[:_TOLD_UNITS]:
        remark(Fault(f"{key}.unit", "one such as points, share or per year", shown(unit)))
    if rest := odd[_TOLD_UNITS:]:
        remark(Fault("", "", f"{len(rest)} more units in words that no unit has"))


def _odd_units(scenario: Scenario) -> Iterator[tuple[str, str]]:
    for key, number in quantities_of(scenario):
        counts = not key.endswith(".area")  # only ratios of areas do
        if counts and not _UNIT_WORDS.fullmatch(number.unit):
            yield key, number.unit


def _lay_with_bases(values: Layered, path: Path, kind: str) -> None:
    """Lay a part over the parts that its defaults list names."""
    own = yaml.read(path)
    names = [name for name in checked(own.pop("defaults", []), path) if isinstance(name, str)]
    for name in names if "_self_" in names else [*names, "_self_"]:
        if name == "_self_":
            lay(values, own, yaml.display(path))
        elif (base := library.find(kind, name, near=path.parent)) is not None:
            _lay_with_bases(values, base, kind)


def _kind(values: dict[str, Any]) -> str:
    """Return the kind of file whose keys these look like; a scenario when in doubt."""
    if "defaults" in values or "deals" in values:
        return "scenario"
    if all(isinstance(value, dict) and "says" in value for value in values.values()):
        return "evidence"
    keys = {kind: set(keys_at(model, ()) or ()) for kind, model in _KINDS.items()}
    shared = {kind: len(known & set(values)) for kind, known in keys.items()}
    best = max(shared, key=lambda kind: (shared[kind], shared[kind] / len(keys[kind])))
    return best if 2 * shared[best] > len(values) else "scenario"


def _of_part(values: Layered, kind: str) -> list[Fault]:
    problems = problems_of(_KINDS[kind], values)
    given = _ELSEWHERE.get(kind, set())
    left = [item for item in problems if item["type"] != "missing" or item["loc"][0] not in given]
    if kind == "game" and not left:
        return faults_of_game(Game.model_validate(values))
    return translated(left, _KINDS[kind], values, part=kind)


def _of_register(values: Layered) -> list[Fault]:
    register = RootModel[dict[str, Fact]]
    return translated(problems_of(register, values), register, values)


def read_game(name_or_path: str) -> Game:
    """Return a conflict.

    Parameters
    ----------
    name_or_path : str
        Name of a shipped one, or the path of a file.

    Raises
    ------
    ScenarioError
        With all faults of the file.
    """
    path = library.find("game", name_or_path)
    if path is None:
        raise ScenarioError([library.absent("game", name_or_path, key="", file="command line")])
    file, values = yaml.display(path), Layered()
    lay(values, yaml.read(path), file)
    if problems := problems_of(Game, values):
        raise ScenarioError(fault.located(file) for fault in translated(problems, Game, values))
    game = Game.model_validate(values)
    if faults := faults_of_game(game):
        raise ScenarioError(fault.located(file) for fault in faults)
    return game
