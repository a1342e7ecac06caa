"""The practical limit: compiled loops that play the same rounds and do nothing else.

One compiled function plays all rounds of all worlds by the engine's own inner loops: the table is
surveyed, both sides demand (one by a linear clock, one by the stationary demand), offer and answer,
supports are shaken, publics' backlash moves, and worlds that agree stop. It uses the flagship's own
package table, publics and ratifiers, but has no Python between rounds, no staging, approvals,
sanctions, oil, crises, turnover, dated events or records. So it is somewhat less than what the
engine does in a round.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

from benchmarks.jobs import DEAL, ROUNDS, flagship
from sim.model import TalksModel
from sim.model.engines.compiled import blank_outcome, scratch_for
from sim.model.engines.rounds import play_rows
from sim.model.engines.seating import Seating
from sim.model.engines.seats import SideArrays, Tracks

_DEADLINE = 11.0


@njit(error_model="numpy")
def _play(one: Any, two: Any, tracks: Any, dealt: Any, room: Any, shocks: Any) -> int:
    talking = np.arange(shocks.shape[1])
    for round_ in range(shocks.shape[0]):
        one.present.push[:] += 0.1 * shocks[round_, :, 0]
        two.present.push[:] += 0.1 * shocks[round_, :, 1]
        one.present.by_clock[:] = min(1.0, round_ / _DEADLINE)
        mover, responder = (one, two) if round_ % 2 == 0 else (two, one)
        play_rows(talking, mover, responder, tracks, dealt, room)
        one.present.backlash[:] = 0.8 * one.present.backlash + 0.1
        two.present.backlash[:] = 0.8 * two.present.backlash + 0.1
        rows = len(talking)
        talking = talking[~(dealt.accepted[:rows] & dealt.lawful[:rows])]
    return shocks.shape[1] - len(talking)


def fused(worlds: int = 1024) -> Callable[[], int]:
    """Return the work of the compiled loops."""
    model = TalksModel(flagship("compiled"), DEAL, worlds=worlds)
    scene = model.open_round()
    seating = Seating(model.parties)
    seats = [seating.seat(scene, 0, side, mover=0) for side in (0, 1)]
    room = scratch_for(seats[0].texts.still.shape[1])

    def work() -> int:
        shocks = np.random.default_rng(0).normal(size=(ROUNDS, worlds, 2))
        course = model.states
        tracks = Tracks(np.zeros_like(course.deepest), course.margin.copy(), course.refused.copy())
        one, two = _fresh(seats[0], clocked=True), _fresh(seats[1], clocked=False)
        _play(one, two, tracks, blank_outcome(worlds), room, shocks)
        return worlds * ROUNDS

    return work


def _fresh(seat: SideArrays, *, clocked: bool) -> SideArrays:
    """Return a side that has heard nothing yet, with or without a deadline."""
    present, lasting = seat.present, seat.lasting
    nothing = {
        name: np.full_like(lasting.first_heard, np.nan) for name in ("first_heard", "last_heard")
    }
    nothing |= {"position": np.full_like(lasting.position, -np.inf)}
    moves = {name: getattr(present, name).copy() for name in ("push", "backlash", "by_clock")}
    clock = np.full_like(present.clocked, clocked)
    return seat._replace(
        lasting=lasting._replace(**nothing, offers_heard=np.zeros_like(lasting.offers_heard)),
        present=present._replace(**moves, clocked=clock),
    )
