"""Count how the worlds of one structure ended."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.domain.outcome import LADDER, OUTCOMES, Outcome
from sim.equations.statistics import kaplan_meier, wilson_interval

Codes = NDArray[np.integer[Any]]
"""Any array of whole numbers."""


def shares(outcome: Codes, ladder: Codes, round_end: NDArray[Any], rounds: int) -> dict[str, Any]:
    """Return the shares of outcomes and rungs, with their intervals and the median round.

    Parameters
    ----------
    outcome, ladder : ndarray of int, shape (worlds,)
        Places in `OUTCOMES` and `LADDER`.
    round_end : ndarray, shape (worlds,)
        Round in which a world settled; not looked at elsewhere.
    rounds : int
        Rounds of the window, at whose end worlds that did not settle are censored.

    Returns
    -------
    dict
        Columns of the table of outcomes, without `deal` and `reversal`.
    """
    number = len(outcome)
    outcomes = np.bincount(outcome, minlength=len(OUTCOMES))
    rungs = np.bincount(ladder, minlength=len(LADDER))
    low, high = wilson_interval(outcomes[Outcome.settled.code], np.array(number))
    settled = outcome == Outcome.settled.code
    times = np.where(settled, round_end, rounds)
    return {
        **{item.name: outcomes[item.code] / number for item in OUTCOMES},
        "settled_low": float(low),
        "settled_high": float(high),
        "median_round": kaplan_meier(times, settled).median,
        **{f"ladder_{rung.name}": n / number for rung, n in zip(LADDER, rungs, strict=True)},
        "worlds": number,
    }
