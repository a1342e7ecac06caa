"""The pictures of a run show its numbers, touch nothing global, and close with their figure."""

import dataclasses
import io
from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import imread

from sim.domain.outcome import OUTCOMES
from sim.domain.scenario import Scenario
from sim.equations.statistics import kaplan_meier
from sim.experiments.ensemble import run
from sim.experiments.result import EnsembleResult
from sim.experiments.tables import outcomes_table, settlement_times
from sim.plotting import funnel, pictures, survival
from tests.disputes import pie


@pytest.fixture(scope="module")
def result() -> EnsembleResult:
    return run(pie(), worlds=64)


def draw(result: EnsembleResult, settled: float) -> EnsembleResult:
    """Return a result of which a share of the worlds settles, one round after the other."""
    worlds = result.worlds.copy()
    count = round(settled * len(worlds))
    names = [outcome.name for outcome in OUTCOMES]
    ended = ["settled"] * count + ["publics"] * (len(worlds) - count)
    worlds["outcome"] = pd.Categorical(ended, categories=names)
    worlds["round_end"] = pd.array(np.arange(len(worlds)) % 40, dtype="Int32")
    outcomes = outcomes_table(result.scenario, worlds)
    return dataclasses.replace(result, worlds=worlds, outcomes=outcomes)


def test_bars_are_the_shares_and_fill_the_row(result: EnsembleResult) -> None:
    some = draw(result, 0.25)
    ax = funnel(some)
    widths = [bars[0].get_width() for bars in ax.containers[: len(OUTCOMES)]]
    shares = [100 * some.outcomes[outcome.name].iloc[0] for outcome in OUTCOMES]
    np.testing.assert_allclose(widths, shares)
    assert sum(widths) == pytest.approx(100)


def test_the_interval_of_settled_is_drawn(result: EnsembleResult) -> None:
    some = draw(result, 0.25)
    ax = funnel(some)
    (bar,) = ax.containers[len(OUTCOMES)].lines[2]
    ends = bar.get_segments()[0][:, 0]
    row = some.outcomes.iloc[0]
    np.testing.assert_allclose(ends, [100 * row["settled_low"], 100 * row["settled_high"]])


def test_the_curve_is_kaplan_meiers(result: EnsembleResult) -> None:
    some = draw(result, 0.5)
    curve = kaplan_meier(*settlement_times(some.worlds, 40))
    ax = survival(some)
    (line,) = ax.lines
    x, y = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
    assert x[0] == 0
    assert y[0] == 100
    np.testing.assert_allclose(x[1:-1], curve.times * some.scenario.protocol.round_years)
    np.testing.assert_allclose(y[1:-1], 100 * curve.survival)
    assert x[-1] == 40


def test_where_nothing_settles_that_is_said(result: EnsembleResult) -> None:
    ax = survival(draw(result, 0.0))
    legend = ax.get_legend()
    assert legend is not None
    assert "no world settles: divide the pie" in legend.get_texts()[0].get_text()
    assert ax.get_ylim()[0] > 50
    assert any("not at 0" in text.get_text() for text in ax.texts)


@pytest.mark.parametrize("picture", [funnel, survival])
def test_a_picture_goes_where_it_is_told_and_has_its_words(
    result: EnsembleResult, picture: type[Axes]
) -> None:
    figure = Figure()
    axes = figure.subplots(1, 2)
    assert picture(result, ax=axes[0]) is axes[0]
    assert not axes[1].has_data()
    assert "A pie" in axes[0].get_title(loc="left")
    assert axes[0].get_xlabel()
    assert axes[0].get_legend() is not None


def test_nothing_global_changes(result: EnsembleResult) -> None:
    before = dict(mpl.rcParams)
    first, second = pictures(result), pictures(result)
    assert dict(mpl.rcParams) == before
    assert first == second
    assert list(first) == ["funnel.png", "survival.png"]
    for data in first.values():
        height, width, _ = imread(io.BytesIO(data)).shape
        assert width == round(7.2 * 150)
        assert height > 300


def test_fourteen_structures_do_not_overlap(result: EnsembleResult) -> None:
    deal = result.scenario.deals["divide"]
    names = [f"structure_{number}" for number in range(14)]
    label = "A structure whose label is so long that it takes two lines"
    deals = {name: deal.model_copy(update={"name": name, "label": label}) for name in names}
    scenario: Scenario = result.scenario.model_copy(update={"deals": deals})
    outcomes = pd.concat([result.outcomes] * 14, ignore_index=True)
    outcomes["deal"] = pd.Categorical(names, categories=names)
    copies = [result.worlds.assign(deal=name) for name in names]
    worlds = pd.concat(copies, ignore_index=True)
    worlds["deal"] = pd.Categorical(worlds["deal"], categories=names)
    many = dataclasses.replace(result, scenario=scenario, outcomes=outcomes, worlds=worlds)
    ax = funnel(many)
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.get_yticklabels()]
    boxes.sort(key=lambda box: -box.y0)
    assert all(below.y1 <= above.y0 for above, below in pairwise(boxes))
    legend = ax.get_legend()
    assert legend is not None
    assert legend.get_window_extent().y0 >= 0
