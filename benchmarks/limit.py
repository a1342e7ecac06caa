"""The practical limit: compiled loops that play the same rounds and do nothing else.

One compiled function plays all rounds of all worlds: approvals move, the table is surveyed, both
sides demand (one by a linear clock, one by the stationary demand), offer and answer, publics'
backlash moves, and worlds that agree stop. It uses the flagship's own package table, publics and
ratifiers, and the engine's own inner loops, but has no Python between rounds, no staging,
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
from sim.model.engines.compiled import CompiledEngine
from sim.model.engines.kernels import offer_rows, survey_rows
from sim.model.engines.now import Beheld, behold
from sim.model.table import set_scene

_DEADLINE = 11.0
_OPTIONS: dict[str, Any] = {"error_model": "numpy"}


@njit(**_OPTIONS)
def _play(one: Any, two: Any, slips: Any, needed: Any, shocks: Any, normal: Any) -> int:
    talking = np.arange(shocks.shape[1])
    for round_ in range(shocks.shape[0]):
        rows = len(talking)
        level, margin = np.zeros(rows, dtype=np.int64), np.zeros(rows)
        top = (np.zeros(rows), np.zeros(rows))
        mine, theirs = np.full(rows, -1), np.full(rows, -1)
        demands = (np.zeros(rows), np.zeros(rows))
        one.support[:] = np.nan
        two.support[:] = np.nan
        for row in range(rows):
            one.push[row] += 0.1 * shocks[round_, talking[row], 0]
            two.push[row] += 0.1 * shocks[round_, talking[row], 1]
        survey_rows(talking, one, two, level, margin, top, normal)
        left = 1.0 - min(1.0, round_ / _DEADLINE)
        for row in range(rows):
            hope = (top[0][row] - one.reservation[row], top[1][row] - two.reservation[row])
            demands[0][row] = one.reservation[row] + left * max(hope[0], 0.0)
            demands[1][row] = two.reservation[row] + 0.5 * max(hope[1], 0.0)
        offer_rows(talking, one, two, demands[0], slips, needed, mine, normal)
        offer_rows(talking, two, one, demands[1], slips, needed, theirs, normal)
        goes_on = np.ones(rows, dtype=np.bool_)
        for row in range(rows):
            world = talking[row]
            one.backlash[world] = 0.8 * one.backlash[world] + 0.1
            two.backlash[world] = 0.8 * two.backlash[world] + 0.1
            if mine[row] >= 0 and theirs[row] >= 0:
                goes_on[row] = two.value[row, mine[row]] < two.value[row, theirs[row]]
        talking = talking[goes_on]
    return shocks.shape[1] - len(talking)


def fused(worlds: int = 1024) -> Callable[[], int]:
    """Return the work of the compiled loops."""
    model = TalksModel(flagship("compiled"), DEAL, worlds=worlds)
    scene = set_scene(model.parties, model.around, 0, 0.0)
    everyone = np.arange(worlds)
    sides = [behold(scene, 0, everyone, side) for side in (0, 1)]
    talk = CompiledEngine().survey(scene, 0, everyone).talk
    beliefs = model.parties[0].government.beliefs
    slips = (beliefs.slip(talk, 0, 0), beliefs.slip(talk, 1, 0))
    needed = (beliefs.needed(talk, 0), beliefs.needed(talk, 1))
    normal = CompiledEngine().normal

    def work() -> int:
        shocks = np.random.default_rng(0).normal(size=(ROUNDS, worlds, 2))
        one, two = _fresh(sides[0]), _fresh(sides[1])
        _play(one, two, slips, needed, shocks, normal)
        return worlds * ROUNDS

    return work


def _fresh(side: Beheld) -> Beheld:
    return side._replace(backlash=side.backlash.copy(), push=side.push.copy())
