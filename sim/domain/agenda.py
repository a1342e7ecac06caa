"""Agenda of the talks: one structure by itself, all at once, or one table at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import combinations
from typing import Literal

from sim.domain.deal import Deal, Stage

__all__ = [
    "AGENDA",
    "MOST_GROUPS",
    "Agenda",
    "LesserStage",
    "agenda_of",
    "lesser_texts",
    "parent_of",
    "structure_of",
]

Agenda = Literal["single", "open", "tabled"]
"""How many structures are on the table: one by itself, all at once, or one at a time."""
MOST_GROUPS = 4
"""Separable groups of a structure beyond which it is refused: they make 15 lesser texts."""
AGENDA = "agenda"
"""Name under which an open or a tabled agenda is played."""
_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_LABELS: dict[str, str] = {
    "open": "open agenda: whichever is signed",
    "tabled": "tabled agenda: one structure at a time",
}


def agenda_of(agenda: Agenda, deals: Mapping[str, Deal]) -> dict[str, Deal]:
    """Return what is played: the structures themselves, or one that stands for all of them.

    Parameters
    ----------
    agenda : {"single", "open", "tabled"}
    deals : mapping of name to Deal
        What is on the agenda.

    Returns
    -------
    mapping of name to Deal
        Of an open or tabled agenda, `AGENDA` alone, with as many stages as the longest structure;
        what its stages are about is a matter of the packages.
    """
    if agenda == "single":
        return dict(deals)
    longest = max(len(deal.stages) for deal in deals.values())
    stages = [_stage(place) for place in range(longest)]
    names = [stage.label.partition(" ")[0] for stage in stages]
    named = dict(zip(names, stages, strict=True))
    return {AGENDA: Deal.model_construct(name=AGENDA, label=_LABELS[agenda], stages=named)}


def _stage(place: int) -> Stage:
    name = _ORDINALS[place] if place < len(_ORDINALS) else f"{place + 1}th"
    return Stage.model_construct(label=f"{name} text of the structure that is signed")


class LesserStage(Stage):
    """A stage of which separable clauses are left out.

    Parameters
    ----------
    untied : mapping of {"claimant", "holder"} to int
        How many groups of clauses are left out that a side had tied to the rest.
    """

    untied: dict[str, int]


def lesser_texts(deals: Mapping[str, Deal]) -> dict[str, Deal]:
    """Return the structures that come of others by leaving separable clauses out.

    Every set of the groups of a structure makes a lesser one, in which their clauses stay as they
    are, and what the structure rules out about them goes with them; a stage of which nothing is
    left is no stage. What says the same as another is kept once.

    Parameters
    ----------
    deals : mapping of name to Deal

    Returns
    -------
    mapping of name to Deal
        Named by what is left out, as in ``treaty_first_without_treaty``.

    References
    ----------
    J. K. Sebenius (1983). Negotiation arithmetic: adding and subtracting issues and parties.
    https://doi.org/10.1017/S0020818300034002
    """
    said = {_said(deal) for deal in deals.values()}
    result: dict[str, Deal] = {}
    for name in sorted(deals):
        for left_out in _subsets(_groups(deals[name])):
            lesser = _without(deals[name], left_out)
            if lesser.stages and _said(lesser) not in said:
                said.add(_said(lesser))
                result[lesser.name] = lesser
    return result


def parent_of(structure: str, deals: Collection[str]) -> str:
    """Return the structure of which one is, or of which it is a lesser text.

    Parameters
    ----------
    structure : str
    deals : collection of str
        What is on the agenda.

    Examples
    --------
    >>> parent_of("treaty_first_without_treaty", ["treaty", "treaty_first"])
    'treaty_first'
    """
    if structure in deals:
        return structure
    return max((name for name in deals if structure.startswith(f"{name}_without_")), key=len)


def _groups(deal: Deal) -> dict[str, str]:
    """Return the labels of a structure's separable groups."""
    stages = deal.stages.values()
    return {name: group.label for stage in stages for name, group in stage.separable.items()}


def _subsets(groups: dict[str, str]) -> Iterator[dict[str, str]]:
    for size in range(1, len(groups) + 1):
        for names in combinations(groups, size):
            yield {name: groups[name] for name in names}


def _without(deal: Deal, left_out: dict[str, str]) -> Deal:
    stages = {name: _lesser(stage, left_out) for name, stage in deal.stages.items()}
    return Deal.model_construct(
        name=f"{deal.name}_without_{'_and_'.join(left_out)}",
        label=f"{deal.label}, without {' and '.join(left_out.values())}",
        source=deal.source,
        stages={name: stage for name, stage in stages.items() if stage.fixed or stage.negotiable},
    )


def _lesser(stage: Stage, left_out: dict[str, str]) -> Stage:
    groups = [group for name, group in stage.separable.items() if name in left_out]
    gone = {clause for group in groups for clause in group.clauses}
    tied = [side for group in groups for side in group.tied_by]
    return LesserStage.model_construct(
        label=stage.label,
        fixed={name: level for name, level in stage.fixed.items() if name not in gone},
        negotiable={name: said for name, said in stage.negotiable.items() if name not in gone},
        exclude=tuple(said for said in stage.exclude if not gone & {*said}),
        untied={side: tied.count(side) for side in ("claimant", "holder")},
    )


def _said(deal: Deal) -> str:
    """Return all that a structure says, without its names."""
    stages = [
        (sorted(stage.fixed.items()), sorted(stage.negotiable.items(), key=repr), stage.exclude)
        for stage in deal.stages.values()
    ]
    return repr(stages)


def structure_of(package: str) -> str:
    """Return the structure of which a package is, by its id.

    Examples
    --------
    >>> structure_of("treaty_first/0/0012")
    'treaty_first'
    """
    return package.partition("/")[0]
