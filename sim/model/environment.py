"""State of the environment: leaders in office, declared processes, dated events.

Shocks are drawn by counter for every world and round, whatever the worlds are doing, so all
structures and sweep cells meet the same shocks; what the talks do to approvals differs.
"""

from __future__ import annotations

import mesa
import numpy as np

from sim.domain.draws import Draws
from sim.domain.environment import Autoregression, Event, Jump, Process, Spell
from sim.domain.interest import ROLES, Role
from sim.domain.quantity import Quantity
from sim.domain.scenario import Scenario
from sim.domain.side import Side
from sim.equations.processes import (
    hazard_probability,
    innovation_sd,
    mean_reverting,
    removal_hazard,
    round_persistence,
)
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

    Attributes
    ----------
    approval : ndarray, shape (worlds,)
        Percent.
    sits : ndarray of bool, shape (worlds,)
        Whether the first leader is in office.
    number : ndarray of int, shape (worlds,)
        How many successors have taken office who are drawn anew: 0 without successions.
    since : ndarray, shape (worlds,)
        Round in which the leader in office took it; 0 for the first.
    new : ndarray of bool, shape (worlds,)
        Where a successor took office in this round.
    """

    def __init__(self, side: Side, draws: Draws, round_years: float, moves: bool) -> None:
        self._moves = moves
        process, turnover = side.leader.approval, side.leader.turnover
        self._stream, self._draws, self._round_years = side.stream, draws, round_years
        self._mean, self._sd = draws.of(process.mean), draws.of(process.sd)
        self._persistence = round_persistence(draws.of(process.persistence_month), round_years)
        self._innovation = innovation_sd(self._sd, self._persistence)
        self._hazard = draws.of(turnover.hazard_year)
        self._sensitivity = draws.of(turnover.approval_sensitivity)
        self._term = draws.of(turnover.term_ends_round)
        self._successor = side.leader.successor
        self._follows = draws.of(self._successor.approval)
        self._one_after_another = draws.scenario.environment.successions.enabled
        self.win_effect = draws.of(process.win_effect)
        self.loss_effect = draws.of(process.loss_effect)
        self.approval = draws.of(process.start).copy()
        worlds = draws.streams.worlds
        self._nowhere = np.zeros(worlds, dtype=bool)
        self.sits, self.new = np.ones(worlds, dtype=bool), self._nowhere
        self.number, self.since = np.zeros(worlds, dtype=np.int64), np.zeros(worlds)

    def drift(self, round_: int) -> None:
        """Let approval revert to its mean and be shaken."""
        purpose = f"{self._stream}/approval"
        shock = self._draws.streams.normals(purpose, round_=round_)[:, 0]
        terms = self._mean, self._persistence, self._innovation
        self.shift(mean_reverting(self.approval, *terms, shock) - self.approval)

    def turn_over(self, round_: int) -> Bools:
        """Let leaders leave by removal or at the end of their term.

        Returns
        -------
        ndarray of bool, shape (worlds,)
            Where a leader left in this round: the first only, unless there are successions.
        """
        hazard = removal_hazard(
            self._hazard, self._sensitivity, self.approval, self._mean, self._sd
        )
        luck = self._draws.streams.uniforms(f"{self._stream}/turnover", round_=round_)[:, 0]
        removed = luck < hazard_probability(hazard, self._round_years)
        leaves = self.sits & (removed | (round_ >= self._term))
        if self._one_after_another:
            leaves = leaves | (~self.sits & removed)
        self.new = self._nowhere
        if leaves.any():
            self.leave(leaves, round_)
        return leaves

    def leave(self, leaves: Bools, round_: int) -> None:
        """Let leaders leave in some worlds, and whoever follows take office.

        Parameters
        ----------
        leaves : ndarray of bool, shape (worlds,)
        round_ : int
        """
        self.new = self.new | leaves
        self.sits = self.sits & ~leaves
        if self._one_after_another:
            self.number, self.since = self.number + leaves, np.where(leaves, round_, self.since)
        self.approval = np.where(leaves, self._on_taking_office(), self.approval)

    def resume(self, earlier: Office) -> None:
        """Go on from the same office as it is in another model."""
        self.approval, self.sits, self.new = earlier.approval, earlier.sits, earlier.new
        self.number, self.since = earlier.number, earlier.since

    @property
    def may_leave(self) -> Bools:
        """Return where somebody else would follow the leader in office, shape (worlds,)."""
        return self.sits | self._one_after_another

    def _on_taking_office(self) -> Floats:
        if self._one_after_another:
            return self._draws.of_successors(self._successor.approval, self.number)
        return self._follows

    def shift(self, points: Floats) -> None:
        """Move approval by some points, within 0 to 100 percent, where it moves at all."""
        if self._moves:
            self.approval = np.clip(self.approval + points, 0.0, 100.0)


class AutoregressionState:
    """The level of an AR(1) process in each world; see `sim.domain.environment.Autoregression`.

    Parameters
    ----------
    name : str
        Of the process; shocks are drawn from ``environment/name``.
    process : Autoregression
    draws : Draws
    round_years : float
        Length of a round in years.
    """

    def __init__(
        self, name: str, process: Autoregression, draws: Draws, round_years: float
    ) -> None:
        self._purpose, self._streams = f"environment/{name}", draws.streams
        persistence = round_persistence(draws.of(process.persistence_month), round_years)
        innovation = innovation_sd(draws.of(process.sd), persistence)
        self._terms = draws.of(process.mean), persistence, innovation
        self.level: Floats = draws.of(process.start) * float(process.enabled)

    def move(self, round_: int) -> None:
        """Advance to a round."""
        shock = self._streams.normals(self._purpose, round_=round_)[:, 0]
        self.level = mean_reverting(self.level, *self._terms, shock)

    def step(self, by: Floats) -> None:
        """Change the level by an amount in each world."""
        self.level = self.level + by

    def resume(self, earlier: AutoregressionState) -> None:
        """Go on from the level of the same process in another model."""
        self.level = earlier.level

    def put(self, value: float, round_: int) -> None:
        """Bring the level to a value in all worlds."""
        self.level = np.full_like(self.level, value)


class JumpState:
    """Whether a measure is in force in each world; see `sim.domain.environment.Jump`.

    Parameters
    ----------
    name : str
        Of the process; luck is drawn from ``environment/name``.
    process : Jump
    draws : Draws
    round_years : float
        Length of a round in years.
    """

    def __init__(self, name: str, process: Jump, draws: Draws, round_years: float) -> None:
        self._purpose, self._streams = f"environment/{name}", draws.streams
        self._lifted = hazard_probability(draws.of(process.lifted_year), round_years)
        self._imposed = hazard_probability(draws.of(process.imposed_year), round_years)
        self.level: Bools = np.full(draws.streams.worlds, process.in_force and process.enabled)

    def move(self, round_: int) -> None:
        """Advance to a round."""
        luck = self._streams.uniforms(self._purpose, round_=round_)[:, 0]
        self.level = self.level ^ (luck < np.where(self.level, self._lifted, self._imposed))

    def step(self, to: str) -> None:
        """Impose or lift the measure in all worlds."""
        self.level = np.full_like(self.level, to == "imposed")

    def resume(self, earlier: JumpState) -> None:
        """Go on from the level of the same process in another model."""
        self.level = earlier.level

    def put(self, value: float, round_: int) -> None:
        """Impose the measure (1) or lift it (0) in all worlds."""
        self.level = np.full_like(self.level, value > 0)


class SpellState:
    """Whether a spell lasts in each world; see `sim.domain.environment.Spell`.

    Parameters
    ----------
    name : str
        Of the process; luck is drawn from ``environment/name``.
    process : Spell
    draws : Draws
    round_years : float
        Length of a round in years.
    """

    def __init__(self, name: str, process: Spell, draws: Draws, round_years: float) -> None:
        self._purpose, self._streams = f"environment/{name}", draws.streams
        self._chance = hazard_probability(draws.of(process.hazard_year), round_years)
        self._years, self._round_years = draws.of(process.years), round_years
        self._until: Ints = np.zeros(draws.streams.worlds, dtype=np.int64)
        self.level: Bools = self._until > 0

    def move(self, round_: int) -> None:
        """Advance to a round."""
        luck = self._streams.uniforms(self._purpose, round_=round_, slots=3)
        begun = np.flatnonzero(luck[:, 0] < self._chance)
        if len(begun):
            rounds = _spell_rounds(luck[begun], self._years[begun], self._round_years)
            self._until = self._until.copy()
            self._until[begun] = np.maximum(self._until[begun], round_ + rounds)
        self.level = self._until > round_

    def resume(self, earlier: SpellState) -> None:
        """Go on from the same process as it is in another model."""
        self._until, self.level = earlier._until, earlier.level

    def put(self, value: float, round_: int) -> None:
        """Let the spell last for so many rounds from a round on in all worlds; 0 ends it."""
        self._until = np.full_like(self._until, round_ + value)
        self.level = self._until > round_


ProcessState = AutoregressionState | JumpState | SpellState


def _state_of(name: str, process: Process, draws: Draws, round_years: float) -> ProcessState:
    if isinstance(process, Autoregression):
        return AutoregressionState(name, process, draws, round_years)
    if isinstance(process, Jump):
        return JumpState(name, process, draws, round_years)
    return SpellState(name, process, draws, round_years)


class EnvironmentState(mesa.Agent):
    """The environment of the talks in every world of a block.

    Parameters
    ----------
    model : mesa.Model
    scenario : Scenario
    draws : Draws
    """

    def __init__(self, model: mesa.Model, scenario: Scenario, draws: Draws) -> None:
        super().__init__(model)
        self.case, self.draws, self._config = scenario, draws, scenario.environment
        years, moves = scenario.protocol.round_years, self._config.approval.enabled
        sides = {role: scenario.side(role) for role in ROLES}
        self.offices = {role: Office(side, draws, years, moves) for role, side in sides.items()}
        declared = self._config.processes
        self.processes = {
            name: _state_of(name, process, draws, years) for name, process in declared.items()
        }
        self._moving = [self.processes[name] for name, item in declared.items() if item.enabled]
        self._pressing = [self.processes[n] for n, item in declared.items() if item.presses_allies]
        self._suspending = [
            self.processes[name]
            for name, item in declared.items()
            if not isinstance(item, Autoregression) and item.suspends
        ]
        self._multipliers = {role: self._multipliers_of(role, side) for role, side in sides.items()}
        self._calm_from = np.zeros(draws.streams.worlds, dtype=np.int64)

    def _multipliers_of(self, role: Role, side: Side) -> list[_Multiplier]:
        """Return by what each process multiplies a side's weights."""
        found = []
        for name, process in self._config.processes.items():
            for interest, multiplier in process.multiplies.items():
                sensitivity = process.sensitivity_to(name, interest)
                if role not in multiplier.sides:
                    continue
                if sensitivity is None:
                    slope: Floats | float = _SIGNS[multiplier.rule]
                else:
                    quantity = side.preferences.sensitivities.get(sensitivity)
                    nothing = np.zeros(self.draws.streams.worlds)
                    slope = nothing if quantity is None else self.draws.of(quantity)
                found.append((self.processes[name], interest, slope))
        return found

    def move(self, round_: int) -> None:
        """Advance to a round; round 0 is the start itself."""
        if round_ > 0:
            self._move_leaders(round_)
            for state in self._moving:
                state.move(round_)
        for event in self._config.events.values():
            if event.enabled and event.round == round_:
                self._happen(event, round_)

    def resume(self, earlier: EnvironmentState) -> None:
        """Go on from the same environment as it is in another model."""
        self._calm_from = earlier._calm_from
        for role, office in self.offices.items():
            office.resume(earlier.offices[role])
        for name, state in self.processes.items():
            state.resume(earlier.processes[name])  # type: ignore[arg-type]  # of the same kind

    def talking(self, round_: int) -> Bools:
        """Tell where no process or event suspends talks."""
        calm: Bools = self._calm_from <= round_
        for state in self._suspending:
            calm = calm & (state.level == 0)
        return calm

    @property
    def pressure(self) -> Floats:
        """Return the pressure of outside powers on allies, shape (worlds,)."""
        total = np.zeros(self.draws.streams.worlds)
        for state in self._pressing:
            total = total + state.level
        return total

    def weight_factors(self, role: Role) -> dict[str, Floats]:
        """Return the factor on a side's weight of each interest that moves with a process.

        Parameters
        ----------
        role : Role

        Returns
        -------
        mapping of interest to ndarray, shape (worlds,)
            Exponents add up before the exponential is taken.
        """
        exponents: dict[str, Floats] = {}
        factors: dict[str, Floats] = {}
        for state, interest, slope in self._multipliers[role]:
            if isinstance(slope, float):
                factor = np.maximum(1.0 + slope * state.level, 0.0)
                factors[interest] = factors.get(interest, _ONE) * factor
            else:
                exponents[interest] = exponents.get(interest, _ZERO) + slope * state.level
        for interest, exponent in exponents.items():
            factors[interest] = np.exp(exponent) * factors.get(interest, _ONE)
        return factors

    def _move_leaders(self, round_: int) -> None:
        for office in self.offices.values():
            office.drift(round_)
            if self._config.turnover.enabled:
                office.turn_over(round_)

    def _happen(self, event: Event, round_: int) -> None:
        shifts = {Role.CLAIMANT: event.claimant_approval, Role.HOLDER: event.holder_approval}
        for role, points in shifts.items():
            if points is not None:
                self.offices[role].shift(self.draws.of(points))
        for name, step in event.steps.items():
            self._step(name, step)
        if event.suspend_rounds:
            until = round_ + event.suspend_rounds
            self._calm_from = np.maximum(self._calm_from, until)

    def _step(self, name: str, step: Quantity | str) -> None:
        state = self.processes[name]
        if not self._config.processes[name].enabled:
            return
        if isinstance(state, AutoregressionState) and isinstance(step, Quantity):
            state.step(self.draws.of(step))
        elif isinstance(state, JumpState) and isinstance(step, str):
            state.step(step)


_Multiplier = tuple[ProcessState, str, Floats | float]
"""A process, an interest, and the sensitivity to it or the sign of its level in the factor."""
_ZERO, _ONE = np.zeros(1), np.ones(1)
_SIGNS = {"one_plus": 1.0, "one_minus": -1.0}
_FOR_EVER = 1e15
"""Rounds after which no spell is followed; every whole number up to it is exact."""


def _spell_rounds(luck: Floats, years: Floats, round_years: float) -> Ints:
    """Return for how many rounds spells last that begin in this round.

    Begun at any moment since the last round, a spell counts for the rounds that fall into it.
    """
    length = -np.log(luck[:, 1]) * years / round_years
    return np.floor(np.minimum(length + luck[:, 2], _FOR_EVER)).astype(np.int64)
