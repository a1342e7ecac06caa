"""Shares of a run under each dependence of a side's numbers: independent, declared, strong.

How the numbers of a side hang together is an assumption, independence no less than any other. So a
run that does not take them as independent says what its shares are under all three, on the same
first worlds: the same luck, the same marginals, other coincidences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from sim.domain.outcome import Outcome
from sim.domain.resolve import DEPENDENCES, Dependence
from sim.domain.results import BlockResult, Kinds
from sim.domain.scenario import Scenario
from sim.experiments.blocks import Block, blocks
from sim.experiments.tasks import Packed
from sim.quantities import Bools

__all__ = ["WORLDS", "blocks_of_others", "is_checked", "kinds", "with_shares"]

WORLDS = 512
"""How many worlds, from the first on, are played under each; at most a block."""


def is_checked(scenario: Scenario) -> bool:
    """Tell whether a run says its shares under every dependence."""
    return scenario.dependence_check and scenario.dependence != "independent"


def kinds(scenario: Scenario) -> Kinds:
    """Return the columns that this adds to the table of outcomes, by their kind.

    ``settled_strong`` is the share of worlds settled under strong dependence, ``in_force_strong``
    the share in which anything is in force at the end; so for each dependence.
    """
    if not is_checked(scenario):
        return {}
    names = (f"{what}_{each}" for what in ("settled", "in_force") for each in DEPENDENCES)
    return dict.fromkeys(names, "number")


def blocks_of_others(scenario: Scenario, packed: Packed[Scenario]) -> list[Block]:
    """Return the worlds to be played under the dependences that are not the scenario's own.

    Parameters
    ----------
    scenario : Scenario
    packed : Packed
        The same, packed.
    """
    if not is_checked(scenario):
        return []
    few = scenario.model_copy(update={"worlds": min(WORLDS, scenario.worlds)})
    own = list(blocks(few, packed))
    return [replace(block, dependence=each) for each in _others(scenario) for block in own]


def with_shares(
    outcomes: pd.DataFrame,
    scenario: Scenario,
    own: Sequence[BlockResult],
    others: Sequence[BlockResult],
) -> pd.DataFrame:
    """Return the table of outcomes with the shares under every dependence.

    Parameters
    ----------
    outcomes : DataFrame
        A row per structure, in the scenario's order.
    scenario : Scenario
    own : sequence of BlockResult
        All blocks of the run.
    others : sequence of BlockResult
        Those of `blocks_of_others`.
    """
    if not is_checked(scenario):
        return outcomes
    first = [block for block in own if block.columns["world"][0] == 0]
    many = len(scenario.structures)
    parts = {scenario.dependence: first}
    parts |= {
        each: list(others[many * place : many * (place + 1)])
        for place, each in enumerate(_others(scenario))
    }
    shares = {
        f"{what}_{each}": [_first(test(block)) for block in parts[each]]
        for what, test in (("settled", _settled), ("in_force", _in_force))
        for each in DEPENDENCES
    }
    return outcomes.assign(**shares)


def _others(scenario: Scenario) -> list[Dependence]:
    return [each for each in DEPENDENCES if each != scenario.dependence]


def _settled(block: BlockResult) -> Bools:
    return np.asarray(block.columns["outcome"] == Outcome.settled.code)


def _in_force(block: BlockResult) -> Bools:
    return np.asarray(block.columns["ladder"] > 0)  # above "none"


def _first(worlds: Bools) -> float:
    """Return the share among the first worlds."""
    return float(worlds[:WORLDS].mean())
