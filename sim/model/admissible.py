r"""Admissible worlds: those that reproduce at the start what was observed, by rejection.

World w is drawn at attempt 0, 1, 2, … until all statements of the scenario hold,

.. math:: a(w) = \min \{a : \text{every statement holds in } w \text{ at attempt } a\},

the attempt being part of the counter of its random numbers. So a world stays the same whoever it
is played with, and worlds at their attempts are independent draws from the declared uncertainty
given what was observed. What moves later, round by round, is not drawn again: it does not depend on
the start. A world that no attempt admits keeps the first of those in which most statements hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import mesa
import numpy as np

from sim.domain.deal import Stage
from sim.domain.draws import Draws
from sim.domain.interest import ROLES
from sim.domain.observation import FailedPackage, OfferedPackage, Statement
from sim.domain.package import tabulate
from sim.domain.scenario import Scenario
from sim.domain.tree import END, Node
from sim.memo import Memo
from sim.model.build import add_packages, build_party, forget
from sim.model.environment import EnvironmentState
from sim.model.plan import Plan, measured
from sim.model.view import Party, RoundView, round_context
from sim.quantities import Bools, Ints

__all__ = ["MOST_ATTEMPTS", "Attempts", "admissible", "attempts_of", "statements_held"]

MOST_ATTEMPTS = 64
"""Attempts after which a world is given up."""


@dataclass(frozen=True)
class Attempts:
    """At which attempt each world of a block is played.

    Parameters
    ----------
    place : ndarray of int, shape (worlds,)
        The attempt, from 0.
    admitted : ndarray of bool, shape (worlds,)
        Whether all statements hold at it.
    """

    place: Ints
    admitted: Bools


_plans: Memo[Plan] = Memo(8)
_attempts: Memo[Attempts] = Memo(64)


def admissible(draws: Draws) -> Draws:
    """Return the draws of the same worlds at their attempts; the very same where nothing is asked.

    Parameters
    ----------
    draws : Draws
        What it pins stays pinned, and does not count in what was observed: pins ask what would be
        different from what is.
    """
    scenario = draws.scenario
    if not (scenario.conditioned and scenario.observed):
        return draws
    place = attempts_of(draws).place
    streams = replace(draws.streams, attempts=place.astype(np.uint8).tobytes())
    return draws.moved(streams)


def attempts_of(draws: Draws) -> Attempts:
    """Return at which attempt each world is admissible.

    Parameters
    ----------
    draws : Draws
        Of the scenario, at attempt 0. Where groups of worlds share a draw, they share the attempt,
        which the first world of the group decides.
    """
    key = (id(draws.scenario), draws.streams, draws.groups)
    known = _attempts.get(key)
    if known is None:
        known = _attempts.add(key, _search(draws), holds=draws.scenario)
    return known


def _search(draws: Draws) -> Attempts:
    worlds = draws.streams.worlds
    place, most = np.zeros(worlds, dtype=np.int64), np.full(worlds, -1)
    admitted = np.zeros(worlds, dtype=bool)
    for attempt in range(MOST_ATTEMPTS):
        here, asked = _window(~admitted, draws.groups[1])
        streams = replace(
            draws.streams,
            first_world=draws.streams.first_world + here.start,
            worlds=here.stop - here.start,
            attempts=bytes([attempt]) * (here.stop - here.start),
        )
        held = statements_held(draws.moved(streams, pinned=False))[:, asked]
        better = ~admitted[here] & (held.sum(axis=0) > most[here])
        most[here] = np.where(better, held.sum(axis=0), most[here])
        place[here] = np.where(better, attempt, place[here])
        admitted[here] |= held.all(axis=0)
        if admitted.all():
            break
    return Attempts(place, admitted)


def _window(wanted: Bools, each: int) -> tuple[slice, Ints]:
    """Return the shortest span with all wanted worlds, and which world of it decides for each."""
    found = np.flatnonzero(wanted)
    first = found[0] - found[0] % each
    span = slice(int(first), int(found[-1]) + 1)
    places = np.arange(span.stop - span.start)
    return span, places - places % each


def statements_held(draws: Draws) -> Bools:
    """Return which statements of a scenario hold in which worlds at the start.

    Parameters
    ----------
    draws : Draws

    Returns
    -------
    ndarray of bool, shape (statements, worlds)
    """
    scenario, model = draws.scenario, mesa.Model(rng=0)
    environment = EnvironmentState(model, scenario, draws)
    environment.move(0)
    parties = [build_party(model, scenario, role, draws) for role in ROLES]
    pair = (parties[0], parties[1])
    add_packages(pair, _plan(scenario))
    context = round_context(pair, environment, 0, 0.0)
    everyone = np.arange(draws.streams.worlds)
    held = [
        _holds(statement, RoundView(context, node, everyone), pair)
        for node, statement in enumerate(scenario.observed.values())
    ]
    model.remove_all_agents()
    forget(model)
    return np.array(held)


def _plan(scenario: Scenario) -> Plan:
    """Return the observed packages, each as a structure of its own, measured once."""
    known = _plans.get(id(scenario))
    if known is None:
        nodes = [_node(scenario, *item) for item in scenario.observed.items()]
        features = tuple(measured(scenario, node) for node in nodes)
        rungs = tuple(np.zeros(1, dtype=np.int64) for _ in nodes)
        known = _plans.add(id(scenario), Plan(tuple(nodes), features, rungs), holds=scenario)
    return known


def _node(scenario: Scenario, name: str, statement: Statement) -> Node:
    stage = Stage(label=statement.label, fixed=statement.package)
    table = tabulate(scenario.dispute, stage, f"observed/{name}")
    return Node(0, statement.label, table, np.array([END]))


def _holds(statement: Statement, view: RoundView, parties: Sequence[Party]) -> Bools:
    """Return in which worlds a statement about the one package in view holds."""
    if isinstance(statement, OfferedPackage):
        return _worth(view, statement.side.position, -statement.tolerance)
    if isinstance(statement, FailedPackage):
        worth = [_worth(view, side, statement.tolerance) for side in (0, 1)]
        return np.asarray(~(worth[0] & worth[1] & view.ratifiable[:, 0]))
    favour = parties[statement.side.position].public.poll(statement.package)
    return np.asarray(np.abs(favour - statement.favour) <= statement.tolerance)


def _worth(view: RoundView, side: int, more: float) -> Bools:
    """Return where a package is worth more than never signing by so much, and not forbidden."""
    surplus = view.value(side)[:, 0] - view.reservation(side)
    return np.asarray((surplus >= more) & ~view.forbidden(side)[:, 0])
