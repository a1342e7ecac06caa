"""Lines and heat maps of a grid show its cells, with their intervals."""

import dataclasses

import numpy as np
import pytest
from matplotlib.collections import QuadMesh
from matplotlib.contour import ContourSet

from sim.domain.scenario import Scenario
from sim.equations.statistics import wilson_interval
from sim.errors import RunError, ScenarioError
from sim.experiments.sweep.result import SweepResult
from sim.plotting import heatmap, line
from sim.plotting.grid import chosen_measure
from tests.plotting import planted
from tests.plotting.planted import FRAMES, VALUES, of
from tests.plotting.reading import words


@pytest.fixture(scope="module")
def still(isles: Scenario) -> SweepResult:
    values = {planted.STANDING: VALUES, planted.FRAME: FRAMES}
    return planted.grid(isles, values, settled=False)


def test_a_line_is_the_shares_and_its_band_their_intervals(one: SweepResult) -> None:
    ax = line(one, deal="strait")
    rows = of(one, "strait").cells
    points = np.asarray(ax.lines[0].get_xydata())
    np.testing.assert_allclose(points, np.stack([VALUES, 100 * rows["settled"]], axis=1))
    low, high = wilson_interval(
        np.rint(rows["settled"] * planted.WORLDS).astype(np.int64), np.array(planted.WORLDS)
    )
    corners = ax.collections[0].get_paths()[0].vertices
    np.testing.assert_allclose(corners[:, 1].max(), 100 * high.max())
    for x, bottom in zip(VALUES, low, strict=True):
        assert 100 * bottom == pytest.approx(corners[corners[:, 0] == x, 1].min())
    assert ax.get_xlabel() == "West: weights: standing (points)"
    assert ax.get_ylabel() == "settled (% of worlds)"


def test_of_two_axes_each_value_of_the_one_that_moves_less_has_a_line(two: SweepResult) -> None:
    ax = line(two, deal="two_steps")
    rows = of(two, "two_steps").cells
    assert ax.get_xlabel().startswith("East: frame factor")  # as planted, it moves more
    assert len(ax.lines) == len(VALUES)
    for drawn, standing in zip(ax.lines, VALUES, strict=True):
        own = rows[rows[planted.STANDING] == standing]
        np.testing.assert_allclose(np.asarray(drawn.get_ydata()), 100 * own["settled"])
        assert str(drawn.get_label()).endswith(f"= {standing:g}")
    turned = line(two, axis=planted.STANDING, deal="two_steps")
    told = [str(each.get_label()).partition(" = ")[2] for each in turned.lines]
    assert told == ["0", "0.5", "1"]


def test_a_third_axis_is_held_and_many_values_are_their_ends(isles: Scenario) -> None:
    frames = np.linspace(0, 1, 7).tolist()
    values = {planted.STANDING: VALUES, planted.FRAME: frames, planted.DEADLINE: [4.0, 8.0, 9.0]}
    ax = line(planted.grid(isles, values))
    assert "deadline rounds = 8" in words(ax)
    assert len(ax.lines) == 2
    assert "5 more values" in words(ax)


def test_ticks_stand_at_cells_and_nowhere_else(two: SweepResult) -> None:
    ax = heatmap(two, deal="strait")
    assert ax.get_xticks().tolist() == VALUES
    assert ax.get_yticks().tolist() == FRAMES


def test_what_is_carried_out_is_drawn_where_nothing_settles(still: SweepResult) -> None:
    cells = still.cells.assign(closed=0.0, transferred=still.cells["interim"], first_stage=0.5)
    assert chosen_measure(cells) == "transferred"
    ax = line(dataclasses.replace(still, cells=cells), deal="strait")
    assert ax.get_ylabel() == "land moved (% of worlds)"


def test_a_line_names_words_and_none(isles: Scenario) -> None:
    ax = line(planted.grid(isles, {planted.DEADLINE: [np.inf, 8.0, 4.0]}))
    assert [label.get_text() for label in ax.get_xticklabels()] == ["4", "8", "none"]
    assert ax.containers  # error bars instead of a band


def test_what_is_drawn_is_settled_or_else_what_moves_most(
    two: SweepResult, still: SweepResult
) -> None:
    assert chosen_measure(two.cells) == "settled"
    assert chosen_measure(still.cells) == "interim"
    assert chosen_measure(of(still, "projects_only").cells) == "zopa_margin"
    assert chosen_measure(two.cells, "ladder_full") == "ladder_full"
    assert "interim: title open" in heatmap(still).get_title(loc="left")
    assert "settled: 0 % in all cells" in words(heatmap(still))
    with pytest.raises(KeyError, match="ladder_full"):
        line(two, by="ladder_ful")


def test_a_heatmap_is_the_cells(two: SweepResult) -> None:
    ax = heatmap(two, deal="strait")
    mesh = next(item for item in ax.collections if isinstance(item, QuadMesh))
    table = of(two, "strait").cells.pivot_table(
        index=planted.FRAME, columns=planted.STANDING, values="settled"
    )
    np.testing.assert_allclose(np.asarray(mesh.get_array()), 100 * table)
    assert "standing (points)" in ax.get_xlabel()
    assert "frame factor (ratio)" in ax.get_ylabel()
    turned = heatmap(two, deal="strait", axes=(planted.FRAME, planted.STANDING))
    assert turned.get_xlabel() == ax.get_ylabel()


@pytest.mark.parametrize("by", ["settled", "zopa_margin"])
def test_the_contour_is_that_of_settlement_whatever_is_coloured(two: SweepResult, by: str) -> None:
    ax = heatmap(two, deal="strait", by=by)
    contours = [item for item in ax.collections if isinstance(item, ContourSet)]
    assert len(contours) == 3  # the share, and both ends of its interval
    assert all(contour.levels == [50.0] for contour in contours)
    table = of(two, "strait").cells
    line_at = contours[0].get_paths()[0].vertices
    lowest = line_at[line_at[:, 1] == 0.0, 0]  # along the lower edge
    edge = table[table[planted.FRAME] == 0.0].sort_values("settled")
    wanted = np.interp(0.5, edge["settled"], edge[planted.STANDING])
    np.testing.assert_allclose(lowest, [wanted])


def test_a_heatmap_of_the_margin_shows_where_it_is_0(two: SweepResult) -> None:
    ax = heatmap(two, deal="two_steps", by="zopa_margin")
    (zero,) = (
        item for item in ax.collections if isinstance(item, ContourSet) and 0.0 in item.levels
    )
    standing, frame = zero.get_paths()[0].vertices.T
    assert len(standing) > 2
    np.testing.assert_allclose(frame + standing / 4, 1.0)  # the planted margin is 20 (1 - that)
    assert "no intervals" in words(ax)
    assert "no intervals" not in words(heatmap(two, deal="two_steps"))
    assert len(ax.get_legend().get_texts()) == 3


def test_lines_and_heatmaps_need_a_grid_of_enough_axes(one: SweepResult) -> None:
    with pytest.raises(ScenarioError, match="two axes"):
        heatmap(one)
    with pytest.raises(KeyError, match="standing"):
        line(one, axis="standing")
    with pytest.raises(RunError, match="design=grid"):
        line(dataclasses.replace(one, settings={"design": "lhs", "n": 5}))
