"""Summary of how worlds match what was observed: shares accepted, and numbers that this moves."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.domain.draws import Draws
from sim.domain.scenario import Scenario
from sim.model.admissible import MOST_ATTEMPTS, admissible, attempts_of, statements_held
from sim.quantities import BLOCK_WORLDS, Floats
from sim.randomness import Streams

__all__ = ["NAMED", "observed_summary"]

NAMED = 20
"""How many of the numbers that are moved are named, those moved most."""
_CLEAR = 2.3
"""Distance, in units of sqrt(2 / worlds), from which on a number counts as moved: chance alone
takes one in 20,000 numbers so far (Kolmogorov)."""


def observed_summary(scenario: Scenario) -> dict[str, Any]:
    """Return what a run's provenance says of its observed statements; nothing where none is asked.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    dict
        Under ``observed``, of the first block of worlds: their number; `accepted`, the share of all
        draws that were accepted; `not_admitted`, the share of worlds that no attempt admits;
        `statements`, the share of first attempts in which each holds; and `moved`, for the numbers
        whose distribution differs most, the difference of means in declared standard deviations
        and the Kolmogorov-Smirnov distance between first and accepted draws.
    """
    if not (scenario.conditioned and scenario.observed):
        return {}
    worlds = min(scenario.worlds, BLOCK_WORLDS)
    first = Draws(scenario, Streams(scenario.seed, 0, worlds))
    attempts = attempts_of(first)
    held = statements_held(first).mean(axis=1)
    tried = np.where(attempts.admitted, attempts.place + 1, MOST_ATTEMPTS).sum()
    return {
        "observed": {
            "worlds": worlds,
            "accepted": _rounded(attempts.admitted.sum() / tried),
            "not_admitted": _rounded(1.0 - attempts.admitted.mean()),
            "statements": dict(zip(scenario.observed, map(_rounded, held), strict=True)),
            "moved": _moved(scenario, first, admissible(first)),
        }
    }


def _moved(scenario: Scenario, first: Draws, accepted: Draws) -> dict[str, dict[str, float]]:
    """Return the numbers whose draws differ most, the farthest first."""
    found = {
        key: _difference(first.of(item), accepted.of(item))
        for key, item in scenario.quantities()
        if item.is_uncertain
    }
    clear = _CLEAR * np.sqrt(2.0 / first.streams.worlds)
    order = sorted(found, key=lambda key: -found[key]["distance"])
    return {key: found[key] for key in order[:NAMED] if found[key]["distance"] > clear}


def _difference(before: Floats, after: Floats) -> dict[str, float]:
    """Return how far the accepted draws of a number are from the first ones."""
    from scipy.stats import ks_2samp  # takes longer to import than all else that a run needs

    spread = before.std()
    shift = (after.mean() - before.mean()) / spread if spread > 0 else 0.0
    distance = ks_2samp(before, after, method="asymp").statistic
    return {"shift": _rounded(shift), "distance": _rounded(distance)}


def _rounded(value: float) -> float:
    return round(float(value), 4)
