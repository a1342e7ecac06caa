"""Snapshots of the rounds of one world: what lies on the table, and who would stop it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.domain.interest import Role
from sim.domain.results import BlockResult
from sim.domain.scenario import Scenario
from sim.domain.tree import Node
from sim.equations.zopa import surplus
from sim.model.replay import replay
from sim.model.talks import TalksModel, playing
from sim.model.view import Party, RoundView
from sim.quantities import Bools, Cells, Floats


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
    with playing(scenario, deal, first=world, worlds=1, record=True) as model:
        return watch_model(model)


def watch_model(
    model: TalksModel,
) -> tuple[BlockResult, dict[int, RoundSnapshot], tuple[Node, ...]]:
    """Play the one world of a model to its end; see `watch`.

    Parameters
    ----------
    model : TalksModel
        Of one world, with a record; from its present round on.
    """
    seen = {round_: _snapshot(view, model.nodes[view.node]) for round_, view in replay(model)}
    return model.result(), seen, model.nodes


def _snapshot(view: RoundView, node: Node) -> RoundSnapshot:
    gains = [surplus(view.value(side), view.reservation(side)) for side in (0, 1)]
    against: dict[tuple[Role, str], Bools] = {}
    stopped: dict[tuple[Role, str], Bools] = {}
    votes = []
    for party in view.context.parties:
        values = party.government.values_at(view.node, view.worlds, view.round_)
        for name, blocked in values.preconditions.absolute(view.round_).items():
            if blocked[0].any():
                against[party.role, name] = blocked[0]
        for name in party.ratifiers.names:
            stopped[party.role, name] = stops(party, name, view)[0]
        votes.append(values.features.votes)
    return RoundSnapshot(
        round_=view.round_,
        node=node,
        surplus=np.concatenate(gains),
        bargain=view.zopa[0],
        signable=view.signable[0],
        against=against,
        stopped=stopped,
        support=np.concatenate([view.support(0), view.support(1)]),
        voted=np.asarray(np.concatenate(votes).any(axis=0)),
    )


def stops(party: Party, name: str, view: RoundView) -> Bools:
    """Return which packages a ratifier would stop if it had to vote now.

    Parameters
    ----------
    party : Party
        The ratifier's side.
    name : str
    view : RoundView

    Returns
    -------
    ndarray of bool, shape (rows, packages)
    """
    side, ratifiers = party.role.position, party.ratifiers
    features = party.government.package_values[view.node].features
    if ratifiers.is_ally(name):
        pressure = view.context.conditions[side].pressure
        return np.asarray(~ratifiers.ally_consents(name, features, Cells(view.worlds), pressure))
    votes = features.votes[ratifiers.names.index(name)]
    approval = view.context.conditions[side].approval
    required = ratifiers.required_of(name, view.worlds, approval)
    return np.asarray(votes & (view.support(side) < required[:, None]))
