"""Branch of a history: the same worlds in a new model, with something set from a round on.

Random numbers are a function of seed, purpose, world and round (`sim.randomness`), so the branch
meets the very shocks that the worlds meet without it. What has happened so far is taken over; what
follows from declared numbers is worked out anew with those that are set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from sim.domain.draws import Draws
from sim.domain.interest import Role
from sim.model.talks import TalksModel

__all__ = ["Intervention", "branch"]


@dataclass(frozen=True)
class Intervention:
    """What is set at the beginning of a round, in all worlds alike.

    Parameters
    ----------
    numbers : mapping of dotted key to float
        Declared numbers that have another value from now on; infinity is "none".
    leaves : tuple of Role
        Sides whose leader leaves office; whoever follows is the one that would follow anyway.
    approval : mapping of Role to float
        Approval of the leader in office now, percent.
    processes : mapping of name to float
        Level now of a process of the environment: that of an AR(1) process, 1 or 0 of a jump
        process, and for how many rounds a spell lasts from here.
    table : str, optional
        Structure that comes on the table, where talks may still turn to another.
    offer : (Role, str), optional
        A side, and the id of the package that it offers in this round, where it is its turn.
    """

    numbers: Mapping[str, float] = field(default_factory=dict)
    leaves: tuple[Role, ...] = ()
    approval: Mapping[Role, float] = field(default_factory=dict)
    processes: Mapping[str, float] = field(default_factory=dict)
    table: str | None = None
    offer: tuple[Role, str] | None = None


def branch(model: TalksModel, intervention: Intervention, *, record: bool = False) -> TalksModel:
    """Return the worlds of a model in another one, in which something is set now.

    Parameters
    ----------
    model : TalksModel
        Before a round; it stays as it is, and may go on.
    intervention : Intervention
        Numbers that were set in the model stay so, unless they are set again.
    record : bool
        Keep a record of the branch.

    Returns
    -------
    TalksModel
        At the same round, with the environment moved to it.

    References
    ----------
    J. Pearl (2009). Causality, chapter 7: counterfactuals by abduction, action, prediction.
    https://doi.org/10.1017/CBO9780511803161
    """
    worlds = model.states.worlds
    set_now = {key: np.full(worlds, value) for key, value in intervention.numbers.items()}
    new = TalksModel(
        model.case,
        model.deal.name,
        worlds=worlds,
        rng=model.draws.streams.seed,
        first=model.first_world,
        record=record,
        draws=partial(Draws, pins={**model.draws.pins, **set_now}),
    )
    new.resume(model)
    new.move_environment()
    _intervene(new, intervention)
    return new


def _intervene(model: TalksModel, intervention: Intervention) -> None:
    """Set what an intervention sets besides numbers, once the environment has moved."""
    environment, now = model.environment, model.round
    for role in intervention.leaves:
        office = environment.offices[role]
        office.leave(office.may_leave, now)
    if intervention.leaves:
        model.follow_offices()
    for role, percent in intervention.approval.items():
        office = environment.offices[role]
        office.approval = np.full_like(office.approval, percent)
    for name, level in intervention.processes.items():
        environment.processes[name].put(level, now)
    if intervention.table is not None:
        model.agenda.put(intervention.table, now)
    if intervention.offer is not None:
        model.instead = intervention.offer
