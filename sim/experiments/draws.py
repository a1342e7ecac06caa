"""Values of the uncertain quantities that each world of a run drew."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sim.domain.draws import Draws
from sim.domain.scenario import Scenario
from sim.model.admissible import admissible
from sim.quantities import BLOCK_WORLDS
from sim.randomness import Streams

__all__ = ["draws_table", "with_draws"]


def draws_table(scenario: Scenario, worlds: int | None = None) -> pd.DataFrame:
    """Return the drawn value of every uncertain quantity in the first worlds of a run.

    The structures of a scenario share these draws, so one table goes with all of them.

    Parameters
    ----------
    scenario : Scenario
    worlds : int, optional
        How many; absent, the scenario's.

    Returns
    -------
    DataFrame, shape (worlds, uncertain quantities)
        A row per world, a column per dotted key.
    """
    number = scenario.worlds if worlds is None else worlds
    uncertain = [(key, item) for key, item in scenario.quantities() if item.is_uncertain]
    parts = [
        np.stack([draws.of(item) for _, item in uncertain], axis=1)
        for draws in blocks_of_draws(scenario, number)
    ]
    values = np.concatenate(parts) if uncertain else np.empty((number, 0))
    return pd.DataFrame(values, columns=[key for key, _ in uncertain])


def blocks_of_draws(scenario: Scenario, worlds: int) -> Iterator[Draws]:
    """Yield what the worlds of a scenario draw, block by block, as they are played.

    Parameters
    ----------
    scenario : Scenario
    worlds : int
    """
    for first in range(0, worlds, BLOCK_WORLDS):
        streams = Streams(scenario.seed, first, min(BLOCK_WORLDS, worlds - first))
        yield admissible(Draws(scenario, streams))


def with_draws(worlds: pd.DataFrame, draws: pd.DataFrame) -> pd.DataFrame:
    """Return a table of worlds with what each drew beside it.

    Parameters
    ----------
    worlds : DataFrame
        With a column `world`; any number of rows for each.
    draws : DataFrame, shape (worlds, uncertain quantities)
        Of `draws_table`.
    """
    drawn = draws.iloc[worlds["world"].to_numpy()].set_axis(worlds.index)
    return pd.concat([worlds, drawn], axis=1)
