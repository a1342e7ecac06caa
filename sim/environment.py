"""Move what happens around the talks: approval, turnover, sanctions, oil, pressure, crises, events.

Shocks are drawn by counter for every world and round, whatever the worlds are doing, so all
structures and sweep cells meet the same shocks; what the talks do to approvals differs.
"""

from __future__ import annotations

import mesa
import numpy as np

from sim.domain.draws import Draws
from sim.domain.interest import ROLES, Role
from sim.domain.scenario import Scenario
from sim.domain.side import Side
from sim.domain.surroundings import Event
from sim.equations.processes import (
    hazard_probability,
    mean_reverting,
    removal_hazard,
    round_persistence,
)
from sim.quantities import Bools, Floats


class Office:
    """One side's leader in office: approval and turnover.

    Parameters
    ----------
    side : Side
    draws : Draws
    round_years : float
        Length of a round in years.
    """

    def __init__(self, side: Side, draws: Draws, round_years: float) -> None:
        process, turnover = side.leader.approval, side.leader.turnover
        self._stream, self._draws, self._round_years = side.stream, draws, round_years
        self._mean, self._sd = draws.of(process.mean), draws.of(process.sd)
        self._persistence = round_persistence(draws.of(process.persistence_month), round_years)
        self._hazard = draws.of(turnover.hazard_year)
        self._sensitivity = draws.of(turnover.approval_sensitivity)
        self._term = draws.of(turnover.term_ends_round)
        self._successor_approval = draws.of(side.leader.successor.approval)
        self.win_effect = draws.of(process.win_effect)
        self.loss_effect = draws.of(process.loss_effect)
        self.approval = draws.of(process.start).copy()
        self.sits = np.ones(draws.streams.worlds, dtype=bool)

    def drift(self, round_: int) -> None:
        """Let approval revert to its mean and be shaken."""
        purpose = f"{self._stream}/approval"
        shock = self._draws.streams.normals(purpose, round_=round_)[:, 0]
        moved = mean_reverting(self.approval, self._mean, self._sd, self._persistence, shock)
        self.shift(moved - self.approval)

    def turn_over(self, round_: int) -> Bools:
        """Let leaders leave by removal or at the end of their term.

        Returns
        -------
        ndarray of bool, shape (worlds,)
            Where the first leader left in this round.
        """
        hazard = removal_hazard(
            self._hazard, self._sensitivity, self.approval, self._mean, self._sd
        )
        luck = self._draws.streams.uniforms(f"{self._stream}/turnover", round_=round_)[:, 0]
        removed = luck < hazard_probability(hazard, self._round_years)
        leaves = self.sits & (removed | (round_ >= self._term))
        self.sits &= ~leaves
        self.approval = np.where(leaves, self._successor_approval, self.approval)
        return leaves

    def shift(self, points: Floats) -> None:
        """Move approval by some points, within 0 to 100 percent."""
        self.approval = np.clip(self.approval + points, 0.0, 100.0)


class Surroundings(mesa.Agent):
    """Everything around the table in every world of a block.

    Parameters
    ----------
    model : mesa.Model
    scenario : Scenario
    draws : Draws
    """

    def __init__(self, model: mesa.Model, scenario: Scenario, draws: Draws) -> None:
        super().__init__(model)
        self.scenario, self.draws = scenario, draws
        self._config, self._draws = scenario.environment, draws
        self._round_years = scenario.protocol.round_years
        self._sides = {role: scenario.side(role) for role in ROLES}
        self.offices = {
            role: Office(scenario.side(role), draws, self._round_years) for role in ROLES
        }
        worlds = draws.streams.worlds
        start = self._config.sanctions.in_force
        self.sanctions = np.full(worlds, start and self._config.sanctions.enabled)
        self.oil = np.zeros(worlds)
        pressured = self._config.pressure.enabled
        self.pressure = draws.of(self._config.pressure.start) * float(pressured)
        self.calm_from = np.zeros(worlds, dtype=np.int64)

    def move(self, round_: int) -> None:
        """Advance all processes to a round; round 0 is the start itself."""
        if round_ > 0:
            self._move_leaders(round_)
            self._move_sanctions(round_)
            self._move_oil(round_)
            self._move_pressure(round_)
            self._move_crises(round_)
        for event in self._config.events.values():
            if event.round == round_:
                self._happen(event, round_)

    def talking(self, round_: int) -> Bools:
        """Tell where no crisis or event suspends talks."""
        return np.asarray(self.calm_from <= round_)

    def economy_factor(self, role: Role) -> Floats:
        """Return the factor on a side's weight of `economy`."""
        preferences = self._sides[role].preferences
        log = self._draws.of(preferences.sanctions_sensitivity) * self.sanctions
        log = log + self._draws.of(preferences.oil_sensitivity) * self.oil
        return np.asarray(np.exp(log))

    def alliance_factor(self) -> Floats:
        """Return the factor on the weight of `alliance`: 1 plus outside pressure, not below 0."""
        return np.maximum(1.0 + self.pressure, 0.0)

    def _move_leaders(self, round_: int) -> None:
        for office in self.offices.values():
            if self._config.approval.enabled:
                office.drift(round_)
            if self._config.turnover.enabled:
                office.turn_over(round_)

    def _luck(self, name: str, round_: int) -> Floats:
        return self._draws.streams.uniforms(f"environment/{name}", round_=round_)[:, 0]

    def _shock(self, name: str, round_: int) -> Floats:
        return self._draws.streams.normals(f"environment/{name}", round_=round_)[:, 0]

    def _move_sanctions(self, round_: int) -> None:
        config = self._config.sanctions
        if not config.enabled:
            return
        hazard = np.where(
            self.sanctions, self._draws.of(config.lifted_year), self._draws.of(config.imposed_year)
        )
        turns = self._luck("sanctions", round_) < hazard_probability(hazard, self._round_years)
        self.sanctions = self.sanctions ^ turns

    def _move_oil(self, round_: int) -> None:
        config = self._config.oil
        if config.enabled:
            self.oil = mean_reverting(
                self.oil,
                self._draws.of(config.drift),
                self._draws.of(config.sd),
                round_persistence(self._draws.of(config.persistence_month), self._round_years),
                self._shock("oil", round_),
            )

    def _move_pressure(self, round_: int) -> None:
        config = self._config.pressure
        if config.enabled:
            self.pressure = mean_reverting(
                self.pressure,
                self._draws.of(config.mean),
                self._draws.of(config.sd),
                round_persistence(self._draws.of(config.persistence_month), self._round_years),
                self._shock("pressure", round_),
            )

    def _move_crises(self, round_: int) -> None:
        config = self._config.crises
        if not config.enabled:
            return
        luck = self._draws.streams.uniforms("environment/crises", round_=round_, slots=2)
        chance = hazard_probability(self._draws.of(config.hazard_year), self._round_years)
        length = -np.log(luck[:, 1]) * self._draws.of(config.years) / self._round_years
        until = round_ + np.ceil(length).astype(np.int64)
        starts = luck[:, 0] < chance
        self.calm_from = np.where(starts, np.maximum(self.calm_from, until), self.calm_from)

    def _happen(self, event: Event, round_: int) -> None:
        if self._config.approval.enabled:
            if event.claimant_approval is not None:
                self.offices[Role.CLAIMANT].shift(self._draws.of(event.claimant_approval))
            if event.holder_approval is not None:
                self.offices[Role.HOLDER].shift(self._draws.of(event.holder_approval))
        if event.pressure is not None and self._config.pressure.enabled:
            self.pressure = self.pressure + self._draws.of(event.pressure)
        if event.sanctions is not None and self._config.sanctions.enabled:
            self.sanctions = np.full_like(self.sanctions, event.sanctions == "imposed")
        if event.suspend_rounds:
            until = round_ + event.suspend_rounds
            self.calm_from = np.maximum(self.calm_from, until)
