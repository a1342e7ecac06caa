"""Cut a run into blocks, and play one block: the unit of work that is handed to a worker."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from sim.domain.results import BlockResult
from sim.domain.scenario import Scenario
from sim.experiments.nested import Nest, NestedTalks
from sim.model.talks import TalksModel
from sim.quantities import BLOCK_WORLDS


@dataclass(frozen=True)
class Packed:
    """A scenario packed once, to be sent with many tasks and unpacked once by each worker.

    Parameters
    ----------
    digest : str
        Tells packed scenarios apart.
    data : bytes
    """

    digest: str
    data: bytes = field(repr=False, compare=False)


def pack(scenario: Scenario) -> Packed:
    """Return a scenario packed for workers; they need no evidence, only what it led to."""
    data = pickle.dumps(scenario.model_copy(update={"evidence": {}}))
    return Packed(hashlib.sha256(data).hexdigest(), data)


@lru_cache(maxsize=4)
def unpack(packed: Packed) -> Scenario:
    """Return the scenario that was packed."""
    scenario: Scenario = pickle.loads(packed.data)  # noqa: S301 - packed by `pack`, in this run
    return scenario


@dataclass(frozen=True)
class Block:
    """Consecutive worlds of one structure.

    Parameters
    ----------
    scenario : Packed
    deal : str
    number : int
        Which block of 1,024 worlds.
    worlds : int
        How many worlds of it, from its first on.
    nest : Nest, optional
        How worlds share draws; absent, each world has its own.
    """

    scenario: Packed
    deal: str
    number: int
    worlds: int
    nest: Nest | None = None

    def __str__(self) -> str:
        """Say which worlds these are."""
        first = self.number * BLOCK_WORLDS
        return f"worlds {first} to {first + self.worlds - 1} of {self.deal}"


def blocks(scenario: Scenario, packed: Packed, nest: Nest | None = None) -> Iterator[Block]:
    """Yield the blocks of all structures, in the order of their results.

    Parameters
    ----------
    scenario : Scenario
        Its structures, and its number of worlds unless `nest` says otherwise.
    packed : Packed
        The same, packed.
    nest : Nest, optional
    """
    worlds = scenario.worlds if nest is None else nest.worlds
    for deal in scenario.deals:
        for first in range(0, worlds, BLOCK_WORLDS):
            size = min(BLOCK_WORLDS, worlds - first)
            yield Block(packed, deal, first // BLOCK_WORLDS, size, nest)


def play(block: Block) -> BlockResult:
    """Play the talks in all worlds of a block and return how they ended."""
    scenario = unpack(block.scenario)
    if block.nest is None:
        model = TalksModel(scenario, block.deal, block=block.number, worlds=block.worlds)
    else:
        model = NestedTalks(scenario, block.deal, block.number, block.worlds, nest=block.nest)
    try:
        return model.run()
    finally:
        model.release()
        del model
