"""Plan of a structure whose packages differ in nothing but what each side gains from them.

Where every negotiable clause of a single stage has only effects on interests that the dispute adds,
a package differs from another in sums of effects alone. Then one package is tabulated and measured
as ever, all others by whole arrays, and none is made before somebody asks for it. The numbers are
those of `sim.model.plan`, to the bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from typing import overload

import numpy as np

from sim.agents.valuation import Features
from sim.domain.clause import Clause, ClauseKind, Effects, Leverage
from sim.domain.condition import Facts
from sim.domain.deal import Deal, Stage
from sim.domain.interest import ROLES, Role
from sim.domain.package import State, choices
from sim.domain.scenario import Scenario
from sim.domain.tree import END
from sim.model.plan import Plan, plan_for
from sim.quantities import Ints

__all__ = ["is_plain", "plain_plan"]


@dataclass(frozen=True)
class LazyStates(Sequence[State]):
    """The states that the packages of a stage would create, each made when it is asked for.

    Parameters
    ----------
    first : State
        Of the first package.
    choices : mapping of clause to levels
        What the packages differ in; the last clause changes fastest.
    """

    first: State
    choices: dict[str, tuple[str, ...]]

    def __len__(self) -> int:
        """Return the number of packages."""
        return prod(self._shape)

    @overload
    def __getitem__(self, index: int) -> State: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[State]: ...
    def __getitem__(self, index: int | slice) -> State | Sequence[State]:
        """Return the state that a package would create."""
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        place = range(len(self))[index]
        levels = {
            clause: listed[place // stride % len(listed)]
            for (clause, listed), stride in zip(self.choices.items(), self._strides, strict=True)
        }
        return replace(self.first, levels={**self.first.levels, **levels})

    @cached_property
    def places(self) -> dict[str, Ints]:
        """Return which of its levels each clause has in each package."""
        rows = np.arange(len(self))
        strides = zip(self.choices.items(), self._strides, strict=True)
        return {clause: rows // stride % len(listed) for (clause, listed), stride in strides}

    @cached_property
    def _strides(self) -> tuple[int, ...]:
        """Return after how many packages each clause changes its level."""
        return tuple(prod(self._shape[place + 1 :]) for place in range(len(self._shape)))

    @cached_property
    def _shape(self) -> tuple[int, ...]:
        return tuple(len(levels) for levels in self.choices.values())


def is_plain(scenario: Scenario, deal: Deal) -> bool:
    """Tell whether packages of a structure differ only in what each side gains from them.

    Parameters
    ----------
    scenario : Scenario
    deal : Deal
    """
    stages, dispute = list(deal.stages.values()), scenario.dispute
    preconditions = [name for role in ROLES for name in scenario.side(role).preconditions]
    ratifiers = [name for role in ROLES for name in scenario.side(role).ratifiers]
    clauses = [dispute.clauses[name] for name in stages[0].negotiable]
    plain = all(_only_effects(clause, set(dispute.interests)) for clause in clauses)
    ending = scenario.environment.fading.enabled
    return plain and not (preconditions or ratifiers or ending or stages[1:] or stages[0].exclude)


def _only_effects(clause: Clause, interests: set[str]) -> bool:
    if clause.kind is not ClauseKind.OTHER or clause.baseline is not None:
        return False
    for level in clause.levels.values():
        lasting = level.yearly != Effects() or level.leverage != Leverage()
        moved = {*level.effects.claimant, *level.effects.holder}
        if lasting or level.ladder or level.allocation or not moved <= interests:
            return False
    return True


def plain_plan(scenario: Scenario, deal: Deal) -> Plan:
    """Return what `sim.model.plan.plan_for` returns, for a structure that `is_plain`.

    Parameters
    ----------
    scenario : Scenario
    deal : Deal

    Raises
    ------
    ValueError
        If it is not.
    """
    if not is_plain(scenario, deal):
        raise ValueError(
            f"expected a structure whose texts differ in effects only, got {deal.name}"
        )
    ((name, stage),) = deal.stages.items()
    offered = choices(scenario.dispute, stage)
    single = deal.model_copy(update={"stages": {name: _first(stage, offered)}})
    one = plan_for(scenario, single)
    states = LazyStates(one.nodes[0].table.states[0], offered)
    table, count = one.nodes[0].table, len(states)
    facts = _facts(table.facts, states)
    whole = replace(
        table, states=states, facts=facts, alone=facts, years=np.repeat(table.years, count)
    )
    node = replace(one.nodes[0], table=whole, next_nodes=np.full(count, END))
    seen = [_seen(one.features[0][role.position], role, states, scenario) for role in ROLES]
    return Plan((node,), ((seen[0], seen[1]),), (np.repeat(one.rungs[0], count),))


def _first(stage: Stage, offered: dict[str, tuple[str, ...]]) -> Stage:
    fixed = {clause: levels[0] for clause, levels in offered.items()}
    return stage.model_copy(update={"fixed": {**stage.fixed, **fixed}, "negotiable": {}})


def _facts(one: Facts, states: LazyStates) -> Facts:
    facts = {name: np.repeat(values, len(states)) for name, values in one.items()}
    for clause, levels in states.choices.items():
        facts[clause] = np.array(levels, dtype=object)[states.places[clause]]
    return facts


def _seen(one: Features, role: Role, states: LazyStates, scenario: Scenario) -> Features:
    """Return what a side sees in all packages, given what it sees in the first."""
    count, values = len(states), np.repeat(one.values, len(states), axis=0)
    for interest in scenario.dispute.interests:
        values[:, one.names.index(interest)] = _summed(interest, role, states, scenario)
    return replace(
        one,
        values=values,
        concession=np.repeat(one.concession, count),
        gained=np.repeat(one.gained, count),
        given=np.repeat(one.given, count),
        money=np.repeat(one.money, count, axis=0),
        late=np.repeat(one.late, count),
        votes=np.repeat(one.votes, count, axis=1),
        untied=np.repeat(one.untied, count),
        ends_urgency=np.repeat(one.ends_urgency, count),
    )


def _summed(interest: str, role: Role, states: LazyStates, scenario: Scenario) -> np.ndarray:
    """Return the sum of effects on an interest, clause by clause in the order of the package."""
    clauses, total = scenario.dispute.clauses, np.zeros(len(states))
    for name, level in states.first.levels.items():
        listed = states.choices.get(name, (level,))
        effects = [clauses[name].levels[each].effects.of(role) for each in listed]
        moved = np.array([effect.get(interest, 0.0) for effect in effects])
        total = total + (moved[states.places[name]] if name in states.choices else moved[0])
    return total
