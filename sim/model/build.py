"""Construction of a block's parties, and of what each knows and expects of every node."""

from __future__ import annotations

from functools import cache

import mesa
import numpy as np

from sim.agents.government import Government
from sim.agents.public import Public
from sim.agents.ratifiers import Ratifiers
from sim.domain.draws import Draws
from sim.domain.interest import ROLES, Role
from sim.domain.scenario import Scenario
from sim.domain.tree import END, Node
from sim.model.environment import EnvironmentState
from sim.model.foresight import continuation, expected_surplus, power_shifted
from sim.model.plan import Plan
from sim.model.ratification import Lags
from sim.model.round import reservation
from sim.model.view import Party, RoundContext, RoundView, round_context
from sim.quantities import Floats


def forget(model: mesa.Model) -> None:
    """Let Mesa forget a model: 3.3 counts agents in a table that would keep it for ever."""
    getattr(mesa.Agent, "_ids", {}).pop(model, None)


def build_party(model: mesa.Model, scenario: Scenario, role: Role, draws: Draws) -> Party:
    """Return one side's government, public and ratifiers."""
    side, dispute = scenario.side(role), scenario.dispute
    years = scenario.protocol.round_years
    return Party(
        role=role,
        government=Government(model, role, side, dispute, draws, years),
        public=Public(model, role, side, dispute, draws, years),
        ratifiers=Ratifiers(model, side, draws),
        opinions=[],
    )


def add_packages(parties: tuple[Party, Party], plan: Plan) -> None:
    """Let everybody form a view of every node's packages, and of each other."""
    for party in parties:
        for node, pair in zip(plan.nodes, plan.features, strict=True):
            item = pair[party.role.position]
            party.government.add_packages(node, item)
            party.opinions.append(party.public.opinions(item))
    for party in parties:
        other = parties[party.role.other.position].government
        stated = party.government.side.beliefs.other_weights
        beliefs, weights = party.government.beliefs, other.weights
        beliefs.misjudge(weights.values, weights.taken_for(stated), weights.names)
        for values in other.package_values:
            if party.government.red_lines is not None:
                party.government.red_lines.add_packages(values.preconditions)
            beliefs.add_packages(values.features.values)
        for pair in plan.features:
            required = [
                each.ratifiers.expected_support(pair[each.role.position], expected)
                for each, expected in zip(parties, beliefs.expectations, strict=True)
            ]
            beliefs.expect_votes((required[0], required[1]))


def add_continuations(
    parties: tuple[Party, Party],
    environment: EnvironmentState,
    plan: Plan,
    lags: Lags,
) -> None:
    """Add to every stage the value that each side sees in the stages after it."""
    arrival: dict[Role, dict[int, Floats]] = {role: {} for role in ROLES}
    nodes, voted = plan.nodes, plan.voted
    seen_from = cache(round_context(parties, environment, 0, 0.0).seen_from)
    for index in reversed(_by_stage(nodes)):
        for party in parties:
            years = lags.years(voted[index])
            _look_ahead(party, environment, nodes[index], index, arrival[party.role], years)
        if nodes[index].stage > 0:
            years_on = sum(lags.mean_years(share) for share in plan.voted_before[index])
            _arrive(seen_from(years_on), environment, nodes[index], index, arrival)


def _look_ahead(
    party: Party,
    environment: EnvironmentState,
    node: Node,
    index: int,
    arrival: dict[int, Floats],
    lag_years: Floats,
) -> None:
    government = party.government
    if np.any(node.next_nodes != END):
        later = continuation(node, arrival, government.discount_year, lag_years)
        government.add_continuation(index, later)
    if node.stage > 0:
        shift = power_shifted(government, node, environment.case.dispute, environment.draws)
        if shift.any():
            government.add_continuation(index, -shift[:, None])


def _arrive(
    context: RoundContext,
    environment: EnvironmentState,
    node: Node,
    index: int,
    arrival: dict[Role, dict[int, Floats]],
) -> None:
    draws, everyone = environment.draws, np.arange(environment.draws.streams.worlds)
    for party in context.parties:
        party.government.foresee(index, True)
    view = RoundView(context, index, everyone)
    governments = [party.government for party in context.parties]
    surpluses = expected_surplus(governments, view, draws)
    for government, surplus in zip(governments, surpluses, strict=True):
        waiting = reservation(government, index, everyone, 0.0)
        waiting = waiting + power_shifted(government, node, environment.case.dispute, draws)
        arrival[government.role][index] = waiting + surplus
    for party in context.parties:
        party.government.foresee(index, False)


def _by_stage(nodes: tuple[Node, ...]) -> list[int]:
    return sorted(range(len(nodes)), key=lambda index: nodes[index].stage)
