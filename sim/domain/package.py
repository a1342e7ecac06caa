"""List the packages of a stage and measure them.

A package is one level for every clause of a stage. What it does is judged on the state it would
create, so a clause that a stage does not mention keeps its level from the stage before (or from
the status quo).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.domain.clause import ClauseKind
from sim.domain.condition import Condition, Facts, holds
from sim.domain.deal import Stage
from sim.domain.dispute import Dispute
from sim.domain.state import Levels, State, after, fixed, status_quo
from sim.quantities import Bools, Floats

_TINY = 1e-12


@dataclass(frozen=True)
class PackageTable:
    """The packages of one stage, given the state before it.

    Parameters
    ----------
    prefix : str
        Beginning of the packages' ids.
    before : State
        The state when the stage is negotiated.
    states : sequence of State
        The state each package would create.
    start : State
        The status quo at the very start, to which facts refer.
    facts : mapping of fact to ndarray, shape (packages,)
        What conditions can ask about.
    alone : mapping of fact to ndarray, shape (packages,)
        The same of each text by itself, as if nothing had been signed before.
    years : ndarray, shape (packages,)
        Years from entry into force to hand-over.
    """

    prefix: str
    before: State
    states: Sequence[State]
    start: State
    facts: Facts
    alone: Facts
    years: Floats

    def __len__(self) -> int:
        """Return the number of packages."""
        return len(self.states)

    def id_of(self, package: int) -> str:
        """Return the stable id of a package.

        Parameters
        ----------
        package : int
            Index into the table.
        """
        return f"{self.prefix}/{package:04d}"

    def where(self, conditions: tuple[Condition, ...], *, alone: bool = False) -> Bools:
        """Return which packages meet at least one of some conditions.

        Parameters
        ----------
        conditions : tuple of Condition
        alone : bool
            Read them on the texts by themselves, not on the states that they would create.

        Returns
        -------
        ndarray of bool, shape (packages,)
        """
        return _any(conditions, self.alone if alone else self.facts)

    @property
    def closed(self) -> Bools:
        """Tell which packages fix title to every object."""
        return self.facts["closed"].astype(bool)


def choices(dispute: Dispute, stage: Stage) -> dict[str, tuple[str, ...]]:
    """Return the levels of every clause that the talks of a stage are about."""
    return {
        name: tuple(dispute.clauses[name].levels) if listed == "all" else listed
        for name, listed in stage.negotiable.items()
    }


def combinations(dispute: Dispute, stage: Stage) -> list[Levels]:
    """Return the levels of every package of a stage, in the order of the clauses' levels."""
    offered = choices(dispute, stage)
    return [
        {**stage.fixed, **dict(zip(offered, levels, strict=True))}
        for levels in itertools.product(*offered.values())
    ]


def facts_alone(dispute: Dispute, stage: Stage) -> Facts:
    """Return the facts of a stage's texts as if nothing had been signed before."""
    start = status_quo(dispute)
    return _facts(
        dispute, start, [after(dispute, start, each) for each in combinations(dispute, stage)]
    )


def tabulate(
    dispute: Dispute,
    stage: Stage,
    prefix: str,
    before: State | None = None,
    alone: Facts | None = None,
) -> PackageTable:
    """Return the table of a stage's packages.

    Parameters
    ----------
    dispute : Dispute
    stage : Stage
    prefix : str
        Beginning of the packages' ids, unique in a run.
    before : State, optional
        The state when the stage is negotiated; the status quo if left out.
    alone : mapping of fact to ndarray, optional
        `facts_alone` of the stage, where they are at hand.
    """
    start = status_quo(dispute)
    texts = combinations(dispute, stage)
    states = [after(dispute, before or start, levels) for levels in texts]
    facts = _facts(dispute, start, states)
    if alone is None:
        alone = facts if before is None else facts_alone(dispute, stage)
    kept = ~_any(stage.exclude, facts)
    states = [state for state, keep in zip(states, kept, strict=True) if keep]
    facts, alone = _some(facts, kept), _some(alone, kept)
    years = np.array([_years(dispute, state, stage) for state in states], dtype=np.float64)
    return PackageTable(prefix, before or start, tuple(states), start, facts, alone, years)


def _any(conditions: tuple[Condition, ...], facts: Facts) -> Bools:
    size = len(facts["closed"])
    rows = [holds(condition, facts) for condition in conditions]
    return np.asarray(np.any(rows, axis=0)) if rows else np.zeros(size, dtype=bool)


def _some(facts: Facts, kept: Bools) -> Facts:
    return {name: values[kept] for name, values in facts.items()}


def _years(dispute: Dispute, state: State, stage: Stage) -> float:
    for name in dispute.clauses_of(ClauseKind.SCHEDULE):
        if name in stage.fixed or name in stage.negotiable:
            years = dispute.clauses[name].levels[state.levels[name]].years
            return years.point if years else 0.0
    return 0.0


def _facts(dispute: Dispute, start: State, states: list[State]) -> Facts:
    facts: Facts = {
        name: np.array([state.levels.get(name, "") for state in states], dtype=object)
        for name in dispute.clauses
    }
    area = np.array([item.area.point for item in dispute.objects.values()])
    area = area / max(area.sum(), _TINY)
    admin = np.array([state.administration for state in states]).reshape(len(states), -1, 2)
    title = np.array([state.title for state in states]).reshape(len(states), -1, 2)
    facts["frame"] = np.array([state.frame(dispute).value for state in states], dtype=object)
    facts["territorial"] = np.any(
        (np.abs(admin - start.administration) > _TINY) | (np.abs(title - start.title) > _TINY),
        axis=(1, 2),
    )
    facts["closed"] = np.asarray(fixed(title).all(axis=1))
    for side, name in enumerate(("claimant", "holder")):
        facts |= _facts_of_side(name, side, start, admin, title)
        facts[f"{name}_area"] = admin[:, :, side] @ area
        facts[f"{name}_title"] = title[:, :, side] @ area
    return facts


def _facts_of_side(name: str, side: int, start: State, admin: Floats, title: Floats) -> Facts:
    own, other = start.administration[:, side], 1 - side
    titled = (title[:, :, side] > start.title[:, side] + _TINY) & (own < 1)
    more = (admin[:, :, side] > own + _TINY) | titled
    ceded = (title[:, :, other] > start.title[:, other] + _TINY) & (own > 0)
    less = (admin[:, :, side] < own - _TINY) | ceded
    lost_claim = (title[:, :, other] > start.title[:, other] + _TINY) & (own <= 0)
    return {
        f"{name}_gains": np.asarray(np.any(more, axis=1)),
        f"{name}_gives": np.asarray(np.any(less, axis=1)),
        f"{name}_renounces": np.asarray(np.any(lost_claim, axis=1)),
    }
