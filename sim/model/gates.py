"""Gates of a stage, each judged on its own: whether some package of the stage passes it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.domain.interest import ROLES
from sim.domain.outcome import GATES, Phase
from sim.equations.utility import no_less
from sim.model.round import demand
from sim.model.view import Party, RoundContext, RoundView
from sim.model.worlds import WorldStates
from sim.quantities import Bools, Floats

__all__ = ["in_talks", "judge_gates"]


_CELLS = 2**17
"""Packages of all worlds that are looked at in one go; no result depends on it."""


def in_talks(context: RoundContext, states: WorldStates) -> Iterator[RoundView]:
    """Open all gates where the last text is in force, and return the views of all other worlds.

    Parameters
    ----------
    context : RoundContext
    states : WorldStates

    Yields
    ------
    RoundView
        For each node at which worlds stand without a text in force, of a part of these worlds that
        fits near the processor.
    """
    passed = states.in_phase(Phase.CARRYING_OUT) | states.in_phase(Phase.DONE)
    states.gates[:, passed] = True
    for node, worlds in states.by_node(~passed):
        packages = context.parties[0].government.package_values[node].static_value.shape[1]
        rows = max(_CELLS // packages, 1)
        for part in np.split(worlds, range(rows, len(worlds), rows)):
            yield RoundView(context, node, part)


def judge_gates(view: RoundView, states: WorldStates) -> None:
    """Note which gates some package of a stage passes, whatever stops it elsewhere.

    Gates are those of `sim.domain.outcome.GATES`. A text that is agreed meets both sides' demands.

    Parameters
    ----------
    view : RoundView
        Of all packages of the stage that is negotiated, in the last round.
    states : WorldStates
        Its `gates` are brought up to date in the worlds in view.
    """
    clear, consent = ~view.forbidden(0) & ~view.forbidden(1), view.consent(0) & view.consent(1)
    agreed = _demanded(view) | _in_hand(view, states)
    opened = {
        "worth": view.zopa.any(axis=1),
        "preconditions": clear.any(axis=1),
        "allies": consent.any(axis=1),
        "table": agreed.any(axis=1),
        "all": _passes(view, view.zopa & clear & consent & agreed),
    }
    for role, party in zip(ROLES, view.context.parties, strict=True):
        publics, parliaments = _second_level(view, party)
        opened |= {f"{role.value}_public": publics, f"{role.value}_parliament": parliaments}
    for place, name in enumerate(GATES):
        states.gates[place, view.worlds] = opened[name]


def _demanded(view: RoundView) -> Bools:
    """Return what is worth to both sides what they demand, were it either's turn."""
    asked = [
        demand(party.government.demand, view.position(side))[:, None]
        for side, party in enumerate(view.context.parties)
    ]
    return no_less(view.net_value(0), asked[0]) & no_less(view.net_value(1), asked[1])


def _in_hand(view: RoundView, states: WorldStates) -> Bools:
    """Return the texts that are agreed and not in force yet."""
    packages = states.package[view.worlds]
    return np.asarray(packages[:, None] == np.arange(view.zopa.shape[1]))


def _passes(view: RoundView, able: Bools) -> Bools:
    """Return in which rows any of some packages would pass on both second levels."""
    rows, packages = np.nonzero(able)
    result = np.zeros(len(able), dtype=bool)
    if len(rows):
        result[rows[view.at(rows, packages).ratifiable]] = True
    return result


def _second_level(view: RoundView, party: Party) -> tuple[Bools, Bools]:
    """Return where some package passes a side's public, and where some passes its parliaments.

    Most rows are decided by the package that is likeliest to pass, or by what no package exceeds.
    """
    side, ratifiers = party.role.position, party.ratifiers
    opened = [np.ones(len(view.worlds), dtype=bool) for _ in range(2)]
    asked = (ratifiers.by_public, ratifiers.parliaments)
    if not any(asked):
        return opened[0], opened[1]
    features = party.government.package_values[view.node].features
    approval = view.context.conditions[side].approval
    likeliest = party.public.likeliest(party.opinions[view.node])
    near = view.at(np.arange(len(view.worlds)), np.full(len(view.worlds), likeliest))
    for place, names in enumerate(asked):
        if names:
            required = ratifiers.required_by(names, features, view.worlds, approval)
            opened[place] = _some_pass(near, party, required, likeliest)
    return opened[0], opened[1]


def _some_pass(near: RoundView, party: Party, required: Floats, likeliest: int) -> Bools:
    """Return in which rows some package has the support required, shape (rows, packages or 1)."""
    side = party.role.position
    opened = near.support(side) >= required[:, min(likeliest, required.shape[1] - 1)]
    if opened.all():
        return np.asarray(opened)
    approval = near.context.conditions[side].approval
    most = party.public.most_support(party.opinions[near.node], near.worlds, approval)
    doubt = np.flatnonzero(~opened & (most >= required.min(axis=1)))
    if len(doubt):
        part = RoundView(near.context, near.node, near.worlds[doubt])
        opened[doubt] = (part.support(side) >= required[doubt]).any(axis=1)
    return np.asarray(opened)
