"""Accumulation of states in force: how long each has lasted that may lift a precondition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.domain.outcome import Phase
from sim.model.view import Party
from sim.quantities import Bools

if TYPE_CHECKING:
    from sim.model.talks import TalksModel


def accumulate(model: TalksModel) -> None:
    """Let states last for one more round, and lift preconditions where they have lasted enough.

    Everybody sees it: the other side no longer believes barred what has been lifted.
    """
    for party in model.parties:
        for name in party.government.positions.accumulations:
            moved = party.government.let_last(name, _there(model, party, name))
            other = model.parties[party.role.other.position].government
            if other.red_lines is not None:
                other.red_lines.look_again(moved)


def _there(model: TalksModel, party: Party, name: str) -> Bools:
    """Return in which worlds the state that lifts a precondition is there."""
    states, result = model.states, np.zeros(model.states.worlds, dtype=bool)
    carried_out = states.in_phase(Phase.CARRYING_OUT)
    for node, worlds in states.by_node(np.ones(states.worlds, dtype=bool)):
        preconditions = party.government.package_values[node].preconditions
        before, after = preconditions.lasting[name]
        result[worlds] = np.where(carried_out[worlds], after[states.package[worlds]], before)
    accumulation = party.government.positions.accumulations[name]
    if accumulation.process is None or accumulation.at_least is None:
        return result
    level = model.environment.processes[accumulation.process].level
    return np.asarray(result | (level >= model.environment.draws.of(accumulation.at_least)))
