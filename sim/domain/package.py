"""Packages of a stage, and the state of the objects in dispute that each brings about.

A package is one level for every clause of a stage. What it does is judged on the state it would
create, so a clause that a stage does not mention keeps its level from the stage before (or from
the status quo).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.domain.clause import Allocation, Clause, ClauseKind, Frame, Level
from sim.domain.condition import Condition, Facts, holds
from sim.domain.deal import Stage
from sim.domain.dispute import Dispute
from sim.memo import memoize_by_identity
from sim.quantities import Bools, Floats, Ints, weighted_sum

Levels = dict[str, str]
"""The level of each clause that a text (or the status quo) contains."""
_NAMED = {"claimant": (1.0, 0.0), "holder": (0.0, 1.0), "joint": (0.5, 0.5), "open": (0.0, 0.0)}
_SURE = 1 - 1e-9
"""Sum of both sides' title from which on an object is no longer open."""


@dataclass(frozen=True)
class State:
    """What is the case once a set of levels is in force.

    Parameters
    ----------
    levels : mapping of clause to level
        The levels in force.
    administration, title : ndarray, shape (objects, 2)
        Share of each object administered by, and with undisputed title of, claimant and holder.
    """

    levels: Levels
    administration: Floats
    title: Floats

    @property
    def closed(self) -> bool:
        """Tell whether title to every object is fixed."""
        return bool(fixed(self.title).all())


def in_force(clauses: Mapping[str, Clause], levels: Levels) -> Level | None:
    """Return the level in force of the first of some clauses that is in force, if any is."""
    for name, clause in clauses.items():
        if name in levels:
            return clause.levels[levels[name]]
    return None


def framed(clauses: Mapping[str, Clause], levels: Levels) -> Frame:
    """Return as what a text is signed, by the clauses of a dispute that are its legal form."""
    level = in_force(clauses, levels)
    return (level.frame if level else None) or Frame.NONE


@memoize_by_identity
def status_quo(dispute: Dispute) -> State:
    """Return the state at the start: controllers, titles and baseline levels."""
    controllers = [item.controller for item in dispute.objects.values()]
    titles = [item.title for item in dispute.objects.values()]
    baselines = {
        name: clause.baseline for name, clause in dispute.clauses.items() if clause.baseline
    }
    return State(baselines, _shares_of(controllers), _shares_of(titles))


def after(
    dispute: Dispute, before: State, texts: Sequence[Levels], order: Iterable[str]
) -> list[State]:
    """Return the states once each of some texts is in force; what it does not mention stays.

    Parameters
    ----------
    dispute : Dispute
    before : State
    texts : sequence of mapping of clause to level
        The levels of one package each.
    order : iterable of str
        Their clauses; of two that allocate an object, the later counts.
    """
    administration = np.repeat(before.administration[None], len(texts), axis=0)
    title = np.repeat(before.title[None], len(texts), axis=0)
    allocations = _allocations(dispute)
    for name in filter(allocations.__contains__, order):
        said = [levels.get(name) for levels in texts]
        for level, allocated in allocations[name].items():
            rows = [row for row, each in enumerate(said) if each == level]
            for kind, place, pair in allocated:
                target = administration if kind is ClauseKind.ADMINISTRATION else title
                target[rows, place] = pair
    return [
        State({**before.levels, **levels}, administration[row], title[row])
        for row, levels in enumerate(texts)
    ]


_Allocations = dict[str, dict[str, list[tuple[ClauseKind, int, tuple[float, float]]]]]


@memoize_by_identity
def _allocations(dispute: Dispute) -> _Allocations:
    """Return what each level allocates: the clause's kind, the object's place, and the shares."""
    order = {name: place for place, name in enumerate(dispute.objects)}
    return {
        name: {
            level: [
                (clause.kind, order[item], shares(allocation))
                for item, allocation in said.allocation.items()
            ]
            for level, said in clause.levels.items()
            if said.allocation
        }
        for name, clause in dispute.clauses.items()
        if any(said.allocation for said in clause.levels.values())
    }


def fixed(title: Floats) -> Bools:
    """Return which objects nobody leaves open: title to all of them is somebody's.

    Parameters
    ----------
    title : ndarray, shape (..., 2)
        Share of undisputed title of claimant and holder.

    Returns
    -------
    ndarray of bool, shape (...)
    """
    return np.asarray(title.sum(axis=-1) > _SURE)


def shares(allocation: Allocation) -> tuple[float, float]:
    """Return the shares of claimant and holder under an allocation.

    Examples
    --------
    >>> shares("joint"), shares(0.25), shares("open")
    ((0.5, 0.5), (0.25, 0.75), (0.0, 0.0))
    """
    if isinstance(allocation, str):
        return _NAMED[allocation]
    return float(allocation), 1.0 - float(allocation)


def _shares_of(names: Sequence[str]) -> Floats:
    rows = [{"claimant": (1.0, 0.0), "holder": (0.0, 1.0)}.get(name, (0.0, 0.0)) for name in names]
    return np.array(rows, dtype=np.float64).reshape(len(names), 2)


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
    ids : tuple of str
        The packages' ids, where they do not all begin with `prefix`.
    """

    prefix: str
    before: State
    states: Sequence[State]
    start: State
    facts: Facts
    alone: Facts
    years: Floats
    ids: tuple[str, ...] = ()

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
        return self.ids[package] if self.ids else f"{self.prefix}/{package:04d}"

    def place_of(self, name: str | None) -> int | None:
        """Return the index of the package that has an id; None where none has."""
        if name is None:
            return None
        return next((place for place in range(len(self)) if self.id_of(place) == name), None)

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


def facts_without(
    table: PackageTable, dispute: Dispute, withdrawn: frozenset[tuple[str, str]]
) -> Facts:
    """Return the facts of a table's packages were some levels not in force.

    Parameters
    ----------
    table : PackageTable
    dispute : Dispute
    withdrawn : frozenset of (clause, level)
        Levels to leave out; a clause that had one keeps the level it had before the text or, where
        that is one of them as well, at the very start.
    """
    inherited = not withdrawn.isdisjoint(table.before.levels.items())
    base = table.start if inherited else table.before
    stay = withdrawn | set(base.levels.items())
    texts = [
        {name: level for name, level in state.levels.items() if (name, level) not in stay}
        for state in table.states
    ]
    order = dict.fromkeys(name for state in table.states for name in state.levels)
    return _facts(dispute, table.start, after(dispute, base, texts, order))


def facts_before(table: PackageTable, dispute: Dispute) -> Facts:
    """Return the facts of the one state in which a table's packages are negotiated."""
    return _facts(dispute, table.start, [table.before])


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
    texts = combinations(dispute, stage)
    return _facts(dispute, start, after(dispute, start, texts, texts[0]))


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
        `facts_alone` of the stage, where they are at hand and there was a state before.
    """
    start = status_quo(dispute)
    texts = combinations(dispute, stage)
    states = after(dispute, before or start, texts, texts[0])
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
    forms = dispute.clauses_of(ClauseKind.LEGAL_FORM)
    frames = [framed(forms, state.levels).value for state in states]
    facts["frame"] = np.array(frames, dtype=object)
    facts["territorial"] = np.any(
        (np.abs(admin - start.administration) > _TINY) | (np.abs(title - start.title) > _TINY),
        axis=(1, 2),
    )
    facts["transferred"] = np.any(np.abs(admin - start.administration) > _TINY, axis=(1, 2))
    facts["title_fixed"] = _title_fixed(title, start)
    facts["closed"] = np.asarray(fixed(title).all(axis=1))
    for side, name in enumerate(("claimant", "holder")):
        facts |= _facts_of_side(name, side, start, admin, title)
        facts[f"{name}_area"] = weighted_sum(area, admin[:, :, side])
        facts[f"{name}_title"] = weighted_sum(area, title[:, :, side])
    return facts


def _title_fixed(title: Floats, start: State) -> Ints:
    """Return how much of title texts fix that was open: 0 nothing, 1 some, 2 all that was left."""
    was, now = fixed(start.title), fixed(title)
    return np.where((now & ~was).any(axis=1), np.where(now.all(axis=1), 2, 1), 0)


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
