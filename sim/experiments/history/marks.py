"""Sum up what all episodes together come to, for each draw of the shared factors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.domain.history import History
from sim.domain.outcome import LADDER
from sim.equations.scores import log_score, smoothed
from sim.experiments.history.cases import Case
from sim.experiments.history.judging import base_forecast
from sim.experiments.tally import Tally
from sim.quantities import Floats

__all__ = ["marks"]

_RUNGS = [rung.name for rung in LADDER]
_WORLDS = 32
"""Worlds as which probabilities are smoothed, whatever their number, so that sizes compare."""


def marks(
    history: History, found: Sequence[Case], tallies: Sequence[Tally], worlds: int
) -> dict[str, Floats]:
    """Return the summaries by which draws are judged.

    Parameters
    ----------
    history : History
    found : sequence of Case
    tallies : sequence of Tally
        One for each case, with a group for each draw.
    worlds : int
        Worlds of each structure and draw.

    Returns
    -------
    mapping of mark to ndarray, shape (draws,)
        ``hazard``, ``accord``, ``not_ratified``, ``ahead``, and ``control:NAME`` for each control.
    """
    both = list(zip(found, tallies, strict=True))
    episodes = [(case, one) for case, one in both if not case.control]
    result = {
        "hazard": _total(episodes, "settled") / _total(episodes, "years"),
        "accord": _total(episodes, "accord") / len(episodes),
        "not_ratified": _total(both, "rejected") / np.maximum(_total(both, "signed"), 1 / worlds),
        "ahead": np.mean([_ahead(history, case, one) for case, one in episodes], axis=0),
    }
    return result | {f"control:{case.name}": one.settled for case, one in both if case.control}


def _total(group: Sequence[tuple[Case, Tally]], what: str) -> Floats:
    return np.asarray(np.sum([getattr(one, what) for _, one in group], axis=0))


def _ahead(history: History, case: Case, one: Tally) -> Floats:
    """Return how far the log score of an episode is ahead of the base rate's."""
    ended, base = _RUNGS.index(case.happened.ended), base_forecast(history, case.years)
    return log_score(smoothed(one.ladder, _WORLDS), ended) - log_score(base, ended)
