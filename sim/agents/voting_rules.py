"""Turn each kind of ratifier's rule round, into the support it takes to pass a text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.domain.draws import Draws
from sim.domain.ratifier import Parliament, PollBoundLeader, Ratifier, Referendum, Region
from sim.equations.ratification import required_by_parliament, required_by_quota
from sim.quantities import Floats

Rule = Callable[[Any, Draws, Floats], Floats]


def _quota(item: PollBoundLeader | Referendum, draws: Draws, probability: Floats) -> Floats:
    return required_by_quota(draws.of(item.quota), draws.of(item.noise), probability)


def _region(item: Region, draws: Draws, probability: Floats) -> Floats:
    quota = draws.of(item.quota) - draws.of(item.offset)
    return required_by_quota(quota, draws.of(item.noise), probability)


def _parliament(item: Parliament, draws: Draws, probability: Floats) -> Floats:
    return required_by_parliament(
        item.seats,
        item.votes_needed,
        draws.of(item.governing_share),
        draws.of(item.discipline),
        probability,
    )


_RULES: dict[type, Rule] = {
    PollBoundLeader: _quota,
    Referendum: _quota,
    Region: _region,
    Parliament: _parliament,
}


def required(item: Ratifier, draws: Draws, probability: Floats) -> Floats:
    """Return the support at which a ratifier passes a text with a probability.

    Parameters
    ----------
    item : Ratifier
        Of any kind but an ally, who looks at something else than support.
    draws : Draws
    probability : ndarray, shape (worlds,)
        In (0, 1).

    Returns
    -------
    ndarray, shape (worlds,)
        Shares; above 1 where no support is enough.
    """
    return _RULES[type(item)](item, draws, probability)
