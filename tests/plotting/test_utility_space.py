"""Utility space is the table of a round, as `sim.experiments.tabletop` lays it."""

import numpy as np
import pytest

from sim.experiments.result import EnsembleResult
from sim.experiments.tabletop import tabletop
from sim.plotting import utility_space
from tests.plotting.reading import points, words


def test_a_space_is_the_table_of_that_round(played: EnsembleResult) -> None:
    top = tabletop(played.scenario, "strait", world=0, round_=3)
    ax = utility_space(played, deal="strait", world=0, round_=3)
    assert "world 0, round 3" in words(ax)
    least = [float(top.talk.reservation(side)[0]) for side in (0, 1)]
    np.testing.assert_allclose(points(ax, "worth never"), [least])
    kinds = ("against", "would fail", "clear")
    among = [each for each in ax.lines if str(each.get_label()).startswith(kinds)]
    drawn = np.concatenate([np.asarray(each.get_xydata()) for each in among])
    worth = np.stack([top.talk.value(side)[0] for side in (0, 1)], axis=1)
    np.testing.assert_allclose(np.sort(drawn, axis=0), np.sort(worth, axis=0))
    on_the_frontier = points(ax, "Pareto")
    for point in on_the_frontier:
        assert not np.any(np.all(worth > point, axis=1))


def test_a_text_that_is_signed_has_its_star(played: EnsembleResult) -> None:
    ax = utility_space(played, deal="strait")
    trace = played.trace("strait", 0)
    row = trace[trace["answer"] == "accepted"].iloc[0]
    np.testing.assert_allclose(points(ax, "signed"), [[row["value_claimant"], row["value_holder"]]])


def test_a_round_after_the_end_is_refused(played: EnsembleResult) -> None:
    with pytest.raises(ValueError, match="expected a round before"):
        utility_space(played, deal="strait", world=0, round_=12)
