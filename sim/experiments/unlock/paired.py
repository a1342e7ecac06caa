"""Shares of settled worlds with something changed, beside the same worlds left alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.domain.scenario import Scenario
from sim.equations.statistics import wilson_interval
from sim.experiments.conditions.path import DeclaredPath
from sim.experiments.conditions.trials import PairedTrials
from sim.quantities import Bools

__all__ = ["PairedShare", "compared", "paired_share"]

_SURE = 3.0
"""Standard errors by which a share must exceed that of the same worlds left alone; many are
tried, so two are not enough."""


@dataclass(frozen=True)
class PairedShare:
    """A share of worlds, and that of the same worlds left alone.

    Parameters
    ----------
    share, low, high : float
        With its 95 % interval.
    base : float
        Of the same worlds left alone.
    gained, lost : int
        Worlds in which it comes about now and not before, and the other way round.
    worlds : int
    """

    share: float
    low: float
    high: float
    base: float
    gained: int
    lost: int
    worlds: int

    @property
    def gain(self) -> float:
        """Return by how much the share exceeds that of the same worlds left alone."""
        return self.share - self.base

    @property
    def beats(self) -> bool:
        """Tell whether it exceeds it by more than luck (McNemar 1947)."""
        return self.gained - self.lost > _SURE * np.sqrt(max(self.gained + self.lost, 1))


def compared(with_: Bools, without: Bools) -> PairedShare:
    """Return a share beside that of the same worlds left alone.

    Parameters
    ----------
    with_, without : ndarray of bool, shape (worlds,)

    Examples
    --------
    >>> found = compared(np.arange(40) < 30, np.arange(40) < 10)
    >>> found.share, found.base, found.gained, found.beats
    (0.75, 0.25, 20, True)
    """
    number = len(with_)
    low, high = wilson_interval(np.array(with_.sum()), np.array(number))
    return PairedShare(
        share=float(with_.mean()),
        low=float(low),
        high=float(high),
        base=float(without.mean()),
        gained=int((with_ & ~without).sum()),
        lost=int((without & ~with_).sum()),
        worlds=number,
    )


def paired_share(
    scenario: Scenario, deal: str, values: Mapping[str, float], worlds: int, first: int
) -> PairedShare:
    """Return how many worlds settle with some numbers at one value, beside the same left alone.

    Parameters
    ----------
    scenario : Scenario
    deal : str
    values : mapping of key to float
    worlds, first : int
        How many worlds, and which is the first of them.
    """
    trials = PairedTrials(scenario, deal, worlds, DeclaredPath(scenario), first)
    alone, moved = trials.play([{}, {}], [{}, values])
    return compared(moved["closed"], alone["closed"])
