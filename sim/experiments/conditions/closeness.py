r"""Closeness of worlds to an event: stages in force, and what the best package falls short of.

A world that does not bring the event about has the score :math:`n + g(c)`, with n the stages it has
carried out and c the closeness of the best package of the stage it stands at, over the rounds that
are looked at. A package that falls short of something is as close as

.. math:: c = -\sqrt{\sum_j s_j^2}

with :math:`s_j` the standard deviations, over worlds, by which it falls short of either side's
value of never signing and of the support that either second level requires; an absolute
precondition against it, which lapses in a share p of worlds, adds :math:`-2 \ln p`, as a standard
normal number goes that far with about that probability, and so does a veto. So c is minus a
distance in the space in which worlds are drawn, the reliability index of Hasofer and Lind. A
package that falls short of nothing is as close as its smallest surplus, below 1.
:math:`g(c) = e^{c} / 2` below 0, :math:`1/2 + c / 2 (1 + c)` above; a stage being carried out
counts almost as done. Worlds in which the event comes about score infinity.

References
----------
A. M. Hasofer, N. C. Lind (1974). Exact and invariant second-moment code format. Journal of the
Engineering Mechanics Division 100, 111-121.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.domain.outcome import Phase
from sim.experiments.conditions.trials import events
from sim.model.talks import TalksModel
from sim.model.view import RoundView
from sim.quantities import Bools, Floats

__all__ = ["ClosenessScale", "ClosenessScores", "scale_of", "score"]

_LOOKS = 5
"""Rounds that are looked at, at most."""
_FAR = 10.0
"""Standard deviations that are as good as infinite."""
_VETO = 0.2
"""Probability with which an ally's veto is taken to lapse."""
_ON_SCHEDULE = 0.99


@dataclass(frozen=True)
class ClosenessScale:
    """How much worlds differ in what packages fall short of.

    Parameters
    ----------
    value, support : pair of float
        Standard deviations of the claimant's and the holder's surplus, in points, and of the
        support beyond what is required, in shares.
    absolute : mapping of (side, name) to float
        Cost of a precondition that is absolute, minus twice the logarithm of the share of worlds
        in which it is not.
    """

    value: tuple[float, float]
    support: tuple[float, float]
    absolute: Mapping[tuple[int, str], float]


@dataclass(frozen=True)
class ClosenessScores:
    """How close worlds came.

    Parameters
    ----------
    event : ndarray of bool, shape (worlds,)
    score : ndarray, shape (worlds,)
        Infinity where the event came about.
    """

    event: Bools
    score: Floats


def score(model: TalksModel, event: str, scale: ClosenessScale) -> ClosenessScores:
    """Play a model and return how close its worlds came to an event.

    Parameters
    ----------
    model : TalksModel
    event : str
        One of `sim.experiments.conditions.trials.EVENTS`.
    scale : ClosenessScale
    """
    states = model.states
    best, stage = np.full(states.worlds, -np.inf), np.zeros(states.worlds, dtype=np.int64)
    every = max(1, model.case.rounds // _LOOKS)
    try:
        while model.running:
            if model.round % every == 0:
                _look(model, best, stage, scale)
            model.step()
    finally:
        model.release()
    close = np.where(best < 0, np.exp(np.minimum(best, 0.0)) / 2.0, 0.5 + _half(best))
    close = np.where(states.stages_done > stage, 0.0, close)
    close = np.where(states.in_phase(Phase.CARRYING_OUT), _ON_SCHEDULE, close)
    came = events(model)[event]
    return ClosenessScores(came, np.where(came, np.inf, states.stages_done + close))


def _half(best: Floats) -> Floats:
    above = np.maximum(best, 0.0)
    return np.asarray(above / (2.0 * (1.0 + above)))


def _look(model: TalksModel, best: Floats, stage: np.ndarray, scale: ClosenessScale) -> None:
    """Note how close the worlds that talk are now."""
    context, states = model.open_round(), model.states
    for node, worlds in states.by_node(states.in_phase(Phase.TALKS)):
        close = _closeness(RoundView(context, node, worlds), scale)
        further = states.stages_done[worlds] > stage[worlds]
        best[worlds] = np.where(further, close, np.maximum(best[worlds], close))
        stage[worlds] = states.stages_done[worlds]


def _closeness(view: RoundView, scale: ClosenessScale) -> Floats:
    """Return the closeness of the best package of each row."""
    slacks, short = [], np.zeros(view.value(0).shape)
    for side in (0, 1):
        slacks.append(_surplus(view, side) / scale.value[side])
        slacks.append(np.clip(_support(view, side) / scale.support[side], -_FAR, _FAR))
        short -= 2.0 * np.log(_VETO) * ~view.consent(side)
        for name, absolute in _absolute(view, side).items():
            short += scale.absolute.get((side, name), 1.0) * absolute
    for slack in slacks:
        short += np.minimum(slack, 0.0) ** 2
    least = np.minimum.reduce([np.minimum(slack, 1.0) for slack in slacks])
    return np.asarray(np.where(short > 0, -np.sqrt(short), least).max(axis=1))


def _surplus(view: RoundView, side: int) -> Floats:
    return np.asarray(view.value(side) - view.cells.spread(view.reservation(side)))


def _support(view: RoundView, side: int) -> Floats:
    return np.asarray(view.support(side) - view.required(side))


def _absolute(view: RoundView, side: int) -> dict[str, Bools]:
    values = view.context.parties[side].government.package_values[view.node]
    absolute = values.preconditions.absolute(view.round_)
    return {name: blocked[view.worlds] for name, blocked in absolute.items()}


def scale_of(model: TalksModel) -> ClosenessScale:
    """Return how much the worlds of a model differ at its first stage.

    Parameters
    ----------
    model : TalksModel
        That has not been played; it is let go of.
    """
    worlds = model.states.worlds
    view = RoundView(model.open_round(), 0, np.arange(worlds))
    absolute = {
        (side, name): float(-2.0 * np.log(max(1.0 - blocked.any(axis=1).mean(), 1.0 / worlds)))
        for side in (0, 1)
        for name, blocked in _absolute(view, side).items()
    }
    value, support = (
        [_spread(np.clip(look(view, side), -bound, bound)) for side in (0, 1)]
        for look, bound in ((_surplus, np.inf), (_support, 1.0))
    )
    model.release()
    return ClosenessScale((value[0], value[1]), (support[0], support[1]), absolute)


def _spread(values: Floats) -> float:
    """Return the median standard deviation over worlds, 1 where worlds do not differ."""
    return float(np.median(values.std(axis=0))) or 1.0
