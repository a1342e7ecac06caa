"""Counts of how worlds ended, in all or in groups of consecutive worlds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.domain.outcome import LADDER, OUTCOMES, TITLE_FIXED, Outcome, TitleFixed
from sim.domain.results import DONE, OPEN, BlockResult
from sim.equations.statistics import censored_median, wilson_interval
from sim.quantities import Bools, Floats

__all__ = ["COUNTED", "Codes", "Tally", "mixture", "shares", "tally"]

Codes = NDArray[np.integer[Any]]
"""Any array of whole numbers."""


COUNTED = (
    "outcome",
    "ladder",
    "round_end",
    "first_stage",
    "transferred",
    "title_fixed",
    "closed",
    *OPEN,
)
"""Columns of a block that shares are made of."""


def shares(columns: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    """Return the shares of outcomes, rungs and what is carried out, and the median round.

    Parameters
    ----------
    columns : mapping of name to ndarray, shape (worlds,)
        The columns of a block that `COUNTED` names; words as codes.

    Returns
    -------
    dict
        Columns of the table of outcomes, without `deal` and `reversal`.
    """
    outcome, ladder, round_end = (columns[name] for name in ("outcome", "ladder", "round_end"))
    number = len(outcome)
    outcomes = np.bincount(outcome, minlength=len(OUTCOMES))
    rungs = np.bincount(ladder, minlength=len(LADDER))
    low, high = wilson_interval(outcomes[Outcome.settled.code], np.array(number))
    settled = outcome == Outcome.settled.code
    return {
        **{item.name: outcomes[item.code] / number for item in OUTCOMES},
        "settled_low": float(low),
        "settled_high": float(high),
        "median_round": censored_median(round_end[settled], number),
        **{f"ladder_{rung.name}": n / number for rung, n in zip(LADDER, rungs, strict=True)},
        **_carried_out(columns),
        **{name: float(np.mean(columns[name])) for name in OPEN},
        "worlds": number,
    }


def _carried_out(columns: Mapping[str, NDArray[Any]]) -> dict[str, float]:
    title = columns["title_fixed"]
    flags = {
        "first_stage": columns["first_stage"],
        "transferred": columns["transferred"],
        "title_some": title == TITLE_FIXED.index(TitleFixed.some),
        "title_all": title == TITLE_FIXED.index(TitleFixed.all),
        "closed": columns["closed"],
    }
    return {name: float(np.mean(flags[name])) for name in DONE}


@dataclass(frozen=True)
class Tally:
    """Shares of worlds, in each of some groups.

    Parameters
    ----------
    ladder : ndarray, shape (groups, rungs)
        Share on each rung at the end.
    settled : ndarray, shape (groups,)
    years : ndarray, shape (groups,)
        Mean years until a settlement or the end.
    signed, rejected : ndarray, shape (groups,)
        Shares in which a text was signed, and in which the last one failed ratification.
    at_once : ndarray, shape (groups,)
        Share in which the last text was signed in round 0.
    """

    ladder: Floats
    settled: Floats
    years: Floats
    signed: Floats
    rejected: Floats
    at_once: Floats

    @property
    def accord(self) -> Floats:
        """Return the share with something in force that settles nothing for good."""
        return np.asarray(self.ladder[..., 1:-1].sum(axis=-1))


def tally(blocks: Sequence[BlockResult], rounds: int, round_years: float, groups: int = 1) -> Tally:
    """Count the worlds of one structure.

    Parameters
    ----------
    blocks : sequence of BlockResult
        In the order of their worlds.
    rounds : int
        Length of the window.
    round_years : float
    groups : int
        How many groups of consecutive worlds; they are equally large.
    """
    names = ("outcome", "ladder", "round_end", "round_signed", "rejected_by")
    outcome, ladder, ended, signed, rejected = (
        np.concatenate([block.columns[name] for block in blocks]).reshape(groups, -1)
        for name in names
    )
    settled = outcome == OUTCOMES.index(Outcome.settled)
    return Tally(
        ladder=np.stack([_share(ladder == rung) for rung in range(len(LADDER))], axis=-1),
        settled=_share(settled),
        years=np.where(settled, ended, rounds).mean(axis=1) * round_years,
        signed=_share(signed >= 0),
        rejected=_share(rejected >= 0),
        at_once=_share(signed == 0),
    )


def _share(worlds: Bools) -> Floats:
    return np.asarray(worlds.mean(axis=1))


def mixture(tallies: Sequence[Tally], weights: Floats) -> Tally:
    """Return what structures come to together, each with its weight.

    Parameters
    ----------
    tallies : sequence of Tally
        One for each structure.
    weights : ndarray, shape (structures,)
        They add to 1.
    """
    parts = {
        item.name: sum(
            weight * getattr(one, item.name) for weight, one in zip(weights, tallies, strict=True)
        )
        for item in fields(Tally)
    }
    return Tally(**{name: np.asarray(value) for name, value in parts.items()})
