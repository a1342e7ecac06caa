"""Time-dependent concession, and the stationary demand of a leader without a deadline."""

from __future__ import annotations

import numpy as np

from sim.agents.strategies.position import Demand, Position
from sim.domain.draws import Draws
from sim.domain.strategy import TimeDependent
from sim.equations.alternating_offers import rubinstein_share
from sim.equations.concession import aspiration, stationary_concession, time_concession
from sim.memo import memoize_by_identity
from sim.quantities import Floats, Rows


class TimeDependentDemand(Demand):
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
        self.reciprocity = draws.of(config.reciprocity)
        self._rounds = draws.scenario.rounds

    def aspiration(self, position: Position) -> Floats:
        """Return the least value demanded in each row, in points."""
        rows = position.worlds
        stationary = stationary_concession(
            rubinstein_share(position.own_until_turn, position.other_until_turn),
            self.reciprocity[rows],
            position.other_concession,
        )
        by_clock = self.by_clock(position.round_, position.deadline, position.since, rows)
        concession = np.where(np.isfinite(position.deadline), by_clock, stationary)
        return aspiration(position.reservation, position.best_acceptable, concession)

    def by_clock(self, round_: int, deadline: Floats, since: Floats, worlds: Rows) -> Floats:
        """Return the concession of leaders who have a deadline, in some worlds.

        Parameters
        ----------
        round_ : int
        deadline : ndarray, shape (rows,)
            Rounds; where it is infinite the answer means nothing.
        since : ndarray, shape (rows,)
            Round in which each clock began to run.
        worlds : ndarray of int, shape (rows,), or slice

        Returns
        -------
        ndarray, shape (rows,)
            Shares of the span.
        """
        clock = np.where(np.isfinite(deadline), deadline - since, 1.0)
        exponent, initial = self._exponent[worlds], self._initial[worlds]
        return time_concession(round_ - since, clock, exponent, initial)

    def clock(self, deadline: Floats) -> Floats:
        """Return the concession in each round of leaders whose clocks run from the first one on.

        Parameters
        ----------
        deadline : ndarray, shape (worlds,)
            As in `by_clock`.

        Returns
        -------
        ndarray, shape (rounds + 1, worlds)
            Shares of the span.
        """
        return _clock(deadline, self._exponent, self._initial, (self._rounds,))


@memoize_by_identity
def _clock(deadline: Floats, exponent: Floats, initial: Floats, last: tuple[int]) -> Floats:
    """Return the concession in each round, which all structures of a block share."""
    runs = np.where(np.isfinite(deadline), deadline, 1.0)
    result, longest = np.ones((last[0] + 1, len(runs))), runs.max()
    for round_, line in enumerate(result):
        if round_ < longest:  # later on all clocks have run out
            line[:] = time_concession(round_, runs, exponent, initial)
    return result
