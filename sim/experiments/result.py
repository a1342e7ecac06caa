"""Hold what came of a scenario in many worlds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.domain.scenario import Scenario
from sim.experiments.saving import save, tables_of
from sim.experiments.trace import trace


@dataclass(frozen=True, eq=False)
class EnsembleResult:
    """What came of a scenario in many worlds.

    Parameters
    ----------
    scenario : Scenario
        As it was run.
    outcomes : DataFrame
        A row per structure: the shares of the eight outcomes (they add to 1), the 95 % Wilson
        interval of `settled`, the median round of settlement (missing if never half of the worlds
        settle), the shares of the rungs of the ladder, and `reversal` (see `ranking`; missing
        where the structure's rank is not known).
    worlds : DataFrame
        A row per structure and world.
    packages : DataFrame
        A row per package: what it says, and what it moves for either side.
    ranking : DataFrame
        A row per yardstick and structure: its rank, and the share of the declared uncertainty
        under which that rank reverses. Empty where it was not asked for.
    provenance : dict
        Seed, versions, commit, digests, times.
    """

    scenario: Scenario
    outcomes: pd.DataFrame
    worlds: pd.DataFrame
    packages: pd.DataFrame
    ranking: pd.DataFrame
    provenance: dict[str, Any]

    def save(self, folder: str | Path, also: Mapping[str, bytes] | None = None) -> Path:
        """Write everything to a folder, which appears as a whole or not at all.

        Parameters
        ----------
        folder : str or Path
            New, empty, or that of an earlier run, which is replaced.
        also : mapping of name to bytes, optional
            Further files, such as pictures.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        ScenarioError
            If the folder holds something else.
        RunError
            If it cannot be written.
        """
        tables = {name: getattr(self, name) for name in tables_of(self.scenario)}
        return save(self.scenario, tables, self.provenance, Path(folder), also or {})

    def trace(self, deal: str, world: int) -> pd.DataFrame:
        """Return what happened in one world, round by round, by playing it once more.

        Parameters
        ----------
        deal : str
            A structure of the scenario.
        world : int
            Any world, also one beyond those that were run.

        Returns
        -------
        DataFrame
            A row per offer, vote or other event: who offered what, its value to both sides,
            reservation values, aspirations, support, approval, the answer and why.

        Raises
        ------
        KeyError
            If there is no such structure.
        """
        return trace(self.scenario, deal, world)

    def __repr__(self) -> str:
        """Say what it is in one line."""
        size = f"{len(self.scenario.deals)} structures × {self.scenario.worlds:,} worlds"
        return f"<EnsembleResult {self.scenario.name}: {size}>"
