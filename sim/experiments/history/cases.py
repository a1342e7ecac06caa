"""Episodes ready to be played: scenarios cut to length, and the mixture on each table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.domain.agenda import Agenda
from sim.domain.history import Calibration, Happened, History
from sim.domain.scenario import Scenario
from sim.errors import Fault, ScenarioError
from sim.experiments.ensemble import as_asked
from sim.io.config import load_scenario
from sim.quantities import Floats

__all__ = ["Case", "cases"]


@dataclass(frozen=True)
class Case:
    """An episode, ready to be played.

    Parameters
    ----------
    name : str
        Of its scenario.
    scenario : Scenario
        Cut to the episode's rounds and, where each is played by itself, to the structures that were
        on the table.
    happened : Happened
    control : bool
        Whether it is a border that settled.
    """

    name: str
    scenario: Scenario
    happened: Happened
    control: bool

    @property
    def weights(self) -> Floats:
        """Return the weight in the mixture of each structure that is played; they add to 1."""
        if self.scenario.agenda != "single":
            return np.ones(1)
        table = self.scenario.on_the_table
        weights = np.array([table[name] for name in self.scenario.deals], dtype=np.float64)
        return np.asarray(weights / weights.sum())

    @property
    def years(self) -> float:
        """Return the length of the episode in years."""
        return self.happened.rounds * self.scenario.protocol.round_years


def cases(
    history: History,
    *,
    worlds: int,
    seed: int | None = None,
    calibration: Calibration | None = None,
    beside: str | None = None,
    agenda: Agenda = "single",
    drafted: bool = False,
) -> list[Case]:
    """Return the episodes and the controls of a history, in its order.

    Parameters
    ----------
    history : History
    worlds : int
        Worlds of each structure.
    seed : int, optional
        In place of each scenario's own.
    calibration : Calibration, optional
        Factors that all of them share.
    beside : str, optional
        A structure that is put on the table of every episode that lists it, with half the weight.
    agenda : {"single", "tabled"}
        Whether each structure of the table is played by itself, or sides may change the table.
    drafted : bool
        Whether every text that is agreed takes its time to be drafted.

    Raises
    ------
    ScenarioError
        If a scenario does not say what was on its table, or counts rounds of another length.
    """
    named: list[tuple[Mapping[str, Happened], bool]] = [
        (history.episodes, False),
        (history.controls, True),
    ]
    found = []
    for group, control in named:
        for name, happened in group.items():
            scenario = load_scenario(name, _DRAFTED if drafted else ())
            scenario = scenario.model_copy(update={"calibration": calibration})
            _check(scenario, name, history.rounds_year)
            scenario = _with(scenario, beside)
            tabled = [deal for deal in scenario.deals if scenario.on_the_table.get(deal, 0) > 0]
            listed = tabled if agenda == "single" else None
            scenario = as_asked(scenario, worlds=worlds, seed=seed, deals=listed)
            cut = scenario.model_copy(update={"rounds": happened.rounds, "agenda": agenda})
            found.append(Case(name, cut, happened, control))
    return found


_DRAFTED = ("protocol.drafting.enabled=true",)


def _with(scenario: Scenario, beside: str | None) -> Scenario:
    table = scenario.on_the_table
    if beside is None or beside not in scenario.deals:
        return scenario
    total = sum(table.values())
    halves = {name: weight / total / 2 for name, weight in table.items()}
    halves[beside] = halves.get(beside, 0) + 0.5
    return scenario.model_copy(update={"on_the_table": halves})


def _check(scenario: Scenario, name: str, rounds_year: int) -> None:
    faults = [
        Fault(f"on_the_table.{deal}", "a listed structure", repr(deal), file=name)
        for deal in scenario.on_the_table
        if deal not in scenario.deals
    ]
    if not sum(scenario.on_the_table.values()):
        expected = "the weight of at least one structure"
        faults.append(Fault("on_the_table", expected, "none", file=name))
    if abs(scenario.protocol.round_years * rounds_year - 1) > 1e-9:
        expected = f"{1 / rounds_year:g}, as the history counts"
        years = f"{scenario.protocol.round_years:g}"
        faults.append(Fault("protocol.round_years", expected, years, file=name))
    if faults:
        raise ScenarioError(faults)
