"""Say how much a government demands: one class per published rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sim.domain.draws import Draws
from sim.domain.strategy import TimeDependent
from sim.equations.alternating_offers import rubinstein_share
from sim.equations.concession import aspiration, time_concession
from sim.quantities import Floats, Ints


@dataclass(frozen=True)
class Position:
    """What a strategy may look at, row by row of a talk.

    Parameters
    ----------
    round_ : int
        Round of the simulated window.
    worlds : ndarray of int, shape (rows,)
        Which worlds.
    reservation, top : ndarray, shape (rows,)
        Own reservation value, and own best value believed acceptable to the other, in points.
    deadline : ndarray, shape (rows,)
        Own deadline in rounds; infinity for none.
    own_discount, other_discount : ndarray, shape (rows,)
        Discount factors per round, the other's as believed.
    other_concession : ndarray, shape (rows,)
        Share of the span that the other has conceded since its first offer, in [0, 1].
    """

    round_: int
    worlds: Ints
    reservation: Floats
    top: Floats
    deadline: Floats
    own_discount: Floats
    other_discount: Floats
    other_concession: Floats


class Demand(Protocol):
    """Anything that turns a position into an aspiration."""

    def aspiration(self, position: Position) -> Floats:
        """Return the least value demanded in each row, in points."""
        ...


class TimeDependentDemand:
    """Concede by the clock of one's own deadline; without one, hold the stationary demand.

    Parameters
    ----------
    config : TimeDependent
    draws : Draws

    References
    ----------
    P. Faratin, C. Sierra, N. R. Jennings (1998). https://doi.org/10.1016/S0921-8890(98)00029-3
    A. Rubinstein (1982). https://doi.org/10.2307/1912531
    """

    def __init__(self, config: TimeDependent, draws: Draws) -> None:
        self._exponent = draws.of(config.concession_exponent)
        self._initial = draws.of(config.initial_concession)
        self._reciprocity = draws.of(config.reciprocity)

    def aspiration(self, position: Position) -> Floats:
        """Return the least value demanded in each row, in points."""
        rows = position.worlds
        clocked = np.isfinite(position.deadline)
        by_clock = time_concession(
            position.round_,
            np.where(clocked, position.deadline, 1.0),
            self._exponent[rows],
            self._initial[rows],
        )
        share = rubinstein_share(position.own_discount, position.other_discount)
        answered = self._reciprocity[rows] * position.other_concession
        stationary = 1.0 - share * (1.0 - answered)
        concession = np.where(clocked, by_clock, stationary)
        return aspiration(position.reservation, position.top, concession)


def demand_of(config: TimeDependent, draws: Draws) -> Demand:
    """Return the rule that a strategy's configuration describes."""
    return TimeDependentDemand(config, draws)
