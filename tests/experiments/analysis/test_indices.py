"""Sobol indices and Morris's measures of functions whose answers are known.

Tests `sim.experiments.sweep.designs`.
"""

import numpy as np
import pytest

from sim.domain.quantity import Quantity
from sim.experiments.analysis.indices import effects, indices
from sim.experiments.sweep.axes import Axis
from sim.experiments.sweep.designs import points, shares
from sim.io.sweep_settings import SweepSettings

pytest.importorskip("SALib", reason="needs the extra sweep")

KEYS = ["x1", "x2", "x3"]
SPREAD = Quantity(distribution="uniform", low=-np.pi, high=np.pi, unit="radian", assumption="book")
AXES = [Axis(key, (), SPREAD.unit, SPREAD) for key in KEYS]
A, B = 7.0, 0.1


def ishigami(x: np.ndarray) -> np.ndarray:
    """Return the function of T. Ishigami, T. Homma (1990), doi:10.1109/ISUMA.1990.151285."""
    return np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_the_ishigami_function() -> None:
    settings = SweepSettings(design="sobol", n=1024)
    table = indices(ishigami(points(AXES, settings, seed=3)), KEYS, seed=3).set_index("key")
    alone = 0.5 * (1 + B * np.pi**4 / 5) ** 2
    together = 8 * B**2 * np.pi**8 / 225
    whole = alone + A**2 / 8 + together
    expected = {"x1": (alone, alone + together), "x2": (A**2 / 8,) * 2, "x3": (0, together)}
    for key, (first, total) in expected.items():
        assert table.loc[key, "first"] == pytest.approx(first / whole, abs=0.03)
        assert table.loc[key, "total"] == pytest.approx(total / whole, abs=0.03)
        assert table.loc[key, "total_low"] <= total / whole <= table.loc[key, "total_high"]


def test_the_order_is_that_of_the_totals() -> None:
    settings = SweepSettings(design="sobol", n=256)
    assert indices(ishigami(points(AXES, settings, 3)), KEYS, 3)["key"].tolist() == KEYS


@pytest.mark.parametrize("seed", [0, 5])
def test_the_trajectories_of_a_line(seed: int) -> None:
    settings = SweepSettings(design="morris", n=5)
    way = shares(KEYS, settings, seed)
    table = effects(way @ [1.0, -3.0, 0.0], KEYS, way, seed)
    assert table["key"].tolist() == ["x2", "x1", "x3"]
    # SALib takes a step of 2/3 of the way; ours go from 5 % to 95 %.
    assert table["mu"].tolist() == pytest.approx([-2.7, 0.9, 0.0])
    assert table["sigma"].tolist() == pytest.approx([0.0, 0.0, 0.0], abs=1e-12)
