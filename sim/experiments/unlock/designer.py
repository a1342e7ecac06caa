"""Design of deals: which clauses, levels and stages of a structure to add, drop or reorder.

Every single edit of a structure is tried in the same worlds: a clause is fixed at another level, or
left to the talks with all of its levels, or dropped; one that is missing is added (payments and
wordings are clauses like others); a stage is dropped, two change places, or the last stage of
another structure follows. The best edit is kept where it beats the
structure as it is by more than luck, and all edits are tried once more on what it makes. The result
is played in other worlds. So each edit is the best next one; it is not claimed that no other pair
does better.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import Any

from sim.domain.deal import Deal, Stage
from sim.domain.dispute import Dispute
from sim.domain.package import choices
from sim.domain.scenario import Scenario
from sim.errors import ScenarioError
from sim.experiments.conditions.path import DeclaredPath
from sim.experiments.conditions.trials import EVENTS, PairedTrials
from sim.experiments.unlock.paired import PairedShare, compared
from sim.quantities import Bools

__all__ = ["DealChange", "deal_changes", "edits"]

_WIDTH, _FRESH = 64, 256
"""Worlds in which an edit is tried, and others in which the best are played."""
_KEPT = 4
"""How many of the best edits are played in other worlds."""
_STEPS = 2
_LEVELS = 8
"""Levels of a clause up to which each is tried as fixed."""
_MOST = 3_000
"""Packages of a stage beyond which an edit is not tried."""


@dataclass(frozen=True)
class DealChange:
    """An edit of a structure, or two, and what comes of it.

    Parameters
    ----------
    edits : tuple of str
        In words, one after the other.
    deal : Deal
        What they make of the structure.
    event : str
        What the edit moves most of all that it moves: ``closed``, ``transferred``, ``first_stage``.
    share : PairedShare
        Of other worlds than those of the search, beside the structure as it is.
    """

    edits: tuple[str, ...]
    deal: Deal
    event: str
    share: PairedShare


def deal_changes(scenario: Scenario, deal: str, to: float) -> tuple[DealChange, ...]:
    """Return the edits of a structure that bring about more than it does as it is.

    Parameters
    ----------
    scenario : Scenario
        Each structure must be played by itself.
    deal : str
    to : float
        The share of settled worlds from which on no second edit is sought.

    Returns
    -------
    tuple of DealChange
        The best first: by what settles, then by land moved, then by first steps.
    """
    if scenario.agenda != "single":
        return ()
    found: list[DealChange] = []
    so_far: tuple[tuple[str, ...], Deal] = (), scenario.deals[deal]
    for _ in range(_STEPS):
        new = _step(scenario, deal, *so_far)
        if not new or (found and _worth(new[0]) <= _worth(found[0])):
            break
        found = [*new, *found]
        if new[0].event == "closed" and new[0].share.share >= to:
            break
        so_far = new[0].edits, new[0].deal
    return tuple(found)


def _worth(change: DealChange) -> tuple[int, float]:
    return EVENTS.index(change.event), change.share.share


def _step(scenario: Scenario, deal: str, before: tuple[str, ...], base: Deal) -> list[DealChange]:
    """Return the next edits that beat the structure as it is, the best first."""
    alone = _played(scenario, scenario.deals[deal], _WIDTH, 0)
    tried = []
    for words, edited in edits(scenario, base):
        came = _played(scenario, edited, _WIDTH, 0)
        if came is not None:
            tried.append(([float(came[event].mean()) for event in reversed(EVENTS)], words, edited))
    tried.sort(key=lambda one: [-share for share in one[0]])
    fresh = _played(scenario, scenario.deals[deal], _FRESH, _WIDTH)
    found = []
    for shares, words, edited in tried[:_KEPT]:
        if alone is None or fresh is None or shares <= [alone[e].mean() for e in reversed(EVENTS)]:
            break
        came = _played(scenario, edited, _FRESH, _WIDTH)
        better = None if came is None else _better(came, fresh)
        if better is not None:
            found.append(DealChange((*before, words), edited, *better))
    return sorted(found, key=_worth, reverse=True)


def _better(
    came: Mapping[str, Bools], alone: Mapping[str, Bools]
) -> tuple[str, PairedShare] | None:
    """Return the most that comes about more often than it did, and how often."""
    for event in reversed(EVENTS):
        share = compared(came[event], alone[event])
        if share.beats:
            return event, share
    return None


def _played(scenario: Scenario, edited: Deal, worlds: int, first: int) -> dict[str, Bools] | None:
    """Return what comes about under a structure; None where it cannot be played."""
    case = scenario.model_copy(update={"deals": {**scenario.deals, edited.name: edited}})
    try:
        trials = PairedTrials(case, edited.name, worlds, DeclaredPath(case), first)
        return trials.play([{}])[0]
    except (ScenarioError, ValueError):
        return None


def edits(scenario: Scenario, deal: Deal) -> Iterator[tuple[str, Deal]]:
    """Yield every single edit of a structure, in words and as a structure.

    Parameters
    ----------
    scenario : Scenario
    deal : Deal
    """
    stages, names = dict(deal.stages), list(deal.stages)
    for name, stage in stages.items():
        for words, edited in _of_stage(scenario.dispute, stage):
            if prod(map(len, choices(scenario.dispute, edited).values())) <= _MOST:
                yield f"{stage.label}: {words}", _with(deal, {**stages, name: edited})
        if len(stages) > 1:
            rest = {other: each for other, each in stages.items() if other != name}
            yield f"drop the stage “{stage.label}”", _with(deal, rest)
    for first, second in pairwise(names):
        order = [second if n == first else first if n == second else n for n in names]
        words = f"“{stages[second].label}” before “{stages[first].label}”"
        yield words, _with(deal, {name: stages[name] for name in order})
    said = {stage.model_dump_json() for stage in stages.values()}
    for other in scenario.deals.values():
        name, last = list(other.stages.items())[-1]
        if last.model_dump_json() not in said:
            said.add(last.model_dump_json())
            words = f"add a stage, “{last.label}” of “{other.label}”"
            yield words, _with(deal, {**stages, f"{other.name}_{name}": last})


def _with(deal: Deal, stages: dict[str, Stage]) -> Deal:
    return deal.model_copy(update={"stages": stages})


def _of_stage(dispute: Dispute, stage: Stage) -> Iterator[tuple[str, Stage]]:
    """Yield the edits of a stage's clauses."""
    offered = choices(dispute, stage)
    for name, clause in dispute.clauses.items():
        every = tuple(clause.levels)
        rest = {other: said for other, said in stage.negotiable.items() if other != name}
        fixed = {other: level for other, level in stage.fixed.items() if other != name}
        freed = _said(stage, fixed, {**rest, name: every})
        if name in stage.fixed or (name in offered and len(offered[name]) < len(every)):
            yield f"let the talks choose {clause.label} freely", freed
        elif name not in offered:
            yield f"add {clause.label} to the talks", freed
        if (name in stage.fixed or name in offered) and len(fixed) + len(rest) > 0:
            yield f"leave {clause.label} out", _said(stage, fixed, rest)
        for level in every if len(every) <= _LEVELS else ():
            if stage.fixed.get(name) != level:
                words = f"fix {clause.label}: “{clause.levels[level].label}”"
                yield words, _said(stage, {**fixed, name: level}, rest)


def _said(stage: Stage, fixed: dict[str, str], negotiable: dict[str, Any]) -> Stage:
    return stage.model_copy(update={"fixed": fixed, "negotiable": negotiable, "separable": {}})
