"""Gather everybody on one side, and what they meet in a round."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.agents.government import Government
from sim.agents.public import Opinions, Public
from sim.agents.ratifiers import Ratifiers, RequiredSupport
from sim.agents.valuation import WeightMultipliers
from sim.domain.interest import Role
from sim.quantities import Bools, Floats, Ints


@dataclass(frozen=True)
class Party:
    """Everybody on one side.

    Parameters
    ----------
    role : Role
    government : Government
    public : Public
    ratifiers : Ratifiers
    opinions : list of Opinions
        The public's lasting opinion of each node's packages.
    """

    role: Role
    government: Government
    public: Public
    ratifiers: Ratifiers
    opinions: list[Opinions]


@dataclass(frozen=True)
class SideConditions:
    """What one side meets in a round, all worlds of the block.

    Parameters
    ----------
    climate : WeightMultipliers
        What multiplies its moving weights.
    approval : ndarray, shape (worlds,)
        Approval of the leader in office, percent.
    pressure : ndarray, shape (worlds,)
        Outside pressure.
    deadline : ndarray, shape (worlds,)
        Deadline of the leader in office, in rounds; infinity for none.
    """

    multipliers: WeightMultipliers
    approval: Floats
    pressure: Floats
    deadline: Floats


def support_for(party: Party, mood: SideConditions, node: int, worlds: Ints) -> Floats:
    """Return a public's present support for each package of a node.

    Returns
    -------
    ndarray, shape (len(worlds), packages)
    """
    opinions = party.opinions[node]
    distinct = party.public.support(opinions, worlds, mood.approval[worlds])
    return np.asarray(distinct[:, opinions.column])


def support_at(
    party: Party, mood: SideConditions, node: int, worlds: Ints, package: Ints
) -> Floats:
    """Return a public's present support for one package of a node in each of some worlds.

    Returns
    -------
    ndarray, shape (len(worlds),)
    """
    if not len(worlds):
        return np.zeros(0)
    opinions = party.opinions[node]
    distinct = opinions.column[package]
    support = party.public.support(opinions, worlds, mood.approval[worlds], distinct)
    return np.asarray(support[:, 0])


def asked_of(party: Party, node: int) -> RequiredSupport:
    """Return the support that a side's ratifiers ask for each package of a node."""
    return party.ratifiers.asked(party.government.ledgers[node].features)


def consent_of(
    party: Party, mood: SideConditions, node: int, worlds: Ints, probability: Floats | None = None
) -> Bools:
    """Return which packages of a node no ally of a side would veto.

    Parameters
    ----------
    party : Party
    mood : SideConditions
    node : int
    worlds : ndarray of int
    probability : ndarray, shape (all worlds,), optional
        If given: with at least this probability, instead of in fact.

    Returns
    -------
    ndarray of bool, shape (len(worlds), packages)
    """
    features = party.government.ledgers[node].features
    pressure = mood.pressure[worlds]
    return party.ratifiers.allies_agree(features, worlds, pressure, probability)
