"""Designs of sweeps: a Latin hypercube is one as scipy says, and no axis knows another.

Tests `sim.experiments.nested`.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import qmc

from sim.experiments.nested import hypercube
from sim.experiments.sweep.designs import shares
from sim.io.sweep_settings import SweepSettings

KEYS = ["a", "b", "c"]


def strata(sample: np.ndarray) -> np.ndarray:
    """Return the slice of each axis in which each number lies, in order."""
    return np.sort((sample * len(sample)).astype(int), axis=0)


@given(st.integers(0, 2**32), st.integers(1, 200))
def test_every_slice_of_every_axis_holds_one_cell_as_in_scipys(seed: int, n: int) -> None:
    sample = shares(KEYS, SweepSettings(design="lhs", n=n), seed)
    expected = qmc.LatinHypercube(len(KEYS), rng=seed).random(n)
    np.testing.assert_array_equal(strata(sample), strata(expected))


def test_it_fills_space_as_well_as_scipys() -> None:
    n, seeds = 64, range(40)
    own = [qmc.discrepancy(shares(KEYS, SweepSettings(design="lhs", n=n), seed)) for seed in seeds]
    scipys = [qmc.discrepancy(qmc.LatinHypercube(len(KEYS), rng=s).random(n)) for s in seeds]
    assert np.mean(own) == pytest.approx(np.mean(scipys), rel=0.15)


def test_axes_are_shuffled_each_for_itself() -> None:
    one, other = (hypercube(3, f"sweep/{key}", 500) for key in ("a", "b"))
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.15
    np.testing.assert_array_equal(one, hypercube(3, "sweep/a", 500))
