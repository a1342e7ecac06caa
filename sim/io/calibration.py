"""Read a calibration: factors that bend the numbers of a kind together."""

from __future__ import annotations

from sim.domain.history import Calibration
from sim.errors import ScenarioError
from sim.io import library, yaml
from sim.io.faults import problems_of, translated

__all__ = ["load_calibration"]


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
