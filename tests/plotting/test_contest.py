"""Contest: the curves are those of the table, and every world is in every column of the flow."""

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.experiments.result import EnsembleResult
from sim.plotting import contest, tables
from sim.plotting.contest import passages
from sim.plotting.pictures import fitting, pictures


def test_curves_end_at_the_shares_of_the_table(tabled: EnsembleResult) -> None:
    ends = sorted(float(np.asarray(line.get_ydata())[-1]) for line in contest(tabled).lines)
    shares = tabled.contest["share"]
    np.testing.assert_allclose(ends, sorted(100 * shares[shares > 0]))


def test_every_world_is_in_every_column(tabled: EnsembleResult) -> None:
    steps = passages(tabled)
    assert len(steps) == 64
    assert steps.notna().all(axis=None)
    signed = tabled.contest[tabled.contest["what"] == "signed"].set_index("structure")["share"]
    found = steps["signed"].value_counts(normalize=True)
    assert {name: share for name, share in signed.items() if share} == pytest.approx(
        found.drop("", errors="ignore").to_dict()
    )
    heights: dict[float, float] = {}
    for bar in tables(tabled).patches:
        heights[bar.get_center()[0]] = heights.get(bar.get_center()[0], 0.0) + bar.get_height()
    assert list(heights.values()) == pytest.approx([100.0] * steps.shape[1])


def test_only_an_agenda_has_them(tabled: EnsembleResult, played: EnsembleResult) -> None:
    assert {"contest", "tables"} <= set(fitting(tabled))
    assert not {"contest", "tables"} & set(fitting(played))
    assert list(pictures(tabled)) == ["funnel.png", "survival.png", "contest.png", "tables.png"]
    for picture in (contest, tables):
        with pytest.raises(ScenarioError, match="for this picture"):
            picture(played)
