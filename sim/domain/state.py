"""Work out what a set of clause levels does to the objects in dispute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.domain.clause import Allocation, ClauseKind, Frame, Level
from sim.domain.dispute import Dispute
from sim.quantities import Bools, Floats

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

    def level(self, dispute: Dispute, kind: ClauseKind) -> Level | None:
        """Return the level in force of the first clause of a kind, if any is in force."""
        for name in dispute.clauses_of(kind):
            if name in self.levels:
                return dispute.clauses[name].levels[self.levels[name]]
        return None

    def frame(self, dispute: Dispute) -> Frame:
        """Return as what the text in force is signed."""
        level = self.level(dispute, ClauseKind.LEGAL_FORM)
        return (level.frame if level else None) or Frame.NONE

    @property
    def closed(self) -> bool:
        """Tell whether title to every object is fixed."""
        return bool(fixed(self.title).all())


def status_quo(dispute: Dispute) -> State:
    """Return the state at the start: controllers, titles and baseline levels."""
    controllers = [item.controller for item in dispute.objects.values()]
    titles = [item.title for item in dispute.objects.values()]
    baselines = {
        name: clause.baseline for name, clause in dispute.clauses.items() if clause.baseline
    }
    return State(baselines, _shares_of(controllers), _shares_of(titles))


def after(dispute: Dispute, before: State, levels: Levels) -> State:
    """Return the state once further levels are in force; what they do not mention stays.

    Parameters
    ----------
    dispute : Dispute
    before : State
    levels : mapping of clause to level
        The levels of one package.
    """
    administration, title = before.administration.copy(), before.title.copy()
    order = {name: place for place, name in enumerate(dispute.objects)}
    for clause_name, level_name in levels.items():
        clause = dispute.clauses[clause_name]
        target = administration if clause.kind is ClauseKind.ADMINISTRATION else title
        for item, allocation in clause.levels[level_name].allocation.items():
            target[order[item]] = shares(allocation)
    return State({**before.levels, **levels}, administration, title)


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
