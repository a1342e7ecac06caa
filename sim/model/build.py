"""Build everybody of a block: parties, surroundings, and what each knows of every node."""

from __future__ import annotations

import mesa
import numpy as np

from sim.agents.government import Government
from sim.agents.party import Party
from sim.agents.public import Public
from sim.agents.ratifiers import Ratifiers
from sim.domain.draws import Draws
from sim.domain.interest import ROLES, Role
from sim.domain.scenario import Scenario
from sim.domain.tree import END, Node
from sim.environment import Surroundings
from sim.model.foresight import continuation, expected_surplus, power_shifted
from sim.model.plan import Plan
from sim.model.table import look, set_scene
from sim.quantities import Floats, Ints


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


def study(parties: tuple[Party, Party], plan: Plan) -> None:
    """Let everybody form a view of every node's packages, and of each other."""
    for party in parties:
        for node, pair in zip(plan.nodes, plan.features, strict=True):
            item = pair[party.role.position]
            party.government.study(node, item)
            party.opinions.append(party.public.opinions(item))
    for party in parties:
        other = parties[party.role.other.position].government
        for ledger in other.ledgers:
            party.government.beliefs.study(
                other.weights.values, other.weights.names, ledger.features.values
            )
        caution = party.government.beliefs.caution
        needed = [each.ratifiers.needed_for(caution) for each in parties]
        party.government.beliefs.expect_votes((needed[0], needed[1]))


def foresee(
    parties: tuple[Party, Party],
    around: Surroundings,
    nodes: tuple[Node, ...],
    lag_years: float,
) -> None:
    """Add to every stage the value that each side sees in the stages after it."""
    arrival: dict[Role, dict[int, Floats]] = {role: {} for role in ROLES}
    for index in reversed(_by_stage(nodes)):
        for party in parties:
            _look_ahead(party, around, nodes[index], index, arrival[party.role], lag_years)
        if nodes[index].stage > 0:
            _arrive(parties, around, nodes[index], index, arrival, lag_years)


def _look_ahead(
    party: Party,
    around: Surroundings,
    node: Node,
    index: int,
    arrival: dict[int, Floats],
    lag_years: float,
) -> None:
    government = party.government
    if np.any(node.next_nodes != END):
        later = continuation(node, arrival, government.discount_year, lag_years)
        government.foresee(index, later)
    if node.stage > 0:
        shift = power_shifted(government, node, around.case.dispute, around.draws)
        government.foresee(index, -shift[:, None])


def _arrive(
    parties: tuple[Party, Party],
    around: Surroundings,
    node: Node,
    index: int,
    arrival: dict[Role, dict[int, Floats]],
    lag_years: float,
) -> None:
    everyone = np.arange(around.draws.streams.worlds)
    scene = set_scene(parties, around, 0, node.stage * lag_years)
    talk = look(scene, index, everyone)
    for party in parties:
        government, draws = party.government, around.draws
        waiting = government.reservation(0.0, everyone, index)
        waiting = waiting + power_shifted(government, node, around.case.dispute, draws)
        arrival[party.role][index] = waiting + expected_surplus(government, talk, draws)


def _by_stage(nodes: tuple[Node, ...]) -> list[int]:
    return sorted(range(len(nodes)), key=lambda index: nodes[index].stage)


def ratification_lags(scenario: Scenario, draws: Draws, stages: int) -> tuple[Ints, float]:
    """Return the rounds from signature to vote, and their mean in years.

    Parameters
    ----------
    scenario : Scenario
    draws : Draws
    stages : int
        Each stage has a lag of its own.

    Returns
    -------
    lags : ndarray of int, shape (worlds, stages)
        At least one round.
    mean_years : float
    """
    protocol = scenario.protocol
    years = np.array([float(name) for name in protocol.ratification_years])
    chances = np.array([quantity.point for quantity in protocol.ratification_years.values()])
    chances = chances / chances.sum()
    luck = draws.streams.uniforms("protocol/ratification_lag", slots=stages)
    place = np.searchsorted(np.cumsum(chances), luck, side="right").clip(0, len(years) - 1)
    lags = np.maximum(np.rint(years[place] / protocol.round_years), 1).astype(np.int64)
    return lags, float(years @ chances)
