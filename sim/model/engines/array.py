"""Work out a round by whole arrays: the reference, and all that numpy needs."""

from __future__ import annotations

import numpy as np

from sim.agents.view import RoundView
from sim.equations.audience_cost import value_after_audience
from sim.equations.offering import best_acceptable, best_for_other
from sim.model.engines.common import BARGAIN, PASSABLE, SIGNABLE, RoundOutcome, Survey
from sim.model.table import RoundContext, look
from sim.model.worlds import WorldStates
from sim.quantities import Floats, Ints


class ArrayEngine:
    """The engine in numpy."""

    name = "array"

    def play(
        self, scene: RoundContext, node: int, worlds: Ints, mover: int, course: WorldStates
    ) -> RoundOutcome | None:
        """Leave the round to `survey` and `offer`."""
        return None

    def survey(self, scene: RoundContext, node: int, worlds: Ints) -> Survey:
        """Look at a node in some worlds; see `Engine`."""
        talk = look(scene, node, worlds)
        level, margin = _depth(talk)
        top = [_top(scene, talk, side) for side in (0, 1)]
        return Survey(talk, level, margin, (top[0], top[1]))

    def offer(self, scene: RoundContext, survey: Survey, side: int, aspiration: Floats) -> Ints:
        """Return what a side would offer at an aspiration; see `Engine`."""
        talk, government = survey.talk, scene.parties[side].government
        own, other = government.own, government.other
        rows = talk.worlds[:, None]
        net = value_after_audience(
            talk.value[own],
            government.memory.public_position[rows],
            government.audience_cost[rows],
            government.approval_weight[rows],
        )
        candidates = (net >= aspiration[:, None]) & ~talk.forbidden[own]
        candidates &= government.beliefs.passes(talk, own, own)
        candidates &= government.beliefs.passes(talk, other, own)
        believed = government.beliefs.value_of_other(talk, other)
        return best_for_other(candidates, believed, talk.value[own])


def _depth(talk: RoundView) -> tuple[Ints, Floats]:
    bargain = talk.bargain
    signable = bargain & talk.signable
    passable = signable & talk.ratifiable
    level = np.where(bargain.any(axis=1), BARGAIN, 0)
    level = np.where(signable.any(axis=1), SIGNABLE, level)
    level = np.where(passable.any(axis=1), PASSABLE, level)
    claimant = talk.open_value[0] - talk.reservation[0][:, None]
    holder = talk.open_value[1] - talk.reservation[1][:, None]
    return level, np.minimum(claimant, holder).max(axis=1)


def _top(scene: RoundContext, talk: RoundView, side: int) -> Floats:
    government = scene.parties[side].government
    beliefs, other = government.beliefs, government.other
    believed = beliefs.value_of_other(talk, other)
    least = beliefs.reservation_of_other(talk, other)
    return best_acceptable(talk.value[side], believed, least)
