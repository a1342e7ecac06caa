"""Draw how long texts take from signature to vote, or into force where nobody votes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.domain.draws import Draws
from sim.domain.quantity import Quantity
from sim.domain.scenario import Scenario
from sim.quantities import Bools, Floats, Ints


@dataclass(frozen=True)
class Lags:
    """Rounds from signature to vote or, where nobody votes, into force.

    Parameters
    ----------
    voted, unvoted : ndarray of int, shape (worlds, stages)
        Of texts on which any ratifier votes, and of the others; at least one round.
    mean_voted, mean_unvoted : float
        Their means in years.
    """

    voted: Ints
    unvoted: Ints
    mean_voted: float
    mean_unvoted: float

    def of(self, worlds: Ints, stage: int, voted: Bools) -> Ints:
        """Return the lag of one text in each of some worlds, in rounds."""
        here = np.where(voted, self.voted[worlds, stage], self.unvoted[worlds, stage])
        return np.asarray(here)

    def years(self, voted: Bools) -> Floats:
        """Return the mean lag of texts, in years."""
        return np.asarray(np.where(voted, self.mean_voted, self.mean_unvoted))


def draw_lags(scenario: Scenario, draws: Draws, stages: int) -> Lags:
    """Return the lags of a structure's texts; each stage has a lag of its own.

    A world that is quick to vote is quick to bring into force what needs no vote: both lags come
    from the same number.

    Parameters
    ----------
    scenario : Scenario
    draws : Draws
    stages : int
    """
    protocol = scenario.protocol
    luck = draws.streams.uniforms("protocol/ratification_lag", slots=stages)
    unvoted = protocol.effect_years or protocol.ratification_years
    voted_rounds, voted_mean = _lag(protocol.ratification_years, luck, protocol.round_years)
    rounds, mean = _lag(unvoted, luck, protocol.round_years)
    return Lags(voted_rounds, rounds, voted_mean, mean)


def _lag(table: dict[str, Quantity], luck: Floats, round_years: float) -> tuple[Ints, float]:
    years = np.array([float(name) for name in table])
    chances = np.array([quantity.point for quantity in table.values()])
    chances = chances / chances.sum()
    place = np.searchsorted(np.cumsum(chances), luck, side="right").clip(0, len(years) - 1)
    rounds = np.maximum(np.rint(years[place] / round_years), 1).astype(np.int64)
    return rounds, float(years @ chances)
