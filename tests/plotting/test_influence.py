"""Influence is the index with its interval, the largest above."""

import numpy as np
import pytest

from sim.domain.scenario import Scenario
from sim.errors import RunError, ScenarioError
from sim.experiments.analysis.indices import of_sweep
from sim.experiments.sweep.result import SweepResult
from sim.plotting import influence
from tests.plotting import planted


@pytest.mark.parametrize(("design", "column"), [("sobol", "total"), ("morris", "mu_star")])
def test_influence_is_the_index_with_its_interval(
    isles: Scenario, design: str, column: str
) -> None:
    pytest.importorskip("SALib", reason="needs the extra sweep")
    result = planted.sampled(isles, [planted.STANDING, planted.FRAME], design, 32)
    table = of_sweep(result)
    rows = table[table["deal"] == "strait"][::-1]
    ax = influence(result, deal="strait")
    scale = 1 if design == "sobol" else 100
    middle = np.asarray(ax.containers[0].lines[0].get_xdata())
    np.testing.assert_allclose(middle, scale * rows[column])
    ends = np.array([segment[:, 0] for segment in ax.containers[0].lines[2][0].get_segments()])
    np.testing.assert_allclose(ends, scale * rows[[f"{column}_low", f"{column}_high"]])
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels[-1] == "West: weights: standing"  # decides most, and so stands above


def test_influence_refuses_what_does_not_vary(isles: Scenario, two: SweepResult) -> None:
    pytest.importorskip("SALib", reason="needs the extra sweep")
    result = planted.sampled(isles, [planted.STANDING, planted.FRAME], "sobol", 8)
    with pytest.raises(ScenarioError, match="always the same"):
        influence(planted.of(result, "projects_only"), by="settled")
    with pytest.raises(ScenarioError, match="one of auto"):
        influence(result, by="interim")
    with pytest.raises(RunError, match="design=sobol"):
        influence(two)
