"""Find boxes in which something happens often, by PRIM of the Exploratory Modeling Workbench."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd

from sim.experiments.analysis.rules import Limit
from sim.quantities import Bools

__all__ = ["boxes"]

MOST, _LIMITS = 3, 4
"""How many boxes, and by how many numbers each may be limited."""


def boxes(numbers: pd.DataFrame, happens: Bools) -> list[tuple[Limit, ...]]:
    """Return the limits of PRIM's boxes; none where it is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts of the workbench that are not used
            from ema_workbench.analysis import prim
    except ImportError:
        return []
    base, found = float(happens.mean()), []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        search = prim.Prim(numbers, happens, threshold=base, peel_alpha=0.05)
        for _ in range(MOST):
            box = search.find_box()
            if box is None or not (limits := _limits(box, base)):
                break
            found.append(limits)
    return found


def _limits(box: Any, base: float) -> tuple[Limit, ...]:
    """Return the limits at the step of the peeling with the best weighted relative accuracy."""
    steps = box.peeling_trajectory
    gain = steps["mass"] * (steps["density"] - base)
    best = int(np.argmax(np.where(steps["res_dim"] <= _LIMITS, gain, -np.inf)))
    box.select(best)
    whole, chosen = box.box_lims[0], box.box_lims[best]
    limits = []
    for key in chosen.columns:
        low, high = (float(value) for value in chosen[key])
        below, above = low > float(whole[key].iloc[0]), high < float(whole[key].iloc[1])
        if below or above:
            limits.append(Limit(key, low if below else None, high if above else None))
    return tuple(limits)
