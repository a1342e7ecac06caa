"""Designs of sweeps: where each cell lies on every axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.errors import Fault, ScenarioError
from sim.experiments.nested import hypercube
from sim.experiments.sweep.axes import Axis
from sim.io.sweep_settings import SweepSettings
from sim.paths import module_of_extra
from sim.quantities import Floats

__all__ = ["EDGE", "cells_together", "points", "problem", "shares", "size"]

EDGE = 0.05
"""Morris's trajectories stay between this quantile and its complement: tails have no end."""
_MOST = 1_000_000


def size(axes: Sequence[Axis], settings: SweepSettings) -> int:
    """Return how many cells a design has.

    Raises
    ------
    ScenarioError
        If a grid has an axis without values, or there are too many cells.
    """
    design, n, width = settings.design, settings.n or 0, len(axes)
    if design == "grid":
        if open_ended := [axis.key for axis in axes if not axis.values]:
            expected = "values, such as linspace(a,b,n), or design=lhs n=N"
            raise ScenarioError([Fault(key, expected, "a range") for key in open_ended])
        number = int(np.prod([len(axis.values) for axis in axes], dtype=object))
    else:
        number = n * cells_together(design, width)
    if number > _MOST:
        raise ScenarioError([Fault("design", f"at most {_MOST:,} cells", f"{number:,}")])
    return number


def cells_together(design: str, width: int) -> int:
    """Return how many consecutive cells share coordinates by design.

    Those of a base point of Saltelli's sample, and of one of Morris's trajectories; each cell of
    another design is by itself.

    Parameters
    ----------
    design : str
    width : int
        How many axes there are.
    """
    return {"sobol": width + 2, "morris": width + 1}.get(design, 1)


def points(axes: Sequence[Axis], settings: SweepSettings, seed: int) -> Floats:
    """Return where each cell lies.

    Parameters
    ----------
    axes : sequence of Axis
    settings : SweepSettings
    seed : int
        That of the scenario.

    Returns
    -------
    ndarray, shape (cells, axes)
        Of a grid, the last axis moves fastest.
    """
    size(axes, settings)
    if settings.design == "grid":
        mesh = np.meshgrid(*[axis.places for axis in axes], indexing="ij")
        return np.stack([part.ravel() for part in mesh], axis=1)
    way = shares([axis.key for axis in axes], settings, seed)
    return np.stack([axis.at(way[:, place]) for place, axis in enumerate(axes)], axis=1)


def shares(keys: Sequence[str], settings: SweepSettings, seed: int) -> Floats:
    """Return how far along every axis each cell of a design other than a grid lies.

    Parameters
    ----------
    keys : sequence of str
        Of the axes.
    settings : SweepSettings
    seed : int

    Returns
    -------
    ndarray, shape (cells, axes)
        In [0, 1]: quantiles of an axis with a spread.
    """
    n = settings.n or 0
    if settings.design == "lhs":
        return np.stack([hypercube(seed, f"sweep/{key}", n) for key in keys], axis=1)
    sample = _sampler(settings.design)
    # A generator of its own: SALib takes a seed of 0 for none.
    luck = np.random.default_rng([seed, len(keys)])
    if settings.design == "sobol":
        drawn = sample(problem(keys), n, calc_second_order=False, seed=luck)
    else:
        drawn = EDGE + (1 - 2 * EDGE) * sample(problem(keys), n, seed=luck)
    return np.asarray(drawn, dtype=np.float64)


def _sampler(design: str) -> Any:
    return module_of_extra(f"SALib.sample.{design}", f"design={design}", "SALib", "sweep").sample


def problem(keys: Sequence[str]) -> dict[str, Any]:
    """Return axes as SALib wants them: names, and shares in [0, 1]."""
    return {"num_vars": len(keys), "names": list(keys), "bounds": [[0.0, 1.0]] * len(keys)}
