"""Agenda of the talks: one structure by itself, all at once, or one table at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from sim.domain.deal import Deal, Stage

__all__ = ["AGENDA", "Agenda", "agenda_of", "structure_of"]

Agenda = Literal["single", "open", "tabled"]
"""How many structures are on the table: one by itself, all at once, or one at a time."""
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


def structure_of(package: str) -> str:
    """Return the structure of which a package is, by its id.

    Examples
    --------
    >>> structure_of("treaty_first/0/0012")
    'treaty_first'
    """
    return package.partition("/")[0]
