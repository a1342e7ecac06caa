"""Hold what the steps of a round share."""

from __future__ import annotations

from typing import Any

import mesa

from sim.agents.party import Party
from sim.domain.outcome import Answer
from sim.domain.scenario import Scenario
from sim.domain.tree import Node
from sim.model.course import WorldStates
from sim.model.engines import Engine
from sim.model.environment import EnvironmentState
from sim.model.lags import Lags
from sim.model.protocol import AlternatingOffers
from sim.quantities import Bools, Ints


class Block(mesa.Model):
    """A block of worlds: everybody at the table, and where each world stands.

    Attributes
    ----------
    scenario : Scenario
    nodes : tuple of Node
        The structure's stages, each with the state in which it is negotiated.
    parties : pair of Party
    around : EnvironmentState
    protocol : AlternatingOffers
    engine : Engine
    course : WorldStates
        Where each world stands.
    lags : Lags
        Rounds from signature to vote, or into force where nobody votes.
    voted : tuple of ndarray of bool
        For each node, the packages on which any ratifier votes.
    rungs : tuple of ndarray
        For each node, the rung of the ladder of each package.
    round : int
        The present round.
    record : list of dict, optional
        What happened, where it is recorded.
    """

    nodes: tuple[Node, ...]
    parties: tuple[Party, Party]
    around: EnvironmentState
    protocol: AlternatingOffers
    engine: Engine
    course: WorldStates
    lags: Lags
    voted: tuple[Bools, ...]
    rungs: tuple[Ints, ...]
    round: int
    record: list[dict[str, Any]] | None

    @property
    def scenario(self) -> Scenario:
        """Return what is simulated."""
        return self._case

    @scenario.setter
    def scenario(self, value: object) -> None:
        # Mesa 3.5 gives every model a scenario of its own kind; ours is not Mesa's to mark.
        if isinstance(value, Scenario):
            self._case = value

    @property
    def years(self) -> float:
        """Return the years since the start of the talks."""
        return self.round * self.scenario.protocol.round_years

    def note(self, world: int, answer: Answer, **facts: Any) -> None:
        """Add a line to the record, where one is kept."""
        if self.record is not None:
            self.record.append({"round": self.round, "world": world, "answer": answer, **facts})
