"""Watch talks in one world: what lies on the table in every round, and who would stop it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.domain.interest import ROLES, Role
from sim.domain.results import BlockResult
from sim.domain.scenario import Scenario
from sim.domain.tree import Node
from sim.model.talks import TalksModel
from sim.model.view import Party, RoundContext, RoundView
from sim.quantities import BLOCK_WORLDS, Bools, Cells, Floats


@dataclass(frozen=True)
class RoundSnapshot:
    """The table in one round of one world; the last axis of arrays is the package.

    Parameters
    ----------
    round_ : int
    node : Node
        The stage under negotiation.
    surplus : ndarray, shape (2, packages)
        What signing is worth over never signing, preconditions' prices included, in points.
    bargain, signable : ndarray of bool, shape (packages,)
        Worth signing to both before preconditions; worth it still, and against no absolute one.
    against : mapping of (side, precondition) to ndarray of bool, shape (packages,)
        What each absolute precondition forbids.
    stopped : mapping of (side, ratifier) to ndarray of bool, shape (packages,)
        What each ratifier would stop if it had to vote now, in the order of voting.
    support : ndarray, shape (2, packages)
        Support in each public.
    voted : ndarray of bool, shape (packages,)
        Whether any ratifier votes on a text; the others take effect without a vote.
    """

    round_: int
    node: Node
    surplus: Floats
    bargain: Bools
    signable: Bools
    against: dict[tuple[Role, str], Bools]
    stopped: dict[tuple[Role, str], Bools]
    support: Floats
    voted: Bools

    @property
    def passable(self) -> Bools:
        """Return what could be signed and would pass on both second levels."""
        stopped = [self.signable & False, *self.stopped.values()]
        return np.asarray(self.signable & ~np.any(stopped, axis=0))


def watch(
    scenario: Scenario, deal: str, world: int
) -> tuple[BlockResult, dict[int, RoundSnapshot], tuple[Node, ...]]:
    """Play one world and return how it ended, what lay on the table by round, and the stages.

    Parameters
    ----------
    scenario : Scenario
    deal : str
    world : int
        Its number in the run.
    """
    block, first = divmod(world, BLOCK_WORLDS)
    model = TalksModel(scenario, deal, block=block, worlds=1, first=first, record=True)
    seen: dict[int, RoundSnapshot] = {}
    try:
        while model.running:
            model.step()
            view = model.last_view
            if view is not None and view.round_ == model.round - 1:
                seen[view.round_] = _sight(view.context, model.nodes[view.node], view)
        return model.result(), seen, model.nodes
    finally:
        model.release()


def _sight(scene: RoundContext, node: Node, talk: RoundView) -> RoundSnapshot:
    surplus = [talk.value(side) - talk.reservation(side)[:, None] for side in (0, 1)]
    against: dict[tuple[Role, str], Bools] = {}
    stopped: dict[tuple[Role, str], Bools] = {}
    for role in ROLES:
        party = scene.parties[role.position]
        preconditions = party.government.package_values[talk.node].preconditions
        for name, blocked in preconditions.absolute(talk.round_).items():
            if blocked[0].any():
                against[role, name] = blocked[0]
        for name in party.ratifiers.names:
            stopped[role, name] = stops(party, name, scene, talk)[0]
    return RoundSnapshot(
        round_=talk.round_,
        node=node,
        surplus=np.concatenate(surplus),
        bargain=talk.zopa[0],
        signable=talk.signable[0],
        against=against,
        stopped=stopped,
        support=np.concatenate([talk.support(0), talk.support(1)]),
        voted=_voted(scene, talk.node),
    )


def _voted(scene: RoundContext, node: int) -> Bools:
    votes = [party.government.package_values[node].features.votes for party in scene.parties]
    return np.asarray(np.concatenate(votes).any(axis=0))


def stops(party: Party, name: str, scene: RoundContext, talk: RoundView) -> Bools:
    """Return which packages a ratifier would stop if it had to vote now.

    Parameters
    ----------
    party : Party
        The ratifier's side.
    name : str
    scene : RoundContext
    talk : RoundView

    Returns
    -------
    ndarray of bool, shape (rows, packages)
    """
    side, ratifiers = party.role.position, party.ratifiers
    features = party.government.package_values[talk.node].features
    if ratifiers.is_ally(name):
        pressure = scene.conditions[side].pressure
        return np.asarray(~ratifiers.ally_consents(name, features, Cells(talk.worlds), pressure))
    votes = features.votes[ratifiers.names.index(name)]
    return np.asarray(votes & (talk.support(side) < ratifiers.required[name][talk.worlds, None]))
