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
from sim.model.kernel.layout import (
    ArrayPacker,
    Progress,
    SideArrays,
    blank_outcome,
    scratch_for,
)
from sim.model.kernel.loops import play_rows

_DEADLINE = 11.0


@njit(error_model="numpy")
def _play(one: Any, two: Any, progress: Any, outcome: Any, scratch: Any, shocks: Any) -> int:
    talking = np.arange(shocks.shape[1])
    for round_ in range(shocks.shape[0]):
        one.present.advocacy_shift[:] += 0.1 * shocks[round_, :, 0]
        two.present.advocacy_shift[:] += 0.1 * shocks[round_, :, 1]
        one.present.by_clock[:] = min(1.0, round_ / _DEADLINE)
        mover, responder = (one, two) if round_ % 2 == 0 else (two, one)
        play_rows(talking, mover, responder, progress, outcome, scratch)
        one.present.backlash[:] = 0.8 * one.present.backlash + 0.1
        two.present.backlash[:] = 0.8 * two.present.backlash + 0.1
        rows = len(talking)
        talking = talking[~(outcome.accepted[:rows] & outcome.lawful[:rows])]
    return shocks.shape[1] - len(talking)


def fused(worlds: int = 1024) -> Callable[[], int]:
    """Return the work of the compiled loops."""
    model = TalksModel(flagship("compiled"), DEAL, worlds=worlds)
    context = model.open_round()
    packer = ArrayPacker(model.parties)
    sides = [packer.pack_arrays(context, 0, side, mover=0) for side in (0, 1)]
    scratch = scratch_for(sides[0].packages.static_value.shape[1])

    def work() -> int:
        shocks = np.random.default_rng(0).normal(size=(ROUNDS, worlds, 2))
        course = model.states
        progress = Progress(
            np.zeros_like(course.deepest), course.margin.copy(), course.refused.copy()
        )
        one, two = _fresh(sides[0], clocked=True), _fresh(sides[1], clocked=False)
        _play(one, two, progress, blank_outcome(worlds), scratch, shocks)
        return worlds * ROUNDS

    return work


def _fresh(side: SideArrays, *, clocked: bool) -> SideArrays:
    """Return a side that has heard nothing yet, with or without a deadline."""
    present, lasting = side.present, side.lasting
    nothing = {
        name: np.full_like(lasting.first_heard, np.nan) for name in ("first_heard", "last_heard")
    }
    nothing |= {"position": np.full_like(lasting.position, -np.inf)}
    moves = {
        name: getattr(present, name).copy() for name in ("advocacy_shift", "backlash", "by_clock")
    }
    clock = np.full_like(present.clocked, clocked)
    return side._replace(
        lasting=lasting._replace(**nothing, offers_heard=np.zeros_like(lasting.offers_heard)),
        present=present._replace(**moves, clocked=clock),
    )
