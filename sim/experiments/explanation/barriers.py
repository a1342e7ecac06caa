"""Barriers over many worlds: who closes the table at the start, and who could leave a package."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from sim.domain.interest import ROLES, Role
from sim.domain.scenario import Scenario
from sim.equations.commitment import share_done, walk_back_gain
from sim.equations.offering import NONE
from sim.equations.solutions import nash_choice
from sim.equations.stability import CONCEPTS, stability
from sim.equations.zopa import surplus
from sim.experiments.explanation.sight import stops
from sim.model.replay import replay
from sim.model.talks import playing
from sim.model.view import Party, RoundContext, RoundView
from sim.quantities import Bools, Floats, Ints

_QUO, _FORCE, _LEFT = 0, 1, {Role.CLAIMANT: 2, Role.HOLDER: 3}


@dataclass(frozen=True)
class Obstacle:
    """A precondition or a ratifier of one side, in the worlds in which some package could go on.

    Parameters
    ----------
    role : Role
    name : str
    blocked : float
        Share of the packages that it stops, on average over these worlds.
    worlds : int
        Worlds in which it stops any of them.
    alone : int
        Worlds in which something would be left but for it.
    """

    role: Role
    name: str
    blocked: float
    worlds: int
    alone: int


@dataclass(frozen=True)
class Gate:
    """A barrier that packages of the first stage meet at the start.

    Parameters
    ----------
    worlds : int
        Worlds in which some package comes as far as this barrier.
    closed : int
        Those of them in which none gets further.
    obstacles : tuple of Obstacle
        The most obstructive first.
    """

    worlds: int
    closed: int
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True)
class Leaving:
    """Who could move away alone from an agreement, and gain.

    The agreement is, in each world, the Nash (1950) point among what could be signed at the start,
    and where nothing could, among what is worth signing to both before preconditions.

    Parameters
    ----------
    worlds : int
        Worlds in which there is such a package.
    signable : int
        Those in which it is against no absolute precondition.
    gains : mapping of Role to int
        Worlds in which a side would gain by leaving the package once it is in force.
    unstable : mapping of (Role, concept) to int
        Worlds in which the package in force is not stable for a side in a sense of
        `sim.equations.stability`.
    """

    worlds: int
    signable: int
    gains: dict[Role, int]
    unstable: dict[tuple[Role, str], int]


@contextmanager
def opening(scenario: Scenario, deal: str, worlds: int) -> Iterator[tuple[RoundContext, RoundView]]:
    """Give the first stage as the first worlds of a run see it at the start."""
    with playing(scenario.at_once, deal, worlds=worlds) as model:
        _, view = next(replay(model, node=0))
        yield view.context, view


def precondition_gate(scene: RoundContext, talk: RoundView) -> Gate:
    """Return which absolute preconditions forbid what is worth signing to both."""
    forbidden = {
        (party.role, name): blocked[talk.worlds]
        for party in scene.parties
        for name, blocked in party.government.package_values[talk.node]
        .preconditions.absolute(0)
        .items()
    }
    return _gate(talk.zopa, forbidden)


def ratifier_gate(scene: RoundContext, talk: RoundView) -> Gate:
    """Return which ratifiers would stop, in a vote now, what both governments could sign."""
    stopped = {
        (party.role, name): stops(party, name, talk)
        for party in scene.parties
        for name in party.ratifiers.names
    }
    return _gate(talk.zopa & talk.signable, stopped)


def _gate(able: Bools, blocks: dict[tuple[Role, str], Bools]) -> Gate:
    here = np.asarray(able.any(axis=1))
    nothing = np.zeros_like(able)
    closed = here & ~(able & ~_any(blocks, nothing)).any(axis=1)
    found = []
    for key, block in blocks.items():
        stopped = block & able
        others = {other: each for other, each in blocks.items() if other != key}
        left = (able & ~_any(others, nothing)).any(axis=1)
        shares = stopped[here].sum(axis=1) / able[here].sum(axis=1)
        share = float(shares.mean()) if here.any() else 0.0
        touched = int(stopped.any(axis=1).sum())
        found.append(Obstacle(*key, share, touched, int((closed & left).sum())))
    ranked = sorted(found, key=lambda one: (-one.blocked, -one.alone))
    return Gate(int(here.sum()), int(closed.sum()), tuple(ranked))


def _any(blocked: dict[tuple[Role, str], Bools], nothing: Bools) -> Bools:
    return np.asarray(np.any([nothing, *blocked.values()], axis=0))


def leaving(scene: RoundContext, talk: RoundView) -> Leaving:
    """Return which side could leave an agreement alone and gain.

    States of the graph: the status quo, the package in force, and the package left by either side;
    in force, each side can leave, and nothing else can be done alone. Payoffs are those by which
    the talks decide: see `sim.equations.commitment.walk_back_gain`, before any backlash.
    """
    signed = _agreement(talk)
    rows = np.flatnonzero(signed != NONE)
    payoff = np.zeros((len(rows), 2, 4))
    gains: dict[Role, int] = {}
    for party in scene.parties:
        side = party.role.position
        value, reservation = talk.value(side)[rows, signed[rows]], talk.reservation(side)[rows]
        kept = _kept(party, scene, rows, signed[rows])
        reputation = party.government.reputation[talk.worlds[rows]]
        gain = walk_back_gain(value - reservation, np.zeros(len(rows)), reputation, kept)
        payoff[:, side, _QUO], payoff[:, side, _FORCE] = reservation, value
        payoff[:, side, _LEFT[party.role]] = value + gain
        payoff[:, side, _LEFT[party.role.other]] = reservation + kept
        gains[party.role] = int((gain > 0).sum())
    moves = np.zeros((2, 4, 4), dtype=bool)
    for role in ROLES:
        moves[role.position, _FORCE, _LEFT[role]] = True
    stable = stability(moves, payoff)
    unstable = {
        (role, concept): int((~stable[concept][:, role.position, _FORCE]).sum())
        for role in ROLES
        for concept in CONCEPTS
    }
    signable = int(talk.signable[rows, signed[rows]].sum())
    return Leaving(len(rows), signable, gains, unstable)


def _agreement(talk: RoundView) -> Ints:
    gains = [surplus(talk.value(side), talk.reservation(side)) for side in (0, 1)]
    signable = nash_choice(gains[0], gains[1], talk.signable)
    wider = [surplus(talk.open_value(side), talk.reservation(side)) for side in (0, 1)]
    return np.where(signable == NONE, nash_choice(wider[0], wider[1], talk.zopa), signable)


def _kept(party: Party, scene: RoundContext, rows: Ints, packages: Ints) -> Floats:
    """Return what is done as soon as a package is in force: money up front, in points."""
    government = party.government
    features = government.package_values[0].features
    multipliers = scene.conditions[party.role.position].multipliers
    worth = government.weights.money_value(features, multipliers, rows, packages)
    return np.asarray(share_done(features.late[packages], np.zeros(len(packages))) * worth)
