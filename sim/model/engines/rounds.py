"""Play a round of talks at one node, world by world, in compiled code.

One pass over a world's packages surveys them; demand, offer and answer follow while they are at
hand. Each side is seen through its `SideArrays`. What is not needed is left out: the depth of
the talks where they were as deep before, the responder's counter-offer where nothing is on the
table, and scipy's normal distribution function where a quick look decides.

Formulas come from `sim.equations`, compiled from there; nothing is reassociated or fused (no
fast-math), so that the bits are the array engine's, and a test holds both together.
"""

from __future__ import annotations

import numpy as np

from sim.equations.alternating_offers import worth_waiting_for
from sim.equations.audience_cost import value_after_audience
from sim.equations.concession import aspiration, stationary_concession
from sim.equations.offering import NONE
from sim.equations.waiting import reservation_value
from sim.model.engines.common import RoundOutcome
from sim.model.engines.loops import compiled
from sim.model.engines.seats import Progress, Scratch, SideArrays
from sim.model.engines.surveys import survey
from sim.model.engines.verdicts import hopeless, likely, passes
from sim.quantities import Ints

_net = compiled(value_after_audience)
_waits_for = compiled(worth_waiting_for)
_reservation = compiled(reservation_value)
_stationary = compiled(stationary_concession)
_aspires = compiled(aspiration)


@compiled
def _demand(side: SideArrays, world: int, reservation: float, top: float) -> float:
    top = max(top, reservation)
    if side.present.clocked[world]:
        concession = side.present.by_clock[world]
    else:
        span = top - reservation if top > reservation else 1.0
        heard = (side.lasting.last_heard[world] - side.lasting.first_heard[world]) / span
        heard = min(max(heard, 0.0), 1.0) if heard == heard else 0.0
        concession = _stationary(side.lasting.share[world], side.lasting.reciprocity[world], heard)
    demanded: float = _aspires(reservation, top, concession)
    return demanded


@compiled
def _candidates(own: SideArrays, world: int, demanded: float, room: Scratch, line: int) -> int:
    """Pick what is worth enough and not forbidden, without a branch; return how many."""
    lasting, value, forbidden = own.lasting, room.value[line], own.texts.forbidden[world]
    position, cost = lasting.position[world], lasting.audience_cost[world]
    weight, count = lasting.approval_weight[world], 0
    for package in range(len(value)):
        room.picked[count] = package
        enough = _net(value[package], position, cost, weight) >= demanded
        count += enough & (not forbidden[package])
    return count


@compiled
def _offer(
    own: SideArrays, other: SideArrays, world: int, demanded: float, room: Scratch, line: int
) -> int:
    """Return the candidate believed best for the other side, or `NONE`."""
    value, seen = room.value[line], room.seen[line]
    if hopeless(own, world, own.present.support_error_home[world], own.texts.least_home[world]):
        return NONE
    if hopeless(other, world, own.present.support_error_away[world], own.texts.least_away[world]):
        return NONE
    found, best, best_own = NONE, -np.inf, -np.inf
    for place in range(_candidates(own, world, demanded, room, line)):
        package = room.picked[place]
        better = seen[package] > best or (seen[package] == best and value[package] > best_own)
        if (better or found == NONE) and likely(own, other, world, package):
            found, best, best_own = package, seen[package], value[package]
    return found


@compiled
def _accepts(
    own: SideArrays,
    other: SideArrays,
    world: int,
    package: int,
    hopes: tuple[float, float],
    room: Scratch,
) -> bool:
    """Answer the mover's offer as the responder, line 1 of the room; hopes: r and best hope."""
    reservation, top = hopes
    value = room.value[1, package]
    if value < reservation or own.texts.forbidden[world, package]:
        return False
    demanded = _demand(own, world, reservation, top)
    counter = _offer(own, other, world, demanded, room, 1)
    future = demanded if counter == NONE else room.value[1, counter]
    position, weight = own.lasting.position[world], own.lasting.approval_weight[world]
    net = _net(value, position, own.lasting.audience_cost[world], weight)
    if net < _waits_for(reservation, future, own.lasting.discount[world]):
        return False
    return bool(likely(own, other, world, package))


@compiled
def _remember(
    mover: SideArrays, responder: SideArrays, world: int, value: tuple[float, float]
) -> None:
    mover.lasting.position[world] = max(mover.lasting.position[world], value[0])
    if responder.lasting.first_heard[world] != responder.lasting.first_heard[world]:
        responder.lasting.first_heard[world] = value[1]
    responder.lasting.last_heard[world] = value[1]
    responder.lasting.offers_heard[world] += 1.0


@compiled
def play_rows(
    worlds: Ints,
    mover: SideArrays,
    responder: SideArrays,
    tracks: Progress,
    outcome: RoundOutcome,
    room: Scratch,
) -> None:
    """Play a round at a node in some worlds.

    Parameters
    ----------
    worlds : ndarray of int, shape (rows,)
    mover, responder : SideArrays
        Their memory is brought up to date.
    tracks : Progress
        Brought up to date.
    dealt : RoundOutcome
        Filled.
    room : Scratch
        Overwritten.
    """
    for row in range(len(worlds)):
        world = worlds[row]
        r = (
            _reservation(
                mover.lasting.dialogue[world],
                mover.present.entrenched[world],
                mover.present.urgent[world],
                mover.texts.alive,
            ),
            _reservation(
                responder.lasting.dialogue[world],
                responder.present.entrenched[world],
                responder.present.urgent[world],
                responder.texts.alive,
            ),
        )
        tops = survey(mover, responder, world, r, tracks, room)
        demanded = _demand(mover, world, r[0], tops[0])
        package = _offer(mover, responder, world, demanded, room, 0)
        outcome.package[row], outcome.accepted[row], outcome.lawful[row] = package, False, False
        if package == NONE:
            continue
        value = (room.value[0, package], room.value[1, package])
        barred = mover.texts.forbidden[world, package] or responder.texts.forbidden[world, package]
        lawful = value[0] >= r[0] and value[1] >= r[1] and not barred
        accepted = _accepts(responder, mover, world, package, (r[1], tops[1]), room)
        if lawful and not accepted and not tracks.refused[world]:
            tracks.refused[world] = passes(mover, world, package) and passes(
                responder, world, package
            )
        _remember(mover, responder, world, value)
        outcome.accepted[row], outcome.lawful[row] = accepted, lawful
        outcome.value[0, row], outcome.value[1, row] = value
        outcome.reservation[0, row], outcome.reservation[1, row] = r
