"""Every picture looks as it did; `make pictures` renews the baselines, to be looked at."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.axis import Tick
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.text import Text

from sim.domain.scenario import Scenario
from sim.experiments.result import EnsembleResult
from sim.experiments.unlock.unlocking import Unlocking
from sim.plotting import (
    PICTURES,
    boxes,
    differences,
    heatmap,
    influence,
    line,
    talks,
    tornado,
    utility_space,
)
from sim.plotting.conditions import coalition_matrix, distance_ladder, settlement_map
from tests.plotting import planted

DPI = 50
LABELS = ("labelbottom", "labelleft", "labelright", "labeltop")
looks_the_same = pytest.mark.mpl_image_compare(baseline_dir="baseline", savefig_kwargs={"dpi": DPI})


def drawn(picture: Callable[..., Any], result: object, **options: Any) -> Figure:
    figure = picture(result, **options).get_figure(root=True)
    assert isinstance(figure, Figure)
    assert_nothing_is_cut_off(figure)
    return without_letters(figure)


def assert_nothing_is_cut_off(figure: Figure) -> None:
    """Find words that reach beyond the edge of the picture; ticks have room made for them."""
    figure.draw_without_rendering()
    ticks = {text for tick in figure.findobj(Tick) for text in tick.findobj(Text)}
    edge = figure.bbox.padded(3)
    for text in set(figure.findobj(Text)) - ticks:
        if text.get_visible() and text.get_text().strip():
            box = text.get_window_extent()
            assert edge.x0 <= box.x0 <= box.x1 <= edge.x1, text
            assert edge.y0 <= box.y0 <= box.y1 <= edge.y1, text


def without_letters(figure: Figure) -> Figure:
    """Hide all words, which other releases of the library set a little differently."""
    for ax in figure.findobj(Axes):
        ax.tick_params(which="both", **dict.fromkeys(LABELS, False))
    for text in figure.findobj(Text):
        text.set_visible(False)
    for legend in figure.findobj(Legend):
        legend.set_visible(False)
    width, height = figure.get_size_inches()
    figure.set_size_inches(width, (round(height * DPI) + 0.25) / DPI)  # releases round halves apart
    return figure


@looks_the_same
@pytest.mark.parametrize("name", [name for name in PICTURES if name not in planted.UNFIT])
def test_a_run(played: EnsembleResult, name: str) -> Figure:
    return drawn(PICTURES[name], played)


@looks_the_same
@pytest.mark.parametrize("name", ["contest", "tables"])
def test_an_agenda(tabled: EnsembleResult, name: str) -> Figure:
    return drawn(PICTURES[name], tabled)


@pytest.mark.mpl_image_compare(
    baseline_dir="baseline", savefig_kwargs={"dpi": DPI}, style="dark_background"
)
@pytest.mark.parametrize("name", ["funnel", "flow", "talks", "utility_space"])
def test_on_a_dark_ground(played: EnsembleResult, name: str) -> Figure:
    return drawn(PICTURES[name], played)


@looks_the_same
def test_differences_in_the_margin(played: EnsembleResult) -> Figure:
    return drawn(differences, played, than="two_steps", by="zopa_margin")


@looks_the_same
def test_talks_without_a_text(played: EnsembleResult) -> Figure:
    return drawn(talks, played, deal="all_at_once", world=3)


@looks_the_same
def test_a_space_without_agreement(played: EnsembleResult) -> Figure:
    return drawn(utility_space, played, deal="all_at_once", world=3, round_=2)


@looks_the_same
def test_one_axis(isles: Scenario) -> Figure:
    return drawn(line, planted.grid(isles, {planted.STANDING: [0, 25, 50, 75, 100]}))


@looks_the_same
def test_one_axis_of_words(isles: Scenario) -> Figure:
    values = {planted.DEADLINE: [4.0, 8.0, np.inf], planted.STANDING: [0.0, 1.0]}
    return drawn(line, planted.grid(isles, values))


@looks_the_same
@pytest.mark.parametrize("by", ["settled", "zopa_margin"])
def test_two_axes(isles: Scenario, by: str) -> Figure:
    values = {planted.STANDING: np.linspace(0, 2, 9), planted.FRAME: np.linspace(0, 1, 5)}
    return drawn(heatmap, planted.grid(isles, values), by=by)


@looks_the_same
def test_two_axes_between_which_the_margin_changes_sign(isles: Scenario) -> Figure:
    values = {planted.STANDING: np.linspace(0, 2, 9), planted.FRAME: np.linspace(0, 1, 5)}
    return drawn(heatmap, planted.grid(isles, values), deal="two_steps", by="zopa_margin")


@looks_the_same
def test_two_axes_without_settlement(isles: Scenario) -> Figure:
    values = {planted.STANDING: [0.0, 1.0, 2.0], planted.DEADLINE: [4.0, 8.0, np.inf]}
    return drawn(heatmap, planted.grid(isles, values, settled=False))


@looks_the_same
@pytest.mark.parametrize("design", ["sobol", "morris"])
def test_influence(isles: Scenario, design: str) -> Figure:
    pytest.importorskip("SALib", reason="needs the extra sweep")
    keys = [planted.STANDING, planted.FRAME, planted.DEADLINE]
    return drawn(influence, planted.sampled(isles, keys, design, 32))


@looks_the_same
def test_boxes_over_cells(isles: Scenario) -> Figure:
    pytest.importorskip("ema_workbench", reason="needs the extra discover")
    keys = [planted.STANDING, planted.FRAME, planted.DEADLINE]
    return drawn(boxes, planted.sampled(isles, keys, "lhs", 200))


@looks_the_same
def test_a_tornado_of_stances(played: EnsembleResult, stances_changed: pd.DataFrame) -> Figure:
    return drawn(tornado, played, deal="strait", changes=stances_changed)


@looks_the_same
def test_a_tornado_of_a_search(found: Unlocking) -> Figure:
    return drawn(tornado, found)


TAKES = {"ladder": distance_ladder, "matrix": coalition_matrix, "map": settlement_map}


@looks_the_same
@pytest.mark.parametrize("name", TAKES)
def test_what_it_would_take(isles: Scenario, name: str) -> Figure:
    return drawn(TAKES[name], planted.would_take(isles))


@pytest.mark.mpl_image_compare(
    baseline_dir="baseline", savefig_kwargs={"dpi": DPI}, style="dark_background"
)
@pytest.mark.parametrize("name", TAKES)
def test_what_it_would_take_on_a_dark_ground(isles: Scenario, name: str) -> Figure:
    return drawn(TAKES[name], planted.would_take(isles))
