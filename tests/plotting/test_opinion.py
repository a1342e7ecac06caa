"""Opinion is drawn with its spread and the polls."""

import dataclasses

import numpy as np
import pytest

from sim.domain.interest import ROLES
from sim.errors import ScenarioError
from sim.experiments.result import EnsembleResult
from sim.experiments.tabletop import opinions
from sim.plotting import opinion
from tests.plotting.reading import points


def test_opinion_is_drawn_with_its_spread_and_the_poll(played: EnsembleResult) -> None:
    table = opinions(played.scenario, "strait", worlds=64)
    ax = opinion(played, deal="strait", worlds=64)
    for role, panel in zip(ROLES, ax.child_axes, strict=True):
        rows = table[table["role"] == role.value]
        np.testing.assert_allclose(points(panel, "median")[:, 1], 100 * rows["median"])
        assert (rows["low"] <= rows["median"]).all()
        assert (rows["median"] <= rows["high"]).all()
    legend = ax.child_axes[1].get_legend()
    assert legend is not None
    told = " ".join(text.get_text() for text in legend.get_texts())
    assert ("poll 2000" in told) != ("asked otherwise, 2000" in told)


def test_opinion_of_a_text_that_a_forged_table_lacks(played: EnsembleResult) -> None:
    forged = dataclasses.replace(played, packages=played.packages.iloc[:0])
    with pytest.raises(ScenarioError, match=r"packages: expected a row for .*, got none"):
        opinion(forged, deal="strait", worlds=64)
