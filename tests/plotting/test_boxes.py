"""Boxes are drawn over all cells, where something happens more often than elsewhere."""

import dataclasses

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.domain.scenario import Scenario
from sim.errors import ScenarioError
from sim.plotting import boxes
from sim.plotting.boxes import _drawn_at, _mark_none
from tests.plotting import planted


def test_boxes_are_drawn_over_all_cells(isles: Scenario) -> None:
    pytest.importorskip("sklearn", reason="needs the extra sweep")
    pytest.importorskip("ema_workbench", reason="needs the extra discover")
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


def test_without_a_box_nothing_is_drawn_and_a_sentence_says_so(isles: Scenario) -> None:
    pytest.importorskip("sklearn", reason="needs the extra sweep")
    keys = [planted.STANDING, planted.FRAME]
    result = planted.sampled(isles, keys, "lhs", 60)
    shares = {"settled": 0.5, "preconditions": 0.5}
    even = dataclasses.replace(result, cells=result.cells.assign(**shares))
    with pytest.raises(ScenarioError, match=r"expected a box of numbers.*got none"):
        boxes(even, deal="strait")


def test_none_is_a_tick_a_step_beyond_the_numbers() -> None:
    values = np.array([4.0, 8.0, 12.0, 1e30])
    assert _drawn_at(values).tolist() == [4.0, 8.0, 12.0, 14.0]
    figure = Figure()
    ax = figure.subplots()
    _mark_none(ax.xaxis, values)
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["4", "8", "12", "none"]
