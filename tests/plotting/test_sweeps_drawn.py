"""Lines, heatmaps, influence and boxes of a sweep show its cells, with their intervals."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.contour import ContourSet
from matplotlib.patches import Rectangle

from sim.domain.scenario import Scenario
from sim.equations.statistics import wilson_interval
from sim.errors import RunError, ScenarioError
from sim.experiments.analysis.indices import of_sweep
from sim.experiments.sweep.result import SweepResult
from sim.plotting import SWEPT, boxes, drawn, heatmap, influence, line
from sim.plotting.pictures import fitting
from sim.plotting.style import named
from sim.plotting.swept import telling
from tests.plotting import planted

VALUES = [0.0, 0.5, 1.0, 1.5, 2.0]
FRAMES = [0.0, 0.5, 1.0]


@pytest.fixture(scope="module")
def one(isles: Scenario) -> SweepResult:
    return planted.grid(isles, {planted.STANDING: VALUES})


@pytest.fixture(scope="module")
def two(isles: Scenario) -> SweepResult:
    return planted.grid(isles, {planted.FRAME: FRAMES, planted.STANDING: VALUES})


@pytest.fixture(scope="module")
def still(isles: Scenario) -> SweepResult:
    values = {planted.STANDING: VALUES, planted.FRAME: FRAMES}
    return planted.grid(isles, values, settled=False)


def words(ax: Axes) -> str:
    return " ".join(" ".join(text.get_text() for text in ax.texts).split())


def of(result: SweepResult, deal: str) -> SweepResult:
    return dataclasses.replace(result, cells=result.cells[result.cells["deal"] == deal])


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


def test_a_line_over_two_axes_is_the_mean_and_says_so(two: SweepResult) -> None:
    ax = line(two, axis=planted.FRAME, deal="two_steps")
    rows = of(two, "two_steps").cells
    means = 100 * rows.groupby(planted.FRAME)["settled"].mean()
    np.testing.assert_allclose(np.asarray(ax.lines[0].get_ydata()), means)
    assert "means over West: weights: standing" in words(ax)


def test_a_line_names_words_and_none(isles: Scenario) -> None:
    ax = line(planted.grid(isles, {planted.DEADLINE: [np.inf, 8.0, 4.0]}))
    assert [label.get_text() for label in ax.get_xticklabels()] == ["4", "8", "none"]
    assert ax.containers  # error bars instead of a band


def test_what_is_drawn_is_settled_or_else_what_moves_most(
    two: SweepResult, still: SweepResult
) -> None:
    assert telling(two.cells) == "settled"
    assert telling(still.cells) == "interim"
    assert telling(of(still, "projects_only").cells) == "zopa_margin"
    assert telling(two.cells, "ladder_full") == "ladder_full"
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


@pytest.mark.parametrize(("design", "column"), [("sobol", "total"), ("morris", "mu_star")])
def test_influence_is_the_index_with_its_interval(
    isles: Scenario, design: str, column: str
) -> None:
    pytest.importorskip("SALib")
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
    pytest.importorskip("SALib")
    result = planted.sampled(isles, [planted.STANDING, planted.FRAME], "sobol", 8)
    with pytest.raises(ScenarioError, match="always the same"):
        influence(of(result, "projects_only"), by="settled")
    with pytest.raises(ScenarioError, match="one of auto"):
        influence(result, by="interim")
    with pytest.raises(RunError, match="design=sobol"):
        influence(two)


def test_boxes_are_drawn_over_all_cells(isles: Scenario) -> None:
    pytest.importorskip("sklearn")
    pytest.importorskip("ema_workbench")
    keys = [planted.STANDING, planted.FRAME, planted.DEADLINE]
    result = planted.sampled(isles, keys, "lhs", 200)
    ax = boxes(result, deal="strait")
    assert len(np.asarray(ax.collections[0].get_offsets())) == 200
    outlines = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    assert outlines
    best = outlines[0]
    assert best.get_x() + best.get_width() < 0.75  # few settle at the far end of what decides
    assert ax.get_xlabel().startswith("West: weights: standing")
    assert "of its worlds (95 %:" in " ".join(str(best.get_label()).split())
    with pytest.raises(ScenarioError, match="never"):
        boxes(result, deal="strait", event="publics")


@pytest.mark.parametrize("name", ["boxes", "heatmap", "line"])
def test_pictures_need_a_cell_that_was_finished(two: SweepResult, name: str) -> None:
    nothing = dataclasses.replace(two, cells=two.cells.iloc[:0])
    with pytest.raises(RunError, match="no cell of this sweep was finished"):
        drawn(nothing, (name,))


def test_what_fits_depends_on_the_design(one: SweepResult, two: SweepResult) -> None:
    assert fitting(one) == ("line",)
    assert fitting(two)[:2] == ("line", "heatmap")
    names = tuple(name for name in fitting(two) if name != "boxes")
    assert list(drawn(two, names, "svg")) == [f"{name}.svg" for name in names]
    assert set(fitting(two)) <= set(SWEPT)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("holder.preferences.weights.standing", "West: weights: standing"),
        ("holder.public.opposition", "a public: opposition"),
        ("dispute.clauses.recognition.levels.explicit", "the past: the claimant accepts the past"),
        (
            "holder.preconditions.title_first.penalty",
            "West: no transfer without recognition: penalty",
        ),
        ("strategy@claimant.strategy", "East: strategy"),
    ],
)
def test_keys_are_said_with_the_labels_of_the_files(isles: Scenario, key: str, text: str) -> None:
    assert named(isles, key) == text
