"""Environment of the talks: approval, turnover, sanctions, oil, pressure, crises, events.

Shocks are drawn by counter for every world and round, whatever the worlds are doing, so all
structures and sweep cells meet the same shocks; what the talks do to approvals differs.
"""

from __future__ import annotations

import mesa
import numpy as np

from sim.domain.draws import Draws
from sim.domain.environment import Event, Oil, Pressure
from sim.domain.interest import ROLES, Role
from sim.domain.scenario import Scenario
from sim.domain.side import Side
from sim.equations.processes import (
    hazard_probability,
    mean_reverting,
    removal_hazard,
    round_persistence,
)
from sim.memo import memoize_by_identity
from sim.quantities import Bools, Floats, Ints


class Office:
    """One side's leader in office: approval and turnover.

    Parameters
    ----------
    side : Side
    draws : Draws
    round_years : float
        Length of a round in years.
    moves : bool
        Whether approval moves at all (but for a change of leaders).
    """

    def __init__(self, side: Side, draws: Draws, round_years: float, moves: bool) -> None:
        self._moves = moves
        process, turnover = side.leader.approval, side.leader.turnover
        self._stream, self._draws, self._round_years = side.stream, draws, round_years
        self._mean, self._sd = draws.of(process.mean), draws.of(process.sd)
        self._persistence = _persistence(draws.of(process.persistence_month), round_years)
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
        """Move approval by some points, within 0 to 100 percent, where it moves at all."""
        if self._moves:
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
        self.case, self.draws = scenario, draws
        self._config = scenario.environment
        self._round_years = scenario.protocol.round_years
        self._sides = {role: scenario.side(role) for role in ROLES}
        self.offices = {
            role: Office(
                scenario.side(role), draws, self._round_years, self._config.approval.enabled
            )
            for role in ROLES
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
            if event.enabled and event.round == round_:
                self._happen(event, round_)

    def talking(self, round_: int) -> Bools:
        """Tell where no crisis or event suspends talks."""
        return np.asarray(self.calm_from <= round_)

    def economy_factor(self, role: Role) -> Floats:
        """Return the factor on a side's weight of `economy`."""
        preferences = self._sides[role].preferences
        log = self.draws.of(preferences.sanctions_sensitivity) * self.sanctions
        log = log + self.draws.of(preferences.oil_sensitivity) * self.oil
        return np.asarray(np.exp(log))

    def alliance_factor(self) -> Floats:
        """Return the factor on the weight of `alliance`: 1 plus outside pressure, not below 0."""
        return np.maximum(1.0 + self.pressure, 0.0)

    def _move_leaders(self, round_: int) -> None:
        for office in self.offices.values():
            office.drift(round_)
            if self._config.turnover.enabled:
                office.turn_over(round_)

    def _move_sanctions(self, round_: int) -> None:
        config = self._config.sanctions
        if not config.enabled:
            return
        hazard = np.where(
            self.sanctions, self.draws.of(config.lifted_year), self.draws.of(config.imposed_year)
        )
        luck = self.draws.streams.uniforms("environment/sanctions", round_=round_)[:, 0]
        turns = luck < hazard_probability(hazard, self._round_years)
        self.sanctions = self.sanctions ^ turns

    def _move_oil(self, round_: int) -> None:
        if self._config.oil.enabled:
            drift = self.draws.of(self._config.oil.drift)
            self.oil = self._reverted(self.oil, drift, self._config.oil, "oil", round_)

    def _move_pressure(self, round_: int) -> None:
        config = self._config.pressure
        if config.enabled:
            mean = self.draws.of(config.mean)
            self.pressure = self._reverted(self.pressure, mean, config, "pressure", round_)

    def _reverted(
        self, level: Floats, mean: Floats, config: Oil | Pressure, name: str, round_: int
    ) -> Floats:
        month = self.draws.of(config.persistence_month)
        persistence = _persistence(month, self._round_years)
        shock = self.draws.streams.normals(f"environment/{name}", round_=round_)[:, 0]
        return mean_reverting(level, mean, self.draws.of(config.sd), persistence, shock)

    def _move_crises(self, round_: int) -> None:
        config = self._config.crises
        if not config.enabled:
            return
        luck = self.draws.streams.uniforms("environment/crises", round_=round_, slots=3)
        hazard, years = self.draws.of(config.hazard_year), self.draws.of(config.years)
        until = round_ + _suspended(luck, hazard, years, self._round_years)
        self.calm_from = np.maximum(self.calm_from, until)

    def _happen(self, event: Event, round_: int) -> None:
        shifts = {Role.CLAIMANT: event.claimant_approval, Role.HOLDER: event.holder_approval}
        for role, points in shifts.items():
            if points is not None:
                self.offices[role].shift(self.draws.of(points))
        if event.pressure is not None and self._config.pressure.enabled:
            self.pressure = self.pressure + self.draws.of(event.pressure)
        if event.sanctions is not None and self._config.sanctions.enabled:
            self.sanctions = np.full_like(self.sanctions, event.sanctions == "imposed")
        if event.suspend_rounds:
            until = round_ + event.suspend_rounds
            self.calm_from = np.maximum(self.calm_from, until)


_persistence = memoize_by_identity(round_persistence)


@memoize_by_identity
def _suspended(luck: Floats, hazard_year: Floats, years: Floats, round_years: float) -> Ints:
    """Return how many meetings crises that begin in this round cost; none where none begins.

    Begun at any moment since the last meeting, a crisis costs as many meetings as it lasts.
    """
    length = -np.log(luck[:, 1]) * years / round_years
    meetings = np.floor(length + luck[:, 2]).astype(np.int64)
    return np.where(luck[:, 0] < hazard_probability(hazard_year, round_years), meetings, 0)
