"""Files of the record: history, calibrations of factors that all episodes share, and readings."""

from __future__ import annotations

from pathlib import Path

from sim.domain.history import Calibration, History
from sim.domain.observation import Observations
from sim.errors import Fault, ScenarioError, nearest
from sim.io import library, yaml
from sim.io.faults import problems_of, translated
from sim.io.parts import registers
from sim.paths import configs_dir

__all__ = ["load_calibration", "load_history", "load_observations"]


def load_calibration(name: str) -> Calibration:
    """Return a calibration by name or path.

    Parameters
    ----------
    name : str
        As in ``calibration=NAME``.

    Raises
    ------
    ScenarioError
        If there is no such file, or with all its faults.
    """
    path = library.find("calibration", name)
    if path is None:
        raise ScenarioError([library.absent("calibration", name, key="calibration")])
    values = yaml.read(path)
    if problems := problems_of(Calibration, values):
        faults = translated(problems, Calibration, values)
        raise ScenarioError(fault.located(yaml.display(path)) for fault in faults)
    return Calibration.model_validate(values)


def load_history(path: Path | str | None = None) -> History:
    """Return a history, its sources checked against the shipped registers.

    Parameters
    ----------
    path : Path or str, optional
        A file; absent, the shipped one.

    Raises
    ------
    ScenarioError
        With all faults of the file.
    """
    path = configs_dir() / "hindcast" / "history.yaml" if path is None else Path(path)
    values, file = yaml.read(path), yaml.display(path)
    problems = problems_of(History, values)
    if problems:
        raise ScenarioError(fault.located(file) for fault in translated(problems, History, values))
    history = History.model_validate(values)
    if faults := [*_unknown(history)]:
        raise ScenarioError(fault.located(file) for fault in faults)
    return history


def load_observations(path: Path | str) -> Observations:
    """Return what was read of the talks, from a file.

    Parameters
    ----------
    path : Path or str

    Raises
    ------
    ScenarioError
        If there is no such file, or with all its faults.
    """
    values, file = yaml.read(path), yaml.display(path)
    if problems := problems_of(Observations, values):
        raise ScenarioError(
            fault.located(file) for fault in translated(problems, Observations, values)
        )
    return Observations.model_validate(values)


def _unknown(history: History) -> list[Fault]:
    known, names = list(registers()), library.list_names("scenario")
    faults = [
        Fault(name, "the id of a fact in the evidence register", repr(name), _near(name, known))
        for name in history.sources()
        if name not in known
    ]
    return faults + [
        Fault(name, "a scenario", repr(name), _near(name, names))
        for name in (*history.episodes, *history.controls)
        if library.find("scenario", name) is None
    ]


def _near(name: str, known: list[str]) -> str | None:
    return nearest(name, known)
